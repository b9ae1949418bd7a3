//! What all rows of a file share, and whether the cells of a row can be trusted (K2).

use std::{collections::HashMap, sync::Arc};

use super::{
    ImportOptions,
    amount::Reader,
    column::Column,
    header::Mapping,
    report::{At, Log},
    row::Row,
    table::{Form, Record, Table},
};
use crate::{
    catalog::{Common, Group, Kind, Offering},
    id::Sku,
    money::Currency,
    text::Shelf,
};

/// How the rows of a file are read.
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
    /// The columns of [`Common`], and those of its [`Group`].
    common: Vec<usize>,
    group: Vec<usize>,
}

/// What rows hold together.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) shelf: Shelf,
    commons: Known<Common>,
    groups: Known<Group>,
}

/// What was read before, by the cells that it was read from.
#[derive(Debug)]
struct Known<T> {
    known: HashMap<Box<[u8]>, Arc<T>>,
    cells: Vec<u8>,
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            cells: Vec::new(),
        }
    }
}

impl<T> Known<T> {
    /// More different ones than a catalogue repeats, and longer cells.
    const MOST: usize = 4_096;
    const LONGEST: usize = 2_048;

    /// What was read from such cells before.
    fn find<'c>(&mut self, cells: impl Iterator<Item = &'c str>) -> Option<Arc<T>> {
        self.cells.clear();
        for cell in cells {
            self.cells.extend_from_slice(&cell.len().to_le_bytes());
            self.cells.extend_from_slice(cell.as_bytes());
        }
        self.known.get(self.cells.as_slice()).cloned()
    }

    /// Keeps what was read from the cells that were asked for last.
    fn keep(&mut self, read: &Arc<T>) {
        if self.known.len() < Self::MOST && self.cells.len() <= Self::LONGEST {
            self.known
                .insert(self.cells.as_slice().into(), Arc::clone(read));
        }
    }
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        options: &ImportOptions,
        table: &'a Table<'a>,
        mapping: &'a Mapping,
        readers: Vec<Reader>,
    ) -> Self {
        let mut by_number = vec![None; Column::ALL.len()];
        for reader in readers {
            if let Some(own) = by_number.get_mut(reader.column.index()) {
                *own = Some(reader);
            }
        }
        let all = Column::ALL.iter();
        let group = all.clone().filter(|column| column.is_group());
        let group: Vec<usize> = group
            .filter_map(|column| mapping.known.get(column).copied())
            .collect();
        let own = |column: &&Column| column.is_common() && !column.is_group();
        let common = all.clone().filter(own);
        let common = common.filter_map(|column| mapping.known.get(column));
        Self {
            kind: options.kind,
            currency: options.currency,
            table,
            mapping,
            places: all
                .map(|column| mapping.known.get(column).copied())
                .collect(),
            readers: by_number,
            extra: mapping
                .extra
                .iter()
                .map(|(at, name)| (*at, name.as_str()))
                .collect(),
            common: common
                .chain(&group)
                .copied()
                .chain(mapping.extra.iter().map(|(at, _)| *at))
                .collect(),
            group,
        }
    }

    /// The offering of a row, or `None` when the row has errors, which are then in the log.
    pub(super) fn read(
        &self,
        record: Record<'_>,
        sku: Sku,
        shared: &mut Shared,
        log: &mut Log,
    ) -> Option<Offering> {
        let failures = log.failures();
        if !self.is_straight(&record, log) || !self.is_whole(&record, log) {
            return None;
        }
        let mut row = Row {
            rows: self,
            record,
            shared,
            log,
        };
        let offering = row.offering(sku);
        (log.failures() == failures).then_some(offering)
    }

    /// What a row has in common with others. Cells that there is something to say about are read every time.
    pub(super) fn common(&self, row: &mut Row<'_, '_>) -> Arc<Common> {
        let record = row.record;
        let cells = self.common.iter().map(|at| record.cell(*at));
        if let Some(known) = row.shared.commons.find(cells) {
            return known;
        }
        let issues = row.log.issues();
        let group = self.group(row);
        let common = Arc::new(row.common(group));
        if row.log.issues() == issues {
            row.shared.commons.keep(&common);
        }
        common
    }

    fn group(&self, row: &mut Row<'_, '_>) -> Arc<Group> {
        let record = row.record;
        let cells = self.group.iter().map(|at| record.cell(*at));
        if let Some(known) = row.shared.groups.find(cells) {
            return known;
        }
        let issues = row.log.issues();
        let group = Arc::new(row.group());
        if row.log.issues() == issues {
            row.shared.groups.keep(&group);
        }
        group
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
