//! Cells of number columns: what may stand beside the digits, what each column proves, and how a refusal reads.

use super::{
    column::{Column, Value},
    currency::{Named, named},
    header::is_unit,
    number::{DecimalMark, Mark, Refusal, Scanned, Shape, quick, scan},
};
use crate::{
    money::{Currency, Money},
    text::fold,
};

/// Decimals that counts and hours are read with, so that `6.0` is six and `2.5` is refused by name.
const COUNT_DECIMALS: u32 = 2;

/// The longest wait in hours that a column may hold: a year.
const LONGEST_HOURS: u32 = 8_784;

/// Reads the number cells of one column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    pub(super) column: Column,
    pub(super) currency: Currency,
    pub(super) mark: Mark,
}

impl Reader {
    fn decimals(&self) -> u32 {
        if self.column.is_money() {
            self.currency.exponent()
        } else {
            COUNT_DECIMALS
        }
    }

    /// The digits of a cell, once the words beside them were accepted; `None` when it is empty.
    fn shape<'a>(&self, text: &'a str) -> Result<Option<Shape<'a>>, Refusal> {
        if text.is_empty() {
            return Ok(None);
        }
        let scanned = scan(text)?;
        for word in [scanned.before, scanned.after] {
            self.accept(word)?;
        }
        let Scanned { shape, .. } = scanned;
        Ok(Some(shape))
    }

    fn accept(&self, beside: &str) -> Result<(), Refusal> {
        if beside.is_empty() {
            return Ok(());
        }
        let folded = fold(beside);
        let word = folded.trim_end_matches('.');
        let list = match self.column.value() {
            Value::Money | Value::Threshold => {
                return match named(word, self.currency) {
                    Named::Own => Ok(()),
                    Named::Foreign(code) => Err(Refusal::Foreign(code)),
                    Named::No => Err(Refusal::Words(beside.to_owned())),
                };
            }
            Value::Hours => "hours",
            Value::Count => "count",
            Value::Text
            | Value::Sku
            | Value::Duration
            | Value::Url
            | Value::Areas
            | Value::Tags => "",
        };
        if is_unit(list, word) {
            Ok(())
        } else {
            Err(Refusal::Words(beside.to_owned()))
        }
    }

    /// Whether a cell could be an amount in any currency, readable or not.
    pub(super) fn is_like_money(&self, text: &str) -> bool {
        let is_currency = |word: &str| {
            let folded = fold(word);
            word.is_empty() || named(folded.trim_end_matches('.'), self.currency) != Named::No
        };
        scan(text).is_ok_and(|scanned| {
            let whole = scanned.shape.value(Mark::Open, self.decimals());
            is_currency(scanned.before)
                && is_currency(scanned.after)
                && whole != Err(Refusal::TooLarge)
                && whole != Err(Refusal::Malformed)
        })
    }

    /// Whether this cell has a point or a comma at all, and the mark that it alone proves.
    pub(super) fn evidence(&self, text: &str) -> (bool, Option<DecimalMark>) {
        if self.decimals() == 2
            && let Some((_, mark)) = quick(text)
        {
            return (mark.is_some(), mark);
        }
        match self.shape(text) {
            Ok(Some(shape)) => (shape.is_marked(), shape.proves(self.decimals())),
            Ok(None) | Err(_) => (false, None),
        }
    }

    /// What a cell holds in minor units under the column's mark, when that takes no thought.
    fn plain(&self, text: &str) -> Option<i64> {
        let (minor, mark) = quick(text).filter(|_| self.decimals() == 2)?;
        match (self.mark, mark) {
            (Mark::Fixed(fixed), Some(mark)) if fixed != mark => None,
            _ => Some(minor),
        }
    }

    /// The same column, when a spreadsheet holds the cell as a number: it then has a decimal point and nothing else.
    pub(super) fn exact(self) -> Self {
        Self {
            mark: Mark::Fixed(DecimalMark::Point),
            ..self
        }
    }

    /// An amount of money; `None` for an empty cell.
    ///
    /// # Errors
    /// What to tell the owner.
    pub(super) fn money(&self, text: &str) -> Result<Option<Money>, String> {
        if let Some(minor) = self.plain(text) {
            return Ok(Some(Money::new(minor, self.currency)));
        }
        let value = self.shape(text).and_then(|shape| {
            shape
                .map(|shape| shape.value(self.mark, self.decimals()))
                .transpose()
        });
        value
            .map(|minor| minor.map(|minor| Money::new(minor, self.currency)))
            .map_err(|refusal| self.explain(text, &refusal))
    }

    /// A whole number; `None` for an empty cell.
    ///
    /// # Errors
    /// What to tell the owner.
    pub(super) fn whole(&self, text: &str) -> Result<Option<u32>, String> {
        self.count(text)
            .map_err(|refusal| self.explain(text, &refusal))
    }

    fn count(&self, text: &str) -> Result<Option<u32>, Refusal> {
        let hundredths = if let Some(plain) = self.plain(text) {
            plain
        } else {
            let Some(shape) = self.shape(text)? else {
                return Ok(None);
            };
            match shape.value(self.mark, COUNT_DECIMALS) {
                Err(Refusal::TooPrecise) => Err(Refusal::NotWhole),
                other => other,
            }?
        };
        if hundredths % 100 != 0 {
            return Err(Refusal::NotWhole);
        }
        let whole = u32::try_from(hundredths / 100).map_err(|_| Refusal::TooLarge)?;
        if self.column.value() == Value::Hours && whole > LONGEST_HOURS {
            return Err(Refusal::TooLarge);
        }
        Ok(Some(whole))
    }

    fn explain(&self, text: &str, refusal: &Refusal) -> String {
        let what = match self.column.value() {
            Value::Hours => "a whole number of hours",
            Value::Count => "a whole number",
            Value::Money
            | Value::Threshold
            | Value::Text
            | Value::Sku
            | Value::Duration
            | Value::Url
            | Value::Areas
            | Value::Tags => "an amount",
        };
        let example = if self.column.is_money() {
            format!(
                "write it like {}, or leave the cell empty",
                Money::new(1_250, self.currency).digits()
            )
        } else {
            "write it like 12, or leave the cell empty".to_owned()
        };
        match refusal {
            Refusal::Negative => format!("`{text}` is negative; {what} of 0 or more is needed"),
            Refusal::Percent => format!("`{text}` is a percentage, not {what}; {example}"),
            Refusal::Scientific => {
                format!(
                    "`{text}` was rewritten by a spreadsheet and lost digits; format the column as text and enter it again"
                )
            }
            Refusal::Words(words) if self.column.is_money() => {
                format!(
                    "`{words}` in `{text}` is neither a number nor {}; {example}",
                    self.currency
                )
            }
            Refusal::Words(words) => format!("`{words}` in `{text}` is not {what}; {example}"),
            Refusal::Foreign(code) => {
                format!(
                    "`{text}` is in {code}, and this catalogue is in {}; convert it",
                    self.currency
                )
            }
            Refusal::NotWhole => format!("`{text}` is not {what}; {example}"),
            Refusal::Malformed => format!("`{text}` is not one number; {example}"),
            Refusal::TooPrecise => {
                format!(
                    "`{text}` has more than {} decimals; round it yourself",
                    self.decimals()
                )
            }
            Refusal::TooLarge => format!("`{text}` is larger than {what} can be; check the column"),
            Refusal::NotUnder(mark) => {
                format!(
                    "`{text}` is not {what} when the decimal mark is the {mark}, as the import was told; {example}"
                )
            }
            Refusal::Ambiguous => self.both_readings(text),
        }
    }

    fn both_readings(&self, text: &str) -> String {
        let readings = self.shape(text).ok().flatten().map(|shape| {
            (
                shape.plain(DecimalMark::Point),
                shape.plain(DecimalMark::Comma),
            )
        });
        let (point, comma) = readings.unwrap_or_default();
        format!(
            "`{text}` is {point} with a decimal point and {comma} with a decimal comma, and no other cell of the column \
             settles it; write it without thousands separators or tell the import the decimal mark"
        )
    }
}
