use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    http::{HeaderMap, Method},
    routing::post,
};
use serde_json::{Value, json};
use x8_assistant::{
    agenda::{hear, plan},
    model::{Directory, ModelRequest},
    prompt::{Prompt, PromptMessage, Role},
    understand::Lexicon,
};
use x8_core::{ErrorKind, Secret, port::Documents};
use x8_http::models::{Choice, Models};

use crate::app::{Answer, Owner, TestApp};

const PATH: &str = "/api/v1/assistant/model";
const KEY: &str = "company-token-x4f9";

async fn put(app: &TestApp, owner: &Owner, more: Value) -> Answer {
    let mut wanted = json!({"company_id": owner.company, "use": "own"});
    wanted
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    app.call(Method::PUT, PATH, Some(&owner.token), Some(&wanted))
        .await
}

async fn get(app: &TestApp, owner: &Owner) -> Value {
    app.get(
        &format!("{PATH}?company_id={}", owner.company),
        &owner.token,
    )
    .await
    .expect(200)
}

/// A model server that notes who signs in and says yes to everything.
pub(super) async fn server() -> (String, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&seen);
    let answer = move |headers: HeaderMap| async move {
        let key = headers
            .get("authorization")
            .map_or("nobody", |key| key.to_str().unwrap());
        notes.lock().unwrap().push(key.to_owned());
        Json(json!({"choices": [{"message": {"content": "{\"response\": \"Yes.\"}"}}]}))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let router = Router::new().route("/v1/chat/completions", post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, seen)
}

/// Whether a language model answers for this company.
async fn ask(app: &TestApp, owner: &Owner) -> Option<x8_core::Result<String>> {
    app.says(owner, "hello").await.expect(200);
    let input = app.parrot.turn.lock().unwrap().take().unwrap();
    let lexicon = Lexicon::new(&input.catalog);
    let plan = plan(&input, &lexicon, &hear(&input, &lexicon));
    let prompt = Prompt {
        version: "test/1".to_owned(),
        system: "You sell.".to_owned(),
        messages: vec![PromptMessage::new(Role::User, "hello")],
    };
    let request = ModelRequest {
        input: &input,
        plan: &plan,
        prompt: &prompt,
        repair: None,
    };
    let model = match app.app.models.model_for(owner.tenant()).await {
        Ok(model) => model?,
        Err(error) => return Some(Err(error)),
    };
    Some(model.complete(&request).await.map(|output| output.text))
}

#[tokio::test]
async fn a11_a_company_begins_with_the_platforms_model() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let view = get(&app, &owner).await;
    assert_eq!(
        view,
        json!({"company_id": 1, "use": "platform", "base_url": null, "model": null, "dialect": null, "api_key": null})
    );
    assert!(
        ask(&app, &owner).await.is_none(),
        "there is none: the guided model answers"
    );

    let (url, seen) = server().await;
    let app = TestApp::with(&move |name| match name {
        "X8_MODEL_URL" => Some(url.clone()),
        "X8_MODEL_NAME" => Some("platform-model".to_owned()),
        "X8_MODEL_KEY" => Some("platform-token".to_owned()),
        _ => None,
    })
    .await;
    let owner = app.shop("a@example.com").await;
    let view = get(&app, &owner).await;
    assert_eq!(
        (&view["model"], &view["base_url"], &view["api_key"]),
        (&json!("platform-model"), &Value::Null, &Value::Null)
    );
    assert!(ask(&app, &owner).await.unwrap().is_ok());
    assert_eq!(*seen.lock().unwrap(), ["Bearer platform-token"]);
    put(&app, &owner, json!({"use": "guided"}))
        .await
        .expect(200);
    assert!(
        ask(&app, &owner).await.is_none(),
        "no language model, as wished"
    );
    put(&app, &owner, json!({"use": "platform"}))
        .await
        .expect(200);
    assert!(ask(&app, &owner).await.is_some());
}

#[tokio::test]
async fn h6_a_companys_key_is_sealed_masked_and_used() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let other = app.shop("b@example.com").await;
    let (url, seen) = server().await;
    let own = json!({"base_url": url, "model": "own-model", "dialect": "vllm", "api_key": KEY});
    let view = put(&app, &owner, own).await.expect(200);
    let wanted = json!({"company_id": 1, "use": "own", "base_url": url, "model": "own-model", "dialect": "vllm", "api_key": "…x4f9"});
    assert_eq!((&view, &get(&app, &owner).await), (&wanted, &wanted));
    let stored = app.app.store().documents("assistant_model").await.unwrap();
    assert!(!format!("{stored:?}").contains(KEY), "{stored:?}");

    assert_eq!(
        ask(&app, &owner).await.unwrap().unwrap(),
        "{\"response\": \"Yes.\"}"
    );
    assert_eq!(*seen.lock().unwrap(), [format!("Bearer {KEY}")]);
    assert!(ask(&app, &other).await.is_none(), "it is nobody else's");

    // The key stays when it is left out, goes when it is empty.
    put(
        &app,
        &owner,
        json!({"base_url": format!("{url}/"), "model": "newer"}),
    )
    .await
    .expect(200);
    assert!(ask(&app, &owner).await.unwrap().is_ok());
    assert_eq!(seen.lock().unwrap().pop().unwrap(), format!("Bearer {KEY}"));
    let view = put(
        &app,
        &owner,
        json!({"base_url": url, "model": "newer", "api_key": ""}),
    )
    .await
    .expect(200);
    assert_eq!(view["api_key"], Value::Null);
    ask(&app, &owner).await.unwrap().unwrap();
    assert_eq!(seen.lock().unwrap().pop().unwrap(), "nobody");
}

#[tokio::test]
async fn h6_a_stored_key_follows_no_change_of_host() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let own = |url: &str| json!({"base_url": url, "model": "m"});
    let mut first = own("https://api.openai.com/v1");
    first["api_key"] = KEY.into();
    put(&app, &owner, first).await.expect(200);
    for away in [
        "https://thief.example.com/v1",
        "https://api.openai.com:8443/v1",
        "https://api.openai.com.thief.example/v1",
    ] {
        let problem = put(&app, &owner, own(away)).await;
        assert_eq!(problem.status, 422, "{away}");
        assert_eq!(
            problem.json()["detail"][0]["loc"],
            json!(["body", "api_key"]),
            "{away}"
        );
    }
    put(&app, &owner, own("https://api.openai.com/v2"))
        .await
        .expect(200);
}

#[tokio::test]
async fn h6_short_keys_show_nothing() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let own = json!({"base_url": "https://api.openai.com", "model": "m", "api_key": "short"});
    assert_eq!(put(&app, &owner, own).await.expect(200)["api_key"], "…");
}

#[tokio::test]
async fn h6_a_key_that_no_longer_opens_is_said_so_and_not_sent() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let own = json!({"base_url": "https://api.openai.com", "model": "m", "api_key": KEY});
    put(&app, &owner, own).await.expect(200);
    let (choice, version) = app.app.models.choice(owner.tenant()).await.unwrap();
    // Another server key, and another company's row.
    let documents: Arc<dyn Documents> = Arc::new(
        x8_core::sqlite::SqliteStore::open_in_memory()
            .await
            .unwrap(),
    );
    let moved = Models::new(
        &app.app.config,
        &Secret::new("another key of the server"),
        Arc::clone(&documents),
    )
    .unwrap();
    moved.choose(owner.tenant(), &choice, 0).await.unwrap();
    let error = moved
        .model_for(owner.tenant())
        .await
        .map(|_| ())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
    let thief = app.shop("b@example.com").await;
    app.app
        .models
        .choose(thief.tenant(), &choice, 0)
        .await
        .unwrap();
    assert!(ask(&app, &thief).await.unwrap().is_err());
    assert_eq!(
        get(&app, &thief).await["api_key"],
        "unreadable: give it again"
    );
    // And of two that choose at once, one is told.
    app.app
        .models
        .choose(owner.tenant(), &Choice::Guided, version)
        .await
        .unwrap();
    let late = app
        .app
        .models
        .choose(owner.tenant(), &Choice::Platform, version)
        .await
        .unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Conflict);
}

const DEVELOPMENT: [(&str, u16); 7] = [
    ("https://api.openai.com/v1", 200),
    ("http://localhost:11434", 200),
    ("http://127.0.0.1:8080/v1", 200),
    ("http://[::1]:8080/v1", 200),
    ("http://10.0.0.7/v1", 422),
    ("http://api.openai.com/v1", 422),
    ("file:///etc/passwd", 422),
];

const PRODUCTION: [(&str, u16); 15] = [
    ("https://api.openai.com/v1", 200),
    ("https://8.8.8.8/v1", 200),
    ("http://api.openai.com/v1", 422),
    ("http://localhost:11434", 422),
    ("https://localhost/v1", 422),
    ("https://127.0.0.1/v1", 422),
    ("https://2130706433/v1", 422),
    ("https://10.1.2.3/v1", 422),
    ("https://172.20.0.1/v1", 422),
    ("https://192.168.1.1/v1", 422),
    ("https://169.254.169.254/latest", 422),
    ("https://[::1]/v1", 422),
    ("https://[fd00::1]/v1", 422),
    ("https://[::ffff:10.0.0.1]/v1", 422),
    ("https://user:word@api.openai.com/v1", 422),
];

#[tokio::test]
async fn h6_no_address_leads_inside() {
    let development = TestApp::new().await;
    let production = TestApp::with(&|name| match name {
        "X8_ENV" => Some("production".to_owned()),
        "SECRET_KEY" => Some("6b7f0d7f2e1c4b8f9a3d5e6c7b8a9f01".to_owned()),
        "STRIPE_SECRET_KEY" => Some(concat!("sk_", "live_1").to_owned()),
        "STRIPE_CONNECT_WEBHOOK_SECRET" => Some("whsec_1".to_owned()),
        _ => None,
    })
    .await;
    for (app, name, cases) in [
        (&development, "development", DEVELOPMENT.as_slice()),
        (&production, "production", PRODUCTION.as_slice()),
    ] {
        let owner = app.shop("a@example.com").await;
        for (url, status) in cases {
            let answer = put(
                app,
                &owner,
                json!({"base_url": url, "model": "m", "api_key": KEY}),
            )
            .await;
            assert_eq!(answer.status.as_u16(), *status, "{name}: {url}");
            if *status == 422 {
                assert_eq!(
                    answer.json()["detail"][0]["loc"],
                    json!(["body", "base_url"]),
                    "{name}: {url}"
                );
            }
        }
    }
    // A name is held to it when it is called: this one was stored, and leads to this machine.
    let owner = production.shop("b@example.com").await;
    let own = json!({"base_url": "https://localhost.localdomain:1/v1", "model": "m"});
    put(&production, &owner, own).await.expect(200);
    let error = ask(&production, &owner).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
}

#[tokio::test]
async fn wrong_choices_name_their_field() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    for (body, field) in [
        (json!({}), "base_url"),
        (json!({"base_url": "https://a.test"}), "model"),
        (
            json!({"base_url": "https://a.test", "model": "m", "dialect": "gpt"}),
            "dialect",
        ),
        (
            json!({"base_url": "https://a.test", "model": "m", "api_key": "line\nbreak"}),
            "api_key",
        ),
        (json!({"use": "magic"}), "use"),
    ] {
        let answer = put(&app, &owner, body.clone()).await;
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(
            answer.json()["detail"][0]["loc"],
            json!(["body", field]),
            "{body}"
        );
    }
}
