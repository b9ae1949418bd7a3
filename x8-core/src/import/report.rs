//! What an import did and why, for owners and for machines.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Column, DecimalMark, flat::flat};
use crate::catalog::{Kind, Offering};

/// Everything that an import read, decided, refused and doubted (K2–K6).
///
/// Its JSON is meant for the owner's screens: it holds stock numbers (K10) and never goes to a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether the rows below were accepted: there was no error, or `partial` was asked for and a row was good.
    pub ok: bool,
    /// Which table it was read as.
    pub kind: Kind,
    /// The encoding that was detected.
    pub encoding: &'static str,
    /// The delimiter that was detected.
    pub delimiter: char,
    /// The accepted rows, in file order; empty when `ok` is false (K5).
    pub rows: Vec<ReportRow>,
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

/// One accepted row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// Line of the file where the row starts, from 1.
    pub row: u64,
    /// The row as it is stored.
    pub offering: Offering,
}

impl Serialize for ReportRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = flat(&self.offering);
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MoneyReading {
    /// Line of the file where the row starts, from 1.
    pub row: u64,
    /// The column.
    pub column: Column,
    /// `read "1 299,50" as 1299.50 EUR`.
    pub message: String,
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
            writeln!(
                f,
                "{rows} {kind}{plural} read ({}, delimiter {:?})",
                self.encoding, self.delimiter
            )?;
        } else {
            writeln!(
                f,
                "nothing was imported ({}, delimiter {:?})",
                self.encoding, self.delimiter
            )?;
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
                reading.row, reading.column, reading.message
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
