//! Through a stand-in for Stripe, and where nothing is sold.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::json;
use x8_billing::testing::{FakeSubscriptions, Patron as _};
use x8_core::{Secret, testing::fixture::NOW};

use crate::app::{Owner, TestApp};

/// A server that sells through a stand-in for Stripe.
async fn selling(fake: &FakeSubscriptions, list: &std::path::Path) -> TestApp {
    let (url, list) = (fake.url().to_owned(), list.display().to_string());
    TestApp::with(&move |name| match name {
        "STRIPE_SECRET_KEY" => Some(FakeSubscriptions::api_key().expose().to_owned()),
        "STRIPE_BASE_URL" => Some(url.clone()),
        "STRIPE_CONNECT_WEBHOOK_SECRET" => Some("whsec_connect".to_owned()),
        "STRIPE_SUBSCRIPTION_WEBHOOK_SECRET" => Some(format!(
            "{}, whsec_before",
            FakeSubscriptions::webhook_secret().expose()
        )),
        "X8_PLANS_FILE" => Some(list.clone()),
        _ => None,
    })
    .await
}

const LIST: &str = r#"{"plans": {
    "SINGLE": {"price_id": "price_s"},
    "GROWTH": {"price_minor": 5900, "channels": 5, "price_id": "price_g"}}}"#;

/// A GROWTH that was paid for on Stripe's page, of which nobody has told the server.
async fn paid_unheard(dir: &std::path::Path) -> (FakeSubscriptions, TestApp, Owner) {
    let list = dir.join("plans.json");
    std::fs::write(&list, LIST).unwrap();
    let fake = FakeSubscriptions::start(NOW, &[("price_s", 9_99), ("price_g", 59_00)])
        .await
        .unwrap();
    let app = selling(&fake, &list).await;
    let owner = app.owner("a@example.com").await;
    let unsold = app.choose(&owner, "create-session", "DOUBLE").await;
    assert_eq!(unsold.status, 422, "no price id: {}", unsold.detail());
    let page = app
        .choose(&owner, "create-session", "GROWTH")
        .await
        .expect(200);
    assert_eq!(page["sandbox"], false);
    fake.subscribe(page["session_id"].as_str().unwrap())
        .await
        .unwrap();
    let active = app.active(&owner).await;
    assert_eq!(active["standing"], "trial", "nobody has said anything");
    (fake, app, owner)
}

#[tokio::test]
async fn p2_events_late_doubled_and_shuffled_end_in_stripes_latest_truth() {
    let dir = tempfile::tempdir().unwrap();
    let (fake, app, owner) = paid_unheard(dir.path()).await;
    let secret = FakeSubscriptions::webhook_secret();
    let events = fake.events("sub_0000").await.unwrap();
    assert_eq!(events.len(), 3);
    let routes = [
        "/api/v1/subscriptions/webhook/stripe",
        "/api/v1/subscriptions/webhook",
        "/api/v1/subscriptions/webhook/stripe/",
    ];
    for round in 0..3 {
        for (number, body) in events.iter().rev().enumerate() {
            let path = routes[(number + round) % 3];
            let stored = app.event(path, &secret, body).await.expect(200);
            assert_eq!(stored, json!({"received": true, "duplicate": round > 0}));
        }
        app.pass(SignedDuration::ZERO).await;
        let active = app.active(&owner).await;
        assert_eq!(
            (&active["plan"], &active["channels_limit"]),
            (&json!("GROWTH"), &json!(5))
        );
        assert_eq!(active["amount"], json!(59));
        assert_eq!(active["stripe_customer_id"], "cus_0000");
    }
    let before = app.app.store().subscriptions(owner.user.id).await.unwrap();
    assert_eq!((before.len(), before[0].version), (1, 1), "written once");

    // Somebody at Stripe cancels it at once; an old event about something else arrives first, and the true one never.
    fake.set("sub_0000", "status", "canceled").unwrap();
    let old = r#"{"id":"evt_old","object":"event","created":1,"type":"invoice.payment_failed",
        "data":{"object":{"id":"in_9","subscription":"sub_0000","customer":"cus_0000"}}}"#;
    app.event(routes[0], &Secret::new("whsec_before"), old)
        .await
        .expect(200);
    app.pass(SignedDuration::ZERO).await;
    let over = app.active(&owner).await;
    assert_eq!(
        (&over["standing"], &over["plan"]),
        (&json!("trial"), &json!("FREE"))
    );
    let listed = app
        .get("/api/v1/subscriptions", &owner.token)
        .await
        .expect(200);
    assert_eq!(listed[0]["status"], "EXPIRED");
}

#[tokio::test]
async fn p1_the_subscription_webhook_takes_its_own_signatures_only() {
    let app = TestApp::new().await;
    let path = "/api/v1/subscriptions/webhook/stripe";
    let body = r#"{"id":"evt_1","object":"event","created":1,"type":"customer.subscription.updated",
        "data":{"object":{"id":"sub_1","customer":"cus_1"}}}"#;
    let payments = Secret::new(crate::app::MONEY_KEY);
    let refused = app.event(path, &payments, body).await;
    assert_eq!(refused.status, 401, "the secret of payments");
    let unsigned = app.raw(path, &[], body.as_bytes().to_vec()).await;
    assert_eq!(unsigned.status, 401);
    let store = app.app.store();
    let due = store
        .due_subscription_events(app.app.now(), 9)
        .await
        .unwrap();
    assert!(due.is_empty(), "nothing stored");
}

#[tokio::test]
async fn p11_production_without_stripe_sells_nothing_and_forgets_nothing() {
    let app = TestApp::with(&|name| match name {
        "X8_ENV" => Some("production".to_owned()),
        "STRIPE_SECRET_KEY" => Some(concat!("sk_", "live_payments").to_owned()),
        "STRIPE_CONNECT_WEBHOOK_SECRET" => Some("whsec_payments".to_owned()),
        _ => None,
    })
    .await;
    let owner = app.owner("a@example.com").await;
    assert!(app.app.subscribing.sandbox.is_none());
    for answer in [
        app.choose(&owner, "create-session", "GROWTH").await,
        app.event("/api/v1/subscriptions/webhook", &Secret::new("x"), "{}")
            .await,
    ] {
        assert_eq!(answer.status, 501, "{}", answer.detail());
        assert!(
            answer.detail().contains("no payment provider"),
            "{}",
            answer.detail()
        );
    }
    let page = app
        .call(Method::GET, "/sandbox/subscribe/cs_1", None, None)
        .await;
    assert_eq!(page.status, 404);
    let offers = app
        .call(Method::GET, "/api/v1/subscriptions/plans", None, None)
        .await
        .expect(200);
    assert!(
        offers
            .as_array()
            .unwrap()
            .iter()
            .all(|offer| offer["available"] == false)
    );
    assert_eq!(app.active(&owner).await["status"], "TRIAL");
}

#[tokio::test]
async fn e3_the_price_list_is_public_and_comes_from_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let list = dir.path().join("plans.json");
    std::fs::write(&list, LIST).unwrap();
    let file = list.display().to_string();
    let app = TestApp::with(&move |name| (name == "X8_PLANS_FILE").then(|| file.clone())).await;
    let offers = app
        .call(Method::GET, "/api/v1/subscriptions/plans", None, None)
        .await
        .expect(200);
    let lines: Vec<String> = offers
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            format!(
                "{} {} {} {}",
                one["id"], one["price"], one["channels"], one["available"]
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            "\"FREE\" 0 1 false",
            "\"SINGLE\" 9.99 1 true",
            "\"DOUBLE\" 19.99 2 true",
            "\"GROWTH\" 59 5 true",
            "\"SPECIAL\" 29.99 2 true",
            "\"ENTERPRISE\" null null false",
        ]
    );
}
