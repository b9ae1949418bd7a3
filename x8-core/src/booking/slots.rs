//! Which slots are free: a pure function of hours, zone and what is taken (B3, B6).

use jiff::{
    Span, Timestamp, civil,
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
    /// Parallel seats.
    pub capacity: u32,
    /// Now.
    pub now: Timestamp,
    /// Not before this moment, when the customer wished for one.
    pub not_before: Option<Timestamp>,
    /// What is taken in this resource.
    pub taken: &'a [Hold],
}

/// The first `limit` free slots, each with its lowest free seat, in order of time.
///
/// A slot lies wholly inside opening hours and starts on the grid that begins at opening time. Wall-clock times that a
/// DST change skips are left out; those it repeats are taken once (B6).
///
/// # Errors
/// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for an unknown time zone.
pub fn free_slots(query: &SlotQuery<'_>, limit: usize) -> Result<Vec<Slot>> {
    let zone = TimeZone::get(query.time_zone).map_err(|error| {
        Error::invalid("booking.slots", "unknown time zone")
            .with("time_zone", query.time_zone)
            .caused_by(error)
    })?;
    let lead = jiff::SignedDuration::from_mins(i64::from(query.opening.lead_minutes));
    let earliest = query
        .not_before
        .map_or(query.now + lead, |wish| wish.max(query.now + lead));
    let first_day = query.now.to_zoned(zone.clone()).date();
    let mut free = Vec::new();
    for offset in 0..=i64::from(query.opening.horizon_days) {
        let Ok(day) = first_day.checked_add(Span::new().days(offset)) else {
            break;
        };
        for (starts_at, ends_at) in day_slots(query, day, &zone) {
            if starts_at < earliest {
                continue;
            }
            if let Some(seat) = lowest_free_seat(query, starts_at) {
                free.push(Slot {
                    resource: query.resource.to_owned(),
                    starts_at,
                    ends_at,
                    seat,
                });
            }
            if free.len() >= limit {
                return Ok(free);
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
    let index = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
    let hours = query.opening.week.get(index).copied().flatten();
    let Some((open, close)) = hours.filter(|_| !query.opening.holidays.contains(&day)) else {
        return Vec::new();
    };
    let step = Span::new().minutes(i64::from(query.minutes.max(5)));
    let (mut start, close) = (day.to_datetime(open), day.to_datetime(close));
    let mut grid = Vec::new();
    while let Ok(end) = start.checked_add(step) {
        if end > close {
            break;
        }
        // A skipped wall-clock time is ambiguous as a gap; the customer could never arrive at it.
        let ambiguous = zone.to_ambiguous_zoned(start);
        if !matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. })
            && let (Ok(from), Ok(to)) = (ambiguous.compatible(), end.to_zoned(zone.clone()))
        {
            grid.push((from.timestamp(), to.timestamp()));
        }
        start = end;
    }
    grid
}

fn lowest_free_seat(query: &SlotQuery<'_>, starts_at: Timestamp) -> Option<u32> {
    let live = |hold: &&Hold| hold.expires_at.is_none_or(|end| query.now < end);
    let taken: Vec<u32> = query
        .taken
        .iter()
        .filter(live)
        .filter(|hold| hold.slot.resource == query.resource && hold.slot.starts_at == starts_at)
        .map(|hold| hold.slot.seat)
        .collect();
    (0..query.capacity).find(|seat| !taken.contains(seat))
}
