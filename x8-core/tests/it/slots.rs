//! B3, B6: which slots are free.

use jiff::{
    SignedDuration, Timestamp,
    civil::{self, time},
    tz::{TimeZone, TimeZoneTransition},
};
use proptest::prelude::*;
use x8_core::{
    ErrorKind, Result,
    booking::{Busy, DayHours, Hold, OpeningHours, Slot, SlotQuery, free_slots},
    id::OrderId,
    port::{IdSource, SequentialIds},
};

/// Twenty zones with daylight saving: both hemispheres, half-hour steps, and changes at midnight.
pub(crate) const ZONES: [&str; 20] = [
    "Europe/Madrid",
    "Atlantic/Canary",
    "Europe/London",
    "Europe/Warsaw",
    "Europe/Kyiv",
    "Europe/Chisinau",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Santiago",
    "America/Havana",
    "America/St_Johns",
    "America/Nuuk",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Africa/Cairo",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
];

fn all_day() -> OpeningHours {
    OpeningHours {
        week: OpeningHours::daily(&DayHours::between(time(0, 0, 0, 0), time(23, 59, 59, 0))),
        lead_minutes: 0,
        horizon_days: 2,
        ..OpeningHours::default()
    }
}

struct Ask<'a> {
    opening: &'a OpeningHours,
    zone: &'a str,
    minutes: u32,
    step: u32,
    now: Timestamp,
    taken: &'a [Hold],
    busy: &'a [Busy],
    not_before: Option<Timestamp>,
}

impl<'a> Ask<'a> {
    fn new(opening: &'a OpeningHours, zone: &'a str, minutes: u32, now: Timestamp) -> Self {
        Self {
            opening,
            zone,
            minutes,
            step: 0,
            now,
            taken: &[],
            busy: &[],
            not_before: None,
        }
    }

    fn free(&self, capacity: u32, limit: usize) -> Result<Vec<Slot>> {
        let query = SlotQuery {
            opening: self.opening,
            time_zone: self.zone,
            resource: "delivery",
            minutes: self.minutes,
            step: self.step,
            capacity,
            now: self.now,
            not_before: self.not_before,
            taken: self.taken,
            busy: self.busy,
        };
        free_slots(&query, limit)
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap_or_default()
}

fn starts(slots: &[Slot]) -> Vec<String> {
    slots
        .iter()
        .map(|slot| slot.starts_at.to_string())
        .collect()
}

fn hold(slot: &Slot, expires_at: Option<Timestamp>) -> Hold {
    Hold {
        order: OrderId(SequentialIds::default().next()),
        slot: slot.clone(),
        expires_at,
    }
}

/// The clock changes of a zone from 2026 to 2030.
pub(crate) fn changes(zone: &TimeZone) -> Vec<Timestamp> {
    zone.following(at("2026-01-01T00:00:00Z"))
        .map(|change: TimeZoneTransition<'_>| change.timestamp())
        .take_while(|change| *change < at("2031-01-01T00:00:00Z"))
        .collect()
}

#[test]
fn b6_wall_time_holds_through_every_clock_change_of_20_zones_until_2030() {
    let opening = all_day();
    for name in ZONES {
        let zone = TimeZone::get(name).unwrap();
        let changes = changes(&zone);
        assert!(changes.len() >= 8, "{name}: {}", changes.len());
        for change in changes {
            for minutes in [15, 45, 120] {
                let ask = Ask::new(
                    &opening,
                    name,
                    minutes,
                    change - SignedDuration::from_hours(24),
                );
                let slots = ask.free(1, 1_000).unwrap();
                assert!(slots.len() > 20, "{name} {change}");
                for slot in &slots {
                    let (start, end) = (local(slot.starts_at, &zone), local(slot.ends_at, &zone));
                    let minute = i64::from(start.hour()) * 60 + i64::from(start.minute());
                    assert_eq!(
                        minute % i64::from(minutes),
                        0,
                        "{name}: {start} is on the grid"
                    );
                    assert_eq!(start.second(), 0);
                    let length = SignedDuration::from_mins(i64::from(minutes));
                    assert_eq!(
                        start.duration_until(end),
                        length,
                        "{name}: {start} to {end} on the wall"
                    );
                    assert!(
                        slot.duration() >= length,
                        "{name}: {start} is as long as promised"
                    );
                }
                for pair in slots.windows(2) {
                    assert!(
                        pair[0].ends_at <= pair[1].starts_at,
                        "{name}: {pair:?} overlap"
                    );
                }
            }
        }
    }
}

#[test]
fn b6_ordinary_hours_lose_no_slot_on_any_clock_change() {
    let opening = OpeningHours {
        lead_minutes: 0,
        ..OpeningHours::default()
    };
    for name in ZONES {
        let zone = TimeZone::get(name).unwrap();
        for change in changes(&zone) {
            let day = local(change, &zone).date();
            let Ok(midnight) = day.to_zoned(zone.clone()) else {
                continue;
            };
            let slots = Ask::new(&opening, name, 60, midnight.timestamp())
                .free(1, 10)
                .unwrap();
            let hours: Vec<i8> = slots
                .iter()
                .map(|slot| local(slot.starts_at, &zone).hour())
                .collect();
            assert_eq!(
                hours,
                [9, 10, 11, 12, 13, 14, 15, 16, 17, 18],
                "{name} {day}"
            );
            assert!(
                slots
                    .iter()
                    .all(|slot| local(slot.starts_at, &zone).date() == day)
            );
        }
    }
}

pub(crate) fn local(moment: Timestamp, zone: &TimeZone) -> civil::DateTime {
    moment.to_zoned(zone.clone()).datetime()
}

#[test]
fn b6_skipped_times_are_left_out_and_repeated_ones_come_once() {
    let opening = all_day();
    let spring = Ask::new(&opening, "Europe/Madrid", 60, at("2026-03-28T23:00:00Z"))
        .free(1, 4)
        .unwrap();
    let expected = [
        "2026-03-28T23:00:00Z",
        "2026-03-29T01:00:00Z",
        "2026-03-29T02:00:00Z",
        "2026-03-29T03:00:00Z",
    ];
    assert_eq!(
        starts(&spring),
        expected,
        "00:00, then 03:00: one that would end at the skipped 02:00 is out, too"
    );
    let autumn = Ask::new(&opening, "Europe/Madrid", 60, at("2026-10-24T22:00:00Z"))
        .free(1, 4)
        .unwrap();
    let expected = [
        "2026-10-24T22:00:00Z",
        "2026-10-24T23:00:00Z",
        "2026-10-25T00:00:00Z",
        "2026-10-25T02:00:00Z",
    ];
    assert_eq!(starts(&autumn), expected, "00:00, 01:00, 02:00 once, 03:00");
}

#[test]
fn b6_a_slot_that_a_change_would_shorten_is_left_out() {
    let opening = all_day();
    let slots = Ask::new(&opening, "Europe/Madrid", 45, at("2026-03-29T00:00:00Z"))
        .free(1, 2)
        .unwrap();
    assert_eq!(
        starts(&slots),
        ["2026-03-29T01:00:00Z", "2026-03-29T01:45:00Z"],
        "not 01:30, which would end at 02:15"
    );
}

#[test]
fn b3_slots_lie_inside_opening_hours() {
    let mut opening = OpeningHours {
        lead_minutes: 0,
        ..OpeningHours::default()
    };
    opening.week = OpeningHours::daily(&DayHours::default());
    opening.week[0] = DayHours::between(time(9, 30, 0, 0), time(12, 0, 0, 0));
    // A Sunday; the only open day is Monday, and 11:30 to 12:30 would run over.
    let slots = Ask::new(&opening, "Europe/Madrid", 60, at("2026-05-03T10:00:00Z"))
        .free(1, 3)
        .unwrap();
    let expected = [
        "2026-05-04T07:30:00Z",
        "2026-05-04T08:30:00Z",
        "2026-05-11T07:30:00Z",
    ];
    assert_eq!(starts(&slots), expected);
}

#[test]
fn b3_hours_without_room_for_a_slot_have_none() {
    let mut opening = all_day();
    for hours in [
        (time(9, 0, 0, 0), time(9, 30, 0, 0)),
        (time(19, 0, 0, 0), time(9, 0, 0, 0)),
    ] {
        opening.week = OpeningHours::daily(&DayHours(vec![hours]));
        let slots = Ask::new(&opening, "Europe/Madrid", 60, at("2026-05-03T10:00:00Z"))
            .free(1, 3)
            .unwrap();
        assert!(slots.is_empty(), "{slots:?}");
    }
}

#[test]
fn b3_holidays_are_closed() {
    let mut opening = OpeningHours {
        lead_minutes: 0,
        ..OpeningHours::default()
    };
    opening.holidays = vec![civil::date(2026, 5, 1), civil::date(2026, 5, 2)];
    let slots = Ask::new(&opening, "Europe/Madrid", 120, at("2026-05-01T05:00:00Z"))
        .free(1, 1)
        .unwrap();
    assert_eq!(starts(&slots), ["2026-05-03T07:00:00Z"]);
}

#[test]
fn b3_the_lead_time_counts_from_now_and_a_wish_only_moves_later() {
    let opening = OpeningHours {
        lead_minutes: 90,
        ..OpeningHours::default()
    };
    let now = at("2026-05-01T08:00:00Z");
    let mut ask = Ask::new(&opening, "Europe/Madrid", 60, now);
    assert_eq!(starts(&ask.free(1, 1).unwrap()), ["2026-05-01T10:00:00Z"]);
    ask.not_before = Some(at("2026-05-01T00:00:00Z"));
    assert_eq!(starts(&ask.free(1, 1).unwrap()), ["2026-05-01T10:00:00Z"]);
    ask.not_before = Some(at("2026-05-02T12:30:00Z"));
    assert_eq!(starts(&ask.free(1, 1).unwrap()), ["2026-05-02T13:00:00Z"]);
    let exact = OpeningHours {
        lead_minutes: 60,
        ..OpeningHours::default()
    };
    let ask = Ask::new(&exact, "Europe/Madrid", 60, now);
    assert_eq!(
        starts(&ask.free(1, 1).unwrap()),
        ["2026-05-01T09:00:00Z"],
        "exactly the lead time ahead"
    );
}

#[test]
fn b3_the_horizon_ends_the_search() {
    let opening = OpeningHours {
        horizon_days: 0,
        lead_minutes: 0,
        ..OpeningHours::default()
    };
    let slots = Ask::new(&opening, "Europe/Madrid", 120, at("2026-05-01T05:00:00Z"))
        .free(1, 100)
        .unwrap();
    assert_eq!(slots.len(), 5, "today only");
}

#[test]
fn b3_capacity_is_seats_and_expired_holds_let_go() {
    let opening = OpeningHours {
        lead_minutes: 0,
        ..OpeningHours::default()
    };
    let now = at("2026-05-01T06:00:00Z");
    let ask = Ask::new(&opening, "Europe/Madrid", 60, now);
    let first = ask.free(2, 1).unwrap().remove(0);
    assert_eq!(first.seat, 0);
    let second = Slot {
        seat: 1,
        ..first.clone()
    };
    let later = now + SignedDuration::from_secs(1);
    let other = Slot {
        resource: "sku:1".to_owned(),
        ..second
    };
    for (taken, seat, same_start) in [
        (vec![hold(&first, None)], 1, true),
        (vec![hold(&second, None)], 0, true),
        (
            vec![hold(&first, None), hold(&second, Some(later))],
            0,
            false,
        ),
        (vec![hold(&first, None), hold(&second, Some(now))], 1, true),
        (vec![hold(&other, None)], 0, true),
    ] {
        let mut ask = Ask::new(&opening, "Europe/Madrid", 60, now);
        ask.taken = &taken;
        let got = ask.free(2, 1).unwrap().remove(0);
        assert_eq!(
            (got.seat, got.starts_at == first.starts_at),
            (seat, same_start),
            "{taken:?}"
        );
    }
    assert!(ask.free(0, 5).unwrap().is_empty(), "no capacity, no slots");
}

#[test]
fn b3_a_booking_across_the_grid_of_new_opening_hours_still_blocks() {
    let opening = OpeningHours {
        lead_minutes: 0,
        ..OpeningHours::default()
    };
    let now = at("2026-05-01T06:00:00Z");
    let first = Ask::new(&opening, "Europe/Madrid", 60, now)
        .free(1, 1)
        .unwrap()
        .remove(0);
    let half = SignedDuration::from_mins(30);
    let across = Slot {
        starts_at: first.starts_at + half,
        ends_at: first.ends_at + half,
        ..first.clone()
    };
    let taken = [hold(&across, None)];
    let mut ask = Ask::new(&opening, "Europe/Madrid", 60, now);
    ask.taken = &taken;
    let next = ask.free(1, 1).unwrap().remove(0);
    assert_eq!(
        next.starts_at,
        first.ends_at + SignedDuration::from_hours(1),
        "both hours it touches are taken"
    );
}

#[test]
fn b3_absurd_questions_have_an_answer() {
    let opening = OpeningHours {
        lead_minutes: u32::MAX,
        ..OpeningHours::default()
    };
    let now = at("2026-05-01T06:00:00Z");
    assert!(
        Ask::new(&opening, "Europe/Madrid", 60, now)
            .free(1, 1)
            .unwrap()
            .is_empty()
    );
    let opening = all_day();
    assert!(
        Ask::new(&opening, "Europe/Madrid", 60, now)
            .free(1, 0)
            .unwrap()
            .is_empty(),
        "none were asked for"
    );
    assert!(
        Ask::new(&opening, "Europe/Madrid", u32::MAX, now)
            .free(1, 1)
            .unwrap()
            .is_empty()
    );
    let error = Ask::new(&opening, "Europe/Nowhere", 60, now)
        .free(1, 1)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.to_string().contains("Europe/Nowhere"));
}

proptest! {
    #[test]
    fn b3_free_slots_are_in_order_inside_hours_and_never_taken(
        zone in proptest::sample::select(ZONES.to_vec()),
        minutes in 5_u32..240,
        now in 1_767_225_600_i64..1_924_992_000,
        lead in 0_u32..600,
        capacity in 1_u32..4,
        picks in proptest::collection::vec(0_usize..20, 0..10),
    ) {
        let opening = OpeningHours { lead_minutes: lead, horizon_days: 3, ..OpeningHours::default() };
        let now = Timestamp::from_second(now).unwrap();
        let mut ask = Ask::new(&opening, zone, minutes, now);
        let empty = ask.free(capacity, 20).unwrap();
        let taken: Vec<Hold> = picks
            .iter()
            .filter_map(|pick| empty.get(*pick))
            .flat_map(|slot| (0..capacity).map(|seat| hold(&Slot { seat, ..slot.clone() }, None)))
            .collect();
        ask.taken = &taken;
        let free = ask.free(capacity, 20).unwrap();
        let zone = TimeZone::get(zone).unwrap();
        for slot in &free {
            let (start, end) = (local(slot.starts_at, &zone), local(slot.ends_at, &zone));
            prop_assert!(start.time() >= time(9, 0, 0, 0) && end.time() <= time(19, 0, 0, 0));
            prop_assert_eq!(start.date(), end.date());
            prop_assert!(slot.starts_at >= now + SignedDuration::from_mins(i64::from(lead)));
            prop_assert!(slot.seat < capacity);
            prop_assert!(taken.iter().all(|hold| hold.slot.ends_at <= slot.starts_at || slot.ends_at <= hold.slot.starts_at));
        }
        for pair in free.windows(2) {
            prop_assert!(pair[0].ends_at <= pair[1].starts_at);
        }
    }
}

#[test]
fn b3_slots_of_a_seat_clash_when_they_overlap_and_not_when_they_touch() {
    let slot = |from: i64, to: i64| Slot {
        resource: "sku:101".to_owned(),
        starts_at: x8_core::testing::fixture::after(from * 60),
        ends_at: x8_core::testing::fixture::after(to * 60),
        seat: 0,
        cell_minutes: 30,
    };
    let booked = slot(60, 120);
    for (from, to, clashes) in [
        (60, 120, true),
        (30, 90, true),
        (90, 150, true),
        (75, 90, true),
        (0, 180, true),
        (0, 60, false),
        (120, 180, false),
    ] {
        let other = slot(from, to);
        assert_eq!(booked.clashes(&other), clashes, "{from} to {to}");
        assert_eq!(other.clashes(&booked), clashes, "{from} to {to}");
    }
    let mut elsewhere = slot(60, 120);
    elsewhere.seat = 1;
    assert!(!booked.clashes(&elsewhere));
}
