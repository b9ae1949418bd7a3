//! What all rows of a file share, and whether the cells of a row can be trusted (K2).

use std::collections::{BTreeMap, HashMap};

use super::{
    ImportOptions,
    amount::Reader,
    column::Column,
    header::Mapping,
    report::{At, Log},
    row::Row,
    sku::Key,
    table::{Form, Record, Table},
};
use crate::{
    catalog::{Areas, Kind, Offering},
    money::Currency,
};

/// What all rows of a file share.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    pub(super) kind: Kind,
    pub(super) currency: Currency,
    table: &'a Table<'a>,
    pub(super) mapping: &'a Mapping,
    /// Where each column is, by its number: asked for some thirty times per row.
    places: Vec<Option<usize>>,
    pub(super) readers: Vec<Option<Reader>>,
    pub(super) extra: Vec<(usize, &'a str)>,
}

/// Lists of areas that were read already: most rows repeat a few.
#[derive(Debug, Default)]
pub(super) struct AreaLists<'t>(HashMap<&'t str, Areas>);

impl<'t> AreaLists<'t> {
    /// More different lists than a catalogue repeats.
    const MOST: usize = 1_024;

    pub(super) fn read(&mut self, text: &'t str) -> Result<Areas, String> {
        if text.is_empty() {
            return Ok(Areas::default());
        }
        if let Some(known) = self.0.get(text) {
            return Ok(known.clone());
        }
        let areas = Areas::parse(text)?;
        if self.0.len() < Self::MOST {
            self.0.insert(text, areas.clone());
        }
        Ok(areas)
    }
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        options: &ImportOptions,
        table: &'a Table<'a>,
        mapping: &'a Mapping,
        readers: &BTreeMap<Column, Reader>,
    ) -> Self {
        let all = Column::ALL.iter();
        Self {
            kind: options.kind,
            currency: options.currency,
            table,
            mapping,
            places: all
                .clone()
                .map(|column| mapping.known.get(column).copied())
                .collect(),
            readers: all.map(|column| readers.get(column).copied()).collect(),
            extra: mapping
                .extra
                .iter()
                .map(|(at, name)| (*at, name.as_str()))
                .collect(),
        }
    }

    /// The offering of a row, or `None` when the row has errors, which are then in the log.
    pub(super) fn read(
        &self,
        record: Record<'a>,
        key: Key,
        areas: &mut AreaLists<'a>,
        log: &mut Log,
    ) -> Option<Offering> {
        let failures = log.failures();
        if !self.is_straight(&record, log) || !self.is_whole(&record, log) {
            return None;
        }
        let mut row = Row {
            rows: self,
            record,
            areas,
            log,
        };
        let offering = row.offering(key);
        (log.failures() == failures).then_some(offering)
    }

    pub(super) fn place(&self, column: Column) -> Option<usize> {
        self.places.get(column.index()).copied().flatten()
    }

    /// K2: whether every cell has a value of its own.
    fn is_whole(&self, record: &Record<'_>, log: &mut Log) -> bool {
        let Some((at, form)) = record.damaged() else {
            return true;
        };
        let text = record.cell(at);
        let message = match form {
            Form::Uncomputed => {
                "the formula's value is not in the file; open it in a spreadsheet program and save it again".to_owned()
            }
            Form::Merged => {
                "the cell is covered by a merged cell; unmerge it and give every row its own value".to_owned()
            }
            Form::Broken
            | Form::Text
            | Form::Number
            | Form::Date
            | Form::Disguised
            | Form::Nothing => {
                format!("the cell holds the error {text}; mend its formula or enter the value")
            }
        };
        let known = self.mapping.known.iter().find(|(_, place)| **place == at);
        let extra = self.extra.iter().find(|(place, _)| *place == at);
        let column = known
            .map(|(column, _)| column.name())
            .or(extra.map(|(_, name)| *name));
        log.error(
            At {
                row: record.line(),
                column,
                text,
            },
            "K2",
            message,
        );
        false
    }

    /// K2: whether every cell can be trusted to stand under its own header.
    fn is_straight(&self, record: &Record<'_>, log: &mut Log) -> bool {
        let (width, cells) = (self.table.header.cells.len(), record.width());
        let filled = (self.named_width()..cells)
            .map(|at| record.cell(at))
            .find(|cell| !cell.is_empty());
        let at = |text| At {
            row: record.line(),
            column: None,
            text,
        };
        if let Some(line) = record.stray_quote() {
            let message = format!(
                "line {line} has text beside a quoted cell, so cells cannot be told apart; double the quotes inside a quoted cell and close every quote"
            );
            log.error(at(record.cell(0)), "K2", message);
        } else if filled.is_some() || cells > width && self.table.strict_width {
            let width = self.named_width();
            let message = format!(
                "the row has {cells} cells under {width} headers; put quotes around a cell that contains the delimiter (or a decimal comma)"
            );
            log.error(at(filled.unwrap_or_default()), "K2", message);
        } else if let Some(cut) = self.cut_money(cells) {
            let message = format!(
                "the row has {cells} cells under {width} headers and ends before `{cut}`; complete it"
            );
            log.error(at(record.cell(0)), "K2", message);
        } else {
            return true;
        }
        false
    }

    /// How many cells the headers reach. Delimiters at the end of a text file's header name no column, and what stands
    /// there was pushed out of its own; in a spreadsheet cells do not move.
    fn named_width(&self) -> usize {
        let header = &self.table.header.cells;
        if self.table.sheet.is_some() {
            return header.len();
        }
        let last = header.iter().rposition(|name| !name.is_empty());
        last.map_or(0, |last| last + 1)
    }

    /// The money column that a short row never reached. Its absence is not a price of 0.
    fn cut_money(&self, cells: usize) -> Option<&str> {
        if cells >= self.table.header.cells.len() {
            return None;
        }
        let mut cut = self
            .mapping
            .known
            .iter()
            .filter(|(column, at)| column.is_money() && **at >= cells);
        cut.next()
            .and_then(|(column, _)| self.mapping.header(*column))
    }
}
