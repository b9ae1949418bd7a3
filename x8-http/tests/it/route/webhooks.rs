use axum::http::Method;
use serde_json::{Value, json};
use x8_channels::testing::{FakeWaha, SignedWebhook, message};

use crate::app::{Owner, TestApp};

async fn connected(app: &TestApp) -> (Owner, String) {
    let owner = app.owner("a@example.com").await;
    let wanted = json!({"company_id": 1});
    let channel = app
        .post(
            "/api/v1/integrations/whatsapp/connect",
            &owner.token,
            &wanted,
        )
        .await
        .expect(200);
    let session = channel["session"].as_str().unwrap().to_owned();
    (owner, session)
}

async fn threads(app: &TestApp, owner: &Owner) -> Value {
    app.get("/api/v1/conversations?company_id=1", &owner.token)
        .await
        .expect(200)
}

#[tokio::test]
async fn h2_a_webhook_is_stored_once_however_often_it_comes() {
    let app = TestApp::new().await;
    let (owner, session) = connected(&app).await;
    let event = message(&session, "34600111222@c.us", "Hola", "3EB01");
    let first = app.webhook(&event).await.expect(200);
    assert_eq!(
        (first["stored"].clone(), first["duplicates"].clone()),
        (json!(1), json!(0))
    );
    let again = app.webhook(&event).await.expect(200);
    assert_eq!(
        (again["stored"].clone(), again["duplicates"].clone()),
        (json!(0), json!(1))
    );
    let threads = threads(&app, &owner).await;
    let path = format!("/api/v1/conversations/{}/messages", threads[0]["id"]);
    let messages = app.get(&path, &owner.token).await.expect(200);
    assert_eq!(messages.as_array().map(Vec::len), Some(1));
    assert_eq!(messages[0]["text"], "Hola");
}

#[tokio::test]
async fn h1_what_is_not_signed_is_not_read() {
    let app = TestApp::new().await;
    let (owner, session) = connected(&app).await;
    let event = message(&session, "34600111222@c.us", "Hola", "3EB01").to_string();
    let good = SignedWebhook::sign(event.clone(), FakeWaha::HMAC_KEY);
    let mut flipped = good.body.clone();
    flipped[20] ^= 1;
    let foreign = SignedWebhook::sign(event.clone(), "another key");
    for (what, headers, body) in [
        ("no signature", Vec::new(), good.body.clone()),
        ("one flipped bit", good.headers.clone(), flipped),
        ("another key", foreign.headers, good.body.clone()),
    ] {
        let answer = app.raw("/api/v1/webhooks/waha", &headers, body).await;
        assert_eq!(answer.status, 401, "{what}");
    }
    assert_eq!(threads(&app, &owner).await, json!([]), "nothing stored");
}

#[tokio::test]
async fn h1_unknown_sessions_and_unreadable_bodies_are_told_apart() {
    let app = TestApp::new().await;
    let unknown = app
        .webhook(&message("nobody", "34600111222@c.us", "Hola", "3EB01"))
        .await;
    assert_eq!(unknown.status, 404);
    for body in [&b"not json"[..], b"\xff\xfe{}", b"7"] {
        let signed = SignedWebhook::sign(body, FakeWaha::HMAC_KEY);
        let answer = app
            .raw("/api/v1/webhooks/waha", &signed.headers, signed.body)
            .await;
        assert_eq!(answer.status, 422, "{}", String::from_utf8_lossy(body));
    }
    let (_, session) = connected(&app).await;
    let good = message(&session, "34600111222@c.us", "Hola", "3EB01");
    let mut dateless = good.clone();
    dateless["payload"]["timestamp"] = json!("soon");
    let answer = app.webhook(&dateless).await.expect(422);
    let detail = answer["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("/payload/timestamp"), "{detail}");
    let answer = app.webhook(&json!([7, dateless, good])).await.expect(200);
    assert_eq!(
        (&answer["stored"], &answer["unreadable"]),
        (&json!(1), &json!(2)),
        "a batch is read item by item"
    );
    let large = SignedWebhook::sign(vec![b' '; 3 * 1024 * 1024], FakeWaha::HMAC_KEY);
    let answer = app
        .raw("/api/v1/webhooks/waha", &large.headers, large.body)
        .await;
    assert_eq!(
        answer.expect(413)["detail"].as_str().map(str::is_empty),
        Some(false)
    );
}

#[tokio::test]
async fn webhooks_take_no_tokens_and_no_other_verb() {
    let app = TestApp::new().await;
    assert_eq!(
        app.call(Method::GET, "/api/v1/webhooks/waha", None, None)
            .await
            .status,
        405
    );
}
