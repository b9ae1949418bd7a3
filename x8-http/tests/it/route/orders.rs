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

/// Three orders of one customer; the last one waits.
async fn three(app: &TestApp) -> crate::app::Owner {
    let owner = app.shop("a@example.com").await;
    for _ in 0..3 {
        app.says(&owner, "buy").await.expect(200);
        app.work().await;
        app.clock.advance(jiff::SignedDuration::from_mins(1));
    }
    owner
}

#[tokio::test]
async fn p8_orders_are_chosen_by_state_time_customer_and_words() {
    let app = TestApp::new().await;
    let owner = three(&app).await;
    let all = app
        .get("/api/v1/orders?company_id=1", &owner.token)
        .await
        .expect(200);
    let (newest, middle) = (&all[0], &all[1]);
    let session = newest["payment_session"].as_str().unwrap();
    let customer = newest["customer_id"].as_i64().unwrap();
    let made = middle["created_at"].as_str().unwrap();
    for (query, count) in [
        ("state=awaiting_payment".to_owned(), 1),
        ("state=superseded,awaiting_payment".to_owned(), 3),
        ("state=paid".to_owned(), 0),
        (format!("from={made}"), 2),
        (format!("to={made}"), 1),
        (format!("from={made}&to={made}"), 0),
        (format!("customer={customer}"), 3),
        ("customer=999".to_owned(), 0),
        ("text=ANA".to_owned(), 3),
        ("text=bouquet%20of%2010".to_owned(), 3),
        ("text=%2B34600111".to_owned(), 3),
        (format!("text={session}"), 1),
        ("text=tulips".to_owned(), 0),
    ] {
        let path = format!("/api/v1/orders?company_id=1&{query}");
        let found = app.get(&path, &owner.token).await;
        assert_eq!(
            found.expect(200).as_array().unwrap().len(),
            count,
            "{query}"
        );
        assert_eq!(found.headers.get("x-next-cursor"), None, "{query}");
    }
    for (query, told) in [
        ("state=sold", "booking_failed"),
        ("from=yesterday", "2026"),
        ("format=xml", "csv"),
        ("customer=Ana", "customer"),
    ] {
        let path = format!("/api/v1/orders?company_id=1&{query}");
        let refused = app.get(&path, &owner.token).await;
        assert_eq!(refused.status, 422, "{query}");
        assert!(refused.detail().contains(told), "{}", refused.detail());
    }
}

#[tokio::test]
async fn p8_the_purchase_log_says_to_whom_when_how_much_and_how_it_went() {
    let app = TestApp::new().await;
    let owner = three(&app).await;
    let session = app.newest(&owner).await["payment_session"].clone();
    app.sandbox.pay(session.as_str().unwrap()).await.unwrap();
    for (_, event) in app.sandbox.undelivered().await.unwrap() {
        let header = [("stripe-signature".to_owned(), event.header)];
        let body = event.body.into_bytes();
        app.raw("/api/v1/connect/webhook", &header, body)
            .await
            .expect(200);
    }
    app.work().await;
    let file = app
        .get("/api/v1/orders?company_id=1&format=csv", &owner.token)
        .await;
    assert_eq!(file.status, 200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        file.headers["content-disposition"],
        "attachment; filename=\"orders-COMP001.csv\""
    );
    let text = String::from_utf8(file.bytes).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[0].starts_with("\"order_id\",\"created_at\",\"customer_id\""));
    let paid = lines[1];
    for cell in [
        "\"'+34600111222\"",
        "\"34.90\"",
        "\"EUR\"",
        "\"booked\"",
        "\"yes\"",
        session.as_str().unwrap(),
        " awaiting_payment (the payment link was sent; for +34600111222); ",
        " paid; ",
    ] {
        assert!(paid.contains(cell), "{cell} in {paid}");
    }
    assert!(lines[2].contains("\"superseded\"") && lines[2].contains("\"no\""));
    let asked =
        axum::http::Request::get("/api/v1/orders?company_id=1&limit=2&state=superseded,booked")
            .header("authorization", format!("Bearer {}", owner.token))
            .header("accept", "text/csv")
            .body(axum::body::Body::empty())
            .unwrap();
    let page = app.send(asked).await;
    let rows = String::from_utf8_lossy(&page.bytes).lines().count();
    assert_eq!(rows, 3, "a page of two");
    assert!(page.headers.contains_key("x-next-cursor"));
}

#[tokio::test]
async fn p8_no_cell_of_the_log_runs_as_a_formula() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    app.says(&owner, "buy").await.expect(200);
    app.work().await;
    let store = app.app.store();
    let tenant = owner.tenant();
    let mut order = store
        .orders(tenant, None, x8_core::port::Page::first(1))
        .await
        .unwrap()
        .remove(0);
    order.client_name = "=HYPERLINK(\"http://evil.test\";\"x\"),\r\n@b".to_owned();
    let changes = x8_core::port::Changes {
        orders: vec![x8_core::port::OrderWrite { order }],
        ..x8_core::port::Changes::at(app.app.now())
    };
    store.commit(tenant, changes).await.unwrap();
    let file = app
        .get("/api/v1/orders?company_id=1&format=csv", &owner.token)
        .await;
    let text = String::from_utf8(file.bytes).unwrap();
    let name = "\"'=HYPERLINK(\"\"http://evil.test\"\";\"\"x\"\"),\r\n@b\"";
    assert!(text.contains(name), "{text}");
}
