//! Links and how they end.

use jiff::SignedDuration;
use x8_billing::testing::{Fault, Payer};
use x8_core::{
    ErrorKind,
    port::{CheckoutState, PaymentProvider},
};

use super::{SHOP, SISTER, World};

#[tokio::test]
async fn p6_a_link_that_is_paid_while_it_is_closed_is_paid() {
    let world = World::new().await.unwrap();
    let link = world.payments.open(SHOP, &world.request()).await.unwrap();
    world.stripe.fail_next("/expire", Fault::PaidFirst);
    let late = world.payments.expire(SHOP, &link.session).await.unwrap();
    assert!(matches!(late.state, CheckoutState::Paid { .. }), "{late:?}");
    assert_eq!(late.url, None);
}

#[tokio::test]
async fn p6_what_expired_stays_expired() {
    let world = World::new().await.unwrap();
    let link = world.payments.open(SHOP, &world.request()).await.unwrap();
    world.stripe.advance(SignedDuration::from_mins(61));
    drop(world.stripe.requests());
    let closed = world.payments.expire(SHOP, &link.session).await.unwrap();
    assert_eq!(closed.state, CheckoutState::Expired);
    assert_eq!(
        world.stripe.requests().len(),
        1,
        "there was nothing to close"
    );
}

#[tokio::test]
async fn p4_a_repeated_open_tells_how_the_link_stands_now() {
    let world = World::new().await.unwrap();
    let request = world.request();
    let link = world.payments.open(SHOP, &request).await.unwrap();
    world.stripe.pay(&link.session).await.unwrap();
    let again = world.payments.open(SHOP, &request).await.unwrap();
    assert_eq!(again.session, link.session);
    assert!(
        matches!(again.state, CheckoutState::Paid { .. }),
        "{again:?}"
    );
}

#[tokio::test]
async fn p4_an_answer_that_was_lost_is_found_again_by_its_key() {
    for fault in [Fault::CutAfter, Fault::HalfBody] {
        let world = World::new().await.unwrap();
        let request = world.request();
        world.stripe.fail_next("/sessions", fault);
        let error = world.payments.open(SHOP, &request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
        let link = world.payments.open(SHOP, &request).await.unwrap();
        assert_eq!(link.session, "cs_test_0000", "one session only");
        let mut opened = world.stripe.requests();
        opened.retain(|sent| sent.method == "POST");
        assert_eq!(opened.len(), 2);
        assert_eq!(
            opened[0], opened[1],
            "the second try repeats the first exactly"
        );
    }
}

#[tokio::test]
async fn p4_a_link_opened_in_time_is_found_again_in_its_last_minutes() {
    let world = World::new().await.unwrap();
    let request = world.request();
    let link = world.payments.open(SHOP, &request).await.unwrap();
    world.stripe.advance(SignedDuration::from_mins(45));
    assert_eq!(world.payments.open(SHOP, &request).await.unwrap(), link);
}

#[tokio::test]
async fn p4_a_link_lives_thirty_minutes_to_a_day() {
    let world = World::new().await.unwrap();
    for (seconds, opens) in [
        (30 * 60 - 1, false),
        (30 * 60, true),
        (24 * 3600, true),
        (24 * 3600 + 1, false),
        (-60, false),
    ] {
        let mut request = world.request();
        request.idempotency_key = format!("life:{seconds}");
        request.expires_at = world.now + SignedDuration::from_secs(seconds);
        match world.payments.open(SHOP, &request).await {
            Ok(_) => assert!(opens, "{seconds}"),
            Err(error) => {
                assert!(!opens, "{seconds}: {error}");
                assert_eq!(error.kind(), ErrorKind::Invalid, "{seconds}");
                assert!(error.public().contains("30 minutes to 24 hours"), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn p4_a_payment_that_takes_days_is_neither_paid_nor_expired() {
    let world = World::new().await.unwrap();
    let link = world.payments.open(SHOP, &world.request()).await.unwrap();
    world.stripe.promise(&link.session).unwrap();
    for seen in [
        world.payments.status(SHOP, &link.session).await.unwrap(),
        world.payments.expire(SHOP, &link.session).await.unwrap(),
    ] {
        assert_eq!((seen.state, seen.url), (CheckoutState::Processing, None));
    }
    world.stripe.keep_promise(&link.session, true).unwrap();
    let came = world.payments.status(SHOP, &link.session).await.unwrap();
    assert!(matches!(came.state, CheckoutState::Paid { .. }), "{came:?}");
}

#[tokio::test]
async fn p9_a_payment_that_failed_after_days_is_found_without_its_event() {
    let world = World::new().await.unwrap();
    let link = world.payments.open(SHOP, &world.request()).await.unwrap();
    world.stripe.promise(&link.session).unwrap();
    world.stripe.keep_promise(&link.session, false).unwrap();
    let failed = world.payments.status(SHOP, &link.session).await.unwrap();
    assert_eq!(failed.state, CheckoutState::Expired);
}

#[tokio::test]
async fn t3_companies_that_share_an_account_do_not_share_links() {
    let world = World::new().await.unwrap();
    let link = world.payments.open(SHOP, &world.request()).await.unwrap();
    for error in [
        world
            .payments
            .status(SISTER, &link.session)
            .await
            .unwrap_err(),
        world
            .payments
            .expire(SISTER, &link.session)
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
    let seen = world.payments.status(SHOP, &link.session).await.unwrap();
    assert_eq!(seen.state, CheckoutState::Open, "it was not closed");
}

#[tokio::test]
async fn t3_only_ids_become_paths() {
    let world = World::new().await.unwrap();
    for odd in ["", "..", "cs/../../balance", "cs_1?expand[]=x", "cs 1"] {
        let error = world.payments.status(SHOP, odd).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{odd}");
    }
    assert!(world.stripe.requests().is_empty());
}
