//! The adapter against a third-party emulator, as far as that one goes: it wants price ids, knows neither connected accounts nor
//! stored keys, and its sessions carry no amounts.
//!
//! Runs when `X8_TEST_STRIPE_URL` names one (`http://127.0.0.1:4600`).

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;
use x8_billing::stripe::{StripeAccount, StripeAccounts, StripePayments};
use x8_core::{
    Error, ErrorKind, Money, Result, Secret,
    port::{
        AccountChange, CheckoutRequest, CheckoutState, FixedClock, PaymentProvider,
        ProviderCheckout,
    },
    tenant::Tenant,
};

use super::{SHOP, config, request};

const KEY: &str = "test_token_admin";

struct Every;

#[async_trait]
impl StripeAccounts for Every {
    async fn account(&self, _tenant: Tenant) -> Result<Option<StripeAccount>> {
        Ok(Some(StripeAccount::new("acct_emulated")))
    }

    async fn has_price(&self, _tenant: Tenant, _price_id: &str) -> Result<bool> {
        Ok(true)
    }

    async fn owns(&self, _tenant: Tenant, account: &str) -> Result<bool> {
        Ok(account != "acct_other")
    }

    async fn changed(&self, _account: &str) -> Result<Option<AccountChange>> {
        Ok(None)
    }
}

async fn create(url: &str, path: &str, body: &str) -> Result<String> {
    let failed = |error: reqwest::Error| Error::internal("emulator.create", error);
    let response = reqwest::Client::new()
        .post(format!("{url}/v1/{path}"))
        .bearer_auth(KEY)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.to_owned());
    let made: Value = response
        .send()
        .await
        .map_err(failed)?
        .json()
        .await
        .map_err(failed)?;
    let id = made.get("id").and_then(Value::as_str).map(str::to_owned);
    id.ok_or_else(|| Error::not_found("emulator.create", made.to_string()))
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "a server outside the test is named by a variable and lives in its own time"
)]
async fn p4_a_third_party_emulator_takes_what_it_supports() {
    let Ok(url) = std::env::var("X8_TEST_STRIPE_URL") else {
        println!("SKIPPED: set X8_TEST_STRIPE_URL to an emulator such as http://127.0.0.1:4600");
        return;
    };
    let product = create(&url, "products", "name=Ramo").await.unwrap();
    let body = format!("product={product}&unit_amount=2990&currency=eur");
    let price = create(&url, "prices", &body).await.unwrap();

    let mut config = config(&url);
    config.api_key = Secret::new(KEY);
    let now = Timestamp::now();
    let clock = Arc::new(FixedClock::at(now));
    let payments = StripePayments::new(config, Arc::new(Every), clock).unwrap();
    let mut request = request(now);
    request.lines[0].price_id = Some(price);
    request.totals.delivery = Money::eur(0);
    request.totals.total = request.totals.products;

    let link = payments.open(SHOP, &request).await.unwrap();
    assert_eq!(link.state, CheckoutState::Open);
    assert!(
        link.url
            .as_deref()
            .is_some_and(|page| page.starts_with("http"))
    );
    assert_eq!(payments.status(SHOP, &link.session).await.unwrap(), link);
    for _ in 0..2 {
        let closed = payments.expire(SHOP, &link.session).await.unwrap();
        assert_eq!((closed.state, closed.url), (CheckoutState::Expired, None));
    }
    let error = payments.status(SHOP, "cs_unknown").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    request.lines[0].price_id = Some("price_unknown".to_owned());
    let error = payments.open(SHOP, &request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    for seen in paid_there(&url, &payments, request, now).await.unwrap() {
        let error = seen.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal, "{error}");
        assert!(error.to_string().contains("amount_total"), "{error}");
    }
}

/// A customer pays on the emulator's own page. Its sessions carry no amounts, so what was paid cannot be read: that must be an
/// error that names what is missing, never a payment of a guessed amount.
async fn paid_there(
    url: &str,
    payments: &StripePayments,
    mut request: CheckoutRequest,
    now: Timestamp,
) -> Result<[Result<ProviderCheckout>; 2]> {
    let failed = |error: reqwest::Error| Error::internal("emulator.pay", error);
    let product = create(url, "products", "name=Tulipanes").await?;
    let body = format!("product={product}&unit_amount=2990&currency=eur");
    let price = create(url, "prices", &body).await?;
    for line in &mut request.lines {
        line.price_id = Some(price.clone());
    }
    request.idempotency_key = format!("paid:{}", now.as_microsecond());
    let link = payments.open(SHOP, &request).await?;
    let page = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let done = page
        .build()
        .map_err(failed)?
        .post(format!("{url}/checkout/{}/complete", link.session))
        .send()
        .await
        .map_err(failed)?;
    done.error_for_status().map_err(failed)?;
    Ok([
        payments.status(SHOP, &link.session).await,
        payments.expire(SHOP, &link.session).await,
    ])
}
