use axum::http::Method;
use serde_json::{Value, json};
use x8_core::tenant::Role;

use crate::app::TestApp;

#[tokio::test]
async fn t4_companies_get_public_ids_and_answer_by_either_key() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    for key in ["1", "COMP001", "comp001"] {
        let company = app
            .get(&format!("/api/v1/companies/{key}"), &owner.token)
            .await
            .expect(200);
        assert_eq!(company["company_id"], "COMP001");
        assert_eq!(company["company_type"], "Product");
        assert_eq!(company["status"], "ACTIVE");
        assert_eq!(company["created_at"], "2026-11-20T09:00:00Z", "R3");
    }
    let listed = app
        .get("/api/v1/companies/", &owner.token)
        .await
        .expect(200);
    assert_eq!(
        listed.as_array().map(Vec::len),
        Some(1),
        "with a slash, too"
    );
}

#[tokio::test]
async fn r4_unknown_fields_are_ignored_and_unknown_words_refused_with_the_allowed_ones() {
    let app = TestApp::new().await;
    let (_, token) = app.user("a@example.com", Role::Client).await;
    let wanted = json!({"name": "X", "company_type": "Service", "color": "red"});
    app.post("/api/v1/companies", &token, &wanted)
        .await
        .expect(201);
    let wanted = json!({"name": "X", "company_type": "Shop"});
    let problem = app
        .post("/api/v1/companies", &token, &wanted)
        .await
        .expect(422);
    assert_eq!(problem["detail"][0]["loc"], json!(["body", "company_type"]));
    assert_eq!(problem["detail"][0]["type"], "enum");
    let msg = problem["detail"][0]["msg"].as_str().unwrap();
    assert!(msg.contains("`Product`, `Service`, `Hybrid`"), "{msg}");
}

async fn patch(app: &TestApp, token: &str, body: &Value) -> crate::app::Answer {
    app.call(
        Method::PATCH,
        "/api/v1/companies/1",
        Some(token),
        Some(body),
    )
    .await
}

#[tokio::test]
async fn settings_change_key_by_key() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    let body = json!({"name": " Roses ", "settings": {"time_zone": "America/New_York"}});
    let changed = patch(&app, &owner.token, &body).await.expect(200);
    assert_eq!(changed["name"], "Roses");
    assert_eq!(changed["settings"]["time_zone"], "America/New_York");
    assert_eq!(
        changed["settings"]["link_minutes"], 60,
        "what is absent stays"
    );
}

#[tokio::test]
async fn absurd_settings_are_refused_and_change_nothing() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    let before = app
        .get("/api/v1/companies/1", &owner.token)
        .await
        .expect(200);
    for body in [
        json!({"name": ""}),
        json!({"name": "x".repeat(256)}),
        json!({"status": "GONE"}),
        json!({"settings": {"time_zone": "Mars/Base"}}),
        json!({"settings": {"link_minutes": 30}}),
        json!({"settings": {"link_minutes": -5}}),
        json!({"settings": {"link_minutes": 99_999_999_999_i64}}),
        json!({"settings": {"opening": {"week": [["19:00:00", "09:00:00"], null, null, null, null, null, null]}}}),
        json!({"settings": {"opening": {"holidays": ["2026-02-31"]}}}),
        json!({"settings": {"opening": {"horizon_days": 4_000_000}}}),
    ] {
        let answer = patch(&app, &owner.token, &body).await;
        assert_eq!(answer.status, 422, "{body}: {}", answer.detail());
    }
    let after = app
        .get("/api/v1/companies/1", &owner.token)
        .await
        .expect(200);
    assert_eq!(before, after);
}

#[tokio::test]
async fn t5_only_the_platform_suspends() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    let (_, admin) = app.user("admin@example.com", Role::Admin).await;
    let suspend = json!({"status": "SUSPENDED"});
    assert_eq!(patch(&app, &owner.token, &suspend).await.status, 403);
    patch(&app, &admin, &suspend).await.expect(200);
    assert_eq!(
        patch(&app, &owner.token, &json!({"status": "ACTIVE"}))
            .await
            .status,
        403
    );
    patch(&app, &owner.token, &json!({"name": "Still mine"}))
        .await
        .expect(200);
}

#[tokio::test]
async fn t3_a_manager_sees_the_clients_assigned_to_them() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    let (manager, token) = app.user("m@example.com", Role::Manager).await;
    assert_eq!(app.get("/api/v1/companies/1", &token).await.status, 404);
    app.app
        .store()
        .assign_manager(owner.user.id, Some(manager.id))
        .await
        .unwrap();
    app.get("/api/v1/companies/1", &token).await.expect(200);
}

#[tokio::test]
async fn path_keys_that_cannot_be_read_are_named() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    for key in ["abc", "COMP", "COMPX", "1.5", "99999999999999999999"] {
        let problem = app
            .get(&format!("/api/v1/companies/{key}"), &owner.token)
            .await
            .expect(422);
        assert_eq!(
            problem["detail"][0]["loc"],
            json!(["path", "company_id"]),
            "{key}"
        );
    }
    assert_eq!(
        app.get("/api/v1/companies/2", &owner.token).await.status,
        404
    );
    assert_eq!(
        app.get("/api/v1/companies/COMP002", &owner.token)
            .await
            .status,
        404
    );
}
