//! Real money through a stand-in for Stripe: accounts, links, events, refunds, and what must not happen.

use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use x8_billing::testing::{Fault, Onboarder, Payer};

use crate::app::{Owner, TestApp};

/// A shop whose account is ready.
async fn connected(app: &TestApp, email: &str) -> (Owner, String) {
    let owner = app.shop(email).await;
    let wanted = json!({"company_id": owner.company, "country": "es"});
    let link = app
        .post("/api/v1/connect/onboard", &owner.token, &wanted)
        .await
        .expect(200);
    assert!(link["url"].as_str().unwrap().contains("/setup/e/"));
    assert!(link["expires_at"].is_string());
    let account = status(app, &owner).await["connected_account_id"].clone();
    let account = account.as_str().unwrap().to_owned();
    app.stripe().finish(&account).await.unwrap();
    assert_eq!(status(app, &owner).await["status"], "ready");
    (owner, account)
}

async fn status(app: &TestApp, owner: &Owner) -> Value {
    let path = format!("/api/v1/connect/status?company_id={}", owner.company);
    app.get(&path, &owner.token).await.expect(200)
}

/// An order with its link, and the session of it.
async fn ordered(app: &TestApp, owner: &Owner) -> (Value, String) {
    app.says(owner, "buy").await.expect(200);
    app.work().await;
    let order = app.newest(owner).await;
    let session = order["payment_session"].as_str().unwrap().to_owned();
    (order, session)
}

async fn act(app: &TestApp, owner: &Owner, order: &Value, verb: &str) -> crate::app::Answer {
    let path = format!("/api/v1/orders/{}/{verb}", order["id"].as_str().unwrap());
    app.call(Method::POST, &path, Some(&owner.token), None)
        .await
}

fn words(order: &Value) -> Vec<String> {
    let steps = order["status_history"].as_array().unwrap().iter();
    steps
        .map(|step| step["state"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn p3_a_company_connects_is_paid_and_leaves() {
    let app = TestApp::with_stripe().await;
    let fresh = app.shop("b@example.com").await;
    let none = status(&app, &fresh).await;
    assert_eq!(
        (&none["status"], &none["connected_account_id"]),
        (&json!("not_connected"), &Value::Null)
    );

    let (owner, account) = connected(&app, "a@example.com").await;
    let (order, session) = ordered(&app, &owner).await;
    app.stripe().pay(&session).await.unwrap();
    let body = app.stripe().paid_event(&session).await.unwrap();
    for duplicate in [false, true] {
        let told = app.money_event(&body).await.expect(200);
        assert_eq!(told, json!({"received": true, "duplicate": duplicate}));
    }
    app.work().await;
    let paid = app.newest(&owner).await;
    assert_eq!(
        (&paid["state"], &paid["id"]),
        (&json!("booked"), &order["id"])
    );
    assert_eq!(
        paid["payment_reference"],
        session.replacen("cs_test_", "pi_", 1)
    );
    assert_eq!(
        words(&paid),
        ["awaiting_payment", "awaiting_payment", "paid", "booked"]
    );

    app.stripe().add_movement(&account, "charge", 34_90, 132);
    let path = "/api/v1/connect/transactions?company_id=2&limit=200";
    let moved = app.get(path, &owner.token).await.expect(200);
    assert_eq!(
        moved[0]["net"],
        json!({"amount": "33.58", "minor": 3358, "currency": "EUR"})
    );
    let which = json!({"company_id": owner.company});
    let login = app
        .post("/api/v1/connect/login", &owner.token, &which)
        .await;
    assert!(
        login.expect(200)["url"]
            .as_str()
            .unwrap()
            .contains("/express/")
    );
    let kept = app
        .post("/api/v1/connect/disconnect", &owner.token, &which)
        .await;
    assert_eq!(kept.status, StatusCode::CONFLICT, "{}", kept.detail());
}

#[tokio::test]
async fn p3_disconnecting_ends_open_links_and_forgets_the_account() {
    let app = TestApp::with_stripe().await;
    let (owner, account) = connected(&app, "a@example.com").await;
    let (_, session) = ordered(&app, &owner).await;
    let which = json!({"company_id": owner.company});
    for _ in 0..2 {
        let left = app
            .post("/api/v1/connect/disconnect", &owner.token, &which)
            .await;
        assert_eq!(left.expect(200)["status"], "not_connected");
    }
    assert!(
        app.stripe().pay(&session).await.is_err(),
        "nobody can pay any more"
    );
    assert_eq!(app.newest(&owner).await["state"], "expired");
    let gone = app
        .stripe()
        .account_event("account.application.deauthorized", &account);
    app.money_event(&gone).await.expect(200);
    app.work().await;
    let path = "/api/v1/connect/transactions?company_id=1";
    assert_eq!(
        app.get(path, &owner.token).await.status,
        StatusCode::PAYMENT_REQUIRED
    );
    let again = app
        .post("/api/v1/connect/onboard", &owner.token, &which)
        .await;
    again.expect(200);
    assert_ne!(
        status(&app, &owner).await["connected_account_id"],
        json!(account)
    );
}

#[tokio::test]
async fn p3_an_order_waits_for_the_companys_account_and_is_not_lost() {
    let app = TestApp::with_stripe().await;
    let owner = app.shop("a@example.com").await;
    app.says(&owner, "buy").await.expect(200);
    app.work().await;
    let waiting = app.newest(&owner).await;
    assert_eq!(waiting["state"], "awaiting_payment");
    assert_eq!(waiting["payment_link"], Value::Null);
    assert!(waiting["problem"].as_str().unwrap().contains("account"));
    let which = json!({"company_id": owner.company});
    app.post("/api/v1/connect/onboard", &owner.token, &which)
        .await
        .expect(200);
    let account = status(&app, &owner).await["connected_account_id"].clone();
    let account = account.as_str().unwrap();
    assert_eq!(
        status(&app, &owner).await["requirements"]["currently_due"][0],
        "external_account"
    );
    app.stripe().finish(account).await.unwrap();
    let updated = app.stripe().account_event("account.updated", account);
    app.money_event(&updated).await.expect(200);
    app.clock.advance(SignedDuration::from_mins(6));
    app.stripe().advance(SignedDuration::from_mins(6));
    app.work().await;
    let linked = app.newest(&owner).await;
    assert!(linked["payment_link"].is_string(), "{linked}");
    assert_eq!(linked["problem"], Value::Null);
}

#[tokio::test]
async fn p5_an_event_of_another_companys_account_changes_nothing() {
    let app = TestApp::with_stripe().await;
    let (owner, _) = connected(&app, "a@example.com").await;
    let (_, other) = connected(&app, "b@example.com").await;
    let (_, session) = ordered(&app, &owner).await;
    app.stripe().pay(&session).await.unwrap();
    let body = app.stripe().paid_event(&session).await.unwrap();
    let mut forged: Value = serde_json::from_str(&body).unwrap();
    forged["account"] = json!(other);
    forged["id"] = json!("evt_forged");
    app.money_event(&forged.to_string()).await.expect(200);
    forged["account"] = Value::Null;
    forged["id"] = json!("evt_platform");
    app.money_event(&forged.to_string()).await.expect(200);
    app.work().await;
    assert_eq!(app.newest(&owner).await["state"], "awaiting_payment");
    app.money_event(&body).await.expect(200);
    app.work().await;
    assert_eq!(app.newest(&owner).await["state"], "booked");
}

#[tokio::test]
async fn p7_a_refund_takes_the_booking_with_it_once() {
    let app = TestApp::with_stripe().await;
    let (owner, _) = connected(&app, "a@example.com").await;
    let (order, session) = ordered(&app, &owner).await;
    let early = act(&app, &owner, &order, "refund").await;
    assert_eq!(early.status, StatusCode::CONFLICT, "nothing was paid");
    app.stripe().pay(&session).await.unwrap();
    let body = app.stripe().paid_event(&session).await.unwrap();
    app.money_event(&body).await.expect(200);
    app.work().await;
    for _ in 0..2 {
        let asked = act(&app, &owner, &order, "refund").await.expect(200);
        assert_eq!(asked["state"], "refund_pending");
    }
    app.work().await;
    let back = act(&app, &owner, &order, "refund").await.expect(200);
    assert_eq!(back["state"], "refunded");
    let reference = back["payment_reference"].as_str().unwrap();
    assert_eq!(app.stripe().refunds(reference), 1);
    let path = "/api/v1/calendar/bookings?company_id=1";
    let bookings = app.get(path, &owner.token).await.expect(200);
    assert_eq!(bookings[0]["status"], "cancelled", "{bookings}");
}

#[tokio::test]
async fn o9_a_new_link_is_made_when_the_old_one_is_dead() {
    let app = TestApp::with_stripe().await;
    let (owner, _) = connected(&app, "a@example.com").await;
    let (order, old) = ordered(&app, &owner).await;
    drop(app.stripe().requests());
    act(&app, &owner, &order, "resend-link").await.expect(200);
    assert!(app.stripe().pay(&old).await.is_err(), "dead at once");
    app.work().await;
    let calls: Vec<String> = app
        .stripe()
        .requests()
        .into_iter()
        .filter(|request| request.method == "POST")
        .map(|request| request.path)
        .collect();
    assert_eq!(
        calls,
        [
            format!("/v1/checkout/sessions/{old}/expire"),
            "/v1/checkout/sessions".to_owned()
        ]
    );
    let renewed = app.newest(&owner).await;
    let new = renewed["payment_session"].as_str().unwrap();
    assert_ne!(new, old);
    let expired = app
        .stripe()
        .session_event("checkout.session.expired", &old)
        .unwrap();
    app.money_event(&expired).await.expect(200);
    app.work().await;
    assert_eq!(
        app.newest(&owner).await["state"],
        "awaiting_payment",
        "the old link's end is nothing"
    );

    app.stripe().pay(new).await.unwrap();
    let taken = act(&app, &owner, &order, "resend-link").await.expect(200);
    assert_eq!(taken["state"], "paid", "found out on the way");
    app.work().await;
    let late = act(&app, &owner, &order, "resend-link").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn p5_the_way_back_from_the_page_asks_the_provider() {
    let app = TestApp::with_stripe().await;
    let (owner, _) = connected(&app, "a@example.com").await;
    let (order, session) = ordered(&app, &owner).await;
    let sent = app.stripe().requests();
    let opened = sent
        .iter()
        .rfind(|request| request.method == "POST")
        .unwrap();
    let back = opened.form["success_url"].replace("{CHECKOUT_SESSION_ID}", &session);
    let path = back.strip_prefix("http://x8.test").unwrap();
    let come_back = async |path: &str| app.call(Method::GET, path, None, None).await;
    let early = come_back(path).await;
    assert_eq!(early.status, StatusCode::OK);
    app.work().await;
    assert_eq!(
        app.newest(&owner).await["state"],
        "awaiting_payment",
        "an address proves nothing"
    );
    app.stripe().pay(&session).await.unwrap();
    assert_eq!(come_back(path).await.bytes, early.bytes);
    app.work().await;
    assert_eq!(app.newest(&owner).await["state"], "booked");
    let unknown = format!("/paid?company=99&order={}", order["id"].as_str().unwrap());
    assert_eq!(
        come_back(&unknown).await.bytes,
        early.bytes,
        "says nothing about orders"
    );
    assert_eq!(come_back("/paid").await.status, StatusCode::OK);
    assert_eq!(come_back("/not-paid").await.status, StatusCode::OK);
}

#[tokio::test]
async fn p7_disputes_and_parts_made_at_stripe_are_followed() {
    let app = TestApp::with_stripe().await;
    let (owner, _) = connected(&app, "a@example.com").await;
    let (_, session) = ordered(&app, &owner).await;
    app.stripe().pay(&session).await.unwrap();
    let body = app.stripe().paid_event(&session).await.unwrap();
    app.money_event(&body).await.expect(200);
    let tell = async |kind: &str, fields: Value| {
        let body = app.stripe().payment_event(kind, &session, &fields).unwrap();
        app.money_event(&body).await.expect(200);
        app.work().await;
        app.newest(&owner).await
    };
    app.work().await;
    let part = tell(
        "charge.refunded",
        json!({"refunded": false, "amount_refunded": 500}),
    )
    .await;
    assert_eq!(
        (&part["state"], &part["returned_sum"]["minor"]),
        (&json!("booked"), &json!(500))
    );
    let open = json!({"id": "dp_1", "charge": "ch_1", "status": "needs_response"});
    let disputed = tell("charge.dispute.created", open).await;
    assert_eq!(
        (&disputed["state"], &disputed["dispute"]),
        (&json!("refund_pending"), &json!("open"))
    );
    let won = json!({"id": "dp_1", "charge": "ch_1", "status": "won"});
    let won = tell("charge.dispute.closed", won).await;
    assert_eq!(
        (&won["state"], &won["dispute"]),
        (&json!("booked"), &json!("won"))
    );
    assert_eq!(
        app.stripe()
            .refunds(won["payment_reference"].as_str().unwrap()),
        0
    );
}

#[tokio::test]
async fn p11_a_simulated_account_is_made_ready_by_its_button() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let which = json!({"company_id": owner.company});
    let link = app
        .post("/api/v1/connect/onboard", &owner.token, &which)
        .await
        .expect(200);
    assert_eq!(link["url"], "http://x8.test/sandbox/connect/acct_sandbox_1");
    let page = "/sandbox/connect/acct_sandbox_1";
    let shown = app.call(Method::GET, page, None, None).await;
    assert!(String::from_utf8_lossy(&shown.bytes).contains("<button>"));
    let pressed = app
        .call(Method::POST, &format!("{page}/finish"), None, None)
        .await;
    assert_eq!(pressed.status, StatusCode::SEE_OTHER);
    assert_eq!(status(&app, &owner).await["status"], "ready");
    let absent = app
        .call(Method::GET, "/sandbox/connect/acct_sandbox_2", None, None)
        .await;
    assert_eq!(absent.status, StatusCode::PAYMENT_REQUIRED);
    let real = TestApp::with_stripe().await;
    let none = real.call(Method::GET, page, None, None).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn p3_a_country_is_two_letters() {
    let app = TestApp::with_stripe().await;
    let owner = app.shop("a@example.com").await;
    let wanted = json!({"company_id": owner.company, "country": "Spain"});
    let told = app
        .post("/api/v1/connect/onboard", &owner.token, &wanted)
        .await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn s1_what_stripe_has_against_our_key_does_not_sign_anybody_out() {
    let app = TestApp::with_stripe().await;
    let (owner, account) = connected(&app, "a@example.com").await;
    let refusal = || Fault::Refuse {
        status: 401,
        kind: "invalid_request_error",
        code: "",
    };
    app.stripe().fail_next(&account, refusal());
    let old = status(&app, &owner).await;
    assert_eq!(
        (&old["status"], &old["according_to"]),
        (&json!("ready"), &json!("memory"))
    );
    app.stripe().fail_next("/account_links", refusal());
    let which = json!({"company_id": owner.company});
    let told = app
        .post("/api/v1/connect/onboard", &owner.token, &which)
        .await;
    assert_eq!(
        told.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        told.detail()
    );
}
