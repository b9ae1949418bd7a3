//! Days: numbers of a calendar, names of days, days from now.

use std::ops::Range;

use jiff::{Span, civil::Date};

use super::{
    super::{
        number,
        words::{Word, Words, matches},
    },
    calendar::{MONTHS, NEAR, RANKS},
};

mod denied;
mod weekday;

use denied::is_denied;
use weekday::{beside_weekday, closest, weekday};

/// A day, and the one its weekday means when they differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) day: Date,
    pub(super) doubt: Option<Date>,
}

/// Finds the day and takes its words; days that are denied ("not tomorrow") are taken and not meant.
pub(super) fn hear(words: &mut Words, today: Date, choosing: bool) -> Option<Found> {
    let named = weekday(words, today);
    let dated = numeric(words, today)
        .or_else(|| of_month(words, today))
        .or_else(|| near(words, today))
        .or_else(|| ahead(words, today))
        .or_else(|| beside_weekday(words, today, named.as_ref()))
        .or_else(|| bare_day(words, today, choosing));
    if let Some((_, _, range)) = &named {
        words.take(range.clone());
    }
    match (dated, named) {
        (Some(day), Some((weekday, _, _))) if day.weekday() != weekday => Some(Found {
            day,
            doubt: closest(day, weekday, today),
        }),
        (Some(day), _) => Some(Found { day, doubt: None }),
        (None, Some((_, day, _))) => Some(Found { day, doubt: None }),
        (None, None) => None,
    }
}

fn small(value: Option<u32>) -> Option<i8> {
    value.and_then(|number| i8::try_from(number).ok())
}

fn is(words: &Words, at: Option<usize>, forms: &[&str]) -> bool {
    at.and_then(|at| words.at(at))
        .is_some_and(|word| forms.iter().any(|form| matches(&word.folded, form)))
}

/// Where any of the forms stands undenied; denied ones are taken.
fn spot(words: &mut Words, forms: &[&str]) -> Option<Range<usize>> {
    for form in forms {
        let mut from = 0;
        while let Some(range) = words.find_from(form, from) {
            from = range.end;
            if words.at(range.start).is_some_and(|word| word.used) {
                continue;
            }
            if is_denied(words, range.start) {
                words.take(range);
            } else {
                return Some(range);
            }
        }
    }
    None
}

/// `2026-11-21`, `21.11.2026`, `21/11/26`, `21.11`.
fn numeric(words: &mut Words, today: Date) -> Option<Date> {
    let list = words.list();
    let found = (0..list.len()).find_map(|start| {
        let (one, two) = (list.get(start)?, list.get(start + 1)?);
        let mark = ["-", ".", "/"].into_iter().find(|mark| two.gap == *mark)?;
        let (a, b) = (one.digits()?, small(two.digits())?);
        let third = list.get(start + 2).filter(|word| word.gap == mark);
        let third = third.and_then(Word::digits);
        if one.used || two.used {
            return None;
        }
        let date = match (third, one.text.len()) {
            (Some(day), 4) => Date::new(i16::try_from(a).ok()?, b, small(Some(day))?).ok()?,
            (Some(year), _) if year >= 2000 => {
                Date::new(i16::try_from(year).ok()?, b, small(Some(a))?).ok()?
            }
            (Some(year), _) if (24..100).contains(&year) => {
                Date::new(2000 + i16::try_from(year).ok()?, b, small(Some(a))?).ok()?
            }
            (None, 1 | 2) if mark != "-" && two.text.len() == 2 && !tells_time(words, start) => {
                return Some((next_date(today, b, small(Some(a))?)?, start..start + 2));
            }
            _other => return None,
        };
        Some((date, start..start + 3))
    });
    let (date, range) = found?;
    words.take(range);
    Some(date)
}

/// "At 10.10" is a time.
fn tells_time(words: &Words, start: usize) -> bool {
    is(
        words,
        start.checked_sub(1),
        &["at", "в", "к", "las", "после", "after"],
    )
}

/// "21 November", "двадцать пятого ноября", "cinco de mayo", "November 21st".
fn of_month(words: &mut Words, today: Date) -> Option<Date> {
    let month_at = |at: usize| {
        let word = words.at(at).filter(|word| !word.used)?;
        MONTHS
            .iter()
            .find(|(_, forms)| forms.iter().any(|form| matches(&word.folded, form)))
            .map(|(month, _)| *month)
    };
    let found = (0..words.list().len()).find_map(|at| {
        let month = month_at(at)?;
        let links = (1..=2).take_while(|back| {
            is(
                words,
                at.checked_sub(*back),
                &["de", "th", "st", "nd", "rd", "of", "го", "ого", "е"],
            )
        });
        let end = at.checked_sub(links.count());
        let before = end.and_then(|end| day_before(words, end));
        match before {
            Some((day, start)) => Some((next_date(today, month, day)?, start..at + 1)),
            None => {
                let day = small(words.at(at + 1)?.digits())?;
                let rank = is(words, Some(at + 2), &["th", "st", "nd", "rd"]);
                Some((
                    next_date(today, month, day)?,
                    at..at + 2 + usize::from(rank),
                ))
            }
        }
    });
    let (date, range) = found?;
    words.take(range);
    Some(date)
}

/// The day of a month that ends right before `end`, with where it starts.
fn day_before(words: &Words, end: usize) -> Option<(i8, usize)> {
    let ranked = RANKS.iter().rev().find_map(|(day, forms)| {
        forms.iter().find_map(|form| {
            let start = end.checked_sub(form.split(' ').count())?;
            (words.find_from(form, start)? == (start..end)).then_some((*day, start))
        })
    });
    let start = end.checked_sub(1)?;
    ranked.or_else(|| {
        let word = words.at(start)?;
        small(number::value(word)).map(|day| (day, start))
    })
}

fn next_date(today: Date, month: i8, day: i8) -> Option<Date> {
    let this = Date::new(today.year(), month, day).ok()?;
    if this >= today {
        return Some(this);
    }
    Date::new(today.year() + 1, month, day).ok()
}

/// "Tomorrow", "послезавтра", "hoy".
fn near(words: &mut Words, today: Date) -> Option<Date> {
    for (days, phrases) in NEAR {
        let Some(range) = spot(words, phrases) else {
            continue;
        };
        // "Por la mañana" is a time of day, not tomorrow.
        if is(words, range.start.checked_sub(1), &["la"]) {
            continue;
        }
        words.take(range);
        return today.checked_add(Span::new().days(days)).ok();
    }
    None
}

/// "In three days", "через неделю", "dentro de dos semanas".
fn ahead(words: &mut Words, today: Date) -> Option<Date> {
    const DAYS: &[&str] = &["day", "days", "дня", "дней", "день", "dia", "dias"];
    const WEEKS: &[&str] = &["week", "weeks", "недел*", "semana", "semanas"];
    let found = (0..words.list().len()).find_map(|at| {
        let led = is(words, Some(at), &["in", "через", "dentro", "en"]);
        let from = at + 1 + usize::from(is(words, Some(at + 1), &["de"]));
        let count = words.at(from).and_then(number::value);
        let unit = from + usize::from(count.is_some());
        let days = match () {
            () if is(words, Some(unit), DAYS) => i64::from(count?),
            () if is(words, Some(unit), WEEKS) => i64::from(count.unwrap_or(1)) * 7,
            () => return None,
        };
        (led && days <= 366).then_some((days, at..unit + 1))
    });
    let (days, range) = found?;
    words.take(range);
    today.checked_add(Span::new().days(days)).ok()
}

/// "The 25th", "25 числа", "el día 25", "para el 25".
fn bare_day(words: &mut Words, today: Date, choosing: bool) -> Option<Date> {
    let found = (0..words.list().len()).find_map(|at| {
        let word = words.at(at).filter(|word| !word.used)?;
        let before = at.checked_sub(1);
        let far = at.checked_sub(2);
        let rank = is(words, Some(at + 1), &["th", "st", "nd", "rd", "го", "е"])
            && words
                .at(at + 1)
                .is_some_and(|next| matches!(next.gap.as_str(), "" | "-"));
        let days = is(words, Some(at + 1), &["числа", "число"]);
        let spanish = (is(words, before, &["dia"]) && is(words, far, &["el"]))
            || (is(words, before, &["el"]) && is(words, far, &["para"]) && !choosing);
        let ranked = rank
            && !choosing
            && !is(
                words,
                Some(at + 2),
                &["one", "floor", "option", "этаж*", "вариант*"],
            );
        let day = small(word.digits()).filter(|_| days || spanish || ranked)?;
        let end = at + 1 + usize::from(rank || days);
        Some((day_of_month(today, day)?, at..end))
    });
    let (date, range) = found?;
    words.take(range);
    Some(date)
}

/// The next day with this number.
fn day_of_month(today: Date, day: i8) -> Option<Date> {
    let months = (0..3).filter_map(|months| {
        let first = today
            .first_of_month()
            .checked_add(Span::new().months(months));
        let first = first.ok()?;
        Date::new(first.year(), first.month(), day).ok()
    });
    months.into_iter().find(|date| *date >= today)
}
