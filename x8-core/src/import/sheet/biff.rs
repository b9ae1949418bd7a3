//! The records of an old Excel workbook that say how its numbers are shown.
//!
//! The values come from a library; it does not tell percentages and currencies from plain numbers, nor how much memory
//! its sheets will take.

use std::{
    collections::HashMap,
    io::{Cursor, Read as _},
};

use super::{
    damaged,
    format::{Shown, built_in, shown},
    protected,
};
use crate::{
    error::{Error, ErrorKind, Result},
    import::{Limits, OPERATION, table::too_large},
    money::Currency,
};

/// A workbook's stream of records.
pub(super) struct Records {
    stream: Vec<u8>,
    /// Where each sheet starts, and whether it holds cells, in the workbook's order.
    sheets: Vec<(usize, bool)>,
    styles: Vec<Shown>,
    pub(super) from_1904: bool,
}

/// Cells of a sheet that are not plain numbers, by row and column from 0.
pub(super) type Special = HashMap<(u32, u32), Cell>;

/// Why a cell is not a plain number.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// It is shown as something else.
    Shown(Shown),
    /// Its formula was never calculated.
    Uncomputed,
    /// Its formula gives an empty text.
    Nothing,
}

mod kind {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const END: u16 = 0x000a;
    pub(super) const DATE_MODE: u16 = 0x0022;
    pub(super) const PASSWORD: u16 = 0x002f;
    pub(super) const SHEET: u16 = 0x0085;
    pub(super) const NUMBERS: u16 = 0x00bd;
    pub(super) const STYLE: u16 = 0x00e0;
    pub(super) const TEXT: u16 = 0x00fd;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const OLD_TEXT: u16 = 0x0204;
    pub(super) const BOOLEAN: u16 = 0x0205;
    pub(super) const SHORT_NUMBER: u16 = 0x027e;
    pub(super) const FORMAT: u16 = 0x041e;
    pub(super) const BEGIN: u16 = 0x0809;
}

impl Records {
    pub(super) fn open(bytes: &[u8], currency: Currency) -> Result<Self> {
        let mut records = Self {
            stream: stream(bytes)?,
            sheets: Vec::new(),
            styles: Vec::new(),
            from_1904: false,
        };
        let mut codes: HashMap<u16, Shown> = HashMap::new();
        let mut sheets = Vec::new();
        let mut styles = Vec::new();
        let mut modern = true;
        for (kind, data) in walk(&records.stream, 0) {
            match kind {
                kind::BEGIN => modern = short(data, 0) == Some(0x0600),
                kind::PASSWORD => return Err(protected()),
                kind::DATE_MODE => records.from_1904 = short(data, 0) == Some(1),
                kind::SHEET => {
                    let low = short(data, 0).zip(short(data, 2));
                    let (low, high) = low.ok_or_else(|| damaged("a sheet without a place"))?;
                    let start = usize::from(high) * 0x1_0000 + usize::from(low);
                    sheets.push((start, data.get(5) == Some(&0)));
                }
                kind::FORMAT => {
                    if let Some((id, code)) = format(data, modern) {
                        codes.insert(id, shown(&code, currency));
                    }
                }
                kind::STYLE => styles.push(short(data, 2).unwrap_or(0)),
                kind::END => break,
                _other => {}
            }
        }
        let style = |id: u16| {
            codes
                .get(&id)
                .cloned()
                .unwrap_or_else(|| built_in(u32::from(id)))
        };
        records.styles = styles.into_iter().map(style).collect();
        records.sheets = sheets;
        Ok(records)
    }

    /// Whether the sheet at this place holds cells.
    pub(super) fn has_cells(&self, sheet: usize) -> bool {
        self.sheets.get(sheet).is_some_and(|(_, cells)| *cells)
    }

    /// Refuses a workbook with a sheet so sparse that laying it out would take far more memory than its cells.
    pub(super) fn check(&self, limits: &Limits) -> Result<()> {
        const ROOM: usize = 4 * 1024 * 1024;
        let mut total = 0_usize;
        for (start, _) in &self.sheets {
            let (mut rows, mut columns) = (0_usize, 0_usize);
            for (_, data) in self.cells(*start) {
                let place = short(data, 0).zip(short(data, 2));
                let (row, column) = place.unwrap_or((0, 0));
                rows = rows.max(usize::from(row) + 1);
                columns = columns.max(usize::from(column) + 1);
            }
            total = total.saturating_add(rows.saturating_mul(columns));
        }
        let most = limits.unpacked / 32;
        if total > most.max(ROOM) {
            return Err(too_large(
                "cells, most of them empty",
                total,
                most.max(ROOM),
            ));
        }
        Ok(())
    }

    fn cells(&self, start: usize) -> impl Iterator<Item = (u16, &[u8])> {
        walk(&self.stream, start)
            .take_while(|(kind, _)| *kind != kind::END)
            .filter(|(kind, _)| {
                matches!(
                    *kind,
                    kind::FORMULA
                        | kind::NUMBER
                        | kind::NUMBERS
                        | kind::SHORT_NUMBER
                        | kind::TEXT
                        | kind::OLD_TEXT
                        | kind::BOOLEAN
                )
            })
    }

    /// The cells of a sheet that are not plain numbers.
    pub(super) fn special(&self, sheet: usize) -> Special {
        let start = self
            .sheets
            .get(sheet)
            .map_or(usize::MAX, |(start, _)| *start);
        let mut special = Special::new();
        for (kind, data) in self.cells(start) {
            let Some((row, column)) = short(data, 0).zip(short(data, 2)) else {
                continue;
            };
            if kind == kind::NUMBERS {
                for (column, at) in (column..).zip((4..data.len().saturating_sub(6)).step_by(6)) {
                    self.note(&mut special, (row, column), short(data, at));
                }
            } else if kind == kind::FORMULA && is_uncomputed(data) {
                special.insert((row.into(), column.into()), Cell::Uncomputed);
            } else if kind == kind::FORMULA && is_nothing(data) {
                special.insert((row.into(), column.into()), Cell::Nothing);
            } else if matches!(kind, kind::NUMBER | kind::SHORT_NUMBER | kind::FORMULA) {
                self.note(&mut special, (row, column), short(data, 4));
            }
        }
        special
    }

    fn note(&self, special: &mut Special, (row, column): (u16, u16), style: Option<u16>) {
        let shown = style.and_then(|style| self.styles.get(usize::from(style)));
        if let Some(shown) = shown.filter(|shown| **shown != Shown::Number) {
            special.insert((row.into(), column.into()), Cell::Shown(shown.clone()));
        }
    }
}

/// A result of nothing but zero bytes that is to be calculated when the file is opened.
fn is_uncomputed(data: &[u8]) -> bool {
    let zero = data
        .get(6..14)
        .is_some_and(|result| result.iter().all(|byte| *byte == 0));
    zero && short(data, 14).is_some_and(|flags| flags & 3 != 0)
}

/// A result that is marked as an empty text; programs that calculate nothing write this too.
fn is_nothing(data: &[u8]) -> bool {
    data.get(6) == Some(&3) && short(data, 12) == Some(0xffff)
}

fn stream(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if file.is_stream("/EncryptedPackage") {
        return Err(protected());
    }
    let name = ["/Workbook", "/Book"]
        .into_iter()
        .find(|name| file.is_stream(name));
    let Some(name) = name else {
        return Err(Error::new(
            ErrorKind::Unsupported,
            OPERATION,
            "this is an old Office document and no spreadsheet; save the table as CSV",
        ));
    };
    let mut stream = Vec::new();
    let most = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let part = file.open_stream(name).map_err(damaged)?;
    part.take(most).read_to_end(&mut stream).map_err(damaged)?;
    Ok(stream)
}

/// The records from a place on: kind and content.
fn walk(stream: &[u8], start: usize) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = start;
    std::iter::from_fn(move || {
        let kind = short(stream, at)?;
        let length = usize::from(short(stream, at.checked_add(2)?)?);
        let from = at.checked_add(4)?;
        let data = stream.get(from..from.checked_add(length)?)?;
        at = from + length;
        Some((kind, data))
    })
}

fn short(data: &[u8], at: usize) -> Option<u16> {
    let pair = data.get(at..at.checked_add(2)?)?;
    pair.try_into().ok().map(u16::from_le_bytes)
}

/// A format's number and code. Codes are one or two bytes per letter, by a flag; in older files always one.
fn format(data: &[u8], modern: bool) -> Option<(u16, String)> {
    let id = short(data, 0)?;
    let bytes = data.get(if modern { 5 } else { 3 }..)?;
    let wide = modern && data.get(4)? & 1 == 1;
    let code = if wide {
        let pairs = bytes.chunks_exact(2).filter_map(|pair| short(pair, 0));
        char::decode_utf16(pairs)
            .map_while(std::result::Result::ok)
            .collect()
    } else {
        bytes.iter().copied().map(char::from).collect()
    };
    Some((id, code))
}
