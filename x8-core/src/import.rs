//! Knowledge-base import: the bytes of a file to offerings, with a report of everything read, decided and refused
//! (K1–K6, K8, K9), and the difference to what is live (K7).
//!
//! Nothing is guessed. A price that can be read in two ways is refused with row, column and both readings; a row that
//! does not fit its header is refused whole; and by default one refused row refuses the file (K5).
//!
//! Text cells stay text, also when they begin like a formula (`=`, `+`, `-`, `@`): whoever writes them into a spreadsheet
//! must escape them there.
//!
//! ```
//! use x8_core::{catalog::Kind, import::{ImportOptions, import}};
//!
//! let file = "Название товара;Описание;Цена, €\nРоза;Красная;1 299,50\n";
//! let import = import(file.as_bytes(), &ImportOptions::new(Kind::Product))?;
//! assert!(import.report.ok);
//! assert_eq!(import.offerings[0].price.minor(), 129_950);
//! assert_eq!(import.report.money[0].message, "read \"1 299,50\" as 1299.50 EUR");
//! # Ok::<(), x8_core::Error>(())
//! ```

use std::collections::BTreeSet;

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
mod flat;
mod header;
mod load;
mod number;
mod report;
mod row;
mod sku;
mod table;
mod validate;

pub use column::Column;
pub use diff::{Change, ColumnChange, Diff, diff};
pub use edit::{Edit, Refused, edit};
pub use header::normalize_header;
pub use number::DecimalMark;
pub use report::{
    AssignedSku, DecimalChoice, HeaderChoice, Issue, MoneyReading, Report, ReportRow,
};

pub use validate::{RowError, columns, patch, row};

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
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 32 * 1024 * 1024,
            rows: 100_000,
            columns: 200,
            cell: 32_767,
            issues: 1_000,
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
    /// The rows to publish, in file order; empty when the report is not `ok`.
    pub offerings: Vec<Offering>,
    /// Everything read, decided and refused.
    pub report: Report,
}

/// Reads a delimited text file as a knowledge base of `options.kind`.
///
/// The encoding (UTF-8, UTF-16, Windows and ISO code pages, KOI8), the delimiter (`,` `;` tab `|`) and the headers'
/// language are detected and reported. Errors of rows are in the report, not in the result.
///
/// # Errors
/// When the file as a whole cannot be read: `TooLarge` beyond a limit; `Unsupported` for spreadsheets and other formats;
/// `Invalid` for what is not text, has an unclosed quote, no header, no column for the name or the description, two headers
/// for one column (both are named), or a price header in another currency.
pub fn import(bytes: &[u8], options: &ImportOptions) -> Result<Import> {
    if bytes.len() > options.limits.bytes {
        return Err(too_large("bytes", bytes.len(), options.limits.bytes));
    }
    let decoded = encoding::decode(bytes, |text| csv::recognized(options.kind, text))?;
    let split = csv::read(options.kind, &decoded.text, &options.limits)?;
    load(
        &split.table,
        &Source {
            encoding: decoded.encoding,
            guessed: decoded.guessed,
            delimiter: split.delimiter,
        },
        options,
    )
}
