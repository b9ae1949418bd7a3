//! Rows of cells as places in a text.
//!
//! A cell is a place in the text that was read, so that a large file is neither copied nor an allocation per cell; only
//! cells that are not written there as they are (quotes, numbers of spreadsheets) have a text of their own.

use super::Form;

/// Where a row is in the grid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// Where it starts: the file's line, or the sheet's row; from 1.
    pub(super) line: u64,
    pub(super) first: usize,
    pub(super) cells: usize,
}

/// Some rows of a table.
#[derive(Debug, Default)]
pub(in crate::import) struct Grid {
    pub(super) rows: Vec<Span>,
    /// How long the source is.
    pub(super) behind: usize,
    /// The texts that are not in the source.
    pub(super) own: String,
    /// Where each cell begins and ends: in the source, or, counted on behind it, in the own text. Four bytes each: a file
    /// is far smaller than 4 GiB.
    pub(super) cells: Vec<(u32, u32)>,
    /// One per cell; empty when all are text.
    pub(super) forms: Vec<Form>,
    /// Rows (by index) whose cells cannot be trusted, with the line of the stray quote.
    pub(super) strays: Vec<(usize, u64)>,
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub(in crate::import) struct Record<'g> {
    grid: &'g Grid,
    source: &'g str,
    index: usize,
    span: Span,
}

impl<'g> Record<'g> {
    pub(in crate::import) fn line(&self) -> u64 {
        self.span.line
    }

    /// How many cells the row has.
    pub(in crate::import) fn width(&self) -> usize {
        self.span.cells
    }

    pub(in crate::import) fn cell(&self, at: usize) -> &'g str {
        if at < self.span.cells {
            self.grid.text_of(self.source, self.span.first + at)
        } else {
            ""
        }
    }

    pub(in crate::import) fn form(&self, at: usize) -> Form {
        let forms = self.grid.forms.get(self.span.first + at);
        forms
            .filter(|_| at < self.span.cells)
            .copied()
            .unwrap_or(Form::Text)
    }

    /// The first cell with one of the forms that no row may have.
    pub(in crate::import) fn damaged(&self) -> Option<(usize, Form)> {
        if self.grid.forms.is_empty() {
            return None;
        }
        (0..self.span.cells)
            .map(|at| (at, self.form(at)))
            .find(|(_, form)| matches!(form, Form::Broken | Form::Uncomputed | Form::Merged))
    }

    /// The line where text stands beside a quoted cell, so that the cells cannot be trusted.
    pub(in crate::import) fn stray_quote(&self) -> Option<u64> {
        let strays = &self.grid.strays;
        let at = strays
            .binary_search_by_key(&self.index, |(index, _)| *index)
            .ok()?;
        strays.get(at).map(|(_, line)| *line)
    }
}

impl Grid {
    /// The rows, in order, of the text that they were made of; of none for spreadsheets.
    pub(super) fn rows<'g>(&'g self, source: &'g str) -> impl Iterator<Item = Record<'g>> {
        let spans = self.rows.iter().enumerate();
        spans.map(move |(index, span)| Record {
            grid: self,
            source,
            index,
            span: *span,
        })
    }

    /// Takes everything out but keeps the room for more, of a source of this length.
    pub(super) fn clear(&mut self, source: usize) {
        self.behind = source;
        self.rows.clear();
        self.own.clear();
        self.cells.clear();
        self.forms.clear();
        self.strays.clear();
    }

    /// Marks the rows with text beside a quoted cell; `lines` in order.
    pub(super) fn mark_strays(&mut self, lines: &[u64]) {
        for line in lines {
            let after = self.rows.partition_point(|row| row.line <= *line);
            let Some(row) = after.checked_sub(1) else {
                continue;
            };
            if self.strays.last().is_none_or(|(last, _)| *last != row) {
                self.strays.push((row, *line));
            }
        }
    }

    pub(super) fn text_of<'g>(&'g self, source: &'g str, cell: usize) -> &'g str {
        let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        let Some((start, end)) = self.cells.get(cell) else {
            return "";
        };
        let (start, end) = (place(*start), place(*end));
        let text = match start.checked_sub(self.behind) {
            Some(start) => self.own.get(start..end - self.behind),
            None => source.get(start..end),
        };
        text.unwrap_or_default()
    }
}
