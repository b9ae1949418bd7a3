//! Which slots are free: a pure function of hours, zone and what is taken (B3, B6).

use jiff::{
    SignedDuration, Span, Timestamp, civil,
    tz::{AmbiguousOffset, TimeZone},
};

use super::{Hold, OpeningHours, Slot};
use crate::error::{Error, Result};

/// What is looked for.
#[derive(Clone, Debug)]
pub struct SlotQuery<'a> {
    /// The company's hours.
    pub opening: &'a OpeningHours,
    /// IANA name of the company's zone.
    pub time_zone: &'a str,
    /// `delivery` or `sku:<key>`.
    pub resource: &'a str,
    /// Length of a slot in minutes; at least 5.
    pub minutes: u32,
    /// Minutes from one start to the next; 0: the length of a slot. At least 5.
    pub step: u32,
    /// Parallel seats.
    pub capacity: u32,
    /// Now.
    pub now: Timestamp,
    /// Not before this moment, when the customer wished for one.
    pub not_before: Option<Timestamp>,
    /// What is taken in this resource.
    pub taken: &'a [Hold],
    /// When nothing can be had at any seat, whoever took it.
    pub busy: &'a [Busy],
}

/// A stretch of time, from and to.
pub type Busy = (Timestamp, Timestamp);

/// The first `limit` free slots, each with its lowest free seat, in order of time.
///
/// A slot lies wholly inside one interval of the opening hours and starts a number of steps after its opening. Both its
/// ends keep their local wall time through every DST change: a slot that a change would shorten, or whose start or end it
/// skips, is left out; wall-clock times that it repeats are taken once (B6). A slot never overlaps what is busy or a seat
/// that is taken, also under earlier opening hours. With a step shorter than the slots they overlap each other: each can be
/// had, not all of them.
///
/// # Errors
/// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for an unknown time zone.
pub fn free_slots(query: &SlotQuery<'_>, limit: usize) -> Result<Vec<Slot>> {
    let zone = TimeZone::get(query.time_zone).map_err(|error| {
        Error::invalid("booking.slots", "unknown time zone")
            .with("time_zone", query.time_zone)
            .caused_by(error)
    })?;
    let lead = SignedDuration::from_mins(i64::from(query.opening.lead_minutes));
    let Ok(soonest) = query.now.checked_add(lead) else {
        return Ok(Vec::new());
    };
    let earliest = query.not_before.map_or(soonest, |wish| wish.max(soonest));
    let first_day = query.now.to_zoned(zone.clone()).date();
    let (length, step) = (query.minutes.max(5), query.step());
    let cell_minutes = query.opening.cell_minutes(length, step);
    let mut free = Vec::new();
    for offset in 0..=i64::from(query.opening.horizon_days) {
        let Ok(day) = first_day.checked_add(Span::new().days(offset)) else {
            break;
        };
        for (starts_at, ends_at) in day_slots(query, day, &zone) {
            if free.len() >= limit {
                return Ok(free);
            }
            if starts_at < earliest {
                continue;
            }
            if let Some(seat) = lowest_free_seat(query, starts_at, ends_at) {
                free.push(Slot {
                    resource: query.resource.to_owned(),
                    starts_at,
                    ends_at,
                    seat,
                    cell_minutes,
                });
            }
        }
    }
    Ok(free)
}

/// The grid of one local day, as UTC pairs.
fn day_slots(
    query: &SlotQuery<'_>,
    day: civil::Date,
    zone: &TimeZone,
) -> Vec<(Timestamp, Timestamp)> {
    let length = Span::new().minutes(i64::from(query.minutes.max(5)));
    let step = Span::new().minutes(i64::from(query.step()));
    let mut grid = Vec::new();
    for (open, close) in query.opening.on(day) {
        let (mut start, close) = (day.to_datetime(*open), day.to_datetime(*close));
        while let Ok(end) = start.checked_add(length) {
            if end > close {
                break;
            }
            if let (Some(starts_at), Some(ends_at)) = (instant(start, zone), instant(end, zone))
                && starts_at.duration_until(ends_at) >= start.duration_until(end)
            {
                grid.push((starts_at, ends_at));
            }
            let Ok(next) = start.checked_add(step) else {
                break;
            };
            start = next;
        }
    }
    grid
}

impl SlotQuery<'_> {
    /// Minutes from one start to the next.
    fn step(&self) -> u32 {
        let step = if self.step == 0 {
            self.minutes
        } else {
            self.step
        };
        step.max(5)
    }
}

/// The moment of a wall-clock time, the first one when it comes twice; `None` when it is skipped: nobody could arrive then.
fn instant(time: civil::DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(time);
    match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => None,
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => {
            ambiguous.compatible().ok()
        }
    }
}

fn lowest_free_seat(
    query: &SlotQuery<'_>,
    starts_at: Timestamp,
    ends_at: Timestamp,
) -> Option<u32> {
    if query
        .busy
        .iter()
        .any(|(from, to)| *from < ends_at && starts_at < *to)
    {
        return None;
    }
    let live = |hold: &&Hold| hold.expires_at.is_none_or(|end| query.now < end);
    // By overlap and not by equal start: after a change of opening hours, earlier bookings lie across the new grid.
    let meets = |hold: &&Hold| hold.slot.starts_at < ends_at && starts_at < hold.slot.ends_at;
    let taken: Vec<u32> = query
        .taken
        .iter()
        .filter(live)
        .filter(|hold| hold.slot.resource == query.resource)
        .filter(meets)
        .map(|hold| hold.slot.seat)
        .collect();
    (0..query.capacity).find(|seat| !taken.contains(seat))
}
