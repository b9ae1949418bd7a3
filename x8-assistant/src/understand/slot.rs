//! Wished dates and times: ISO, day.month, weekdays, "tomorrow at 10" (B2).

use jiff::{
    Span,
    civil::{Date, DateTime, Time, Weekday},
};

use super::{number, words::Words};

const MONTHS: [(i8, &[&str]); 12] = [
    (1, &["january", "jan", "январ*", "enero"]),
    (2, &["february", "feb", "феврал*", "febrero"]),
    (3, &["march", "март*", "marzo"]),
    (4, &["april", "апрел*", "abril"]),
    (5, &["may", "мая", "май", "mayo"]),
    (6, &["june", "июн*", "junio"]),
    (7, &["july", "июл*", "julio"]),
    (8, &["august", "август*", "agosto"]),
    (9, &["september", "sept", "сентябр*", "septiembre"]),
    (10, &["october", "oct", "октябр*", "octubre"]),
    (11, &["november", "nov", "ноябр*", "noviembre"]),
    (12, &["december", "dec", "декабр*", "diciembre"]),
];

const WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Monday, &["monday", "понедельник*", "lunes"]),
    (Weekday::Tuesday, &["tuesday", "вторник*", "martes"]),
    (
        Weekday::Wednesday,
        &["wednesday", "среду", "среда", "miercoles"],
    ),
    (Weekday::Thursday, &["thursday", "четверг*", "jueves"]),
    (Weekday::Friday, &["friday", "пятниц*", "viernes"]),
    (Weekday::Saturday, &["saturday", "суббот*", "sabado"]),
    (Weekday::Sunday, &["sunday", "воскресень*", "domingo"]),
];

/// Words that put an hour into the second half of the day.
const LATE: &[&str] = &[
    "tonight",
    "evening",
    "afternoon",
    "tarde",
    "noche",
    "вечером",
    "вечера",
];

/// Finds a wished start, local time, and takes its words. A date without a time means from 09:00.
pub(super) fn hear(words: &mut Words, now: DateTime, known: Option<DateTime>) -> Option<DateTime> {
    let late = words.has(LATE);
    let date = iso(words)
        .or_else(|| day_month(words, now.date()))
        .or_else(|| relative(words, now.date()))
        .or_else(|| weekday(words, now.date()));
    let exact = clock(words, date.is_some(), late).or_else(|| noon(words, date.is_some()));
    let spoken = exact.is_some();
    let time = exact.or_else(|| part_of_day(words));
    match (date, time) {
        (Some(date), time) => Some(date.to_datetime(time.unwrap_or(jiff::civil::time(9, 0, 0, 0)))),
        // "At nine" without a day: the day named before, else the next nine o'clock.
        (None, Some(time)) if spoken => Some(match known {
            Some(wish) => wish.date().to_datetime(time),
            None if time > now.time() => now.date().to_datetime(time),
            None => now.date().tomorrow().ok()?.to_datetime(time),
        }),
        (None, Some(_)) => None,
        (None, None) => None,
    }
}

fn small(value: Option<u32>) -> Option<i8> {
    value.and_then(|number| i8::try_from(number).ok())
}

/// `2026-11-21`, `21.11.2026`, `21/11/2026`, `21.11`.
fn iso(words: &mut Words) -> Option<Date> {
    let list = words.list();
    let found = (0..list.len()).find_map(|start| {
        let (one, two) = (list.get(start)?, list.get(start + 1)?);
        let mark = ["-", ".", "/"].into_iter().find(|mark| two.gap == *mark)?;
        let (a, b) = (one.digits()?, small(two.digits())?);
        let third = list.get(start + 2).filter(|word| word.gap == mark);
        let third = third.and_then(super::words::Word::digits);
        let date = match (third, one.text.len()) {
            (Some(day), 4) => Date::new(i16::try_from(a).ok()?, b, small(Some(day))?).ok()?,
            (Some(year), _) if year >= 2000 => {
                Date::new(i16::try_from(year).ok()?, b, small(Some(a))?).ok()?
            }
            _other => return None,
        };
        Some((date, start..start + 3))
    });
    let (date, range) = found?;
    words.take(range);
    Some(date)
}

/// "21 November", "21 ноября", "21 de noviembre", "November 21".
fn day_month(words: &mut Words, today: Date) -> Option<Date> {
    let list = words.list();
    let month_at = |index: usize| {
        let word = list.get(index)?;
        MONTHS
            .iter()
            .find(|(_, forms)| {
                forms
                    .iter()
                    .any(|form| super::words::matches(&word.folded, form))
            })
            .map(|(month, _)| *month)
    };
    let day_at = |index: usize| small(list.get(index)?.digits());
    let found = (0..list.len()).find_map(|at| {
        let month = month_at(at)?;
        let back = |steps: usize| at.checked_sub(steps);
        let suffix = list.get(at.checked_sub(1)?).is_some_and(|word| {
            ["de", "th", "st", "nd", "rd", "of"].contains(&word.folded.as_str())
        });
        let before = back(1).and_then(|place| day_at(place).map(|day| (day, place)));
        let before = before.or_else(|| {
            suffix.then(|| back(2).and_then(|place| day_at(place).map(|day| (day, place))))?
        });
        let (day, start, end) = match before {
            Some((day, place)) => (day, place, at + 1),
            None => (day_at(at + 1)?, at, at + 2),
        };
        Some((next_date(today, month, day)?, start..end))
    });
    let (date, range) = found?;
    words.take(range);
    Some(date)
}

fn next_date(today: Date, month: i8, day: i8) -> Option<Date> {
    let this = Date::new(today.year(), month, day).ok()?;
    if this >= today {
        return Some(this);
    }
    Date::new(today.year() + 1, month, day).ok()
}

fn relative(words: &mut Words, today: Date) -> Option<Date> {
    const PHRASES: [(i64, &[&str]); 3] = [
        (2, &["day after tomorrow", "послезавтра", "pasado manana"]),
        (1, &["tomorrow", "завтра", "manana"]),
        (
            0,
            &[
                "today",
                "tonight",
                "this evening",
                "сегодня",
                "hoy",
                "esta noche",
                "esta tarde",
            ],
        ),
    ];
    for (days, phrases) in PHRASES {
        for phrase in phrases {
            let Some(range) = words.find(phrase) else {
                continue;
            };
            // "por la mañana" is a time of day, not tomorrow.
            let article = words
                .before(range.start, 1)
                .is_some_and(|word| word.folded == "la");
            if article && *phrase == "manana" {
                continue;
            }
            words.take(range);
            return today.checked_add(Span::new().days(days)).ok();
        }
    }
    None
}

fn weekday(words: &mut Words, today: Date) -> Option<Date> {
    let found = WEEKDAYS.iter().find_map(|(day, forms)| {
        forms
            .iter()
            .find_map(|form| words.find(form))
            .map(|range| (*day, range))
    });
    let (day, range) = found?;
    words.take(range);
    today.nth_weekday(1, day).ok()
}

/// "In the evening" and the like: a good first hour of it; beside a date only, since greetings name them too.
fn part_of_day(words: &Words) -> Option<Time> {
    const PARTS: [(i8, &[&str]); 3] = [
        (10, &["morning", "утром", "por la manana"]),
        (
            15,
            &[
                "afternoon",
                "днем",
                "после обеда",
                "por la tarde",
                "esta tarde",
            ],
        ),
        (
            18,
            &[
                "evening",
                "tonight",
                "вечером",
                "по вечер*",
                "por la noche",
                "esta noche",
            ],
        ),
    ];
    let (hour, _) = PARTS.into_iter().find(|(_, phrases)| words.has(phrases))?;
    Time::new(hour, 0, 0, 0).ok()
}

/// "10:30", "at 10", "10am", "в 10", "a las 10", "10 часов".
fn clock(words: &mut Words, dated: bool, late: bool) -> Option<Time> {
    let list = words.list();
    let found = (0..list.len()).find_map(|at| {
        let word = list.get(at).filter(|word| !word.used)?;
        let next = list.get(at + 1);
        let minutes = next
            .filter(|next| next.gap == ":")
            .and_then(|next| small(next.digits()));
        let hour = match minutes {
            Some(_) => word.digits()?,
            None if led_in(words, at, dated) || half(next).is_some() => number::value(word)?,
            None => return None,
        };
        let after = at + 1 + usize::from(minutes.is_some());
        let shift = half(list.get(after));
        let early = shift == Some(false) || words.has(&["de la manana"]);
        let hour = match shift {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            // "At nine in the evening", "a las cinco de la tarde".
            None if late && !early && hour < 12 && minutes.is_none_or(|minutes| minutes < 60) => {
                hour + 12
            }
            _plain => hour,
        };
        let time = Time::new(small(Some(hour))?, minutes.unwrap_or(0), 0, 0).ok()?;
        Some((time, at..after + usize::from(shift.is_some())))
    });
    let (time, range) = found?;
    words.take(range);
    Some(time)
}

/// "At noon"; beside a day only.
fn noon(words: &mut Words, dated: bool) -> Option<Time> {
    let range = ["noon", "midday", "mediodia", "полдень", "в обед"]
        .iter()
        .find_map(|word| words.find(word))
        .filter(|_| dated)?;
    words.take(range);
    Time::new(12, 0, 0, 0).ok()
}

/// Whether the word before says that an hour follows.
fn led_in(words: &Words, at: usize, dated: bool) -> bool {
    let previous = |back| {
        words
            .before(at, back)
            .map(|word: &super::words::Word| word.folded.as_str())
    };
    let hours = words.at(at + 1).is_some_and(|word| {
        ["часов", "часа", "час", "h", "horas", "o'clock"].contains(&word.folded.as_str())
    });
    match (previous(1), previous(2)) {
        (Some("las" | "la"), Some("a")) => true,
        (Some("at"), _) => true,
        (Some("в" | "к"), _) => dated || hours,
        _other => hours && dated,
    }
}

/// am/pm, "утра", "вечера", "de la tarde" shortened to its first word: afternoon or not.
fn half(word: Option<&super::words::Word>) -> Option<bool> {
    match word?.folded.as_str() {
        "pm" | "вечера" | "дня" => Some(true),
        "am" | "утра" => Some(false),
        _other => None,
    }
}
