//! What an import did and why, for owners and for machines.

use std::{fmt, sync::Arc};

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap as _, SerializeStruct as _},
};

use super::{Column, DecimalMark, flat::flat};
use crate::{
    catalog::{Kind, Offering},
    money::Money,
};

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
    pub money: Vec<MoneyReading>,
    /// Keys given to good rows without one (K6); they are the same when the bad rows are mended.
    pub assigned_skus: Vec<AssignedSku>,
}

/// The accepted rows of a report: the offerings of the import, shared with it, and where each was in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportRows {
    pub(super) lines: Vec<u64>,
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
            row: *row,
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

/// An error or a warning about one cell or one row (K5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// The sheet, in files that have several.
    pub sheet: Option<String>,
    /// Line of the file where the row starts, from 1.
    pub row: u64,
    /// The canonical column, or an unknown header as written; absent when the whole row is meant.
    pub column: Option<String>,
    /// The offending text.
    pub text: String,
    /// The rule: `K3`.
    pub rule: &'static str,
    /// What is wrong and how to mend it.
    pub message: String,
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

/// How a cell was read as money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyReading {
    /// Line of the file where the row starts, from 1.
    pub row: u64,
    /// The column.
    pub column: Column,
    /// The cell as written.
    pub text: Box<str>,
    /// What it was read as.
    pub amount: Money,
}

impl MoneyReading {
    /// `read "1 299,50" as 1299.50 EUR`.
    #[must_use]
    pub fn message(&self) -> String {
        let free = if self.text.is_empty() { " (free)" } else { "" };
        format!("read \"{}\" as {}{free}", self.text, self.amount)
    }
}

impl Serialize for MoneyReading {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut reading = serializer.serialize_struct("MoneyReading", 3)?;
        reading.serialize_field("row", &self.row)?;
        reading.serialize_field("column", &self.column)?;
        reading.serialize_field("message", &self.message())?;
        reading.end()
    }
}

/// A key that was given to a row without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssignedSku {
    /// Line of the file where the row starts, from 1.
    pub row: u64,
    /// The key.
    pub sku: String,
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sheet) = &self.sheet {
            write!(f, "sheet {sheet}, ")?;
        }
        write!(f, "row {}", self.row)?;
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        write!(f, " ({}): {}", self.rule, self.message)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Product => "product",
            Kind::Service => "service",
        };
        let rows = self.rows.len();
        let plural = if rows == 1 { "" } else { "s" };
        if self.ok {
            write!(f, "{rows} {kind}{plural} read ({}", self.encoding)?;
        } else {
            write!(f, "nothing was imported ({}", self.encoding)?;
        }
        match self.delimiter {
            Some(delimiter) => writeln!(f, ", delimiter {delimiter:?})")?,
            None => writeln!(f, ")")?,
        }
        list(f, "error", &self.errors, self.errors_omitted)?;
        list(f, "warning", &self.warnings, self.warnings_omitted)?;
        for given in &self.assigned_skus {
            writeln!(f, "row {} was given SKU {}", given.row, given.sku)?;
        }
        for choice in &self.decimals {
            writeln!(f, "{}: {}", choice.column, choice.decided)?;
        }
        for reading in &self.money {
            writeln!(
                f,
                "row {}, {}: {}",
                reading.row,
                reading.column,
                reading.message()
            )?;
        }
        Ok(())
    }
}

fn list(f: &mut fmt::Formatter<'_>, what: &str, issues: &[Issue], omitted: usize) -> fmt::Result {
    for issue in issues {
        writeln!(f, "{what}: {issue}")?;
    }
    if omitted > 0 {
        writeln!(f, "{what}: and {omitted} more")?;
    }
    Ok(())
}

/// Collects issues up to a limit, so that a hostile file cannot grow its own report without end.
#[derive(Debug)]
pub(super) struct Log {
    sheet: Option<String>,
    limit: usize,
    pub(super) errors: Vec<Issue>,
    pub(super) errors_omitted: usize,
    pub(super) warnings: Vec<Issue>,
    pub(super) warnings_omitted: usize,
    pub(super) money: Vec<MoneyReading>,
}

/// Where an issue is.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    pub(super) row: u64,
    pub(super) column: Option<&'a str>,
    pub(super) text: &'a str,
}

impl Log {
    pub(super) fn new(sheet: Option<String>, limit: usize) -> Self {
        Self {
            sheet,
            limit,
            errors: Vec::new(),
            errors_omitted: 0,
            warnings: Vec::new(),
            warnings_omitted: 0,
            money: Vec::new(),
        }
    }

    /// How many errors there were so far, listed or not.
    pub(super) fn failures(&self) -> usize {
        self.errors.len() + self.errors_omitted
    }

    pub(super) fn error(&mut self, at: At<'_>, rule: &'static str, message: String) {
        if self.errors.len() < self.limit {
            self.errors.push(self.issue(at, rule, message));
        } else {
            self.errors_omitted += 1;
        }
    }

    pub(super) fn warn(&mut self, at: At<'_>, rule: &'static str, message: String) {
        if self.warnings.len() < self.limit {
            self.warnings.push(self.issue(at, rule, message));
        } else {
            self.warnings_omitted += 1;
        }
    }

    /// File order, for whoever mends the file from top to bottom.
    pub(super) fn sort(&mut self) {
        self.errors.sort_by_key(|issue| issue.row);
        self.warnings.sort_by_key(|issue| issue.row);
    }

    fn issue(&self, at: At<'_>, rule: &'static str, message: String) -> Issue {
        Issue {
            sheet: self.sheet.clone(),
            row: at.row,
            column: at.column.map(str::to_owned),
            text: shorten(at.text),
            rule,
            message,
        }
    }
}

/// Enough of a cell to find it.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
