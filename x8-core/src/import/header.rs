//! Header names: what a header means, and which cell of a row is which column (K1).

use super::{column::Column, currency::is_currency};
use crate::catalog::Kind;

mod mapping;
mod names;

pub(super) use mapping::{Doubled, Mapping, map};
use names::{NAMES, key, words};

/// A header that was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    /// The column it names.
    pub(super) column: Column,
    /// The words beside the name, folded: units and currencies.
    pub(super) beside: Vec<String>,
}

impl Match {
    /// Whether a bare number in this column counts minutes (or hours), by the header's own unit.
    pub(super) fn has_unit(&self, list: &str) -> bool {
        self.beside.iter().any(|word| NAMES.has_unit(list, word))
    }
}

/// Whether a folded word is in one of the lists of units.
pub(super) fn is_unit(list: &str, word: &str) -> bool {
    NAMES.has_unit(list, word)
}

/// More words than any name has. Longer headers are not compared: the work would grow with their square.
const MOST_WORDS: usize = 16;

/// More letters than any name has, for the same reason.
const MOST_LETTERS: usize = 80;

fn is_name_like(words: &[String]) -> bool {
    words.len() <= MOST_WORDS
        && words.iter().map(|word| word.chars().count()).sum::<usize>() <= MOST_LETTERS
}

/// Finds the column that `text` names in the table of `kind`, with the units beside it.
pub(super) fn recognize(kind: Kind, text: &str) -> Option<Match> {
    let words = words(text);
    if !is_name_like(&words) {
        return None;
    }
    let names = NAMES.of(kind);
    for start in 0..words.len().min(2) {
        for end in (start + 1..=words.len()).rev() {
            let Some(column) = names.get(&words.get(start..end)?.concat()) else {
                continue;
            };
            let beside: Vec<String> = words
                .iter()
                .enumerate()
                .filter(|(at, _)| !(start..end).contains(at))
                .map(|(_, word)| word.clone())
                .collect();
            if beside
                .iter()
                .all(|word| NAMES.is_neutral(column.value(), word))
            {
                return Some(Match {
                    column: *column,
                    beside: own_unit(*column, &words, beside),
                });
            }
        }
    }
    None
}

/// `price_eur` says EUR itself, however it is spelled together.
fn own_unit(column: Column, words: &[String], mut beside: Vec<String>) -> Vec<String> {
    if column.name().ends_with("_eur") && words.concat() == key(column.name()) {
        beside.push("eur".to_owned());
    }
    beside
}

/// The canonical column that a header names, or `None` when it is not known.
///
/// Case, accents, spaces, hyphens, underscores, punctuation, BOM, NBSP and units in brackets or after a comma do
/// not matter; the names are known in English, Russian and Spanish, the main ones also in German, French, Italian
/// and Portuguese (K1). A unit that would change a number ("days" for hours) leaves the header unknown.
///
/// ```
/// use x8_core::{catalog::Kind, import::{Column, normalize_header}};
/// for header in ["Product Name", "PRODUCT_NAME", "Product-Name", "Название товара", "Name"] {
///     assert_eq!(normalize_header(Kind::Product, header), Some(Column::ProductName));
/// }
/// assert_eq!(normalize_header(Kind::Product, "Delivery time, days"), None);
/// ```
#[must_use]
pub fn normalize_header(kind: Kind, text: &str) -> Option<Column> {
    recognize(kind, text).map(|found| found.column)
}

/// The column an unknown header probably meant. Never used to read data, only to say "did you mean".
pub(super) fn suggest(kind: Kind, text: &str) -> Option<Column> {
    let words = words(text);
    if !is_name_like(&words) {
        return None;
    }
    let names = NAMES.of(kind);
    let prefix = (1..words.len())
        .rev()
        .find_map(|end| names.get(&words.get(..end)?.concat()));
    if let Some(column) = prefix {
        return Some(*column);
    }
    let wanted = words.concat();
    let allowed = wanted.chars().count() / 4;
    names
        .iter()
        .map(|(name, column)| (strsim::osa_distance(name, &wanted), *column))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, column)| column)
}

/// Whether an unknown header speaks of prices: then treating the file as free of charge would be a guess.
pub(super) fn speaks_of_price(kind: Kind, text: &str) -> bool {
    let names = NAMES.of(kind);
    suggest(kind, text) == Some(Column::PriceEur)
        || words(text)
            .iter()
            .any(|word| is_currency(word) || names.get(word) == Some(&Column::PriceEur))
}
