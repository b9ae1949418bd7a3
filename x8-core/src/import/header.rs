//! Header names: normalisation, synonyms, and which cell of a row is which column (K1).

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use super::{
    column::{Column, Value},
    currency::{is_currency, is_sign},
};
use crate::{catalog::Kind, text::fold};

static NAMES: LazyLock<Names> = LazyLock::new(|| Names::parse(include_str!("headers.txt")));

/// The embedded table of synonyms and units.
#[derive(Debug, Default)]
pub(super) struct Names {
    product: HashMap<String, Column>,
    service: HashMap<String, Column>,
    units: HashMap<String, Vec<String>>,
}

impl Names {
    fn parse(text: &str) -> Self {
        let mut names = Self::default();
        let mut section = "";
        for line in text.lines().map(str::trim) {
            if let Some(title) = line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                section = title;
            } else if let Some((name, words)) = line.split_once(':')
                && !line.starts_with('#')
            {
                names.add(section, name, words);
            }
        }
        names
    }

    fn add(&mut self, section: &str, name: &str, words: &str) {
        let words = words.split('|').map(str::trim);
        if section == "units" {
            let unit = self.units.entry(name.to_owned()).or_default();
            unit.extend(words.map(key));
            return;
        }
        let Some(column) = Column::named(name) else {
            return;
        };
        for word in std::iter::once(name).chain(words).map(key) {
            if section != "service" {
                self.product.insert(word.clone(), column);
            }
            if section != "product" {
                self.service.insert(word, column);
            }
        }
    }

    fn of(&self, kind: Kind) -> &HashMap<String, Column> {
        match kind {
            Kind::Product => &self.product,
            Kind::Service => &self.service,
        }
    }

    fn has_unit(&self, list: &str, word: &str) -> bool {
        self.units
            .get(list)
            .is_some_and(|words| words.iter().any(|known| known == word))
    }

    /// Whether `word` beside the name of such a column leaves its meaning alone.
    fn is_neutral(&self, value: Value, word: &str) -> bool {
        let unit = match value {
            Value::Money | Value::Threshold => is_currency(word),
            Value::Hours => self.has_unit("hours", word),
            Value::Count => self.has_unit("count", word),
            Value::Duration => self.has_unit("hours", word) || self.has_unit("minutes", word),
            Value::Url => self.has_unit("url", word),
            Value::Text | Value::Sku | Value::Areas | Value::Tags => false,
        };
        unit || self.has_unit("any", word)
    }
}

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

/// The words of a header in comparable form; currency signs stand alone.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in fold(text).chars() {
        if letter.is_alphanumeric() {
            if let Some(word) = words.last_mut() {
                word.push(letter);
            }
        } else if is_sign(letter) {
            words.extend([letter.to_string(), String::new()]);
        } else {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// More words than any name has. Longer headers are not compared: the work would grow with their square.
const MOST_WORDS: usize = 16;

/// More letters than any name has, for the same reason.
const MOST_LETTERS: usize = 80;

fn is_name_like(words: &[String]) -> bool {
    words.len() <= MOST_WORDS
        && words.iter().map(|word| word.chars().count()).sum::<usize>() <= MOST_LETTERS
}

fn key(text: &str) -> String {
    words(text).concat()
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

/// Which cell of a row is which column.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    /// Known columns and their position.
    pub(super) known: BTreeMap<Column, usize>,
    /// What each known header said beside its name.
    pub(super) matches: BTreeMap<Column, Match>,
    /// Unknown columns: position and the name their cells are kept under.
    pub(super) extra: Vec<(usize, String)>,
    /// The headers as written.
    pub(super) headers: Vec<String>,
}

impl Mapping {
    /// The header of a known column, as written.
    pub(super) fn header(&self, column: Column) -> Option<&str> {
        self.headers
            .get(*self.known.get(&column)?)
            .map(String::as_str)
    }
}

/// Two headers that name the same column.
#[derive(Debug)]
pub(super) struct Doubled {
    pub(super) column: Column,
    pub(super) first: String,
    pub(super) second: String,
}

/// Maps a header row.
pub(super) fn map(kind: Kind, headers: &[String]) -> Result<Mapping, Doubled> {
    let mut mapping = Mapping {
        headers: headers.to_vec(),
        ..Mapping::default()
    };
    for (at, header) in headers.iter().enumerate() {
        let Some(found) = recognize(kind, header) else {
            let name = extra_name(&mapping, at, header);
            mapping.extra.push((at, name));
            continue;
        };
        if let Some(first) = mapping.header(found.column) {
            return Err(Doubled {
                column: found.column,
                first: first.to_owned(),
                second: header.clone(),
            });
        }
        mapping.known.insert(found.column, at);
        mapping.matches.insert(found.column, found);
    }
    Ok(mapping)
}

/// The header itself; nameless and repeated ones get a number, so that no cell overwrites another.
fn extra_name(mapping: &Mapping, at: usize, header: &str) -> String {
    let base = if header.is_empty() {
        format!("column {}", at + 1)
    } else {
        header.to_owned()
    };
    let taken = |name: &str| {
        mapping.extra.iter().any(|(_, used)| used == name)
            || mapping
                .headers
                .iter()
                .enumerate()
                .any(|(other, used)| other > at && used == name && used != header)
    };
    let mut name = base.clone();
    let mut number = 2_u32;
    while taken(&name) {
        name = format!("{base} ({number})");
        number = number.saturating_add(1);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k1_no_name_is_given_to_two_columns_of_one_table() {
        for kind in [Kind::Product, Kind::Service] {
            let mut owners: HashMap<String, Column> = HashMap::new();
            let mut section = "";
            for line in include_str!("headers.txt").lines() {
                if let Some(title) = line.strip_prefix('[') {
                    section = title.trim_end_matches(']');
                    continue;
                }
                let skipped = match kind {
                    Kind::Product => section == "service",
                    Kind::Service => section == "product",
                };
                let Some((name, words)) = line.split_once(':') else {
                    continue;
                };
                if skipped || section == "units" || line.starts_with('#') {
                    continue;
                }
                let column = Column::named(name).expect("a known column name");
                for word in words.split('|').chain([name]) {
                    let owner = *owners.entry(key(word)).or_insert(column);
                    assert_eq!(owner, column, "`{word}` names both {owner} and {column}");
                }
            }
        }
    }

    #[test]
    fn k1_every_column_has_names_in_the_table() {
        for column in Column::ALL {
            for kind in [Kind::Product, Kind::Service] {
                let known = NAMES.of(kind).values().any(|own| own == column);
                assert_eq!(known, column.belongs_to(kind), "{column} in {kind:?}");
            }
        }
    }
}
