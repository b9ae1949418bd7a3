//! Times of day: "10:30", "at 10", "after 6 pm", "a las siete y media", "в обед".

use jiff::civil::Time;

use super::super::{
    number,
    words::{Word, Words},
};

/// Words that put an hour into the second half of the day.
pub(super) const LATE: &[&str] = &[
    "tonight",
    "evening",
    "afternoon",
    "tarde",
    "noche",
    "вечером",
    "вечера",
];

/// Words that keep an hour in the first half of the day.
const EARLY: &[&str] = &[
    "de la manana",
    "por la manana",
    "morning",
    "утром",
    "утра",
    "с утра",
    "am",
];

/// These stand before an hour in any sentence.
const AT: &[&str] = &["at", "around", "about", "by"];
/// These stand before an hour when a day is named, or when the hour says so itself.
const NEAR: &[&str] = &[
    "after",
    "from",
    "после",
    "около",
    "с",
    "в",
    "к",
    "до",
    "before",
    "till",
];

/// Finds an exact time and takes its words.
pub(super) fn hear(words: &mut Words, dated: bool, late: bool) -> Option<Time> {
    clock(words, dated, late).or_else(|| noon(words, dated))
}

/// "In the evening" and the like: a good first hour of it; beside a date only, since greetings name them too.
pub(super) fn part_of_day(words: &mut Words) -> Option<Time> {
    const PARTS: [(i8, &[&str]); 3] = [
        (10, &["morning", "утром", "с утра", "por la manana"]),
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
    let (hour, range) = PARTS.into_iter().find_map(|(hour, phrases)| {
        let range = phrases.iter().find_map(|phrase| words.find(phrase))?;
        Some((hour, range))
    })?;
    words.take(range);
    Time::new(hour, 0, 0, 0).ok()
}

/// Takes the further times of a message, which count nothing: "at 10 or at 11", "в 10 или в 11".
pub(super) fn take_more(words: &mut Words) {
    for at in 0..words.list().len() {
        let spoken = read(words, at, false).map(|hour| match half(words, hour.end) {
            Some((_, end)) => end,
            None => hour.end,
        });
        let preposed = || {
            let lead = words.before(at, 1).filter(|lead| !lead.used)?;
            let hour = words.at(at).filter(|word| !word.used)?.digits()?;
            let led = ["в", "к"].contains(&lead.folded.as_str());
            (led && hour <= 24 && ends(words, at)).then_some(at + 1)
        };
        if let Some(end) = spoken.or_else(preposed) {
            words.take(start(words, at)..end);
        }
    }
}

fn small(value: u32) -> Option<i8> {
    i8::try_from(value).ok()
}

/// One reading of an hour: the number, its minutes, and where it ends.
struct Hour {
    hour: u32,
    minutes: i8,
    /// Whether minutes were written, so that it can be nothing else.
    exact: bool,
    end: usize,
}

fn clock(words: &mut Words, dated: bool, late: bool) -> Option<Time> {
    let early = words.has(EARLY);
    // "3 horas, a las 21:00": minutes tell the hour of the day, the rest may be how long.
    let places = 0..words.list().len();
    let exact = |at: &usize| read(words, *at, dated).is_some_and(|hour| hour.exact);
    let first = places.clone().find(exact);
    let found = first.into_iter().chain(places).find_map(|at| {
        let hour = read(words, at, dated)?;
        let shift = half(words, hour.end);
        let plain = hour.hour < 12 && !hour.exact;
        let value = match shift {
            Some((true, _)) if hour.hour < 12 => hour.hour + 12,
            Some((false, _)) if hour.hour == 12 => 0,
            Some(_) => hour.hour,
            None if late && !early && hour.hour < 12 => hour.hour + 12,
            // Nobody is served at five in the morning without saying so.
            None if plain && !early && (1..=6).contains(&hour.hour) => hour.hour + 12,
            None => hour.hour,
        };
        let time = Time::new(small(value)?, hour.minutes, 0, 0).ok()?;
        let end = shift.map_or(hour.end, |(_, end)| end);
        Some((time, start(words, at)..end))
    });
    let (time, range) = found?;
    words.take(range);
    Some(time)
}

/// Where the words of a time begin: "after", "a las".
fn start(words: &Words, at: usize) -> usize {
    let lead = |back: usize| {
        words.before(at, back).is_some_and(|word| {
            !word.used
                && (AT.contains(&word.folded.as_str())
                    || NEAR.contains(&word.folded.as_str())
                    || ["las", "la", "a", "de", "despues", "sobre"].contains(&word.folded.as_str()))
        })
    };
    at - (1..=3).take_while(|back| lead(*back)).count()
}

fn read(words: &Words, at: usize, dated: bool) -> Option<Hour> {
    let word = words.at(at).filter(|word| !word.used)?;
    let next = words.at(at + 1).filter(|next| !next.used);
    let led = is_led(words, at, dated);
    let glued = |marks: &[&str]| {
        next.filter(|next| marks.contains(&next.gap.as_str()))
            .and_then(Word::digits)
            .filter(|minutes| *minutes < 60)
    };
    let minutes = glued(&[":"]).or_else(|| {
        let dotted = glued(&[".", "-"]).filter(|_| led || dated);
        dotted.filter(|_| next.is_some_and(|next| next.text.len() == 2))
    });
    if let Some(minutes) = minutes {
        return Some(Hour {
            hour: word.digits()?,
            minutes: small(minutes)?,
            exact: true,
            end: at + 2,
        });
    }
    let end = at + 1 + usize::from(is_hour(words, at + 1));
    if !led && half(words, end).is_none() {
        return None;
    }
    let hour = number::value(word).filter(|hour| *hour <= 24 && !number::is_article(word))?;
    let (minutes, end) = fraction(words, end);
    Some(Hour {
        hour,
        minutes,
        exact: false,
        end,
    })
}

/// Whether the number at a place is an hour by what stands behind it: "7pm", "7:30", "7 часов".
pub(super) fn is_hour_of(words: &Words, at: usize) -> bool {
    let minutes = words
        .at(at + 1)
        .is_some_and(|next| next.gap == ":" && next.digits().is_some());
    minutes || is_hour(words, at + 1) || half(words, at + 1).is_some()
}

/// "Y media", "y cuarto", "30" behind "h".
fn fraction(words: &Words, end: usize) -> (i8, usize) {
    for (phrase, minutes) in [("y media", 30), ("y cuarto", 15), ("с половиной", 30)] {
        if words
            .find_from(phrase, end)
            .is_some_and(|range| range.start == end)
        {
            return (minutes, end + 2);
        }
    }
    (0, end)
}

fn is_hour(words: &Words, at: usize) -> bool {
    words.at(at).is_some_and(|word| {
        [
            "часов",
            "часа",
            "час",
            "часам",
            "h",
            "hs",
            "hrs",
            "horas",
            "o'clock",
            "oclock",
        ]
        .contains(&word.folded.as_str())
    })
}

/// Whether the words before or behind say that this is an hour.
fn is_led(words: &Words, at: usize, dated: bool) -> bool {
    let previous = |back| {
        words
            .before(at, back)
            .map(|word: &Word| word.folded.as_str())
    };
    let hours = is_hour(words, at + 1);
    // "Is there one for 2 at 10 Main Street" and "in 10 hours" are other numbers.
    match (previous(1), previous(2)) {
        (Some("las" | "la"), Some("a" | "de" | "sobre" | "desde" | "hacia" | "para")) => true,
        (Some(lead), _) if AT.contains(&lead) && (lead == "at" || dated || hours) => true,
        (Some(lead), _) if NEAR.contains(&lead) => dated || hours,
        // "На субботу на 11"; few go with company of eight or more.
        (Some("на"), _) => {
            let large = words
                .at(at)
                .and_then(number::value)
                .is_some_and(|hour| hour >= 8);
            dated && large && (hours || ends(words, at))
        }
        _other => dated && (hours || follows_day(words, at)),
    }
}

/// "Tomorrow 10": an hour of the day at the end of its part, right behind the day.
fn follows_day(words: &Words, at: usize) -> bool {
    let day = words
        .before(at, 1)
        .zip(words.at(at))
        .is_some_and(|(day, word)| {
            day.used && day.segment == word.segment && day.digits().is_none()
        });
    let hour = words.at(at).and_then(Word::digits);
    day && hour.is_some_and(|hour| (8..=20).contains(&hour)) && ends(words, at)
}

/// Whether a word is the last of its part.
fn ends(words: &Words, at: usize) -> bool {
    let word = words.at(at);
    words
        .at(at + 1)
        .is_none_or(|next| word.is_some_and(|word| word.segment != next.segment))
}

/// am/pm, "утра", "de la tarde": afternoon or not, and where it ends.
fn half(words: &Words, at: usize) -> Option<(bool, usize)> {
    const LONG: [(&str, bool); 9] = [
        ("de la tarde", true),
        ("de la noche", true),
        ("de la manana", false),
        ("in the morning", false),
        ("in the afternoon", true),
        ("in the evening", true),
        ("p m", true),
        ("a m", false),
        ("at night", true),
    ];
    let long = LONG.iter().find_map(|(phrase, late)| {
        let range = words.find_from(phrase, at)?;
        (range.start == at).then_some((*late, range.end))
    });
    let word = words.at(at)?;
    let short = match word.folded.as_str() {
        "pm" | "вечера" | "дня" => Some((true, at + 1)),
        "am" | "утра" => Some((false, at + 1)),
        _other => None,
    };
    long.or(short)
}

/// "At noon", "at lunchtime"; beside a day only.
fn noon(words: &mut Words, dated: bool) -> Option<Time> {
    const TIMES: [(i8, &[&str]); 2] = [
        (12, &["noon", "midday", "mediodia", "полдень", "полудню"]),
        (
            13,
            &[
                "lunchtime",
                "lunch time",
                "at lunch",
                "в обед",
                "к обеду",
                "hora de comer",
            ],
        ),
    ];
    let after = words.has(&["после обеда"]);
    let (hour, range) = TIMES.iter().find_map(|(hour, forms)| {
        let range = forms.iter().find_map(|form| words.find(form))?;
        (dated && !after).then_some((*hour, range))
    })?;
    words.take(range);
    Time::new(hour, 0, 0, 0).ok()
}
