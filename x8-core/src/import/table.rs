//! What every reader hands on: a header and rows of cells, wherever they came from (K2).
//!
//! The rows of a spreadsheet are held as a whole. Those of a delimited text are split anew each time they are asked for, a
//! few hundred at once: splitting is cheap, and holding the place of every cell would cost as much as the file itself.

use super::{OPERATION, csv::Rest};
use crate::error::{Error, ErrorKind, Result};

mod builder;
mod grid;
#[cfg(feature = "spreadsheet")]
mod sheet;

pub(super) use builder::Builder;
pub(super) use grid::{Grid, Record};

/// What a spreadsheet says about a cell beside its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "spreadsheet"),
    expect(
        dead_code,
        reason = "only the cells of spreadsheets are more than text"
    )
)]
pub(super) enum Form {
    /// Text, as a person wrote it. Every cell of a delimited file is text.
    Text,
    /// A number, as plain digits with a decimal point.
    Number,
    /// A date or a time.
    Date,
    /// An error such as `#REF!`.
    Broken,
    /// A formula whose value the file does not hold.
    Uncomputed,
    /// A number that is shown as something else: in thousands, or with words or digits that are not its own.
    Disguised,
    /// A formula whose value is an empty text, which is no number.
    Nothing,
    /// Covered by a merged cell that begins elsewhere.
    Merged,
}

/// The first row.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

impl Header {
    pub(super) fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", String::as_str)
    }
}

/// A table as read, before any meaning.
#[derive(Debug)]
pub(super) struct Table<'t> {
    /// The sheet, in files that have several.
    pub(super) sheet: Option<String>,
    pub(super) header: Header,
    /// Whether even empty cells beyond the header mean that a row is shifted.
    pub(super) strict_width: bool,
    pub(super) body: Body<'t>,
}

/// The rows under the header.
#[derive(Debug)]
pub(super) enum Body<'t> {
    /// All of them.
    #[cfg_attr(
        not(feature = "spreadsheet"),
        expect(dead_code, reason = "only spreadsheets are held as a whole")
    )]
    Held(Grid<'t>),
    /// The text that they are split from.
    Text(Rest<'t>),
}

impl Table<'_> {
    /// Shows every row under the header, in order.
    ///
    /// # Errors
    /// Those of `see`; and of text, the first time: beyond the limits.
    pub(super) fn each(&self, mut see: impl FnMut(Record<'_>) -> Result<()>) -> Result<()> {
        match &self.body {
            Body::Held(grid) => grid.rows().try_for_each(see),
            Body::Text(rest) => {
                let mut split = rest.split();
                while let Some(grid) = split.next_rows()? {
                    grid.rows().try_for_each(&mut see)?;
                }
                Ok(())
            }
        }
    }
}

/// A cell without the invisible characters around it.
pub(super) fn clean(cell: &str) -> &str {
    if is_clean(cell.as_bytes()) {
        return cell;
    }
    cell.trim_matches(|letter: char| {
        letter.is_whitespace() || matches!(letter, '\u{200b}' | '\u{feff}' | '\u{2060}')
    })
}

/// Whether a cell surely begins and ends with a visible letter: an ASCII one, or one of two bytes that is no Latin-1 sign
/// (accents, Cyrillic). Most cells do.
fn is_clean(cell: &[u8]) -> bool {
    const TWO_BYTES: std::ops::RangeInclusive<u8> = 0xc3..=0xdf;
    let visible = |byte: u8| byte.is_ascii_graphic() || TWO_BYTES.contains(&byte);
    match cell {
        [] => true,
        [only] => only.is_ascii_graphic(),
        [first, .., before, last] => {
            visible(*first) && (last.is_ascii_graphic() || TWO_BYTES.contains(before))
        }
        [first, last] => visible(*first) && (last.is_ascii_graphic() || TWO_BYTES.contains(first)),
    }
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
