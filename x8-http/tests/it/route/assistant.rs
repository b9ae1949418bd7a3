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

#[tokio::test]
async fn a_panic_is_one_neutral_answer_and_the_server_goes_on() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let broken = app.says(&owner, "panic").await;
    assert_eq!(broken.expect(500), json!({"detail": "internal error"}));
    assert!(broken.headers.contains_key("x-request-id"));
    app.get("/api/v1/auth/me", &owner.token).await.expect(200);
}

#[tokio::test]
async fn what_models_cost_is_told_per_day_and_model() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    for text in ["hello", "again"] {
        app.says(&owner, text).await.expect(200);
    }
    let path = "/api/v1/assistant/usage?company_id=COMP001&from=2026-11-20&to=2026-11-20";
    let usage = app.get(path, &owner.token).await.expect(200);
    let sums = json!({
        "calls": 2, "failures": 0, "prompt_tokens": 4_000, "completion_tokens": 200, "cost_micros": 720,
    });
    assert_eq!(usage["total"], sums);
    assert_eq!(usage["days"][0]["day"], "2026-11-20");
    assert_eq!(usage["days"][0]["model"], "parrot-1");
    assert_eq!(usage["days"][0]["cost_micros"], 720);
    assert_eq!(usage["model_budget"], json!(null));
    let path = "/api/v1/assistant/usage?company_id=1&from=2026-11-21&to=2026-11-30";
    let later = app.get(path, &owner.token).await.expect(200);
    assert_eq!(
        (&later["total"]["calls"], &later["days"]),
        (&json!(0), &json!([]))
    );
    let month = app.get("/api/v1/assistant/usage?company_id=1", &owner.token);
    assert_eq!(
        month.await.expect(200)["total"],
        sums,
        "thirty days by default"
    );

    let stranger = app.shop("b@example.com").await;
    let foreign = app.get("/api/v1/assistant/usage?company_id=1", &stranger.token);
    assert_eq!(foreign.await.status, 404);
    for days in [
        "from=2026-11-21&to=2026-11-20",
        "from=1999-01-01",
        "to=soon",
    ] {
        let path = format!("/api/v1/assistant/usage?company_id=1&{days}");
        assert_eq!(app.get(&path, &owner.token).await.status, 422, "{days}");
    }
}

#[tokio::test]
async fn a_spent_budget_is_a_setting_that_can_be_taken_back() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let set = async |budget: serde_json::Value| {
        let body = json!({"settings": {"model_budget": budget}});
        app.call(
            Method::PATCH,
            "/api/v1/companies/1",
            Some(&owner.token),
            Some(&body),
        )
        .await
        .status
    };
    assert_eq!(set(json!(5_000_000)).await, 200);
    let told = async || {
        let usage = app.get("/api/v1/assistant/usage?company_id=1", &owner.token);
        usage.await.expect(200)["model_budget"].clone()
    };
    assert_eq!(told().await, 5_000_000);
    assert_eq!(set(json!(-1)).await, 422);
    let body = json!({"settings": {"link_minutes": 90}});
    app.call(
        Method::PATCH,
        "/api/v1/companies/1",
        Some(&owner.token),
        Some(&body),
    )
    .await
    .expect(200);
    assert_eq!(told().await, 5_000_000, "an absent key stays as it is");
    assert_eq!(set(json!(null)).await, 200);
    assert_eq!(told().await, json!(null));
}
