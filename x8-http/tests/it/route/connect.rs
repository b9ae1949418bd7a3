use serde_json::json;

use crate::app::{MONEY_KEY, TestApp};

fn header(value: String) -> Vec<(String, String)> {
    vec![("stripe-signature".to_owned(), value)]
}

#[tokio::test]
async fn p5_money_moves_only_on_signed_bytes() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    app.says(&owner, "buy").await.expect(200);
    app.work().await;
    let orders = app
        .get("/api/v1/orders?company_id=1", &owner.token)
        .await
        .expect(200);
    let link = orders[0]["payment_link"].as_str().unwrap();
    let session = link.rsplit('/').next().unwrap();
    app.sandbox.pay(session).await.unwrap();
    let (_, event) = app.sandbox.undelivered().await.unwrap().remove(0);
    let body = event.body.clone().into_bytes();

    let mut flipped = body.clone();
    flipped[10] ^= 1;
    for (what, headers, body) in [
        ("nothing", Vec::new(), body.clone()),
        ("a flipped bit", header(event.header.clone()), flipped),
        ("rubbish", header("t=1,v1=00".to_owned()), body.clone()),
    ] {
        let answer = app.raw("/api/v1/connect/webhook", &headers, body).await;
        assert_eq!(answer.status, 401, "{what}");
    }
    app.work().await;
    let order = app
        .get("/api/v1/orders?company_id=1", &owner.token)
        .await
        .expect(200);
    assert_eq!(order[0]["payment_status"], "payment_link_sent");

    let good = header(event.header.clone());
    let first = app
        .raw("/api/v1/connect/webhook", &good, body.clone())
        .await
        .expect(200);
    assert_eq!(first, json!({"received": true, "duplicate": false}));
    let again = app
        .raw("/api/v1/webhooks/stripe", &good, body)
        .await
        .expect(200);
    assert_eq!(again["duplicate"], true, "under its other address, too");
    app.work().await;
    let order = app
        .get("/api/v1/orders?company_id=1", &owner.token)
        .await
        .expect(200);
    assert_eq!(order[0]["payment_status"], "paid");
    assert_eq!(order[0]["state"], "booked");
}

#[tokio::test]
async fn p5_a_signed_body_that_is_no_event_is_refused() {
    let app = TestApp::new().await;
    let body = b"{\"id\": 7}";
    let secret = x8_core::Secret::new(MONEY_KEY);
    let signature = x8_billing::signature::sign(&secret, body, app.app.now());
    let answer = app
        .raw("/api/v1/connect/webhook", &header(signature), body.to_vec())
        .await;
    assert_eq!(answer.status, 422, "{}", answer.detail());
}
