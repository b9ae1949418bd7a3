//! The Stripe adapter against our own stand-in, and against a third-party emulator when one is named.

mod connect;
mod emulator;
mod errors;
mod events;
mod requests;
mod states;

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use x8_billing::{
    stripe::{StripeAccount, StripeAccounts, StripeConfig, StripePayments},
    testing::{self, FakeStripe},
};
use x8_core::{
    Error, Money, Result,
    catalog::Kind,
    id::{CompanyId, OrderId},
    order::{OrderLine, Totals},
    port::{AccountChange, CheckoutRequest, FixedClock, IdSource, SequentialIds},
    tenant::Tenant,
};

pub(crate) const SHOP: Tenant = Tenant::assume(CompanyId(7));
pub(crate) const SISTER: Tenant = Tenant::assume(CompanyId(8));
pub(crate) const STRANGER: Tenant = Tenant::assume(CompanyId(9));

/// Companies 7 and 8 share an account; 9 and the suite's own have theirs.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    pub(crate) fee_basis_points: u32,
    pub(crate) prices: BTreeSet<&'static str>,
}

pub(crate) const ACCOUNTS: [&str; 4] = ["acct_7", "acct_9", "acct_900001", "acct_900002"];

#[async_trait]
impl StripeAccounts for Accounts {
    async fn account(&self, tenant: Tenant) -> Result<Option<StripeAccount>> {
        let company = match tenant.company() {
            CompanyId(7 | 8) => 7,
            CompanyId(404) => return Ok(None),
            CompanyId(other) => other,
        };
        Ok(Some(StripeAccount {
            id: format!("acct_{company}"),
            fee_basis_points: self.fee_basis_points,
            ready: true,
        }))
    }

    async fn has_price(&self, _tenant: Tenant, price_id: &str) -> Result<bool> {
        Ok(self.prices.contains(price_id))
    }

    async fn owns(&self, _tenant: Tenant, account: &str) -> Result<bool> {
        Ok(account != "acct_other")
    }

    async fn changed(&self, _account: &str) -> Result<Option<AccountChange>> {
        Ok(None)
    }
}

pub(crate) struct World {
    pub(crate) now: Timestamp,
    pub(crate) stripe: FakeStripe,
    pub(crate) payments: StripePayments,
}

pub(crate) fn config(url: &str) -> StripeConfig {
    StripeConfig::new(
        FakeStripe::api_key(),
        FakeStripe::webhook_secret(),
        "https://x8.example/paid?session={CHECKOUT_SESSION_ID}&x=1",
        "https://x8.example/cancelled",
    )
    .with_base_url(url)
}

impl World {
    pub(crate) async fn new() -> Result<Self> {
        Self::with(Accounts::default(), |config| config).await
    }

    pub(crate) async fn with(
        accounts: Accounts,
        change: impl FnOnce(StripeConfig) -> StripeConfig,
    ) -> Result<Self> {
        let now = Timestamp::from_second(1_790_000_000)
            .map_err(|error| Error::internal("world.new", error))?;
        let stripe = FakeStripe::start(now, &ACCOUNTS).await?;
        let clock = Arc::new(FixedClock::at(now));
        let config = change(config(stripe.url()));
        let payments = StripePayments::new(config, Arc::new(accounts), clock)?;
        Ok(Self {
            now,
            stripe,
            payments,
        })
    }

    pub(crate) fn request(&self) -> CheckoutRequest {
        request(self.now)
    }
}

/// Two bouquets and a delivery: 64.80 EUR.
pub(crate) fn request(now: Timestamp) -> CheckoutRequest {
    let order = OrderId(SequentialIds::default().next());
    CheckoutRequest {
        order,
        idempotency_key: CheckoutRequest::key_for(order),
        lines: vec![OrderLine {
            sku: "201".into(),
            kind: Kind::Product,
            name: "Ramo & \"rosas\"=10".to_owned(),
            unit: None,
            price: Money::eur(29_90),
            quantity: 2,
            price_id: Some("price_platform".to_owned()),
        }],
        totals: Totals {
            products: Money::eur(59_80),
            delivery: Money::eur(5_00),
            total: Money::eur(64_80),
            free_delivery: false,
        },
        locale: "es".to_owned(),
        expires_at: now + SignedDuration::from_mins(60),
    }
}

#[tokio::test]
async fn p4_stripe_is_a_payment_provider() {
    for delivery in [
        x8_billing::stripe::DeliveryAs::LineItem,
        x8_billing::stripe::DeliveryAs::ShippingOption,
    ] {
        let world = World::with(Accounts::default(), |config| config.with_delivery(delivery))
            .await
            .unwrap();
        testing::payment(&world.payments, &world.stripe, world.now)
            .await
            .unwrap();
    }
}
