//! Claims about money and time that hold no figure, or a figure beside the point: codes of vouchers, what a price is said
//! to have been, and deliveries without delay.

use super::{known::Known, turn::contains};
use crate::guard::{
    amounts::Amount,
    letter::is_alphanumeric,
    lexicon::{Hits, List, hits},
    text::denies,
};

/// A day, in minutes: what "the same day" takes at most.
const DAY: i64 = 24 * 60;
/// The day after tomorrow, folded.
const OVERMORROW: [&str; 7] = [
    "day after tomorrow",
    "послезавтра",
    "pasado manana",
    "ubermorgen",
    "apres-demain",
    "dopodomani",
    "depois de amanha",
];

/// `WELCOME10`: capitals with a few figures behind them, which no row and no customer wrote.
pub(super) fn is_voucher(word: &str) -> bool {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let figures = word.len() - letters.len();
    (1..=3).contains(&figures)
        && letters.chars().count() > 3
        && letters
            .chars()
            .all(|c| c.is_uppercase() && c.is_alphabetic())
}

/// Whether what follows a folded text's words is another thing's price.
pub(super) fn names_price_of(folded: &str) -> bool {
    const PRICE_OF: [&str; 17] = [
        "price of",
        "cost of",
        "по цене",
        "за цену",
        "precio de",
        "precio del",
        "preis von",
        "preis des",
        "preis der",
        "preis einer",
        "preis eines",
        "prix de",
        "prix du",
        "prix d",
        "prezzo d",
        "preco d",
        "valor d",
    ];
    PRICE_OF.iter().any(|words| folded.contains(words))
}

/// The words of a sentence as they were written.
pub(super) fn words(sentence: &str) -> impl Iterator<Item = &str> {
    sentence.split(|c: char| !is_alphanumeric(c))
}

/// "They used to be 120 EUR": beside what is said to have been, only prices and sums are told, and no two of them.
pub(super) fn was_dearer(amounts: &[Amount], found: Hits, known: &Known, rows: usize) -> bool {
    if !found.has(List::FORMERLY) || found.any(&[List::DELIVERY, List::FREE]) {
        return false;
    }
    let limit = |minor: i64| {
        (contains(&known.thresholds, minor) || contains(&known.fees, minor))
            && !contains(&known.prices, minor)
            && !contains(&known.told, minor)
    };
    let mut told = amounts.iter().filter_map(|amount| amount.minor);
    let first = told.clone().next();
    rows < 2 && (told.clone().any(limit) || told.any(|minor| Some(minor) != first))
}

/// Whether a delivery is promised at once although every row takes longer.
pub(super) fn hurries(clauses: &[String], known: &Known) -> bool {
    let soonest = known.delivery.iter().min().copied().unwrap_or(i64::MAX);
    clauses.iter().any(|clause| {
        let found = hits(clause);
        let early = (found.has(List::HASTE) && soonest >= DAY)
            || (found.has(List::TOMORROW) && soonest > DAY)
            || (soonest > 2 * DAY && OVERMORROW.iter().any(|word| clause.contains(word)));
        early && !denies(clause)
    })
}
