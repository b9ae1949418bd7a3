//! Names of weekdays, alone and beside a number (B2).

use std::ops::Range;

use jiff::{
    Span,
    civil::{Date, Weekday},
};

use super::{
    super::{
        super::words::Words,
        calendar::{COMING, NEXT, NEXT_WEEK, ON, SHORT, WEEKDAYS},
        clock,
    },
    day_of_month, is, small, spot, tells_time,
};

/// The weekday, the day it means, and its words, which are not taken yet.
pub(super) fn weekday(words: &mut Words, today: Date) -> Option<(Weekday, Date, Range<usize>)> {
    let full = WEEKDAYS
        .iter()
        .find_map(|(day, forms)| spot(words, forms).map(|range| (*day, range)));
    let short = || {
        SHORT.iter().find_map(|(day, form)| {
            let range = words.find(form)?;
            is_day(words, &range).then_some((*day, range))
        })
    };
    let (day, range) = full.or_else(short)?;
    let behind = is(words, Some(range.end), &["que"]) && is(words, Some(range.end + 1), &["viene"]);
    let before = range.start.checked_sub(1);
    let coming = behind || is(words, before, COMING);
    let first = today.nth_weekday(1, day).ok()?;
    let in_week = words.has(NEXT_WEEK);
    let tomorrow = today.tomorrow().ok();
    let date = match () {
        () if in_week || is(words, before, NEXT) => in_next_week(today, day)?,
        // Nobody says "next Saturday" for tomorrow.
        () if coming && Some(first) == tomorrow => in_next_week(today, day)?,
        () => first,
    };
    let start = range.start - usize::from(is(words, before, NEXT) || is(words, before, COMING));
    let end = range.end + if behind { 2 } else { 0 };
    Some((day, date, start..end))
}

/// Whether a short name stands where a day does: "on sat", "mon 4pm", "sun morning", "sat" alone.
fn is_day(words: &Words, range: &Range<usize>) -> bool {
    const BEHIND: &[&str] = &[
        "at",
        "the",
        "morning",
        "afternoon",
        "evening",
        "night",
        "after",
        "before",
        "around",
        "noon",
        "or",
    ];
    let here = words.at(range.start).map(|word| word.segment);
    let same = |at: usize| words.at(at).is_some_and(|word| Some(word.segment) == here);
    let opens = range.start.checked_sub(1).is_none_or(|at| !same(at));
    let timed = words
        .at(range.end)
        .is_some_and(|next| next.digits().is_some());
    is(words, range.start.checked_sub(1), ON)
        || (same(range.end) && (timed || is(words, Some(range.end), BEHIND)))
        || (opens && !same(range.end))
}

/// That day of the week that begins next Monday.
fn in_next_week(today: Date, day: Weekday) -> Option<Date> {
    let monday = today.nth_weekday(1, Weekday::Monday).ok()?;
    let days = i64::from(day.to_monday_zero_offset());
    monday.checked_add(Span::new().days(days)).ok()
}

/// "Wednesday 25", "the 24th, tuesday": a number that the weekday proves to be a day.
pub(super) fn beside_weekday(
    words: &mut Words,
    today: Date,
    named: Option<&(Weekday, Date, Range<usize>)>,
) -> Option<Date> {
    let (weekday, _, range) = named?;
    let places = [
        Some(range.end),
        Some(range.end + 1),
        range.start.checked_sub(1),
    ];
    let found = places.into_iter().flatten().find_map(|at| {
        let word = words.at(at).filter(|word| !word.used)?;
        let apart = at == range.end + 1 && !is(words, Some(range.end), &["the", "el", "dia"]);
        if apart || tells_time(words, at) || clock::is_hour_of(words, at) {
            return None;
        }
        let number = word.digits()?;
        let date = day_of_month(today, small(Some(number))?)?;
        // "Thursday 25" is a day even when it is no Thursday; "Thursday 10" may be an hour.
        (date.weekday() == *weekday || (number > 12 && at == range.end)).then_some((date, at))
    });
    let (date, at) = found?;
    words.take(at..at + 1);
    Some(date)
}

/// The day with this weekday that is nearest to a date and not past.
pub(super) fn closest(day: Date, weekday: Weekday, today: Date) -> Option<Date> {
    let before = day.nth_weekday(-1, weekday).ok();
    let after = day.nth_weekday(1, weekday).ok();
    let distance = |other: &Date| (*other - day).get_days().abs();
    before
        .into_iter()
        .chain(after)
        .filter(|other| *other >= today)
        .min_by_key(distance)
}
