//! Events of the Connect endpoint.

use std::sync::Arc;

use x8_billing::{
    signature,
    stripe::StripePayments,
    testing::{FakeStripe, Payer},
};
use x8_core::{
    Secret,
    port::{FixedClock, PaymentProvider},
};

use super::{Accounts, SHOP, World, config};

#[tokio::test]
async fn p5_test_events_say_nothing_where_money_is_real() {
    let world = World::new().await.unwrap();
    let link = world.payments.open(SHOP, &world.request()).await.unwrap();
    world.stripe.pay(&link.session).await.unwrap();
    let body = world.stripe.paid_event(&link.session).await.unwrap();
    let header = world.stripe.sign(body.as_bytes(), world.now);
    let event = world
        .payments
        .read_event(&header, body.as_bytes(), world.now)
        .unwrap();
    assert_eq!(event.account, "acct_7", "the connected account it is about");
    for (kind, told) in [("live", false), ("test", true)] {
        let mut config = config("http://127.0.0.1:9");
        config.api_key = Secret::new(format!("rk_{kind}_"));
        let clock = Arc::new(FixedClock::at(world.now));
        let payments = StripePayments::new(config, Arc::new(Accounts::default()), clock).unwrap();
        let event = payments
            .read_event(&header, body.as_bytes(), world.now)
            .unwrap();
        assert_eq!(event.fact.is_some(), told, "{kind}");
    }
}

#[tokio::test]
async fn p5_several_secrets_are_accepted() {
    let (old, new) = (FakeStripe::webhook_secret(), Secret::new("whsec_next"));
    let world = World::with(Accounts::default(), |config| {
        config.with_webhook_secret(new.clone())
    })
    .await
    .unwrap();
    let body = br#"{"id":"evt_1","object":"event","created":1790000000,"type":"ping"}"#;
    for secret in [&old, &new] {
        let header = signature::sign(secret, body, world.now);
        assert_eq!(
            world
                .payments
                .read_event(&header, body, world.now)
                .unwrap()
                .id,
            "evt_1"
        );
    }
    let header = signature::sign(&Secret::new("whsec_other"), body, world.now);
    world
        .payments
        .read_event(&header, body, world.now)
        .unwrap_err();
}
