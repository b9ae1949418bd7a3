//! How each price and fee was read (K3).

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use crate::{
    import::Column,
    money::{Currency, Money},
};

/// How a cell was read as money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoneyReading<'a> {
    /// Line of the file where the row starts, from 1.
    pub row: u64,
    /// The column.
    pub column: Column,
    /// The cell as written.
    pub text: &'a str,
    /// What it was read as.
    pub amount: Money,
}

impl MoneyReading<'_> {
    /// `read "1 299,50" as 1299.50 EUR`.
    #[must_use]
    pub fn message(&self) -> String {
        let free = if self.text.is_empty() { " (free)" } else { "" };
        format!("read \"{}\" as {}{free}", self.text, self.amount)
    }
}

impl Serialize for MoneyReading<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut reading = serializer.serialize_struct("MoneyReading", 3)?;
        reading.serialize_field("row", &self.row)?;
        reading.serialize_field("column", &self.column)?;
        reading.serialize_field("message", &self.message())?;
        reading.end()
    }
}

/// How every price and fee of a file was read, in file order.
///
/// There are some for every row, so they are written one behind the other, about ten bytes each.
///
/// ```
/// use x8_core::{catalog::Kind, import::{ImportOptions, import}};
/// let read = import(b"name,description,price\nRose,Red,3.50\n", &ImportOptions::new(Kind::Product))?;
/// let first = read.report.money.get(0).unwrap();
/// assert_eq!((first.row, first.message().as_str()), (2, "read \"3.50\" as 3.50 EUR"));
/// # Ok::<(), x8_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct MoneyReadings {
    currency: Currency,
    /// Of each reading: how many lines it is behind the one before, the column's number, the minor units, the length of
    /// the text, the text.
    bytes: Vec<u8>,
    count: usize,
    last_row: u64,
}

impl MoneyReadings {
    pub(in crate::import) fn new(currency: Currency) -> Self {
        Self {
            currency,
            bytes: Vec::new(),
            count: 0,
            last_row: 0,
        }
    }

    /// Rows come in file order. `minor` is never negative: no such price is read.
    pub(in crate::import) fn push(&mut self, row: u64, column: Column, text: &str, minor: i64) {
        put(&mut self.bytes, row.wrapping_sub(self.last_row));
        put(&mut self.bytes, u64::try_from(column.index()).unwrap_or(0));
        put(&mut self.bytes, minor.cast_unsigned());
        put(&mut self.bytes, u64::try_from(text.len()).unwrap_or(0));
        self.bytes.extend_from_slice(text.as_bytes());
        self.count += 1;
        self.last_row = row;
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One of them, counted from 0; those before it are passed over.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<MoneyReading<'_>> {
        self.iter().nth(at)
    }

    /// In file order.
    pub fn iter(&self) -> impl Iterator<Item = MoneyReading<'_>> {
        let mut rest = self.bytes.as_slice();
        let mut row = 0_u64;
        std::iter::from_fn(move || {
            row = row.wrapping_add(take(&mut rest)?);
            let column = usize::try_from(take(&mut rest)?).ok()?;
            let minor = take(&mut rest)?.cast_signed();
            let length = usize::try_from(take(&mut rest)?).ok()?;
            let (text, behind) = rest.split_at_checked(length)?;
            rest = behind;
            Some(MoneyReading {
                row,
                column: *Column::ALL.get(column)?,
                text: str::from_utf8(text).ok()?,
                amount: Money::new(minor, self.currency),
            })
        })
    }
}

impl fmt::Debug for MoneyReadings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for MoneyReadings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Writes a number, seven bits to a byte; all but the last have the eighth.
fn put(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            bytes.push(low & 0x7f);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    let mut shift = 0_u32;
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn k3_readings_are_given_back_as_they_were_taken(
            told in proptest::collection::vec((0_u64..1_000_000, 0..Column::ALL.len(), ".{0,9}", any::<i64>()), 0..20),
        ) {
            let mut told = told;
            told.sort_by_key(|(row, ..)| *row);
            let mut readings = MoneyReadings::new(Currency::EUR);
            for (row, column, text, minor) in &told {
                readings.push(*row, Column::ALL[*column], text, *minor);
            }
            let expected: Vec<MoneyReading<'_>> = told
                .iter()
                .map(|(row, column, text, minor)| MoneyReading {
                    row: *row,
                    column: Column::ALL[*column],
                    text,
                    amount: Money::eur(*minor),
                })
                .collect();
            prop_assert_eq!(readings.iter().collect::<Vec<_>>(), expected);
            prop_assert_eq!(readings.len(), told.len());
        }
    }
}
