use axum::http::Method;

use crate::app::TestApp;

#[tokio::test]
async fn p11_the_payment_page_is_marked_and_pays_once() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    app.says(&owner, "buy").await.expect(200);
    app.work().await;
    let orders = app
        .get("/api/v1/orders?company_id=1", &owner.token)
        .await
        .expect(200);
    let link = orders[0]["payment_link"].as_str().unwrap().to_owned();
    let path = link.strip_prefix("http://x8.test").unwrap();
    let page = app.call(Method::GET, path, None, None).await;
    assert_eq!(page.status, 200);
    let html = String::from_utf8(page.bytes).unwrap().to_lowercase();
    assert!(html.contains("sandbox") && html.contains("34.90"), "{html}");
    for _ in 0..2 {
        let paid = app
            .call(Method::POST, &format!("{path}/pay"), None, None)
            .await;
        assert_eq!(paid.status, 303);
        assert_eq!(paid.headers["location"], path);
        app.work().await;
    }
    let late = app
        .call(Method::POST, &format!("{path}/cancel"), None, None)
        .await;
    assert_eq!(late.status, 303);
    app.work().await;
    let orders = app
        .get("/api/v1/orders?company_id=1", &owner.token)
        .await
        .expect(200);
    assert_eq!(orders[0]["state"], "booked", "what is paid stays paid");
    assert_eq!(orders[0]["payment_link"], serde_json::Value::Null);
}

#[tokio::test]
async fn p11_unknown_sessions_are_not_found() {
    let app = TestApp::new().await;
    for (method, end) in [
        (Method::GET, ""),
        (Method::POST, "/pay"),
        (Method::POST, "/cancel"),
    ] {
        let path = format!("/sandbox/pay/cs_sandbox_0{end}");
        assert_eq!(app.call(method, &path, None, None).await.status, 404);
    }
}
