use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn b1_a_paid_order_shows_as_a_booking() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    app.says(&owner, "buy").await.expect(200);
    app.work().await;
    let none = app
        .get("/api/v1/calendar/bookings?company_id=1", &owner.token)
        .await
        .expect(200);
    assert_eq!(none, json!([]), "money before calendar");
    let orders = app
        .get("/api/v1/orders?company_id=1", &owner.token)
        .await
        .expect(200);
    let link = orders[0]["payment_link"].as_str().unwrap();
    let path = link.strip_prefix("http://x8.test").unwrap();
    app.call(axum::http::Method::POST, &format!("{path}/pay"), None, None)
        .await;
    app.work().await;
    let bookings = app
        .get("/api/v1/calendar/bookings?company_id=1", &owner.token)
        .await
        .expect(200);
    assert_eq!(bookings[0]["order_id"], orders[0]["id"]);
    assert_eq!(bookings[0]["status"], "booked");
    assert_eq!(bookings[0]["calendar"], "written");
    assert_eq!(bookings[0]["place"], "Madrid");
}

#[tokio::test]
async fn b3_free_times_are_served_in_the_companys_zone() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let slots = app
        .get("/api/v1/calendar/slots?company_id=1&limit=2", &owner.token)
        .await
        .expect(200);
    assert_eq!(slots.as_array().map(Vec::len), Some(2));
    assert_eq!(slots[0]["time_zone"], "Europe/Madrid");
    assert_eq!(slots[0]["starts_at"], "2026-11-20T10:00:00Z");
    assert_eq!(slots[0]["local_start"], "2026-11-20T11:00:00");
    let path = "/api/v1/calendar/slots?company_id=1&sku=201&from=2026-11-23T00:00:00%2B01:00";
    let slots = app.get(path, &owner.token).await.expect(200);
    assert_eq!(slots[0]["local_start"], "2026-11-23T09:00:00");
}

#[tokio::test]
async fn absurd_dates_are_refused_or_empty() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    for (from, status) in [
        ("2026-02-31T10:00:00Z", 422),
        ("yesterday", 422),
        ("99999-01-01T00:00:00Z", 422),
        ("9999-01-01T00:00:00Z", 200),
        ("0001-01-01T00:00:00Z", 200),
    ] {
        let path = format!("/api/v1/calendar/slots?company_id=1&from={from}");
        let answer = app.get(&path, &owner.token).await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{from}: {}",
            String::from_utf8_lossy(&answer.bytes)
        );
    }
    let unknown = app
        .get("/api/v1/calendar/slots?company_id=1&sku=999", &owner.token)
        .await;
    assert_eq!(unknown.status, 404);
}
