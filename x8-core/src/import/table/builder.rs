//! Cells in reading order to a table, within the limits (K2).

use super::{Form, Grid, Header, Record, clean, grid::Span, is_clean, too_large};
use crate::{
    error::{Error, Result},
    import::{Limits, OPERATION, export::without_escape},
};

/// Takes cells in reading order and makes a table of them, within the limits.
#[derive(Debug)]
pub(in crate::import) struct Builder<'t> {
    limits: &'t Limits,
    pub(super) grid: Grid,
    /// Rows that were taken out already.
    before: usize,
    line: u64,
    first: usize,
    own: usize,
    pub(super) filled: bool,
}

impl<'t> Builder<'t> {
    pub(in crate::import) fn new(limits: &'t Limits) -> Self {
        Self {
            limits,
            grid: Grid::default(),
            before: 0,
            line: 0,
            first: 0,
            own: 0,
            filled: false,
        }
    }

    /// Takes the rows so far out; the limit of rows still counts them. The next ones point into a text of this length.
    pub(in crate::import) fn clear(&mut self, source: usize) {
        self.before += self.grid.rows.len();
        self.grid.clear(source);
    }

    /// How many rows are there.
    pub(in crate::import) fn len(&self) -> usize {
        self.grid.rows.len()
    }

    /// The rows so far, of this text. `strays` are the lines with text beside a quoted cell, in order.
    pub(in crate::import) fn rows<'g>(
        &'g mut self,
        source: &'g str,
        strays: &[u64],
    ) -> impl Iterator<Item = Record<'g>> + use<'g, 't> {
        self.grid.mark_strays(strays);
        self.grid.rows(source)
    }

    /// Starts a row.
    pub(in crate::import) fn begin(&mut self, line: u64) {
        self.line = line;
        self.first = self.grid.cells.len();
        self.own = self.grid.own.len();
        self.filled = false;
    }

    /// How many cells the row has so far.
    pub(in crate::import) fn width(&self) -> usize {
        self.grid.cells.len() - self.first
    }

    /// Adds a cell of text.
    ///
    /// # Errors
    /// `TooLarge` beyond the limits of columns and of characters.
    pub(in crate::import) fn text(&mut self, cell: &str) -> Result<()> {
        let cell = clean(cell);
        self.measure(cell)?;
        let start = self.grid.behind + self.grid.own.len();
        if cell.contains('\r') {
            let unified = cell.replace("\r\n", "\n").replace('\r', "\n");
            self.grid.own.push_str(&unified);
        } else {
            self.grid.own.push_str(cell);
        }
        self.filled |= !cell.is_empty();
        self.place(start, self.grid.behind + self.grid.own.len())
    }

    /// Adds a cell that stands in the source as it is, between two places.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub(in crate::import) fn span(&mut self, source: &str, start: usize, end: usize) -> Result<()> {
        let whole = source.get(start..end).unwrap_or_default();
        let plain = is_clean(whole.as_bytes()) && !whole.as_bytes().starts_with(b"'");
        if plain && whole.len() <= self.limits.cell && self.width() < self.limits.columns {
            self.filled |= !whole.is_empty();
            return self.place(start, end);
        }
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
        self.grid.cells.push((start, end));
        if !self.grid.forms.is_empty() {
            self.grid.forms.push(Form::Text);
        }
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
    pub(in crate::import) fn end(&mut self) -> Result<()> {
        if !self.filled {
            self.grid.cells.truncate(self.first);
            self.grid.forms.truncate(self.first);
            self.grid.own.truncate(self.own);
            return Ok(());
        }
        let rows = self.before + self.grid.rows.len();
        if rows > self.limits.rows {
            return Err(too_large("rows", rows, self.limits.rows));
        }
        self.grid.rows.push(Span {
            line: self.line,
            first: self.first,
            cells: self.width(),
        });
        Ok(())
    }

    /// The first row, as the header.
    ///
    /// # Errors
    /// `Invalid` when there is no row at all, or the header is damaged: as [`Self::rows`].
    pub(in crate::import) fn header(&mut self, source: &str, strays: &[u64]) -> Result<Header> {
        self.grid.mark_strays(strays);
        let Some(first) = self.grid.rows.first().copied() else {
            return Err(Error::invalid(
                OPERATION,
                "the file has no header; its first row must name the columns, like product_name, description, price_eur",
            ));
        };
        if let Some((0, line)) = self.grid.strays.first() {
            return Err(Error::invalid(
                OPERATION,
                format!(
                    "the header has text beside a quoted cell in line {line}; double the quotes inside a quoted cell"
                ),
            ));
        }
        let cells = first.first..first.first + first.cells;
        Ok(Header {
            line: first.line,
            cells: cells
                .map(|cell| self.grid.text_of(source, cell).to_owned())
                .collect(),
        })
    }
}
