//! What is sent, field by field.

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;
use x8_billing::testing::GoogleRequest;
use x8_core::port::{Calendar, CalendarEvent};

use super::{ACCOUNT, SHOP, World, event, start};

/// The one request of this method and path.
fn only(world: &World, method: &Method, path: &str) -> GoogleRequest {
    let found = world.google.requests().into_iter();
    let mut found: Vec<_> = found
        .filter(|one| one.method == method.as_str() && one.path == path)
        .collect();
    assert_eq!(found.len(), 1, "{method} {path}");
    found.remove(0)
}

fn query(pairs: &[(&str, &str)]) -> std::collections::BTreeMap<String, String> {
    let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    pairs.iter().map(own).collect()
}

const EVENTS: &str = "/calendar/v3/calendars/primary/events";
const LOUD: [(&str, &str); 2] = [("conferenceDataVersion", "1"), ("sendUpdates", "none")];

#[tokio::test]
async fn b6_an_event_is_written_in_local_time_with_its_zone() {
    let world = World::new().await.unwrap();
    let event = event(0);
    world.calendar.put(SHOP, &event).await.unwrap();
    let sent = only(&world, &Method::POST, EVENTS);
    assert_eq!(sent.query, query(&LOUD));
    assert!(sent.headers["authorization"].starts_with("Bearer ya29."));
    assert_eq!(sent.headers["content-type"], "application/json");
    assert!(!sent.headers.contains_key("if-match"));
    let (order, booking) = (event.order.unwrap(), event.booking.unwrap());
    let wanted = json!({
        "id": event.id,
        "summary": "Massage",
        "description": "Massage &amp; &lt;tea&gt;\nAna +34600111222",
        "location": "Costa Adeje",
        "start": { "dateTime": "2026-12-01T10:00:00+01:00", "timeZone": "Europe/Madrid" },
        "end": { "dateTime": "2026-12-01T11:00:00+01:00", "timeZone": "Europe/Madrid" },
        "extendedProperties": { "private": {
            "x8_company": "7", "x8_order": order.to_string(), "x8_booking": booking.to_string(),
            "x8_zone": "Europe/Madrid", "x8_online": "false",
        } },
    });
    assert_eq!(sent.body, wanted);
}

#[tokio::test]
async fn b6_the_hour_that_comes_twice_is_told_by_its_offset() {
    let world = World::new().await.unwrap();
    let mut late = event(0);
    // 02:30 on the night when Madrid sets its clocks back, the second time.
    late.starts_at = "2026-10-25T01:30:00Z".parse().unwrap();
    late.ends_at = late.starts_at + SignedDuration::from_mins(30);
    world.calendar.put(SHOP, &late).await.unwrap();
    let sent = only(&world, &Method::POST, EVENTS);
    assert_eq!(
        sent.body["start"]["dateTime"],
        json!("2026-10-25T02:30:00+01:00")
    );
    let known = world.calendar.get(SHOP, &late.id).await.unwrap();
    assert_eq!(known, Some(late));
}

#[tokio::test]
async fn p12_an_event_online_asks_for_a_link_by_its_own_id() {
    let world = World::new().await.unwrap();
    let online = CalendarEvent {
        online: true,
        place: "online".to_owned(),
        ..event(0)
    };
    world.calendar.put(SHOP, &online).await.unwrap();
    let sent = only(&world, &Method::POST, EVENTS);
    let wanted = json!({ "createRequest": {
        "requestId": online.id, "conferenceSolutionKey": { "type": "hangoutsMeet" },
    } });
    assert_eq!(sent.body["conferenceData"], wanted);
    let known = world.calendar.get(SHOP, &online.id).await.unwrap().unwrap();
    let link = format!("https://meet.google.com/fake-{}", online.id);
    assert_eq!(known.meeting_url, Some(link));
}

#[tokio::test]
async fn p12_a_link_that_was_not_made_is_asked_for_again_and_an_old_one_kept() {
    let world = World::new().await.unwrap();
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    let online = CalendarEvent {
        online: true,
        ..event(0)
    };
    world.calendar.put(SHOP, &online).await.unwrap();
    let path = format!("{EVENTS}/{}", online.id);
    let sent = only(&world, &Method::PATCH, &path);
    assert_eq!(
        sent.body["conferenceData"]["createRequest"]["requestId"],
        json!(online.id)
    );
    let moved = CalendarEvent {
        title: "Massage for two".to_owned(),
        ..online
    };
    world.calendar.put(SHOP, &moved).await.unwrap();
    let sent = only(&world, &Method::PATCH, &path);
    assert_eq!(sent.body.get("conferenceData"), None);
}

#[tokio::test]
async fn b5_a_change_names_the_version_it_was_made_from() {
    let world = World::new().await.unwrap();
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    let known = world.google.event(ACCOUNT, &event(0).id).unwrap();
    let later = CalendarEvent {
        starts_at: start() + SignedDuration::from_hours(2),
        ends_at: start() + SignedDuration::from_hours(3),
        ..event(0)
    };
    world.calls();
    world.calendar.put(SHOP, &later).await.unwrap();
    let sent = only(&world, &Method::PATCH, &format!("{EVENTS}/{}", later.id));
    assert_eq!(sent.query, query(&LOUD));
    assert_eq!(sent.headers["if-match"], known["etag"].as_str().unwrap());
    assert_eq!(
        sent.body["start"],
        json!({ "dateTime": "2026-12-01T12:00:00+01:00", "timeZone": "Europe/Madrid" })
    );
    assert!(sent.body.get("id").is_none(), "it is in the path");
}

#[tokio::test]
async fn b5_an_event_that_is_as_wanted_is_not_written_again() {
    let world = World::new().await.unwrap();
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    world.calls();
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    let read = format!("GET {EVENTS}/{}", event(0).id);
    assert_eq!(world.calls(), [format!("POST {EVENTS}"), read]);
}

#[tokio::test]
async fn p12_reading_removing_and_busy_times() {
    let world = World::new().await.unwrap();
    let id = event(0).id;
    assert_eq!(world.calendar.get(SHOP, &id).await.unwrap(), None);
    world.calendar.remove(SHOP, &id).await.unwrap();
    let end = start() + SignedDuration::from_hours(1);
    world.calendar.busy(SHOP, start(), end).await.unwrap();
    let requests = world.google.requests();
    let last: Vec<_> = requests.iter().skip(1).collect();
    assert_eq!(
        (last[0].method.as_str(), last[0].path.clone()),
        ("GET", format!("{EVENTS}/{id}"))
    );
    assert_eq!(last[1].method, "DELETE");
    assert_eq!(last[1].query, query(&[("sendUpdates", "none")]));
    assert_eq!(last[2].path, "/calendar/v3/freeBusy");
    let wanted = json!({
        "timeMin": "2026-12-01T09:00:00Z", "timeMax": "2026-12-01T10:00:00Z", "items": [{ "id": "primary" }],
    });
    assert_eq!(last[2].body, wanted);
}

#[tokio::test]
async fn p12_the_chosen_calendar_is_named_in_the_path() {
    let world = World::new().await.unwrap();
    *world.keys.calendar.lock().unwrap() = format!("{ACCOUNT}/team");
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    only(
        &world,
        &Method::POST,
        &format!("/calendar/v3/calendars/{ACCOUNT}/team/events"),
    );
    assert_eq!(
        world.google.standing(&format!("{ACCOUNT}/team")),
        [event(0).id]
    );
}
