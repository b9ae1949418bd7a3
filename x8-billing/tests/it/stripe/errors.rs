//! Refusals in the house's words, and what they do not show.

use std::{sync::Arc, time::Duration};

use x8_billing::{
    stripe::{StripeConfig, StripePayments},
    testing::{FakeStripe, Fault},
};
use x8_core::{
    Error, ErrorKind, Money, Result, Retry, Secret,
    id::CompanyId,
    port::{FixedClock, PaymentProvider},
    tenant::Tenant,
};

use super::{Accounts, SHOP, World, config};

const REQUEST: &str = "invalid_request_error";

fn refuse(status: u16, kind: &'static str, code: &'static str) -> Fault {
    Fault::Refuse { status, kind, code }
}

/// Opens one link that meets the fault.
async fn meets(fault: Fault) -> Result<(ErrorKind, Retry)> {
    let world = World::new().await?;
    world.stripe.fail_next("/sessions", fault);
    let opened = world.payments.open(SHOP, &world.request()).await;
    assert_eq!(world.stripe.requests().len(), 1, "one try per call");
    match opened {
        Ok(_) => Err(Error::conflict("test.open", "the fault was not met")),
        Err(error) => Ok((error.kind(), error.retry())),
    }
}

#[tokio::test]
async fn p4_what_passes_may_be_repeated_with_the_same_key() {
    for fault in [
        refuse(409, "idempotency_error", "idempotency_key_in_use"),
        refuse(429, REQUEST, "lock_timeout"),
        refuse(500, "api_error", ""),
        refuse(503, "", ""),
        refuse(424, "api_error", ""),
        Fault::CutBefore,
        Fault::CutAfter,
    ] {
        let met = meets(fault.clone()).await.unwrap();
        assert_eq!(met, (ErrorKind::Unavailable, Retry::Later), "{fault:?}");
    }
    let met = meets(Fault::RateLimited { seconds: 7 }).await.unwrap();
    let wait = Retry::After(Duration::from_secs(7));
    assert_eq!(met, (ErrorKind::Unavailable, wait));
}

#[tokio::test]
async fn p4_each_lasting_refusal_has_one_meaning() {
    for (fault, kind) in [
        (refuse(400, "idempotency_error", ""), ErrorKind::Conflict),
        (
            refuse(403, REQUEST, "account_invalid"),
            ErrorKind::PaymentRequired,
        ),
        (
            refuse(400, REQUEST, "account_closed"),
            ErrorKind::PaymentRequired,
        ),
        (refuse(403, REQUEST, ""), ErrorKind::Forbidden),
        (
            refuse(401, REQUEST, "api_key_expired"),
            ErrorKind::Unauthenticated,
        ),
        (
            refuse(402, "card_error", "card_declined"),
            ErrorKind::Invalid,
        ),
        (
            refuse(400, REQUEST, "parameter_unknown"),
            ErrorKind::Invalid,
        ),
        (refuse(400, REQUEST, "amount_too_large"), ErrorKind::Invalid),
        (refuse(400, REQUEST, "resource_missing"), ErrorKind::Invalid),
        (
            Fault::Redirect("http://127.0.0.1:9/".to_owned()),
            ErrorKind::Invalid,
        ),
    ] {
        let met = meets(fault.clone()).await.unwrap();
        assert_eq!(met, (kind, Retry::Never), "{fault:?}");
    }
}

#[tokio::test]
async fn p7_a_refund_that_cannot_be_says_why() {
    for (code, kind) in [
        ("charge_disputed", Some(ErrorKind::Conflict)),
        ("resource_missing", Some(ErrorKind::NotFound)),
        ("charge_already_refunded", None),
    ] {
        let world = World::new().await.unwrap();
        world
            .stripe
            .fail_next("/refunds", refuse(400, "invalid_request_error", code));
        let refunded = world.payments.refund(SHOP, "pi_1", "refund:1").await;
        assert_eq!(refunded.err().map(|error| error.kind()), kind, "{code}");
    }
}

#[tokio::test]
async fn p3_a_company_without_an_account_is_asked_to_connect_one() {
    let world = World::new().await.unwrap();
    let nobody = Tenant::assume(CompanyId(404));
    let error = world
        .payments
        .open(nobody, &world.request())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PaymentRequired);
    assert!(
        world.stripe.requests().is_empty(),
        "nothing goes to the platform's own account"
    );

    let link = world.payments.open(SHOP, &world.request()).await.unwrap();
    world.stripe.deauthorise("acct_7");
    for error in [
        world
            .payments
            .status(SHOP, &link.session)
            .await
            .unwrap_err(),
        world
            .payments
            .expire(SHOP, &link.session)
            .await
            .unwrap_err(),
        world
            .payments
            .refund(SHOP, "pi_0000", "refund:1")
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::PaymentRequired, "{error}");
    }
}

#[tokio::test]
async fn p4_sums_that_do_not_hold_never_leave() {
    let world = World::new().await.unwrap();
    let mut dear = world.request();
    dear.totals.total = Money::eur(64_81);
    let mut empty = world.request();
    empty.lines.clear();
    empty.totals.products = Money::eur(0);
    empty.totals.total = Money::eur(5_00);
    let mut many = world.request();
    many.lines = vec![many.lines[0].clone(); 100];
    many.totals.products = Money::eur(598_000);
    many.totals.total = Money::eur(598_500);
    let mut key = world.request();
    key.idempotency_key = "k".repeat(256);
    for request in [dear, empty, many, key] {
        let error = world.payments.open(SHOP, &request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    }
    assert!(world.stripe.requests().is_empty());
}

#[tokio::test]
async fn h6_logs_name_the_request_and_never_a_key() {
    let world = World::new().await.unwrap();
    world
        .stripe
        .fail_next("/sessions", refuse(500, "api_error", ""));
    let error = world
        .payments
        .open(SHOP, &world.request())
        .await
        .unwrap_err();
    let log = error.to_string();
    assert!(
        log.contains("request_id=req_fake") && log.contains("refused with ***"),
        "{log}"
    );
    let shown = format!("{log} {:?} {:?}", error, world.payments);
    for secret in [
        FakeStripe::api_key(),
        FakeStripe::webhook_secret(),
        Secret::new("sk_fake_secret"),
    ] {
        assert!(!shown.contains(secret.expose()), "{shown}");
    }
}

#[test]
fn p4_a_configuration_that_cannot_work_is_refused_by_field() {
    let good = config("https://api.stripe.com");
    good.check().unwrap();
    for (field, bad) in [
        (
            "base_url",
            StripeConfig {
                base_url: "api.stripe.com".to_owned(),
                ..good.clone()
            },
        ),
        (
            "success_url",
            StripeConfig {
                success_url: "https://x8.example/paid".to_owned(),
                ..good.clone()
            },
        ),
        (
            "cancel_url",
            StripeConfig {
                cancel_url: String::new(),
                ..good.clone()
            },
        ),
        (
            "api_key",
            StripeConfig {
                api_key: Secret::new(" "),
                ..good.clone()
            },
        ),
        (
            "webhook_secrets",
            StripeConfig {
                webhook_secrets: Vec::new(),
                ..good
            },
        ),
    ] {
        let clock = Arc::new(FixedClock::at(jiff::Timestamp::UNIX_EPOCH));
        let error = StripePayments::new(bad, Arc::new(Accounts::default()), clock).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.public().contains(field), "{field}: {error}");
    }
}
