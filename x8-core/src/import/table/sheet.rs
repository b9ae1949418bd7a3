//! What only the tables of spreadsheets have.

use super::{Body, Builder, Form, Table};
use crate::error::Result;

impl<'t> Builder<'t> {
    /// Adds a cell that is more than its text.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub(in crate::import) fn formed(&mut self, cell: &str, form: Form) -> Result<()> {
        self.text(cell)?;
        self.grid.forms.resize(self.grid.cells.len(), Form::Text);
        if let Some(own) = self.grid.forms.last_mut() {
            *own = form;
        }
        self.filled |= form == Form::Uncomputed;
        Ok(())
    }

    /// Fills the row up with empty cells to the width of the header: spreadsheets leave out what is empty at its end.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub(in crate::import) fn pad(&mut self) -> Result<()> {
        let header = self.grid.rows.first().map_or(0, |header| header.cells);
        while self.filled && self.width() < header {
            self.text("")?;
        }
        Ok(())
    }

    /// Marks the cells that a merged area covers, all but the first of it. Rows and columns count from 0.
    pub(in crate::import) fn merge(
        &mut self,
        rows: std::ops::RangeInclusive<u64>,
        columns: std::ops::RangeInclusive<usize>,
    ) {
        let from = self
            .grid
            .rows
            .partition_point(|row| row.line <= *rows.start());
        let spans = self
            .grid
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
            self.grid.forms.resize(self.grid.cells.len(), Form::Text);
        }
        for cell in covered {
            if let Some(form) = self.grid.forms.get_mut(cell) {
                *form = Form::Merged;
            }
        }
    }

    /// Splits the header off a sheet.
    ///
    /// # Errors
    /// As [`Self::header`].
    pub(in crate::import) fn finish(
        mut self,
        sheet: Option<String>,
        strays: &[u64],
    ) -> Result<Table<'t>> {
        let header = self.header("", strays)?;
        self.grid.rows.remove(0);
        for (row, _) in &mut self.grid.strays {
            *row -= 1;
        }
        Ok(Table {
            sheet,
            header,
            strict_width: false,
            body: Body::Held(self.grid),
        })
    }
}
