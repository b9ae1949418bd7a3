use serde_json::json;

use super::model::server;
use crate::app::TestApp;

const CHAT: &str = "/api/v1/support/ai-faq/chat";

#[tokio::test]
async fn a13_the_faq_answers_from_its_entries() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let asked = json!({"message": "How long is the trial?", "session_id": "s-1"});
    let answer = app.post(CHAT, &owner.token, &asked).await.expect(200);
    assert!(answer["response"].as_str().unwrap().contains("7 days"));
    assert_eq!(
        (
            &answer["session_id"],
            &answer["language"],
            &answer["sources"]
        ),
        (&json!("s-1"), &json!("en"), &json!(["trial"]))
    );
    let again = json!({"message": "Stripe?", "language": "ru"});
    let answer = app.post(CHAT, &owner.token, &again).await.expect(200);
    assert_eq!(
        (&answer["language"], &answer["sources"]),
        (&json!("ru"), &json!(["payments"]))
    );
    let unknown = json!({"message": "What is the weather like?"});
    let answer = app.post(CHAT, &owner.token, &unknown).await.expect(200);
    assert_eq!(answer["sources"], json!([]));
    for message in ["", "  ", &"x".repeat(2_001)] {
        let problem = app
            .post(CHAT, &owner.token, &json!({"message": message}))
            .await
            .expect(422);
        assert_eq!(problem["detail"][0]["loc"], json!(["body", "message"]));
    }
}

#[tokio::test]
async fn a13_its_status_says_what_it_has() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let path = "/api/v1/support/ai-faq/status";
    let status = app.get(path, &owner.token).await.expect(200);
    assert_eq!(
        (&status["available"], &status["mode"]),
        (&json!(true), &json!("guided"))
    );
    assert_eq!(status["languages"], json!(["en", "es", "ru"]));
    assert_eq!(
        app.call(axum::http::Method::GET, path, None, None)
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn a13_the_platforms_model_words_its_answers() {
    let (url, seen) = server().await;
    let app = TestApp::with(&move |name| match name {
        "X8_MODEL_URL" => Some(url.clone()),
        "X8_MODEL_NAME" => Some("platform-model".to_owned()),
        _ => None,
    })
    .await;
    let owner = app.shop("a@example.com").await;
    let path = "/api/v1/support/ai-faq/status";
    let status = app.get(path, &owner.token).await.expect(200);
    assert_eq!(
        (&status["mode"], &status["model"]),
        (&json!("model"), &json!("platform-model"))
    );
    let asked = json!({"message": "How long is the trial?"});
    let answer = app.post(CHAT, &owner.token, &asked).await.expect(200);
    assert_eq!(answer["response"], json!("Yes."), "the model's words");
    assert_eq!(answer["sources"][0], json!("trial"));
    let unknown = json!({"message": "What is the weather like?"});
    app.post(CHAT, &owner.token, &unknown).await.expect(200);
    assert_eq!(seen.lock().unwrap().len(), 1, "no entry, no call");
}

/// A model server that tells what it took.
async fn counting() -> String {
    let answer = || async {
        axum::Json(json!({
            "model": "platform-model",
            "choices": [{"message": {"content": "{\"response\": \"Yes.\"}"}}],
            "usage": {"prompt_tokens": 400, "completion_tokens": 10},
        }))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let router = axum::Router::new().route("/v1/chat/completions", axum::routing::post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test]
async fn a11_a13_the_faqs_calls_are_counted_and_end_with_the_budget() {
    let url = counting().await;
    let app = TestApp::with(&move |name| match name {
        "X8_MODEL_URL" => Some(url.clone()),
        "X8_MODEL_NAME" => Some("platform-model".to_owned()),
        "X8_MODEL_PRICES" => {
            Some(r#"{"*": {"prompt": 1000000, "completion": 1000000}}"#.to_owned())
        }
        _ => None,
    })
    .await;
    let owner = app.shop("a@example.com").await;
    let usage = format!("/api/v1/assistant/usage?company_id={}", owner.company);
    let asked = json!({"message": "How long is the trial?"});
    let answer = app.post(CHAT, &owner.token, &asked).await.expect(200);
    assert_eq!(answer["response"], json!("Yes."));
    let told = app.get(&usage, &owner.token).await.expect(200);
    assert_eq!(
        told["total"],
        json!({"calls": 1, "failures": 0, "prompt_tokens": 400, "completion_tokens": 10, "cost_micros": 410})
    );

    let company = format!("/api/v1/companies/{}", owner.company);
    let budget = json!({"settings": {"model_budget": 410}});
    app.call(
        axum::http::Method::PATCH,
        &company,
        Some(&owner.token),
        Some(&budget),
    )
    .await
    .expect(200);
    let answer = app.post(CHAT, &owner.token, &asked).await.expect(200);
    assert!(
        answer["response"].as_str().unwrap().contains("7 days"),
        "the entry itself: {answer}"
    );
    let told = app.get(&usage, &owner.token).await.expect(200);
    assert_eq!(told["total"]["calls"], json!(1), "no call was made");
}

#[tokio::test]
async fn a13_t3_nobody_asks_on_the_account_of_another() {
    let url = counting().await;
    let app = TestApp::with(&move |name| match name {
        "X8_MODEL_URL" => Some(url.clone()),
        "X8_MODEL_NAME" => Some("platform-model".to_owned()),
        _ => None,
    })
    .await;
    let owner = app.shop("a@example.com").await;
    let other = app.shop("b@example.com").await;
    let asked = json!({"message": "How long is the trial?", "company_id": owner.company});
    app.post(CHAT, &other.token, &asked).await.expect(404);
    // Who has no company yet is answered, on nobody's account.
    let (_, token) = app
        .user("c@example.com", x8_core::tenant::Role::Client)
        .await;
    let asked = json!({"message": "How long is the trial?"});
    let answer = app.post(CHAT, &token, &asked).await.expect(200);
    assert!(answer["response"].as_str().unwrap().contains("7 days"));
}
