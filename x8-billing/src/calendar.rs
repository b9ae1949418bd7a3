//! What holds for every calendar: which events can be written, and how busy times are told.

use jiff::{Timestamp, tz::TimeZone};
use x8_core::{Error, Result, port::CalendarEvent};

/// A stretch of time.
pub(crate) type Stretch = (Timestamp, Timestamp);

/// The stretches within `[from, to)`: clipped, in order of time, with what touches or overlaps joined.
pub(crate) fn within(
    from: Timestamp,
    to: Timestamp,
    stretches: impl IntoIterator<Item = Stretch>,
) -> Vec<Stretch> {
    let clipped = stretches
        .into_iter()
        .map(|(start, end)| (start.max(from), end.min(to)));
    let mut times: Vec<Stretch> = clipped.filter(|(start, end)| start < end).collect();
    times.sort_unstable();
    let mut busy: Vec<Stretch> = Vec::new();
    for (start, end) in times {
        match busy.last_mut() {
            Some((_, last)) if start <= *last => *last = end.max(*last),
            _apart => busy.push((start, end)),
        }
    }
    busy
}

/// What Google refuses is refused here, before anything is sent and by the sandbox too.
pub(crate) fn check(event: &CalendarEvent) -> Result<()> {
    let alphabet = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'v');
    if !(5..=1024).contains(&event.id.len()) || !event.id.bytes().all(alphabet) {
        return Err(refused(
            "id",
            &event.id,
            "5 to 1024 characters of 0-9 and a-v",
        ));
    }
    if event.ends_at <= event.starts_at {
        let times = format!("{} to {}", event.starts_at, event.ends_at);
        return Err(refused("time", &times, "an end after the start"));
    }
    if TimeZone::get(&event.time_zone).is_err() {
        return Err(refused("time_zone", &event.time_zone, "an IANA time zone"));
    }
    Ok(())
}

fn refused(field: &'static str, found: &str, expected: &str) -> Error {
    Error::invalid(
        "calendar.put",
        format!("event {field}: found `{found}`, expected {expected}"),
    )
}
