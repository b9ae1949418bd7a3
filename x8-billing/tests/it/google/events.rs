//! Events through their lives: deleted, moved, edited and carried from calendar to calendar.

use jiff::SignedDuration;
use x8_billing::testing::GoogleFault;
use x8_core::{
    ErrorKind, Retry,
    port::{Calendar, CalendarEvent},
};

use super::{ACCOUNT, SHOP, STRANGER, World, event, start};

fn hour() -> SignedDuration {
    SignedDuration::from_hours(1)
}

#[tokio::test]
async fn b5_ten_replays_of_an_insert_leave_one_event() {
    let world = World::new().await.unwrap();
    for _ in 0..10 {
        world.calendar.put(SHOP, &event(0)).await.unwrap();
    }
    assert_eq!(world.google.standing(ACCOUNT), [event(0).id]);
}

#[tokio::test]
async fn b5_an_answer_that_was_lost_does_not_double_the_event() {
    let world = World::new().await.unwrap();
    for fault in [GoogleFault::CutAfter, GoogleFault::HalfBody] {
        world.google.fail_next("POST", "/events", fault.clone());
        let first = world.calendar.put(SHOP, &event(0)).await;
        assert_eq!(first.is_ok(), fault == GoogleFault::HalfBody);
        world.calendar.put(SHOP, &event(0)).await.unwrap();
        assert_eq!(world.google.standing(ACCOUNT), [event(0).id]);
    }
}

#[tokio::test]
async fn b5_an_id_that_was_deleted_asks_for_the_next_generation() {
    let world = World::new().await.unwrap();
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    assert!(world.google.delete_by_hand(ACCOUNT, &event(0).id));
    assert_eq!(world.calendar.get(SHOP, &event(0).id).await.unwrap(), None);
    let error = world.calendar.put(SHOP, &event(0)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry()),
        (ErrorKind::Conflict, Retry::Never)
    );
    world.calendar.put(SHOP, &event(1)).await.unwrap();
    assert_eq!(world.google.standing(ACCOUNT), [event(1).id]);
}

#[tokio::test]
async fn t6_an_id_that_belongs_to_another_company_is_a_conflict_and_no_event_of_ours() {
    let world = World::new().await.unwrap();
    // Both companies chose the same calendar.
    world
        .keys
        .connect(STRANGER, world.google.refresh_token(ACCOUNT));
    world.calendar.put(STRANGER, &event(0)).await.unwrap();
    assert_eq!(world.calendar.get(SHOP, &event(0).id).await.unwrap(), None);
    let error = world.calendar.put(SHOP, &event(0)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    let theirs = world.calendar.get(STRANGER, &event(0).id).await.unwrap();
    assert_eq!(theirs, Some(event(0)));
}

#[tokio::test]
async fn p12_an_event_moved_by_hand_reads_as_moved() {
    let world = World::new().await.unwrap();
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    let (from, to) = (start() + hour() * 3, start() + hour() * 5);
    assert!(world.google.move_by_hand(ACCOUNT, &event(0).id, from, to));
    let known = world.calendar.get(SHOP, &event(0).id).await.unwrap();
    let wanted = CalendarEvent {
        starts_at: from,
        ends_at: to,
        ..event(0)
    };
    assert_eq!(known, Some(wanted));
}

#[tokio::test]
async fn b6_an_event_made_to_last_all_day_begins_at_its_own_midnight_and_can_be_put_back() {
    let world = World::new().await.unwrap();
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    let id = event(0).id;
    assert!(
        world
            .google
            .make_all_day(ACCOUNT, &id, "2026-12-02", "2026-12-03")
    );
    let known = world.calendar.get(SHOP, &id).await.unwrap().unwrap();
    assert_eq!(known.starts_at, "2026-12-01T23:00:00Z".parse().unwrap());
    assert_eq!(known.starts_at.duration_until(known.ends_at), hour() * 24);
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    assert_eq!(world.calendar.get(SHOP, &id).await.unwrap(), Some(event(0)));
}

#[tokio::test]
async fn b5_an_edit_in_between_is_not_lost_and_the_write_still_arrives() {
    let world = World::new().await.unwrap();
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    let later = CalendarEvent {
        title: "Massage, long".to_owned(),
        ..event(0)
    };
    world
        .google
        .fail_next("PATCH", &later.id, GoogleFault::EditedFirst);
    world.calendar.put(SHOP, &later).await.unwrap();
    let stored = world.google.event(ACCOUNT, &later.id).unwrap();
    assert_eq!(stored["colorId"], "3", "the edit by hand stays");
    assert_eq!(stored["summary"], "Massage, long");
}

#[tokio::test]
async fn b5_a_deletion_in_between_asks_for_the_next_generation() {
    let world = World::new().await.unwrap();
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    let later = CalendarEvent {
        title: "Massage, long".to_owned(),
        ..event(0)
    };
    world
        .google
        .fail_next("PATCH", &later.id, GoogleFault::DeletedFirst);
    let error = world.calendar.put(SHOP, &later).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn p12_another_choice_of_calendar_takes_events_along() {
    let world = World::new().await.unwrap();
    let team = format!("{ACCOUNT}/team");
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    *world.keys.calendar.lock().unwrap() = team.clone();
    *world.keys.former.lock().unwrap() = vec!["primary".to_owned()];
    let known = world.calendar.get(SHOP, &event(0).id).await.unwrap();
    assert_eq!(known, Some(event(0)), "before it has moved it is found");
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    assert_eq!(world.google.standing(&team), [event(0).id]);
    assert!(world.google.standing(ACCOUNT).is_empty());

    // And back: the old calendar keeps the id reserved, so the next generation is needed, and nothing stays behind.
    *world.keys.calendar.lock().unwrap() = "primary".to_owned();
    *world.keys.former.lock().unwrap() = vec![team.clone()];
    let error = world.calendar.put(SHOP, &event(0)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    world.calendar.put(SHOP, &event(1)).await.unwrap();
    assert_eq!(world.google.standing(ACCOUNT), [event(1).id]);
    assert!(world.google.standing(&team).is_empty());
}

#[tokio::test]
async fn p12_busy_times_are_clipped_joined_and_hold_what_others_wrote() {
    let world = World::new().await.unwrap();
    world.calendar.put(SHOP, &event(0)).await.unwrap();
    let at = |minutes: i64| start() + SignedDuration::from_mins(minutes);
    for (from, to) in [(-30, 10), (50, 90), (300, 330)] {
        world.google.busy_by_hand(ACCOUNT, at(from), at(to));
    }
    let busy = world.calendar.busy(SHOP, at(-10), at(310)).await.unwrap();
    assert_eq!(busy, [(at(-10), at(90)), (at(300), at(310))]);
    let nothing = world.calendar.busy(SHOP, at(10), at(10)).await.unwrap();
    assert!(nothing.is_empty());
}
