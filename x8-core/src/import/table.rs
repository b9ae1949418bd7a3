//! What every reader hands on: a header and rows of cells, wherever they came from (K2).

use super::OPERATION;
use crate::error::{Error, ErrorKind, Result};

/// One row of cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// Where it starts: the file's line, or the sheet's row; from 1.
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
    /// The line where text stands beside a quoted cell, so that the cells cannot be trusted.
    pub(super) stray_quote: Option<u64>,
}

impl Record {
    pub(super) fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", String::as_str)
    }
}

/// A table as read, before any meaning.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The sheet, in files that have several.
    pub(super) sheet: Option<String>,
    pub(super) header: Record,
    pub(super) rows: Vec<Record>,
    /// Whether even empty cells beyond the header mean that a row is shifted.
    pub(super) strict_width: bool,
}

impl Table {
    /// Splits the header off.
    ///
    /// # Errors
    /// `Invalid` when there is no row at all, or the header is damaged.
    pub(super) fn new(sheet: Option<String>, records: Vec<Record>) -> Result<Self> {
        let mut records = records.into_iter();
        let Some(header) = records.next() else {
            return Err(Error::invalid(
                OPERATION,
                "the file has no header; its first row must name the columns, like product_name, description, price_eur",
            ));
        };
        if let Some(line) = header.stray_quote {
            return Err(Error::invalid(
                OPERATION,
                format!(
                    "the header has text beside a quoted cell in line {line}; double the quotes inside a quoted cell"
                ),
            ));
        }
        Ok(Self {
            sheet,
            header,
            rows: records.collect(),
            strict_width: false,
        })
    }
}

/// A cell without the invisible characters around it.
pub(super) fn clean(cell: &str) -> &str {
    cell.trim_matches(|letter: char| {
        letter.is_whitespace() || matches!(letter, '\u{200b}' | '\u{feff}' | '\u{2060}')
    })
}

/// A limit with both numbers.
pub(super) fn too_large(what: &str, found: usize, limit: usize) -> Error {
    Error::new(
        ErrorKind::TooLarge,
        OPERATION,
        format!("the file has {found} {what}, and at most {limit} are read; split it"),
    )
    .with("found", found)
    .with("limit", limit)
}
