//! What an import did and why, for owners and for machines.

use std::sync::Arc;

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{Column, DecimalMark, flat::flat};
use crate::catalog::{Kind, Offering};

mod human;
mod issue;
mod log;
mod money;

pub use issue::Issue;
pub use money::{MoneyReading, MoneyReadings};

pub(super) use log::{At, Log};

/// Everything that an import read, decided, refused and doubted (K2–K6).
///
/// Its JSON is meant for the owner's screens: it holds stock numbers (K10) and never goes to a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether the rows below were accepted: there was no error, or `partial` was asked for and a row was good.
    pub ok: bool,
    /// Which table it was read as.
    pub kind: Kind,
    /// The encoding that was detected, or the kind of spreadsheet: `XLSX`.
    pub encoding: &'static str,
    /// The delimiter that was detected; absent for spreadsheets.
    pub delimiter: Option<char>,
    /// The accepted rows, in file order; empty when `ok` is false (K5).
    pub rows: ReportRows,
    /// Why rows were refused.
    pub errors: Vec<Issue>,
    /// Errors beyond [`Limits::issues`](super::Limits::issues).
    pub errors_omitted: usize,
    /// What is worth a look.
    pub warnings: Vec<Issue>,
    /// Warnings beyond [`Limits::issues`](super::Limits::issues).
    pub warnings_omitted: usize,
    /// Which header was taken for which column (K1).
    pub headers: Vec<HeaderChoice>,
    /// How the decimal mark of each number column was decided (K3).
    pub decimals: Vec<DecimalChoice>,
    /// How each price and fee was read (K3).
    pub money: MoneyReadings,
    /// Keys given to good rows without one (K6); they are the same when the bad rows are mended.
    pub assigned_skus: Vec<AssignedSku>,
}

/// The accepted rows of a report: the offerings of the import, shared with it, and where each was in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportRows {
    /// Four bytes each: a file is far smaller than 4 GiB.
    pub(super) lines: Vec<u32>,
    pub(super) offerings: Arc<Vec<Offering>>,
}

/// One accepted row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportRow<'a> {
    /// Line of the file (or row of the sheet) where the row starts, from 1.
    pub row: u64,
    /// The row as it is stored.
    pub offering: &'a Offering,
}

impl ReportRows {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// In file order.
    pub fn iter(&self) -> impl Iterator<Item = ReportRow<'_>> {
        let rows = self.lines.iter().zip(self.offerings.iter());
        rows.map(|(row, offering)| ReportRow {
            row: u64::from(*row),
            offering,
        })
    }
}

impl Serialize for ReportRows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl Serialize for ReportRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = flat(self.offering);
        let mut map = serializer.serialize_map(Some(columns.len() + 1))?;
        map.serialize_entry("row", &self.row)?;
        for (name, value) in &columns {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// What a header was taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeaderChoice {
    /// As written in the file.
    pub header: String,
    /// The canonical column; absent: kept as an attribute.
    pub column: Option<Column>,
}

/// How the decimal mark of a column was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecimalChoice {
    /// The column.
    pub column: Column,
    /// The mark; absent when none was needed or both were proved.
    pub mark: Option<DecimalMark>,
    /// The evidence, in words.
    pub decided: String,
}

/// A key that was given to a row without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssignedSku {
    /// Line of the file where the row starts, from 1.
    pub row: u64,
    /// The key.
    pub sku: String,
}
