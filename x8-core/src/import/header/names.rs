//! The names of columns and the words that may stand beside them: `headers.txt`, in comparable form.

use std::{collections::HashMap, sync::LazyLock};

use crate::{
    catalog::Kind,
    import::{
        column::{Column, Value},
        currency::{is_currency, is_sign},
    },
    text::fold,
};

pub(super) static NAMES: LazyLock<Names> =
    LazyLock::new(|| Names::parse(include_str!("../headers.txt")));

/// The embedded table of synonyms and units.
#[derive(Debug, Default)]
pub(in crate::import) struct Names {
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

    pub(super) fn of(&self, kind: Kind) -> &HashMap<String, Column> {
        match kind {
            Kind::Product => &self.product,
            Kind::Service => &self.service,
        }
    }

    pub(super) fn has_unit(&self, list: &str, word: &str) -> bool {
        self.units
            .get(list)
            .is_some_and(|words| words.iter().any(|known| known == word))
    }

    /// Whether `word` beside the name of such a column leaves its meaning alone.
    pub(super) fn is_neutral(&self, value: Value, word: &str) -> bool {
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

/// The words of a header in comparable form; currency signs stand alone.
pub(super) fn words(text: &str) -> Vec<String> {
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

pub(super) fn key(text: &str) -> String {
    words(text).concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k1_no_name_is_given_to_two_columns_of_one_table() {
        for kind in [Kind::Product, Kind::Service] {
            let mut owners: HashMap<String, Column> = HashMap::new();
            let mut section = "";
            for line in include_str!("../headers.txt").lines() {
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
