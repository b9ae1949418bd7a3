//! Wished dates and times: "tomorrow at 10", "в пятницу после 18", "el 5 de mayo" (B2).

use jiff::civil::{Date, DateTime, Time};

use super::words::Words;

mod calendar;
mod clock;
mod date;

/// The most words of a message that only changes the hour.
const SHORT: usize = 5;

/// What was said about the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wished {
    /// The start, local time.
    pub(super) start: Option<DateTime>,
    /// The day that the named weekday means, when it is not the day that the named date means.
    pub(super) doubt: Option<Date>,
}

/// What the earlier conversation settles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// The start wished for before.
    pub(super) start: Option<DateTime>,
    /// The last reply asked for a choice, so that "the second" is no day.
    pub(super) choosing: bool,
}

/// Finds a wished start and takes its words. A date without a time keeps the time known, else it means from 09:00.
pub(super) fn hear(words: &mut Words, now: DateTime, known: Known) -> Wished {
    let late = words.has(clock::LATE);
    let found = date::hear(words, now.date(), known.choosing);
    // "Can it be at 15?" about a time told before is an hour.
    let moved = known.start.is_some() && words.list().len() <= SHORT;
    let exact = clock::hear(words, found.is_some() || moved, late);
    let Some(found) = found else {
        return Wished {
            start: exact.and_then(|time| without_day(time, now, known.start)),
            doubt: None,
        };
    };
    let time = exact.or_else(|| clock::part_of_day(words));
    let time = time.or_else(|| known.start.map(|start| start.time()));
    let time = time.unwrap_or(jiff::civil::time(9, 0, 0, 0));
    Wished {
        start: Some(found.day.to_datetime(time)),
        doubt: found.doubt,
    }
}

/// "At nine" without a day: the day named before, else the next nine o'clock.
fn without_day(time: Time, now: DateTime, known: Option<DateTime>) -> Option<DateTime> {
    Some(match known {
        Some(wish) => wish.date().to_datetime(time),
        None if time > now.time() => now.date().to_datetime(time),
        None => now.date().tomorrow().ok()?.to_datetime(time),
    })
}
