//! B3, B6: lunch breaks, special days, starts apart from lengths, and what the calendar holds.

use std::collections::BTreeSet;

use jiff::{
    SignedDuration, Timestamp,
    civil::{Time, date, time},
    tz::TimeZone,
};
use x8_core::booking::{Busy, DayHours, OpeningHours, Slot, SlotQuery, SpecialDay, free_slots};

use crate::slots::{ZONES, at, changes, local};

fn hm(hour: i8, minute: i8) -> Time {
    time(hour, minute, 0, 0)
}

/// Nights, a lunch break, and evenings: a day in which clock changes at any hour are felt.
fn three_shifts() -> OpeningHours {
    let day = DayHours(vec![
        (hm(0, 30), hm(4, 30)),
        (hm(9, 0), hm(13, 0)),
        (hm(14, 0), hm(23, 30)),
    ]);
    OpeningHours {
        week: OpeningHours::daily(&day),
        lead_minutes: 0,
        horizon_days: 2,
        ..OpeningHours::default()
    }
}

struct Shop<'a> {
    opening: &'a OpeningHours,
    zone: &'a str,
    minutes: u32,
    step: u32,
    busy: &'a [Busy],
}

impl<'a> Shop<'a> {
    fn new(opening: &'a OpeningHours, minutes: u32, step: u32) -> Self {
        Self {
            opening,
            zone: "Europe/Madrid",
            minutes,
            step,
            busy: &[],
        }
    }

    fn free(&self, now: Timestamp, wish: Option<Timestamp>, limit: usize) -> Vec<Slot> {
        let query = SlotQuery {
            opening: self.opening,
            time_zone: self.zone,
            resource: "sku:1",
            minutes: self.minutes,
            step: self.step,
            capacity: 1,
            now,
            not_before: wish,
            taken: &[],
            busy: self.busy,
        };
        free_slots(&query, limit).unwrap()
    }

    /// Wall-clock starts of one day.
    fn starts(&self, day: &str) -> Vec<String> {
        let zone = TimeZone::get(self.zone).unwrap();
        let midnight = day.parse::<jiff::civil::Date>().unwrap();
        let now = midnight.to_zoned(zone.clone()).unwrap().timestamp();
        let slots = self.free(now, None, 200).into_iter();
        slots
            .map(|slot| local(slot.starts_at, &zone))
            .filter(|start| start.date() == midnight)
            .map(|start| start.strftime("%H:%M").to_string())
            .collect()
    }
}

#[test]
fn b3_hours_are_read_in_the_old_shape_and_in_the_new() {
    let text = r#"{"week": [["09:00:00","19:00:00"], null, [], [["08:30:00","12:00:00"],["13:00:00","18:00:00"]],
                   null, null, null], "holidays": ["2026-12-25"]}"#;
    let opening: OpeningHours = serde_json::from_str(text).unwrap();
    let counts: Vec<usize> = opening.week.iter().map(|day| day.0.len()).collect();
    assert_eq!(counts, [1, 0, 0, 2, 0, 0, 0]);
    assert_eq!(opening.week[0], DayHours::between(hm(9, 0), hm(19, 0)));
    assert_eq!(opening.problems(), []);
    let again: OpeningHours =
        serde_json::from_value(serde_json::to_value(&opening).unwrap()).unwrap();
    assert_eq!(again, opening);
    assert!(serde_json::from_str::<DayHours>(r#"[["09:00:00"]]"#).is_err());
    assert!(serde_json::from_str::<DayHours>(r#""closed""#).is_err());
}

#[test]
fn b3_a_lunch_break_ends_one_grid_and_the_next_begins_at_its_opening() {
    let mut opening = three_shifts();
    let day = DayHours(vec![(hm(9, 0), hm(12, 45)), (hm(14, 15), hm(17, 0))]);
    opening.week = OpeningHours::daily(&day);
    assert_eq!(
        Shop::new(&opening, 60, 0).starts("2026-11-23"),
        ["09:00", "10:00", "11:00", "14:15", "15:15"]
    );
}

#[test]
fn b3_special_days_win_over_weekday_and_holiday() {
    let mut opening = three_shifts();
    opening.week = OpeningHours::daily(&DayHours::between(hm(9, 0), hm(11, 0)));
    opening.holidays = vec![date(2026, 12, 24), date(2026, 12, 25)];
    opening.special_days = vec![
        SpecialDay {
            date: date(2026, 12, 24),
            hours: DayHours::between(hm(16, 0), hm(18, 0)),
        },
        SpecialDay {
            date: date(2026, 12, 28),
            hours: DayHours::default(),
        },
    ];
    let shop = Shop::new(&opening, 60, 0);
    assert_eq!(shop.starts("2026-12-23"), ["09:00", "10:00"]);
    assert_eq!(shop.starts("2026-12-24"), ["16:00", "17:00"]);
    assert_eq!(shop.starts("2026-12-25"), [""; 0]);
    assert_eq!(shop.starts("2026-12-28"), [""; 0]);
}

#[test]
fn b3_a_wish_for_ten_is_answered_ten_when_starts_are_apart_from_lengths() {
    let opening = OpeningHours::default();
    let now = at("2026-11-23T06:00:00Z");
    let ten = at("2026-11-24T09:00:00Z");
    let offered = |step| {
        Shop::new(&opening, 90, step)
            .free(now, Some(ten), 1)
            .remove(0)
    };
    assert_eq!(offered(opening.appointment_step_minutes).starts_at, ten);
    assert_eq!(
        offered(0).starts_at,
        ten + SignedDuration::from_mins(30),
        "one after the other from nine: 9:00, 10:30"
    );
}

#[test]
fn b3_what_the_calendar_holds_blocks_every_seat() {
    let opening = OpeningHours {
        lead_minutes: 0,
        ..OpeningHours::default()
    };
    let busy = [(at("2026-11-23T08:30:00Z"), at("2026-11-23T10:00:00Z"))];
    let shop = Shop {
        busy: &busy,
        ..Shop::new(&opening, 60, 0)
    };
    assert_eq!(shop.starts("2026-11-23")[..2], ["11:00", "12:00"]);
}

#[test]
fn b3_wrong_hours_are_named_field_by_field() {
    let mut opening = three_shifts();
    opening.week[1] = DayHours::between(hm(19, 0), hm(9, 0));
    opening.week[3] = DayHours(vec![(hm(9, 0), hm(13, 0)), (hm(12, 0), hm(18, 0))]);
    opening.week[4] = DayHours(vec![(hm(14, 0), hm(18, 0)), (hm(9, 0), hm(13, 0))]);
    opening.week[6] = DayHours(vec![(hm(9, 0), hm(10, 0)); 13]);
    let day = |day| SpecialDay {
        date: date(2026, 12, day),
        hours: DayHours::default(),
    };
    opening.special_days = vec![day(1), day(2), day(1)];
    opening.horizon_days = 366;
    opening.delivery_minutes = 4;
    opening.appointment_step_minutes = 3;
    opening.appointment_capacity = 1_001;
    opening.lead_minutes = u32::MAX;
    let fields: BTreeSet<String> = opening.problems().into_iter().map(|one| one.0).collect();
    let expected = [
        "week.1",
        "week.3",
        "week.4",
        "week.6",
        "special_days.2",
        "horizon_days",
        "delivery_minutes",
        "appointment_step_minutes",
        "appointment_capacity",
        "lead_minutes",
    ];
    assert_eq!(fields, expected.map(str::to_owned).into());
}

/// Whether two slots of one seat would be refused by the store: they share a cell.
fn share_a_cell(one: &Slot, other: &Slot) -> bool {
    let starts = |slot: &Slot| -> BTreeSet<Timestamp> {
        slot.cells().iter().map(|cell| cell.starts_at).collect()
    };
    !starts(one).is_disjoint(&starts(other))
}

fn overlap(one: &Slot, other: &Slot) -> bool {
    one.starts_at < other.ends_at && other.starts_at < one.ends_at
}

#[test]
fn b3_slots_that_overlap_share_a_cell_and_others_do_not_through_every_clock_change() {
    let opening = three_shifts();
    for name in ZONES {
        let zone = TimeZone::get(name).unwrap();
        for change in changes(&zone) {
            for (minutes, step) in [(60, 30), (90, 30), (45, 20), (25, 10), (60, 60), (30, 45)] {
                let shop = Shop {
                    zone: name,
                    ..Shop::new(&opening, minutes, step)
                };
                let slots = shop.free(change - SignedDuration::from_hours(12), None, 60);
                assert!(slots.len() > 10, "{name} {change}");
                for (nth, one) in slots.iter().enumerate() {
                    for other in &slots[nth + 1..] {
                        let shared = share_a_cell(one, other);
                        assert!(
                            shared || !overlap(one, other),
                            "{name} {step}: {one:?} and {other:?} could both be had"
                        );
                        let apart = one.ends_at + SignedDuration::from_mins(30) <= other.starts_at;
                        assert!(
                            !(shared && apart),
                            "{name} {step}: {one:?} keeps {other:?} out"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn b6_every_day_around_every_clock_change_has_its_slots_once_and_they_stay_where_they_are() {
    let opening = three_shifts();
    for name in ZONES {
        let zone = TimeZone::get(name).unwrap();
        for change in changes(&zone) {
            let shop = Shop {
                zone: name,
                ..Shop::new(&opening, 60, 30)
            };
            let start = change - SignedDuration::from_hours(30);
            let mut known: BTreeSet<Timestamp> = BTreeSet::new();
            // The clock walks over the change, and everything promised before is still offered.
            for step in 0..20 {
                let now = start + SignedDuration::from_hours(step * 3);
                let slots = shop.free(now, None, 1_000);
                let starts: BTreeSet<Timestamp> = slots.iter().map(|slot| slot.starts_at).collect();
                assert_eq!(starts.len(), slots.len(), "{name} {now}: none comes twice");
                let promised = known.iter().filter(|promised| **promised >= now);
                for promised in promised {
                    assert!(
                        starts.contains(promised),
                        "{name} {now}: {promised} is gone"
                    );
                }
                known.extend(starts);
                for slot in &slots {
                    inside(&opening, slot, &zone);
                }
            }
            let mut walls = BTreeSet::new();
            for moment in &known {
                let wall = local(*moment, &zone);
                assert!(walls.insert(wall), "{name}: {wall} comes twice");
            }
            // Between five and nine in the evening no zone changes its clocks: nothing is missing there.
            for day in known.iter().map(|moment| local(*moment, &zone).date()) {
                let begun = local(start, &zone).date() == day;
                let by_day = walls
                    .iter()
                    .filter(|wall| wall.date() == day && (5..21).contains(&wall.hour()));
                assert!(begun || by_day.count() == 7 + 14, "{name} {day}: {walls:?}");
            }
        }
    }
}

fn inside(opening: &OpeningHours, slot: &Slot, zone: &TimeZone) {
    let (start, end) = (local(slot.starts_at, zone), local(slot.ends_at, zone));
    let hours = opening.on(start.date());
    let fits = |(open, close): &(Time, Time)| {
        *open <= start.time() && end.time() <= *close && {
            let since = open.duration_until(start.time()).as_mins();
            since % 30 == 0
        }
    };
    assert!(
        start.date() == end.date() && hours.iter().any(fits),
        "{start} to {end}"
    );
    assert_eq!(start.duration_until(end), SignedDuration::from_mins(60));
}
