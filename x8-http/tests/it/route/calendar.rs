use axum::http::Method;
use serde_json::{Value, json};
use x8_core::port::Page;

use crate::app::{Answer, Owner, TestApp};

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

/// A paid order and its booking.
async fn booked(app: &TestApp, owner: &Owner) -> Value {
    app.says(owner, "buy").await.expect(200);
    app.work().await;
    let orders = format!("/api/v1/orders?company_id={}", owner.company);
    let orders = app.get(&orders, &owner.token).await.expect(200);
    let link = orders[0]["payment_link"].as_str().unwrap();
    let path = link.strip_prefix("http://x8.test").unwrap();
    app.call(Method::POST, &format!("{path}/pay"), None, None)
        .await;
    app.work().await;
    bookings(app, owner).await[0].clone()
}

async fn bookings(app: &TestApp, owner: &Owner) -> Value {
    let path = format!("/api/v1/calendar/bookings?company_id={}", owner.company);
    app.get(&path, &owner.token).await.expect(200)
}

async fn patch(app: &TestApp, token: &str, booking: &Value, body: &Value) -> Answer {
    let path = format!(
        "/api/v1/calendar/bookings/{}",
        booking["id"].as_str().unwrap()
    );
    app.call(Method::PATCH, &path, Some(token), Some(body))
        .await
}

/// The texts of the only conversation, oldest first.
async fn texts(app: &TestApp, owner: &Owner) -> Vec<String> {
    let store = app.app.store();
    let page = Page {
        limit: 100,
        after: None,
    };
    let thread = store.conversations(owner.tenant(), page).await.unwrap()[0].id;
    let messages = store.messages(owner.tenant(), thread, page).await.unwrap();
    messages.into_iter().map(|message| message.text).collect()
}

#[tokio::test]
async fn b2_a_booking_moves_to_a_free_time_and_everybody_follows() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let booking = booked(&app, &owner).await;
    let to = "2026-11-23T10:00:00Z";
    let moved = patch(&app, &owner.token, &booking, &json!({"starts_at": to})).await;
    let moved = moved.expect(200);
    assert_eq!(
        (&moved["starts_at"], &moved["calendar"]),
        (&json!(to), &json!("pending"))
    );
    app.work().await;
    let after = bookings(&app, &owner).await;
    assert_eq!(after.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&after[0]["starts_at"], &after[0]["calendar"]),
        (&json!(to), &json!("written"))
    );
    let told = texts(&app, &owner).await;
    assert!(
        told.iter()
            .any(|text| text.contains("BookingMoved") && text.contains(to)),
        "{told:?}"
    );
    let slots = app
        .get("/api/v1/calendar/slots?company_id=1&limit=1", &owner.token)
        .await
        .expect(200);
    assert_eq!(
        slots[0]["starts_at"], booking["starts_at"],
        "where it was is free"
    );
}

#[tokio::test]
async fn b2_a_move_is_refused_when_nothing_is_free_there_or_somebody_was_first() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let booking = booked(&app, &owner).await;
    let (night, noon) = ("2026-11-23T02:00:00Z", "2026-11-23T12:00:00Z");
    for (body, status) in [
        (json!({"starts_at": night}), 409),
        (json!({"starts_at": noon, "seen_starts_at": night}), 409),
        (json!({"status": "cancelled", "seen_starts_at": night}), 409),
        (json!({"starts_at": "2026-11-20T02:00:00Z"}), 409),
        (json!({"starts_at": "soon"}), 422),
        (json!({"status": "fulfilled"}), 422),
        (json!({"status": "cancelled", "starts_at": noon}), 422),
        (json!({}), 422),
    ] {
        let answer = patch(&app, &owner.token, &booking, &body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.detail());
    }
    assert_eq!(bookings(&app, &owner).await[0], booking, "nothing changed");
    let thief = app.shop("b@example.com").await;
    let body = json!({"starts_at": noon});
    assert_eq!(patch(&app, &thief.token, &booking, &body).await.status, 404);
}

#[tokio::test]
async fn p7_a_booking_called_off_sends_the_money_back() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let booking = booked(&app, &owner).await;
    let off = json!({"status": "cancelled", "seen_starts_at": booking["starts_at"]});
    let answer = patch(&app, &owner.token, &booking, &off).await.expect(200);
    assert_eq!(answer["status"], "cancelled");
    app.work().await;
    assert_eq!(bookings(&app, &owner).await[0]["calendar"], "removed");
    let orders = app
        .get("/api/v1/orders?company_id=1", &owner.token)
        .await
        .expect(200);
    assert_eq!(orders[0]["state"], "refunded");
    let later = json!({"starts_at": "2026-11-23T10:00:00Z"});
    let late = patch(&app, &owner.token, &booking, &later).await;
    assert_eq!(late.status, 409, "what was called off is not moved");
}

#[tokio::test]
async fn b3_opening_hours_are_set_and_every_wrong_field_is_named() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let path = "/api/v1/calendar/opening-hours?company_id=1";
    let put = |body: Value| {
        let (app, token) = (&app, &owner.token);
        async move { app.call(Method::PUT, path, Some(token), Some(&body)).await }
    };
    let split = json!([["09:30", "13:00"], ["14:30", "19:00"]]);
    let week = json!([split, split, split, split, split, [], []]);
    let hours = json!({"week": week, "holidays": ["2026-12-25"], "time_zone": "Atlantic/Canary",
        "special_days": [{"date": "2026-12-24", "hours": [["10:00", "12:00"]]}]});
    let set = put(hours).await.expect(200);
    assert_eq!(set["time_zone"], "Atlantic/Canary");
    assert_eq!(
        set["week"][0],
        json!([["09:30:00", "13:00:00"], ["14:30:00", "19:00:00"]])
    );
    assert_eq!(set["horizon_days"], 14, "absent keys stay");
    let slots = "/api/v1/calendar/slots?company_id=1&limit=3&from=2026-11-23T00:00:00Z";
    let slots = app.get(slots, &owner.token).await.expect(200);
    let starts: Vec<&str> = slots
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| slot["local_start"].as_str().unwrap())
        .collect();
    assert_eq!(
        starts,
        [
            "2026-11-23T09:30:00",
            "2026-11-23T14:30:00",
            "2026-11-23T16:30:00"
        ]
    );
    let wrong = json!({"time_zone": "Mars/Base", "horizon_days": 999,
        "week": [[["19:00", "09:00"]], [["09:00", "13:00"], ["12:00", "15:00"]], [], [], [], [], []],
        "special_days": [{"date": "2026-12-24", "hours": [["12:00", "12:00"]]}]});
    let refused = put(wrong).await;
    assert_eq!(refused.status, 422);
    let refused: Value = serde_json::from_slice(&refused.bytes).unwrap();
    let fields: Vec<&str> = refused["detail"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["loc"][1].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            "week.0",
            "week.1",
            "special_days.0",
            "horizon_days",
            "time_zone"
        ]
    );
    for body in [
        json!({"week": [[]]}),
        json!({"week": "always"}),
        json!({"lead_minutes": -1}),
        json!({"holidays": ["2026-02-31"]}),
    ] {
        assert_eq!(put(body.clone()).await.status, 422, "{body}");
    }
    let thief = app.shop("b@example.com").await;
    let nothing = json!({});
    let foreign = app.call(Method::PUT, path, Some(&thief.token), Some(&nothing));
    assert_eq!(foreign.await.status, 404);
}
