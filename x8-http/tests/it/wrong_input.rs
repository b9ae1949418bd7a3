//! Hostile input: a clear 4xx that says where, and nothing changed.

use axum::{body::Body, http::Request};
use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused_everywhere() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let company = app.get("/api/v1/companies", &owner.token).await.expect(200);
    let routes = [
        "/api/v1/auth/register",
        "/api/v1/auth/login",
        "/api/v1/auth/refresh",
        "/api/v1/companies",
        "/api/v1/integrations/whatsapp/connect",
        "/api/v1/integrations/whatsapp/pairing-code",
        "/api/v1/assistant/reply",
        "/api/v1/assistant/validate",
        "/api/v1/knowledge-base/row/COMP001",
        "/api/v1/integrations/google-calendar/auth",
    ];
    let bodies: [(&str, Vec<u8>, u16); 7] = [
        ("nothing", Vec::new(), 422),
        ("no JSON", b"{\"a\": ".to_vec(), 422),
        ("not UTF-8", b"{\"email\": \"\xff\xfe\"}".to_vec(), 422),
        ("another shape", b"[[]]".to_vec(), 422),
        ("nested too deep", vec![b'['; 100_000], 422),
        ("two documents", b"{} {}".to_vec(), 422),
        ("too large", vec![b' '; 3 * 1024 * 1024], 413),
    ];
    for route in routes {
        for (what, body, status) in &bodies {
            let request = Request::post(route)
                .header("authorization", format!("Bearer {}", owner.token))
                .header("content-type", "application/json")
                .body(Body::from(body.clone()))
                .unwrap();
            let answer = app.send(request).await;
            assert_eq!(
                answer.status.as_u16(),
                *status,
                "{route}, {what}: {}",
                answer.detail()
            );
            if *status == 422 {
                assert_eq!(
                    answer.json()["detail"][0]["loc"][0],
                    "body",
                    "{route}, {what}"
                );
            }
        }
    }
    assert_eq!(
        app.get("/api/v1/companies", &owner.token).await.expect(200),
        company
    );
}

#[tokio::test]
async fn problems_say_where_and_what() {
    let app = TestApp::new().await;
    let (_, token) = app
        .user("a@example.com", x8_core::tenant::Role::Client)
        .await;
    for (body, loc, kind) in [
        (
            json!({"company_type": "Product"}),
            json!(["body", "name"]),
            "missing",
        ),
        (
            json!({"name": 7, "company_type": "Product"}),
            json!(["body", "name"]),
            "type_error",
        ),
        (
            json!({"name": "x", "company_type": "product"}),
            json!(["body", "company_type"]),
            "enum",
        ),
        (
            json!({"name": "x", "company_type": null}),
            json!(["body", "company_type"]),
            "value_error",
        ),
    ] {
        let problem = app
            .post("/api/v1/companies", &token, &body)
            .await
            .expect(422);
        assert_eq!(problem["detail"][0]["loc"], loc, "{body}");
        if body["company_type"] != json!(null) || kind == "missing" {
            assert_eq!(problem["detail"][0]["type"], kind, "{body}");
        }
    }
}

#[tokio::test]
async fn s5_internal_failures_stay_inside() {
    let error = x8_core::Error::internal("ledger.commit", "disk I/O error at /var/db/x8.db");
    let answer = axum::response::IntoResponse::into_response(x8_http::ApiError::from(error));
    assert_eq!(answer.status(), 500);
    let body = axum::body::to_bytes(answer.into_body(), 10_000)
        .await
        .unwrap();
    assert_eq!(&body[..], br#"{"detail":"internal error"}"#);
}
