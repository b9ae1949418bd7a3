//! Spreadsheets to a table of cells (K2): XLSX, ODS and XLS.
//!
//! A number is taken as the digits that the file holds, never through arithmetic; what a price cannot be (a date, a
//! percentage, another currency, an error) keeps saying so.

mod archive;
mod biff;
mod cell;
mod format;
mod ods;
mod strings;
mod style;
mod workbook;
mod xls;
mod xlsx;
mod xml;

use std::fmt;

use super::{ImportOptions, OPERATION, table::Table};
use crate::{
    error::{Error, ErrorKind, Result},
    text::fold,
};

use archive::Archive;

/// One sheet of a spreadsheet.
#[derive(Debug)]
pub(super) struct Sheet<'t> {
    /// `XLSX`, `XLS` or `ODS`.
    pub(super) format: &'static str,
    pub(super) table: Table<'t>,
    /// The other sheets that are not hidden and hold something.
    pub(super) unread: Vec<String>,
}

/// Reads a spreadsheet; `None` when the bytes are none.
pub(super) fn read<'t>(bytes: &[u8], options: &'t ImportOptions) -> Result<Option<Sheet<'t>>> {
    const ZIP: &[u8] = b"PK\x03\x04";
    const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    if bytes.starts_with(COMPOUND) {
        return xls::read(bytes, options).map(Some);
    }
    if !bytes.starts_with(ZIP) {
        return Ok(None);
    }
    let mut archive = Archive::open(bytes, &options.limits)?;
    if let Some(workbook) = workbook::find(&mut archive)? {
        return xlsx::read(&mut archive, &workbook, options).map(Some);
    }
    if ods::is_one(&mut archive)? {
        return ods::read(&mut archive, options).map(Some);
    }
    let what = if archive.has("xl/workbook.bin") {
        "an .xlsb spreadsheet, which cannot be read; save it as .xlsx"
    } else {
        "a zip archive and no spreadsheet; unpack it and upload the table inside"
    };
    Err(Error::new(
        ErrorKind::Unsupported,
        OPERATION,
        format!("this is {what}"),
    ))
}

/// The position of the sheet to read: the one asked for, or the first that is not hidden.
fn choose(names: &[(&str, bool)], wanted: Option<&str>) -> Result<usize> {
    let Some(wanted) = wanted else {
        let first = names.iter().position(|(_, visible)| *visible);
        return first.ok_or_else(|| {
            Error::invalid(
                OPERATION,
                "the spreadsheet has no visible sheet; unhide one or name the sheet to read",
            )
        });
    };
    let exact = names.iter().position(|(name, _)| *name == wanted);
    let alike = || {
        names
            .iter()
            .position(|(name, _)| fold(name) == fold(wanted))
    };
    exact.or_else(alike).ok_or_else(|| {
        let names: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        Error::invalid(
            OPERATION,
            format!(
                "the spreadsheet has no sheet `{wanted}`; its sheets are `{}`",
                names.join("`, `")
            ),
        )
    })
}

/// A spreadsheet that cannot be followed.
fn damaged(reason: impl fmt::Display) -> Error {
    Error::invalid(
        OPERATION,
        format!("the spreadsheet is damaged ({reason}); open it, save it again and upload that"),
    )
}

fn protected() -> Error {
    Error::invalid(
        OPERATION,
        "the spreadsheet is protected with a password; save it without one",
    )
}
