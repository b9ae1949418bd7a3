//! Numbers that nobody gave: a phone, an order or an account in the words must be the customer's own, or stand in a row.
//!
//! Within turns only, where all that was said is known, and therefore stricter than [the rule for every reply](super::super::g15_leaks):
//! a part of a phone is another number, and so are seven digits in one piece.

use x8_core::catalog::Offering;

use super::{super::work::Work, sender};

/// Digits that no price, count or date reaches in one piece.
const PIECE: usize = 7;
/// Digits of a number that is written in pieces.
const PIECES: usize = 9;

/// A list of figures is not a number, unless it has no spaces and goes on and on.
const LIST: usize = 10;

/// What makes a number a pattern of how to write one; small letters.
const EXAMPLES: [&str; 13] = [
    "example",
    "e.g.",
    "format",
    "например",
    "формат",
    "так:",
    "ejemplo",
    "beispiel",
    "z.b.",
    "exemple",
    "esempio",
    "exemplo",
    "like this",
];

/// Whether a sentence tells such a number; never where the context does not say what was told before.
pub(super) fn tells(work: &Work<'_>, sentence: &str) -> bool {
    if work.context.told.is_none() {
        return false;
    }
    let strange = numbers(sentence).any(|number| !is_known(work, &number));
    strange && {
        let small = sentence.to_lowercase();
        !EXAMPLES.iter().any(|word| small.contains(word))
    }
}

/// The digits of every long number, links aside.
fn numbers(text: &str) -> impl Iterator<Item = String> {
    let runs = text.split_whitespace().filter(|word| !word.contains('/'));
    let text: String = runs.flat_map(|word| [word, " "]).collect();
    let joined = |c: char| c.is_ascii_digit() || is_joint(c);
    let listed = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let phones = text
        .split(|c| !joined(c))
        .filter(|run| is_long(run))
        .map(digits);
    let lists = text
        .split(|c| !listed(c))
        .map(digits)
        .filter(|list| list.len() >= LIST);
    phones.chain(lists).collect::<Vec<_>>().into_iter()
}

fn is_joint(c: char) -> bool {
    matches!(c, '+' | ' ' | '-' | '(' | ')' | '\u{a0}' | '\u{2011}')
}

fn is_long(run: &str) -> bool {
    let pieces: Vec<&str> = run
        .split(is_joint)
        .filter(|piece| !piece.is_empty())
        .collect();
    // A date is long and no number: "2026-11-21 11".
    let year =
        |piece: &&str| piece.len() == 4 && (piece.starts_with("19") || piece.starts_with("20"));
    let length: usize = pieces.iter().map(|piece| piece.len()).sum();
    pieces.iter().any(|piece| piece.len() >= PIECE)
        || (run.contains('+') && length >= PIECE)
        || (length >= PIECES && !pieces.iter().any(year))
}

fn is_known(work: &Work<'_>, number: &str) -> bool {
    let context = work.context;
    let own = sender(work).unwrap_or_default();
    let known = context.known.phone.as_deref().unwrap_or_default();
    let told = [
        context.customer_text.as_str(),
        known,
        own.as_str(),
        work.phone.as_str(),
    ];
    told.iter().any(|text| holds(text, number))
        || context
            .told
            .as_deref()
            .is_some_and(|text| holds(text, number))
        || work
            .catalog
            .offerings()
            .iter()
            .any(|row| in_row(row, number))
}

/// Whether a text gives this number, with a country's code or without; a part of one is another number.
fn holds(text: &str, number: &str) -> bool {
    let given = super::numbers(text)
        .into_iter()
        .map(|one| digits(&one))
        .chain(numbers(text));
    let same = |one: &str| one.ends_with(number) || number.ends_with(one);
    given
        .into_iter()
        .any(|one| same(one.trim_start_matches("00")))
}

fn in_row(row: &Offering, number: &str) -> bool {
    let contacts = [
        &row.contacts.contact,
        &row.contacts.service,
        &row.contacts.address,
    ];
    let contacts = contacts.into_iter().flatten().map(|text| text.as_str());
    let own = [
        row.sku.as_str(),
        row.name.as_str(),
        row.description.as_str(),
    ];
    let more = row
        .details
        .values()
        .chain(row.extra.values())
        .map(String::as_str);
    contacts
        .chain(own)
        .chain(more)
        .any(|text| holds(text, number))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
