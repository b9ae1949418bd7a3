//! "The small one", "la grande", "побольше": rows that differ in size only (O1).

use x8_core::Sku;

use super::{
    lexicon::{Entry, Lexicon},
    terms::{alike, concept},
    words::{Words, matches},
};

/// Which end of the sizes is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// The smallest.
    Small,
    /// The largest.
    Large,
}

const SMALL: &[&str] = &[
    "small",
    "smaller",
    "smallest",
    "little",
    "маленьк*",
    "небольш*",
    "поменьше",
    "меньш*",
    "малый",
    "малую",
    "мини",
    "pequen*",
    "chica",
    "chico",
    "mini",
];
const LARGE: &[&str] = &[
    "large",
    "larger",
    "largest",
    "big",
    "bigger",
    "biggest",
    "больш*",
    "побольше",
    "grande",
    "grandes",
    "maxi",
];

/// The size a message speaks of, unless it speaks of both.
pub(super) fn hear(words: &Words) -> Option<Size> {
    let says = |forms: &[&str]| {
        words.list().iter().any(|word| {
            let known = |form: &&str| matches(&word.folded, form);
            forms.iter().any(known)
        })
    };
    match (says(SMALL), says(LARGE)) {
        (true, false) => Some(Size::Small),
        (false, true) => Some(Size::Large),
        _neither => None,
    }
}

/// The row of that size among rows that are one thing in several sizes and are not called by their size.
#[must_use]
pub(crate) fn of_size(lexicon: &Lexicon, skus: &[Sku], size: Size) -> Option<Sku> {
    let rows: Vec<&Entry> = skus.iter().filter_map(|sku| lexicon.row(sku)).collect();
    let called = |entry: &&Entry| {
        let sizes = ["small", "large", "medium"];
        let mut name = entry.name.iter().filter_map(|word| concept(word));
        name.any(|own| sizes.contains(&own))
    };
    let one_thing = rows.iter().zip(rows.iter().skip(1)).all(|(one, two)| {
        let shared =
            |word: &String| word.chars().count() > 3 && two.name.iter().any(|own| alike(word, own));
        one.name.iter().any(shared)
    });
    if rows.len() < 2 || !one_thing || rows.iter().any(called) {
        return None;
    }
    let mut sized: Vec<(u64, &Entry)> = rows
        .iter()
        .map(|entry| Some((amount(entry)?, *entry)))
        .collect::<Option<_>>()?;
    sized.sort_by_key(|(amount, _)| *amount);
    let mut amounts = sized.iter().zip(sized.iter().skip(1));
    if amounts.any(|((one, _), (two, _))| one == two) {
        return None;
    }
    let row = match size {
        Size::Small => sized.first(),
        Size::Large => sized.last(),
    };
    row.map(|(_, entry)| entry.sku.clone())
}

/// How much a row holds: pieces, else thousandths of the measure in its name.
fn amount(entry: &Entry) -> Option<u64> {
    if let Some(pack) = &entry.pack {
        return Some(u64::from(pack.pieces));
    }
    let by_measure = entry.name.iter().find_map(|word| measured(word));
    let mut numbers = entry.name.iter().filter_map(|word| word.parse().ok());
    match (by_measure, numbers.next(), numbers.next()) {
        (Some((amount, _)), ..) => Some(amount),
        (None, Some(number), None) => Some(number),
        _unclear => None,
    }
}

/// "1.5kg": how much in the smallest part, and what is measured.
pub(super) fn measured(word: &str) -> Option<(u64, Measure)> {
    let unit = word.find(char::is_alphabetic)?;
    let (figure, unit) = word.split_at_checked(unit)?;
    let (whole, tail) = figure.split_once('.').unwrap_or((figure, ""));
    let whole: u64 = whole.parse().ok()?;
    let tail: u64 = format!("{tail:0<3}").get(..3)?.parse().ok()?;
    let thousandths = whole.checked_mul(1_000)?.checked_add(tail)?;
    let (times, measure) = match unit {
        "kg" => (1_000, Measure::Weight),
        "g" => (1, Measure::Weight),
        "l" => (1_000, Measure::Volume),
        "cl" => (10, Measure::Volume),
        "ml" => (1, Measure::Volume),
        "cm" | "inch" => (1, Measure::Length),
        "m" => (100, Measure::Length),
        _other => return None,
    };
    Some((thousandths.checked_mul(times)?, measure))
}

/// What a measure measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Weight,
    Volume,
    Length,
}
