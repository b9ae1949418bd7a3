use axum::http::Method;
use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn one_turn_answers_the_reply_contract() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let turn = json!({
        "company_id": "COMP001", "sender": "34600111222", "text": "hello", "channel": "telegram",
        "token": "chat-7", "message_id": "m1",
    });
    let reply = app
        .post("/api/v1/assistant/reply", &owner.token, &turn)
        .await
        .expect(200);
    assert_eq!(reply["response"], "you said hello");
    assert_eq!(reply["token"], "chat-7");
    let again = app
        .post("/api/v1/assistant/reply", &owner.token, &turn)
        .await;
    assert_eq!(again.status, 409, "answered once");
    let listed = app
        .get("/api/v1/integrations/list", &owner.token)
        .await
        .expect(200);
    assert_eq!(
        listed,
        json!([]),
        "what carries API calls is no channel of the owner's"
    );
}

#[tokio::test]
async fn t5_an_inactive_company_does_not_answer() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let off = json!({"status": "INACTIVE"});
    app.call(
        Method::PATCH,
        "/api/v1/companies/1",
        Some(&owner.token),
        Some(&off),
    )
    .await
    .expect(200);
    assert_eq!(app.says(&owner, "hello").await.status, 409);
}

#[tokio::test]
async fn wrong_turns_name_every_field() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let turn = json!({"company_id": 1, "sender": " ", "text": "", "channel": "pigeon"});
    let problem = app
        .post("/api/v1/assistant/reply", &owner.token, &turn)
        .await
        .expect(422);
    let fields: Vec<&str> = problem["detail"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["loc"][1].as_str())
        .collect();
    assert_eq!(fields, ["channel", "sender", "text"]);
    let msg = problem["detail"][0]["msg"].as_str().unwrap();
    assert!(msg.contains("whatsapp, telegram"), "{msg}");
    let turn = json!({"company_id": -1, "sender": "x", "text": "y"});
    assert_eq!(
        app.post("/api/v1/assistant/reply", &owner.token, &turn)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn the_guard_answers_alone() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let check = json!({"company_id": 1, "reply": "garbage", "context": {"channel": "whatsapp"}});
    let verdict = app
        .post("/api/v1/assistant/validate", &owner.token, &check)
        .await
        .expect(200);
    assert!(verdict["refused"].is_boolean());
    assert!(verdict["findings"].is_array());
    let nothing = app
        .post(
            "/api/v1/assistant/validate",
            &owner.token,
            &json!({"reply": "x"}),
        )
        .await;
    assert_eq!(
        nothing.expect(422)["detail"][0]["loc"],
        json!(["body", "company_id"])
    );
    let negative = json!({"reply": "x", "company_id": 1, "context": {"cart": [{"sku": "201", "quantity": -1}]}});
    let problem = app
        .post("/api/v1/assistant/validate", &owner.token, &negative)
        .await
        .expect(422);
    assert_eq!(
        problem["detail"][0]["loc"],
        json!(["body", "context", "cart", 0, "quantity"])
    );
}
