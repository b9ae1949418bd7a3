//! The first look at every row: what must be known of the whole file before any row is read.

use super::doubt::Suspect;
use crate::{
    error::Result,
    import::{
        Column, ImportOptions,
        decide::{self, Evidence},
        header::Mapping,
        report::Log,
        sku::Written,
        table::{Record, Table},
    },
};

/// What the rows say together.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) numbers: Vec<Evidence>,
    pub(super) keys: Written,
    /// The columns without a header, and whether any cell of theirs holds something.
    nameless: Vec<(usize, bool)>,
    /// The unknown columns that may be money.
    pub(super) suspects: Vec<Suspect>,
    /// What is wrong with keys.
    pub(super) log: Log,
}

impl Survey {
    /// Looks at every row.
    ///
    /// # Errors
    /// When the rows go beyond a limit.
    pub(super) fn of(
        table: &Table<'_>,
        mapping: &Mapping,
        options: &ImportOptions,
    ) -> Result<Self> {
        let nameless = mapping.extra.iter().map(|(at, _)| *at);
        let mut survey = Self {
            numbers: decide::evidence(mapping, options.currency, options.decimal),
            keys: Written::new(mapping.known.get(&Column::Sku).copied()),
            nameless: nameless
                .filter(|at| table.header.cell(*at).is_empty())
                .map(|at| (at, false))
                .collect(),
            suspects: Suspect::among(table, mapping, options),
            log: Log::new(table.sheet.clone(), options.limits.issues, options.currency),
        };
        table.each(|record| {
            survey.see(&record);
            Ok(())
        })?;
        Ok(survey)
    }

    fn see(&mut self, record: &Record<'_>) {
        for column in &mut self.numbers {
            column.see(record);
        }
        for (at, filled) in &mut self.nameless {
            *filled |= !record.cell(*at).is_empty();
        }
        for suspect in &mut self.suspects {
            suspect.see(record);
        }
        self.keys.see(record, &mut self.log);
    }

    /// Whether any cell of a column without a header holds something.
    pub(super) fn is_filled(&self, column: usize) -> bool {
        self.nameless.contains(&(column, true))
    }
}
