use axum::http::Method;

use crate::app::TestApp;

#[tokio::test]
async fn the_server_lives_and_is_ready() {
    let app = TestApp::new().await;
    for path in ["/health", "/ready", "/health/"] {
        let answer = app.call(Method::GET, path, None, None).await;
        assert_eq!(answer.expect(200)["status"], "ok", "{path}");
    }
}

#[tokio::test]
async fn s5_every_answer_carries_an_id_and_safe_headers() {
    let app = TestApp::new().await;
    for path in ["/health", "/nowhere"] {
        let answer = app.call(Method::GET, path, None, None).await;
        assert!(answer.headers.contains_key("x-request-id"), "{path}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["x-frame-options"], "DENY");
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_answer_in_the_usual_shape() {
    let app = TestApp::new().await;
    let answer = app.call(Method::GET, "/api/v1/nowhere", None, None).await;
    assert_eq!(answer.expect(404)["detail"], "Not Found");
    let answer = app.call(Method::DELETE, "/health", None, None).await;
    assert_eq!(answer.expect(405)["detail"], "Method Not Allowed");
}

#[tokio::test]
async fn s5_cors_follows_the_configuration() {
    let origins =
        |name: &str| (name == "BACKEND_CORS_ORIGINS").then(|| "https://front.test".to_owned());
    let app = TestApp::with(&origins).await;
    for (origin, allowed) in [("https://front.test", true), ("https://evil.test", false)] {
        let request = axum::http::Request::builder()
            .method(Method::OPTIONS)
            .uri("/api/v1/auth/login")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .body(axum::body::Body::empty())
            .unwrap();
        let answer = app.send(request).await;
        let header = answer.headers.get("access-control-allow-origin");
        assert_eq!(
            header.is_some_and(|value| value == origin),
            allowed,
            "{origin}"
        );
    }
}
