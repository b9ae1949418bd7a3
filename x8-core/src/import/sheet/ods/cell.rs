//! One cell of an ODS: what it holds, by its attributes and by the text it shows.

use quick_xml::events::BytesStart;

use super::super::{
    damaged,
    format::{Shown, beside},
};
use crate::{
    error::Result,
    import::{ImportOptions, table::Form},
    money::Currency,
};

/// A cell as its attributes and text give it.
#[derive(Default)]
pub(super) struct Open {
    attributes: Attributes,
    pub(super) covered: bool,
    pub(super) text: String,
    pub(super) paragraphs: usize,
}

#[derive(Default)]
struct Attributes {
    kind: String,
    value: String,
    currency: String,
    formula: bool,
    error: bool,
    repeated: u64,
}

/// What a cell holds.
#[derive(Clone)]
pub(super) enum Text {
    Plain(String),
    Formed(String, Form),
    Number(String, Shown),
}

impl Open {
    pub(super) fn begin(element: &BytesStart<'_>) -> Result<Self> {
        let mut own = Attributes {
            repeated: 1,
            ..Attributes::default()
        };
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(damaged)?;
            let value = quick_xml::escape::unescape(&attribute.value).map_err(damaged)?;
            match attribute.key.as_ref() {
                "office:value-type" => own.kind = value.into_owned(),
                "calcext:value-type" => own.error = value == "error",
                "office:value"
                | "office:date-value"
                | "office:time-value"
                | "office:boolean-value"
                | "office:string-value" => own.value = value.into_owned(),
                "office:currency" => own.currency = value.into_owned(),
                "table:formula" => own.formula = true,
                "table:number-columns-repeated" => own.repeated = value.parse().map_err(damaged)?,
                _other => {}
            }
        }
        Ok(Self {
            attributes: own,
            covered: element.name().as_ref() == "table:covered-table-cell",
            ..Self::default()
        })
    }

    /// For how many columns the cell stands.
    pub(super) fn repeated(&self) -> u64 {
        self.attributes.repeated
    }

    /// What the cell holds; `None` for nothing.
    pub(super) fn take(&mut self, options: &ImportOptions) -> Option<Text> {
        let own = std::mem::take(&mut self.attributes);
        let text = std::mem::take(&mut self.text);
        if self.covered {
            return Some(Text::Formed(String::new(), Form::Merged));
        }
        if own.error || text.starts_with("Err:") && own.formula {
            return Some(Text::Formed(text, Form::Broken));
        }
        let number = matches!(own.kind.as_str(), "float" | "percentage" | "currency");
        Some(match own.kind.as_str() {
            "" if own.formula => Text::Formed(String::new(), Form::Uncomputed),
            // A number whose value is left out is what it shows.
            _any if number && own.value.is_empty() && text.is_empty() => {
                Text::Formed(String::new(), Form::Uncomputed)
            }
            _any if number && own.value.is_empty() => Text::Plain(text),
            "percentage" => Text::Number(own.value, Shown::Percent),
            _any if number => {
                let named = beside(&own.currency, true, options.currency);
                let shown = if named == Shown::Number {
                    shown(text.trim(), &own.value, options.currency)
                } else {
                    named
                };
                Text::Number(own.value, shown)
            }
            "date" | "time" => Text::Formed(own.value, Form::Date),
            "boolean" => Text::Plain(own.value.to_uppercase()),
            _other if text.is_empty() && own.value.is_empty() => {
                return own
                    .formula
                    .then(|| Text::Formed(String::new(), Form::Nothing));
            }
            _other if text.is_empty() => Text::Plain(own.value),
            _other => Text::Plain(text),
        })
    }
}

/// What a number is shown as, by the text of its cell: a cell's style may make a percentage or an amount of it that its
/// type does not tell.
fn shown(text: &str, value: &str, currency: Currency) -> Shown {
    let digit = |letter: char| letter.is_ascii_digit();
    let count = |text: &str| text.chars().filter(|letter| digit(*letter)).count();
    if text.is_empty() {
        return Shown::Number;
    }
    if text.contains('%') {
        return Shown::Percent;
    }
    let whole = value.split_once('.').map_or(value, |(whole, _)| whole);
    let scientific = text.contains(['E', 'e']) || value.contains(['E', 'e']);
    // Without digits it is a word; with fewer than the value has before its point, it is thousands.
    if count(text) == 0 || !scientific && count(text) < count(whole) {
        return Shown::Disguised;
    }
    let (before, rest) = text.split_once(digit).unwrap_or((text, ""));
    let after = rest.rsplit_once(digit).map_or(rest, |(_, after)| after);
    let before = before.trim_start_matches(['-', '\u{2212}']).trim();
    [before, after.trim()]
        .iter()
        .map(|word| beside(word, false, currency))
        .find(|shown| *shown != Shown::Number)
        .unwrap_or(Shown::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k3_what_a_cell_shows_says_what_its_number_is() {
        let with = |word: &str| Shown::Beside(word.to_owned());
        for (text, value, expected) in [
            ("", "5", Shown::Number),
            ("5", "5", Shown::Number),
            ("12,50", "12.5", Shown::Number),
            ("12", "12.499", Shown::Number),
            ("1 299,50 €", "1299.5", Shown::Number),
            ("-5", "-5", Shown::Number),
            ("1.2E+05", "120000", Shown::Number),
            ("12%", "0.12", Shown::Percent),
            ("$12.00", "12", with("USD")),
            ("12,00 руб.", "12", with("RUB")),
            ("12 шт", "12", with("шт")),
            ("12 S/.", "12", Shown::Disguised),
            ("12", "12000", Shown::Disguised),
            ("free", "0", Shown::Disguised),
        ] {
            assert_eq!(shown(text, value, Currency::EUR), expected, "{text}");
        }
    }
}
