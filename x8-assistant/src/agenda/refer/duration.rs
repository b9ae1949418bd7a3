//! "For two hours", "an hour is enough": rows that differ in how long they take (O1).

use x8_core::{Sku, catalog::Offering, conversation::Flow, port::TurnInput, text::fold};

use crate::understand::{Count, Heard, Wish};

/// Of rows of one name, or of those our last reply showed, the one that takes as long as was said.
pub(in crate::agenda) fn by_duration(heard: &mut Heard, input: &TurnInput) {
    if heard.phone.is_some() || heard.wishes.len() > 1 {
        return;
    }
    let Some(minutes) = minutes(&input.customer_text()) else {
        return;
    };
    let rows = match heard.wishes.as_slice() {
        [wish] => wish
            .skus
            .iter()
            .filter_map(|sku| input.catalog.get(sku))
            .collect(),
        _none => spoken_of(input),
    };
    let lasts = |row: &&&Offering| length(row) == Some(minutes);
    let mut fits = rows.iter().filter(lasts);
    let (Some(row), None, true) = (fits.next(), fits.next(), rows.len() > 1) else {
        return;
    };
    let skus: Vec<Sku> = vec![row.sku.clone()];
    match heard.wishes.as_mut_slice() {
        [wish] => wish.skus = skus,
        _none => {
            heard.wishes = vec![Wish::new(skus, Count::Open)];
            // The number told how long.
            if heard
                .count
                .is_some_and(|count| count == minutes || count * 60 == minutes)
            {
                heard.count = None;
                heard.bare_count = false;
            }
        }
    }
}

/// The rows called like the one looked at, else those our last reply named.
fn spoken_of(input: &TurnInput) -> Vec<&Offering> {
    let rows = || input.catalog.offerings().iter();
    let focus = input.session.focus.as_ref();
    if let Some(focus) = focus.and_then(|sku| input.catalog.get(sku)) {
        let name = plain(&focus.name);
        return rows().filter(|row| plain(&row.name) == name).collect();
    }
    let last = input.history.iter().rev();
    let last = last
        .filter(|message| message.flow == Flow::Outbound)
        .map(|message| &message.text);
    let last = last.take(1).next();
    rows()
        .filter(|row| last.is_some_and(|text| text.contains(row.name.as_str())))
        .collect()
}

/// A name without its numbers.
fn plain(name: &str) -> String {
    fold(name)
        .chars()
        .filter(|letter| !letter.is_ascii_digit())
        .collect()
}

/// How long a row takes: by its name, else by its duration.
fn length(row: &Offering) -> Option<u32> {
    minutes(&row.name).or_else(|| row.duration.as_deref().and_then(minutes))
}

/// "60 minutes", "2 часа", "an hour", "полчаса", "hora y media" in minutes; an hour of the day is none.
fn minutes(text: &str) -> Option<u32> {
    const HOUR: &[&str] = &[
        "hour",
        "hours",
        "hr",
        "hrs",
        "час",
        "часа",
        "часов",
        "hora",
        "horas",
    ];
    const MINUTE: &[&str] = &["min", "мин", "minut"];
    const AT: &[&str] = &["at", "в", "к", "las", "на", "после", "до", "с"];
    let text = fold(text);
    let words: Vec<&str> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let fixed = |phrase: &str| text.contains(phrase);
    if fixed("полчаса") || fixed("half an hour") || fixed("media hora") {
        return Some(30);
    }
    if fixed("полтора часа") || fixed("hour and a half") || fixed("hora y media") {
        return Some(90);
    }
    words.iter().enumerate().find_map(|(at, word)| {
        let back = |far: usize| at.checked_sub(far).and_then(|at| words.get(at)).copied();
        let hours = HOUR.contains(word);
        let unit = hours
            || MINUTE
                .iter()
                .any(|unit| word.starts_with(unit) || *word == "мин");
        let number = back(1).and_then(spelled).filter(|_| unit)?;
        let clock = hours && back(2).is_some_and(|lead| AT.contains(&lead));
        (!clock).then(|| {
            if hours {
                number.saturating_mul(60)
            } else {
                number
            }
        })
    })
}

/// The number before a unit; "an hour" and "за час" are one.
fn spelled(word: &str) -> Option<u32> {
    match word {
        "an" | "one" | "una" | "за" | "один" | "а" => Some(1),
        "two" | "dos" | "два" => Some(2),
        "three" | "tres" | "три" => Some(3),
        digits => digits.parse().ok(),
    }
}
