//! A row of an ODS, repeated as often as the file says and no further than the limits allow.

use super::super::cell::{self, decimal};
use super::cell::{Open, Text};
use crate::{
    error::Result,
    import::{
        ImportOptions, Limits,
        table::{Builder, Form},
    },
};

/// A row while it is read.
pub(super) struct Row<'l> {
    pub(super) builder: Builder<'l>,
    options: &'l ImportOptions,
    /// Where the next cell goes; empty ones are only counted.
    column: u64,
    /// The cells of this row that hold something, for rows that are repeated.
    cells: Vec<(u64, Text)>,
    width: usize,
}

impl<'l> Row<'l> {
    pub(super) fn new(options: &'l ImportOptions) -> Self {
        Self {
            builder: Builder::new(&options.limits),
            options,
            column: 0,
            cells: Vec::new(),
            width: 0,
        }
    }

    pub(super) fn begin(&mut self) {
        self.column = 0;
        self.cells.clear();
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.options.limits
    }

    /// Adds a finished cell, as often as it is repeated.
    pub(super) fn add(&mut self, open: &mut Open) -> Result<()> {
        let repeated = open.repeated();
        let text = open.take(self.options);
        let covered = open.covered;
        if let Some(text) = text {
            let most = u64::try_from(self.options.limits.columns).unwrap_or(u64::MAX);
            // Covered cells at the end of a row are decoration; others beyond the limit are refused below.
            let last = if covered {
                most
            } else {
                most.saturating_add(1)
            };
            let until = self
                .column
                .saturating_add(repeated)
                .min(last.max(self.column));
            self.cells
                .extend((self.column..until).map(|at| (at, text.clone())));
        }
        self.column = self.column.saturating_add(repeated);
        Ok(())
    }

    /// Ends a row that stands for several lines.
    pub(super) fn end(&mut self, line: u64, repeated: u64) -> Result<()> {
        let held = |text: &Text| !matches!(text, Text::Formed(_, Form::Merged));
        if !self.cells.iter().any(|(_, text)| held(text)) {
            return Ok(());
        }
        let cells = std::mem::take(&mut self.cells);
        for line in line..line.saturating_add(repeated) {
            self.builder.begin(line);
            for (at, text) in &cells {
                let at = usize::try_from(*at).unwrap_or(usize::MAX);
                if !held(text) && self.width > 0 && at >= self.width {
                    continue;
                }
                while self.builder.width() < at {
                    self.builder.text("")?;
                }
                self.put(text)?;
            }
            self.builder.pad()?;
            if self.width == 0 {
                self.width = self.builder.width();
            }
            self.builder.end()?;
        }
        Ok(())
    }

    fn put(&mut self, text: &Text) -> Result<()> {
        match text {
            Text::Plain(text) => self.builder.text(text),
            Text::Formed(text, form) => self.builder.formed(text, *form),
            Text::Number(raw, shown) => {
                // A value without digits is no number, whatever its type says.
                if decimal(raw).is_none() {
                    return self.builder.text(raw);
                }
                cell::number(&mut self.builder, raw, shown, false)
            }
        }
    }
}
