//! O14, P10, H5: who is reminded, when, and how often.

use jiff::{SignedDuration, Timestamp};
use x8_core::{
    catalog::Offering,
    order::{Order, OrderState},
    port::{Clock, JobKind},
    tenant::QuietHours,
};

use super::{
    house::{House, Slow, roses, seconds},
    on_every_store,
};

on_every_store!(
    o14_the_smallest_of_the_offerings_counts_and_none_is_no_number,
    p10_a_reminder_due_at_night_comes_in_the_morning_while_the_link_lives,
    p10_a_reminder_that_comes_late_into_the_night_waits_too,
    p10_nobody_is_woken_when_the_link_ends_at_night,
    o14_a_reminder_as_late_as_the_link_comes_an_hour_before_its_end,
    o14_a_link_is_reminded_of_once_however_often_it_is_asked_for,
    h5_a_closed_window_drops_the_reminder_and_tells_the_company,
);

fn reminding(sku: &str, hours: u32) -> Offering {
    Offering {
        reminder_hours: Some(hours),
        ..roses(sku, 29_90)
    }
}

/// An order of one bouquet that reminds after so many hours, made at this UTC hour of 20 November.
fn ordered(house: &House, hours: u32, at: i64) -> Order {
    house.sell(&[reminding("1", hours), roses("2", 0)]);
    house.clock.advance(SignedDuration::from_hours(at - 8));
    house.order("m1", "1", 1)
}

/// When the only reminder was sent, in steps of a minute.
fn reminded_at(house: &House, span: SignedDuration) -> Option<Timestamp> {
    let end = house.clock.now() + span;
    while house.clock.now() < end && house.heard("reminder") == 0 {
        house.work(seconds(60));
    }
    (house.heard("reminder") > 0).then(|| house.newest().reminded_at.unwrap())
}

fn minute(at: Timestamp) -> String {
    at.strftime("%d %H:%M").to_string()
}

fn o14_the_smallest_of_the_offerings_counts_and_none_is_no_number(house: &House) {
    house.sell(&[reminding("1", 5), reminding("2", 0), reminding("3", 2)]);
    house.ask_all("m1", &["1", "2", "3"]);
    house.work(seconds(20));
    assert_eq!(house.newest().reminder_hours, Some(2));
    let at = reminded_at(house, SignedDuration::from_hours(4)).unwrap();
    assert_eq!(minute(at), "20 10:00");
}

fn p10_a_reminder_due_at_night_comes_in_the_morning_while_the_link_lives(house: &House) {
    // Five in the afternoon in Madrid, and five hours later is ten at night.
    let order = ordered(house, 5, 16);
    let at = reminded_at(house, SignedDuration::from_hours(24)).unwrap();
    assert_eq!(minute(at), "21 08:00");
    let link = order.checkout.unwrap();
    assert_eq!(minute(link.expires_at), "21 09:00", "an hour to pay");
    assert_eq!(house.newest().state, OrderState::AwaitingPayment);
    house.work(SignedDuration::from_hours(2));
    assert_eq!(house.newest().state, OrderState::Expired);
    assert_eq!(house.heard("reminder"), 1);
}

fn p10_a_reminder_that_comes_late_into_the_night_waits_too(house: &House) {
    house.settings(|settings| settings.link_minutes = 1_400);
    ordered(house, 3, 12);
    // Every worker was down from the afternoon until midnight.
    house.clock.advance(SignedDuration::from_hours(11));
    house.work(seconds(60));
    assert_eq!(house.heard("reminder"), 0);
    let at = reminded_at(house, SignedDuration::from_hours(24)).unwrap();
    assert_eq!(minute(at), "21 08:00");
}

fn p10_nobody_is_woken_when_the_link_ends_at_night(house: &House) {
    house.settings(|settings| {
        let day = |hour| jiff::civil::time(hour, 0, 0, 0);
        settings.quiet_hours = Some(QuietHours {
            from: day(10),
            until: day(9),
        });
    });
    ordered(house, 20, 8);
    house.work(SignedDuration::from_hours(48));
    assert_eq!(house.newest().state, OrderState::Expired);
    assert_eq!(house.heard("reminder"), 0);
}

fn o14_a_reminder_as_late_as_the_link_comes_an_hour_before_its_end(house: &House) {
    let order = ordered(house, 48, 10);
    let ends = order.checkout.unwrap().expires_at;
    let at = reminded_at(house, SignedDuration::from_hours(30)).unwrap();
    assert_eq!(minute(at), minute(ends - SignedDuration::from_hours(1)));
}

fn o14_a_link_is_reminded_of_once_however_often_it_is_asked_for(house: &House) {
    let order = ordered(house, 2, 8);
    house.slow.set(Slow::First);
    house.work(SignedDuration::from_hours(3));
    house.slow.set(Slow::Nobody);
    assert_eq!(house.heard("reminder"), 1);
    for _ in 0..3 {
        house.enqueue(JobKind::Remind { order: order.id });
        house.work(seconds(120));
    }
    assert_eq!(house.heard("reminder"), 1);
    house.audit();
}

fn h5_a_closed_window_drops_the_reminder_and_tells_the_company(house: &House) {
    house.sender.set_window(SignedDuration::from_hours(3));
    ordered(house, 2, 8);
    assert!(
        reminded_at(house, SignedDuration::from_hours(3)).is_some(),
        "it is open yet"
    );
    let second = House::in_memory();
    second.sender.set_window(SignedDuration::from_hours(2));
    ordered(&second, 2, 8);
    second.work(SignedDuration::from_hours(5));
    assert_eq!(second.heard("reminder"), 0);
    assert_eq!(second.faults.alerts(), ["reminder_outside_window"]);
}
