//! Knowledge-base import: the bytes of a file to offerings, with a report of everything read, decided and refused
//! (K1–K6, K8, K9), and the difference to what is live (K7).
//!
//! Nothing is guessed. A price that can be read in two ways is refused with row, column and both readings; a row that
//! does not fit its header is refused whole; and by default one refused row refuses the file (K5).
//!
//! Text cells stay text, also when they begin like a formula (`=`, `+`, `-`, `@`): [`export_csv`] escapes them for
//! spreadsheets.
//!
//! ```
//! use x8_core::{catalog::Kind, import::{ImportOptions, import}};
//!
//! let file = "Название товара;Описание;Цена, €\nРоза;Красная;1 299,50\n";
//! let import = import(file.as_bytes(), &ImportOptions::new(Kind::Product))?;
//! assert!(import.report.ok);
//! assert_eq!(import.offerings[0].price.minor(), 129_950);
//! assert_eq!(import.report.money.get(0).unwrap().message(), "read \"1 299,50\" as 1299.50 EUR");
//! # Ok::<(), x8_core::Error>(())
//! ```

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    catalog::{Kind, Offering},
    error::Result,
    id::Sku,
    money::Currency,
};

mod amount;
mod column;
mod csv;
mod currency;
mod decide;
mod diff;
mod duration;
mod edit;
mod encoding;
mod export;
mod flat;
mod header;
mod load;
mod number;
mod report;
mod row;
mod rows;
#[cfg(feature = "spreadsheet")]
mod sheet;
mod sku;
mod table;
mod validate;

pub use column::Column;
pub use diff::{Change, ColumnChange, Diff, diff};
pub use edit::{Edit, Edited, Refused, edit};
pub use export::export_csv;
pub use header::normalize_header;
pub use number::DecimalMark;
pub use report::{
    AssignedSku, DecimalChoice, HeaderChoice, Issue, MoneyReading, MoneyReadings, Report,
    ReportRow, ReportRows,
};

pub use validate::{RowIssue, RowRead, columns, patch, row};

use load::{Source, load};
use table::too_large;

const OPERATION: &str = "catalog.import";

/// How large a file may be (K2). Beyond a limit the file is refused with both numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Rows under the header.
    pub rows: usize,
    /// Cells in a row.
    pub columns: usize,
    /// Characters in a cell.
    pub cell: usize,
    /// Errors, and warnings, that the report lists; the rest is counted.
    pub issues: usize,
    /// Bytes of a spreadsheet when unpacked, in all its parts.
    pub unpacked: usize,
    /// How many times larger than packed a part of a spreadsheet may be.
    pub ratio: usize,
    /// Parts of a spreadsheet.
    pub parts: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 32 * 1024 * 1024,
            rows: 100_000,
            columns: 200,
            cell: 32_767,
            issues: 1_000,
            unpacked: 256 * 1024 * 1024,
            ratio: 200,
            parts: 2_000,
        }
    }
}

impl Limits {
    /// Whether a file of this length may be read: asked before it is loaded.
    ///
    /// # Errors
    /// `TooLarge` with both numbers.
    pub fn admit(&self, bytes: u64) -> Result<()> {
        match usize::try_from(bytes) {
            Ok(bytes) if bytes <= self.bytes => Ok(()),
            Ok(bytes) => Err(too_large("bytes", bytes, self.bytes)),
            Err(_) => Err(too_large("bytes", usize::MAX, self.bytes)),
        }
    }
}

/// What to read a file as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportOptions {
    /// Which table it is.
    pub kind: Kind,
    /// The decimal mark of every number, when the caller knows it; absent: each column's cells must prove it (K3).
    pub decimal: Option<DecimalMark>,
    /// The encoding of a text file, when the caller knows it: `windows-1251`; absent: it is detected (K2).
    pub encoding: Option<String>,
    /// The sheet of a spreadsheet; absent: the first that is not hidden.
    pub sheet: Option<String>,
    /// Take the good rows even when others have errors (K5).
    pub partial: bool,
    /// Keys of rows that stay beside the new ones, the other table of a Hybrid company: no row is given one of them (K6).
    pub taken: BTreeSet<Sku>,
    /// How large the file may be.
    pub limits: Limits,
    /// The currency of every amount. Amounts and headers that name another one are refused.
    pub currency: Currency,
}

impl ImportOptions {
    /// All or nothing, in euro, with the default limits.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            decimal: None,
            encoding: None,
            sheet: None,
            partial: false,
            taken: BTreeSet::new(),
            limits: Limits::default(),
            currency: Currency::EUR,
        }
    }
}

/// What an import gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The rows to publish, in file order; empty when the report is not `ok`. The report shares them.
    pub offerings: Arc<Vec<Offering>>,
    /// Everything read, decided and refused.
    pub report: Report,
}

impl Import {
    /// The rows alone, without a copy.
    #[must_use]
    pub fn into_offerings(self) -> Vec<Offering> {
        let Self { offerings, report } = self;
        drop(report);
        Arc::unwrap_or_clone(offerings)
    }
}

/// Reads a delimited text file or a spreadsheet as a knowledge base of `options.kind`.
///
/// The encoding (UTF-8, UTF-16, Windows and ISO code pages, KOI8), the delimiter (`,` `;` tab `|`) and the headers'
/// language are detected and reported. Of a spreadsheet (XLSX, XLS, ODS; feature `spreadsheet`) one sheet is read: number
/// cells exactly, formulas by the value that the file holds. Errors of rows are in the report, not in the result.
///
/// # Errors
/// When the file as a whole cannot be read: `TooLarge` beyond a limit; `Unsupported` for other formats, and for
/// spreadsheets without the feature; `Invalid` for what is damaged, protected or not text, has an unclosed quote, no
/// header, no column for the name or the description, two headers for one column (both are named), or a price header in
/// another currency, and for options that name no encoding or no sheet of the file.
pub fn import(bytes: &[u8], options: &ImportOptions) -> Result<Import> {
    if bytes.len() > options.limits.bytes {
        return Err(too_large("bytes", bytes.len(), options.limits.bytes));
    }
    #[cfg(feature = "spreadsheet")]
    if let Some(sheet) = sheet::read(bytes, options)? {
        let source = Source {
            encoding: sheet.format,
            guessed: false,
            delimiter: None,
            unread: sheet.unread,
        };
        return load(&sheet.table, &source, options);
    }
    let fixed = options
        .encoding
        .as_deref()
        .map(encoding::named)
        .transpose()?;
    let decoded = encoding::decode(bytes, fixed, |text| csv::recognized(options.kind, text))?;
    let body = csv::Body::of(options.kind, decoded.content);
    let source = Source {
        encoding: decoded.encoding,
        guessed: decoded.guessed,
        delimiter: Some(body.delimiter()),
        unread: Vec::new(),
    };
    load(&body.table(&options.limits)?, &source, options)
}
