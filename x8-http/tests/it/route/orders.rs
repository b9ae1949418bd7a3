use axum::http::Method;
use serde_json::{Value, json};

use crate::app::TestApp;

#[tokio::test]
async fn o5_an_order_is_served_with_exact_amounts() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    app.says(&owner, "buy").await.expect(200);
    let orders = app
        .get("/api/v1/orders?company_id=COMP001", &owner.token)
        .await
        .expect(200);
    let order = &orders[0];
    assert_eq!(order["state"], "awaiting_payment");
    assert_eq!(order["products_sum"]["amount"], "29.90");
    assert_eq!(order["delivery_sum"]["minor"], 500);
    assert_eq!(
        order["total_sum"],
        json!({"amount": "34.90", "minor": 3490, "currency": "EUR"})
    );
    assert_eq!(order["city"], "Madrid");
    assert_eq!(order["order_description"], "1 × Bouquet of 10 roses");
    let path = format!("/api/v1/orders/{}", order["id"].as_str().unwrap());
    assert_eq!(&app.get(&path, &owner.token).await.expect(200), order);
}

#[tokio::test]
async fn o11_calling_off_twice_changes_nothing_more() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    app.says(&owner, "buy").await.expect(200);
    app.work().await;
    let orders = app
        .get("/api/v1/orders?company_id=1", &owner.token)
        .await
        .expect(200);
    let path = format!(
        "/api/v1/orders/{}/cancel",
        orders[0]["id"].as_str().unwrap()
    );
    let off = app
        .call(Method::POST, &path, Some(&owner.token), None)
        .await
        .expect(200);
    assert_eq!(off["state"], "cancelled");
    let again = app
        .call(Method::POST, &path, Some(&owner.token), None)
        .await
        .expect(200);
    assert_eq!(again, off);
}

#[tokio::test]
async fn r1_pages_walk_the_whole_list() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    for _ in 0..3 {
        app.says(&owner, "buy").await.expect(200);
        app.work().await;
    }
    let mut seen: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/orders?company_id=1&limit=2{cursor}");
        let page = app.get(&path, &owner.token).await;
        seen.extend(
            page.expect(200)
                .as_array()
                .unwrap()
                .iter()
                .map(|order| order["id"].clone()),
        );
        match page.headers.get("x-next-cursor") {
            Some(next) => cursor = format!("&cursor={}", next.to_str().unwrap()),
            None => break,
        }
    }
    assert_eq!(seen.len(), 3);
    seen.dedup();
    assert_eq!(seen.len(), 3, "each once");
}
