use axum::http::Method;
use serde_json::{Value, json};

use crate::app::{Answer, Owner, TestApp};

const PATH: &str = "/api/v1/assistant/behaviour";

async fn put(app: &TestApp, owner: &Owner, scope: &str, body: &Value) -> Answer {
    let path = format!("{PATH}?{scope}");
    app.call(Method::PUT, &path, Some(&owner.token), Some(body))
        .await
}

#[tokio::test]
async fn a10_layers_are_kept_merged_and_shown_with_their_origin() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let first = app
        .get(&format!("{PATH}?company_id=COMP001"), &owner.token)
        .await
        .expect(200);
    assert_eq!(first["version"], 0);
    assert_eq!(first["limits"]["characters"], 2000);
    let company = json!({"version": 0, "style": ["Be formal"], "more": "ignored"});
    let kept = put(&app, &owner, "company_id=1", &company)
        .await
        .expect(200);
    assert_eq!(
        (&kept["version"], &kept["style"]),
        (&json!(1), &json!(["Be formal"]))
    );
    let wanted = json!({"company_id": 1});
    let connect = "/api/v1/integrations/whatsapp/connect";
    let channel = app.post(connect, &owner.token, &wanted).await.expect(200);
    let channel = channel["id"].as_i64().unwrap();
    let sale = json!({"version": 0, "prompts": ["Ask about the occasion"]});
    let scope = format!("company_id=1&channel_id={channel}&scenario=sale");
    let kept = put(&app, &owner, &scope, &sale).await.expect(200);
    assert_eq!(
        kept["merged"],
        json!([
            {"part": "style", "text": "Be formal", "from": "company"},
            {"part": "prompts", "text": "Ask about the occasion", "from": format!("channel {channel}, scenario sale")},
        ])
    );
    let only = format!("{PATH}?company_id=1&channel_id={channel}");
    let only = app.get(&only, &owner.token).await.expect(200);
    assert_eq!(only["merged"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&only["version"], &only["channel_id"]),
        (&json!(0), &json!(channel))
    );
}

#[tokio::test]
async fn a10_an_old_version_is_refused_and_limits_are_named() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let scope = "company_id=1";
    let layer = |version: u32, line: &str| json!({"version": version, "style": [line]});
    put(&app, &owner, scope, &layer(0, "a")).await.expect(200);
    put(&app, &owner, scope, &layer(0, "b")).await.expect(409);
    put(&app, &owner, scope, &layer(1, "b")).await.expect(200);
    let long = "x".repeat(301);
    let wrong = json!({"version": 2, "rules": [long], "style": vec!["y"; 21]});
    let problem = put(&app, &owner, scope, &wrong).await.expect(422);
    let fields: Vec<&str> = problem["detail"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["loc"][1].as_str())
        .collect();
    assert_eq!(fields, ["style", "rules"]);
    let missing = put(&app, &owner, scope, &json!({"style": []}))
        .await
        .expect(422);
    assert_eq!(missing["detail"][0]["loc"], json!(["body", "version"]));
    let unknown = format!("{PATH}?company_id=1&scenario=party");
    let problem = app.get(&unknown, &owner.token).await.expect(422);
    let msg = problem["detail"][0]["msg"].as_str().unwrap();
    assert!(msg.contains("greeting, sale, checkout"), "{msg}");
}

#[tokio::test]
async fn t3_foreign_companies_and_channels_are_not_found() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let other = app.shop("b@example.com").await;
    let wanted = json!({"company_id": other.company});
    let connect = "/api/v1/integrations/whatsapp/connect";
    let channel = app.post(connect, &other.token, &wanted).await.expect(200);
    let body = json!({"version": 0, "style": ["mine"]});
    for scope in [
        format!("company_id={}", other.company),
        format!("company_id={}&channel_id={}", owner.company, channel["id"]),
        format!("company_id={}&channel_id=999", owner.company),
    ] {
        put(&app, &owner, &scope, &body).await.expect(404);
        app.get(&format!("{PATH}?{scope}"), &owner.token)
            .await
            .expect(404);
    }
}

#[tokio::test]
async fn g13_a_privacy_policy_is_a_setting() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let change = async |policy: &str| {
        let body = json!({"settings": {"privacy_policy": policy}});
        let path = "/api/v1/companies/1";
        app.call(Method::PATCH, path, Some(&owner.token), Some(&body))
            .await
    };
    let kept = change(" https://shop.example/privacy ").await.expect(200);
    assert_eq!(
        kept["settings"]["privacy_policy"],
        "https://shop.example/privacy"
    );
    change(&"x".repeat(501)).await.expect(422);
    let none = change("").await.expect(200);
    assert_eq!(none["settings"]["privacy_policy"], Value::Null);
}
