//! What every reader hands on: a header and rows of cells, wherever they came from (K2).
//!
//! Cells are places in the text that was read, so that a large file is neither copied nor an allocation per cell; only
//! cells that are not written there as they are (quotes, numbers of spreadsheets) have a text of their own.

use super::{Limits, OPERATION, export::without_escape};
use crate::error::{Error, ErrorKind, Result};

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

/// Where a row is in the table.
#[derive(Clone, Copy, Debug)]
struct Span {
    /// Where it starts: the file's line, or the sheet's row; from 1.
    line: u64,
    first: usize,
    cells: usize,
}

/// A table as read, before any meaning.
#[derive(Debug, Default)]
pub(super) struct Table<'t> {
    /// The sheet, in files that have several.
    pub(super) sheet: Option<String>,
    pub(super) header: Header,
    /// Whether even empty cells beyond the header mean that a row is shifted.
    pub(super) strict_width: bool,
    rows: Vec<Span>,
    source: &'t str,
    /// The texts that are not in the source.
    own: String,
    /// Where each cell begins and ends: in the source, or, counted on behind it, in the own text. Four bytes each: a file
    /// is far smaller than 4 GiB.
    cells: Vec<(u32, u32)>,
    /// One per cell; empty when all are text.
    forms: Vec<Form>,
    /// Rows (by index) whose cells cannot be trusted, with the line of the stray quote.
    strays: Vec<(usize, u64)>,
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'t> {
    table: &'t Table<'t>,
    index: usize,
    span: Span,
}

impl<'t> Record<'t> {
    pub(super) fn line(&self) -> u64 {
        self.span.line
    }

    /// How many cells the row has.
    pub(super) fn width(&self) -> usize {
        self.span.cells
    }

    pub(super) fn cell(&self, at: usize) -> &'t str {
        if at < self.span.cells {
            self.table.text_of(self.span.first + at)
        } else {
            ""
        }
    }

    pub(super) fn form(&self, at: usize) -> Form {
        let forms = self.table.forms.get(self.span.first + at);
        forms
            .filter(|_| at < self.span.cells)
            .copied()
            .unwrap_or(Form::Text)
    }

    /// The first cell with one of the forms that no row may have.
    pub(super) fn damaged(&self) -> Option<(usize, Form)> {
        if self.table.forms.is_empty() {
            return None;
        }
        (0..self.span.cells)
            .map(|at| (at, self.form(at)))
            .find(|(_, form)| matches!(form, Form::Broken | Form::Uncomputed | Form::Merged))
    }

    /// The line where text stands beside a quoted cell, so that the cells cannot be trusted.
    pub(super) fn stray_quote(&self) -> Option<u64> {
        let strays = &self.table.strays;
        let at = strays
            .binary_search_by_key(&self.index, |(index, _)| *index)
            .ok()?;
        strays.get(at).map(|(_, line)| *line)
    }
}

impl<'t> Table<'t> {
    /// The rows under the header.
    pub(super) fn rows(&self) -> impl Iterator<Item = Record<'_>> {
        let spans = self.rows.iter().enumerate();
        spans.map(|(index, span)| Record {
            table: self,
            index,
            span: *span,
        })
    }

    /// How many rows are under the header.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    fn text_of(&self, cell: usize) -> &str {
        let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        let Some((start, end)) = self.cells.get(cell) else {
            return "";
        };
        let (start, end) = (place(*start), place(*end));
        let text = match start.checked_sub(self.source.len()) {
            Some(start) => self.own.get(start..end - self.source.len()),
            None => self.source.get(start..end),
        };
        text.unwrap_or_default()
    }
}

/// Takes cells in reading order and makes a table of them, within the limits.
#[derive(Debug)]
pub(super) struct Builder<'t> {
    limits: &'t Limits,
    table: Table<'t>,
    line: u64,
    first: usize,
    own: usize,
    filled: bool,
}

impl<'t> Builder<'t> {
    /// `source` is the text that [`Self::span`] points into; nothing for spreadsheets.
    pub(super) fn new(source: &'t str, limits: &'t Limits) -> Self {
        let table = Table {
            source,
            ..Table::default()
        };
        Self {
            limits,
            table,
            line: 0,
            first: 0,
            own: 0,
            filled: false,
        }
    }

    /// Starts a row.
    pub(super) fn begin(&mut self, line: u64) {
        self.line = line;
        self.first = self.table.cells.len();
        self.own = self.table.own.len();
        self.filled = false;
    }

    /// How many cells the row has so far.
    pub(super) fn width(&self) -> usize {
        self.table.cells.len() - self.first
    }

    /// Adds a cell of text.
    ///
    /// # Errors
    /// `TooLarge` beyond the limits of columns and of characters.
    pub(super) fn text(&mut self, cell: &str) -> Result<()> {
        let cell = clean(cell);
        self.measure(cell)?;
        let start = self.table.source.len() + self.table.own.len();
        if cell.contains('\r') {
            let unified = cell.replace("\r\n", "\n").replace('\r', "\n");
            self.table.own.push_str(&unified);
        } else {
            self.table.own.push_str(cell);
        }
        self.filled |= !cell.is_empty();
        self.place(start, self.table.source.len() + self.table.own.len())
    }

    /// Adds a cell that stands in the source as it is, between two places.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub(super) fn span(&mut self, start: usize, end: usize) -> Result<()> {
        let whole = self.table.source.get(start..end).unwrap_or_default();
        let cell = without_escape(clean(whole));
        self.measure(cell)?;
        self.filled |= !cell.is_empty();
        let ahead = cell.as_ptr().addr() - whole.as_ptr().addr();
        self.place(start + ahead, start + ahead + cell.len())
    }

    fn place(&mut self, start: usize, end: usize) -> Result<()> {
        let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) else {
            let most = usize::try_from(u32::MAX).unwrap_or(usize::MAX);
            return Err(too_large("bytes of text", end, most));
        };
        self.table.cells.push((start, end));
        if !self.table.forms.is_empty() {
            self.table.forms.push(Form::Text);
        }
        Ok(())
    }

    /// Adds a cell that is more than its text.
    ///
    /// # Errors
    /// As [`Self::text`].
    #[cfg(feature = "spreadsheet")]
    pub(super) fn formed(&mut self, cell: &str, form: Form) -> Result<()> {
        self.text(cell)?;
        self.table.forms.resize(self.table.cells.len(), Form::Text);
        if let Some(own) = self.table.forms.last_mut() {
            *own = form;
        }
        self.filled |= form == Form::Uncomputed;
        Ok(())
    }

    fn measure(&self, cell: &str) -> Result<()> {
        let width = self.width() + 1;
        if width > self.limits.columns {
            return Err(too_large("columns", width, self.limits.columns));
        }
        if cell.len() > self.limits.cell {
            let length = cell.chars().count();
            if length > self.limits.cell {
                let what = format!("characters in one cell of row {}", self.line);
                return Err(too_large(&what, length, self.limits.cell));
            }
        }
        Ok(())
    }

    /// Ends a row; one whose cells are all empty is dropped.
    ///
    /// # Errors
    /// `TooLarge` beyond the limit of rows.
    pub(super) fn end(&mut self) -> Result<()> {
        if !self.filled {
            self.table.cells.truncate(self.first);
            self.table.forms.truncate(self.first);
            self.table.own.truncate(self.own);
            return Ok(());
        }
        let rows = self.table.rows.len();
        if rows > self.limits.rows {
            return Err(too_large("rows", rows, self.limits.rows));
        }
        self.table.rows.push(Span {
            line: self.line,
            first: self.first,
            cells: self.width(),
        });
        Ok(())
    }

    /// Fills the row up with empty cells to the width of the header: spreadsheets leave out what is empty at its end.
    ///
    /// # Errors
    /// As [`Self::text`].
    #[cfg(feature = "spreadsheet")]
    pub(super) fn pad(&mut self) -> Result<()> {
        let header = self.table.rows.first().map_or(0, |header| header.cells);
        while self.filled && self.width() < header {
            self.text("")?;
        }
        Ok(())
    }

    /// Marks the cells that a merged area covers, all but the first of it. Rows and columns count from 0.
    #[cfg(feature = "spreadsheet")]
    pub(super) fn merge(
        &mut self,
        rows: std::ops::RangeInclusive<u64>,
        columns: std::ops::RangeInclusive<usize>,
    ) {
        let from = self
            .table
            .rows
            .partition_point(|row| row.line <= *rows.start());
        let spans = self
            .table
            .rows
            .get(from.saturating_sub(1)..)
            .unwrap_or_default();
        let covered: Vec<usize> = spans
            .iter()
            .filter(|row| rows.contains(&(row.line.saturating_sub(1))))
            .flat_map(|row| {
                columns
                    .clone()
                    .take_while(|column| *column < row.cells)
                    .filter(|column| row.line - 1 != *rows.start() || column != columns.start())
                    .map(|column| row.first + column)
            })
            .collect();
        if !covered.is_empty() {
            self.table.forms.resize(self.table.cells.len(), Form::Text);
        }
        for cell in covered {
            if let Some(form) = self.table.forms.get_mut(cell) {
                *form = Form::Merged;
            }
        }
    }

    /// Splits the header off. `strays` are the lines with text beside a quoted cell, in order.
    ///
    /// # Errors
    /// `Invalid` when there is no row at all, or the header is damaged.
    pub(super) fn finish(mut self, sheet: Option<String>, strays: &[u64]) -> Result<Table<'t>> {
        for line in strays {
            let after = self.table.rows.partition_point(|row| row.line <= *line);
            let row = after.saturating_sub(1);
            if self
                .table
                .strays
                .last()
                .is_none_or(|(last, _)| *last != row)
            {
                self.table.strays.push((row, *line));
            }
        }
        let Some(first) = self.table.rows.first().copied() else {
            return Err(Error::invalid(
                OPERATION,
                "the file has no header; its first row must name the columns, like product_name, description, price_eur",
            ));
        };
        if let Some((0, line)) = self.table.strays.first() {
            return Err(Error::invalid(
                OPERATION,
                format!(
                    "the header has text beside a quoted cell in line {line}; double the quotes inside a quoted cell"
                ),
            ));
        }
        let cells = first.first..first.first + first.cells;
        self.table.header = Header {
            line: first.line,
            cells: cells
                .map(|cell| self.table.text_of(cell).to_owned())
                .collect(),
        };
        self.table.rows.remove(0);
        for (row, _) in &mut self.table.strays {
            *row -= 1;
        }
        self.table.sheet = sheet;
        Ok(self.table)
    }
}

/// A cell without the invisible characters around it.
pub(super) fn clean(cell: &str) -> &str {
    let (Some(first), Some(last)) = (cell.bytes().next(), cell.bytes().next_back()) else {
        return cell;
    };
    // Most cells begin and end with a visible ASCII character.
    if first.is_ascii_graphic() && last.is_ascii_graphic() {
        return cell;
    }
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
