//! The cells of an XLSX sheet, in one pass over its part.

use std::ops::RangeInclusive;

use quick_xml::events::BytesStart;

use super::{
    Sheet,
    archive::Archive,
    cell, choose, damaged,
    format::Shown,
    strings::{Strings, unescape},
    style, workbook,
    workbook::{Entry, Workbook},
    xml::{Node, attribute, collect, next},
};
use crate::{
    error::Result,
    import::{
        ImportOptions,
        table::{Builder, Form, Table},
    },
};

/// Reads the sheet that the options ask for.
pub(super) fn read<'t>(
    archive: &mut Archive<'_>,
    book: &str,
    options: &'t ImportOptions,
) -> Result<Sheet<'t>> {
    let book = workbook::read(archive, book)?;
    let names: Vec<(&str, bool)> = book
        .sheets
        .iter()
        .map(|sheet| (sheet.name.as_str(), sheet.visible))
        .collect();
    let at = choose(&names, options.sheet.as_deref())?;
    let chosen = book.sheets.get(at).ok_or_else(|| damaged("no sheet"))?;
    let cells = Cells {
        strings: Strings::read(archive, book.strings.as_deref())?,
        styles: style::read(archive, book.styles.as_deref(), options.currency)?,
        from_1904: book.from_1904,
    };
    let table = cells.table(archive, chosen, options)?;
    Ok(Sheet {
        format: "XLSX",
        table,
        unread: unread(archive, &book, at)?,
    })
}

/// The other visible sheets with at least one cell that holds something.
fn unread(archive: &mut Archive<'_>, book: &Workbook, chosen: usize) -> Result<Vec<String>> {
    let mut unread = Vec::new();
    let others = book.sheets.iter().enumerate();
    for (_, sheet) in others.filter(|(at, sheet)| *at != chosen && sheet.visible) {
        let Some(mut part) = archive.part(&sheet.part)? else {
            continue;
        };
        let mut buffer = Vec::new();
        loop {
            match next(&mut part, &mut buffer)? {
                Node::Start(element) if matches!(element.local_name().as_ref(), "v" | "is") => {
                    unread.push(sheet.name.clone());
                    break;
                }
                Node::Over => break,
                Node::Start(_) | Node::End(_) | Node::Other(_) => {}
            }
        }
    }
    Ok(unread)
}

/// What the cells of every sheet refer to.
struct Cells {
    strings: Strings,
    styles: Vec<Shown>,
    from_1904: bool,
}

/// What an element's text is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Value,
    Phonetic,
}

/// A cell while it is read.
struct Open {
    column: usize,
    kind: Kind,
    style: usize,
    formula: bool,
    /// Whether the file holds a value, be it an empty one.
    valued: bool,
    /// Whether the file holds the text in the cell itself.
    inline: bool,
    value: String,
}

/// The type that a cell declares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Text,
    Boolean,
    Error,
    Date,
}

impl Cells {
    fn table<'t>(
        &self,
        archive: &mut Archive<'_>,
        sheet: &Entry,
        options: &'t ImportOptions,
    ) -> Result<Table<'t>> {
        let missing = || damaged(format!("no part for sheet {}", sheet.name));
        let mut part = archive.part(&sheet.part)?.ok_or_else(missing)?;
        let mut builder = Builder::new(&options.limits);
        let mut buffer = Vec::new();
        let mut row = 0_u64;
        let mut inside = Inside::Nothing;
        let mut merged = Vec::new();
        let mut open = Open::new();
        loop {
            match next(&mut part, &mut buffer)? {
                Node::Start(element) => match element.local_name().as_ref() {
                    "row" => {
                        row = row_number(&element, row)?;
                        builder.begin(row);
                        open.column = 0;
                    }
                    "c" => open.begin(&element, row)?,
                    "f" => open.formula = true,
                    "v" => {
                        open.value()?;
                        inside = Inside::Value;
                    }
                    "is" => open.text()?,
                    "t" if inside != Inside::Phonetic => inside = Inside::Value,
                    "rPh" => inside = Inside::Phonetic,
                    "mergeCell" => merged.extend(attribute(&element, "ref")?),
                    _other => {}
                },
                Node::End(element) => match element.local_name().as_ref() {
                    "v" | "t" if inside == Inside::Value => inside = Inside::Nothing,
                    "rPh" => inside = Inside::Nothing,
                    "c" => {
                        self.add(&mut builder, &open)?;
                        open.column += 1;
                    }
                    "row" => {
                        builder.pad()?;
                        builder.end()?;
                    }
                    _other => {}
                },
                Node::Over => break,
                Node::Other(event) if inside == Inside::Value => collect(&event, &mut open.value)?,
                Node::Other(_) => {}
            }
        }
        for area in merged.iter().filter_map(|area| merged_area(area)) {
            builder.merge(area.0, area.1);
        }
        builder.finish(Some(sheet.name.clone()), &[])
    }

    /// Adds a finished cell, with empty ones for those left out before it.
    fn add(&self, builder: &mut Builder<'_>, open: &Open) -> Result<()> {
        let uncomputed =
            open.formula && (!open.valued || open.value.is_empty() && open.kind != Kind::Text);
        if open.value.is_empty() && !open.formula {
            return Ok(());
        }
        if open.column < builder.width() {
            return Err(damaged("cells are not in order"));
        }
        while builder.width() < open.column {
            builder.text("")?;
        }
        if uncomputed {
            return builder.formed("", Form::Uncomputed);
        }
        if open.value.is_empty() {
            return builder.formed("", Form::Nothing);
        }
        match open.kind {
            Kind::Shared => builder.text(&unescape(self.strings.get(&open.value)?)),
            Kind::Text => builder.text(&unescape(&open.value)),
            Kind::Boolean => builder.text(match open.value.as_str() {
                "0" | "false" => "FALSE",
                _other => "TRUE",
            }),
            Kind::Error => builder.formed(&open.value, Form::Broken),
            Kind::Date => builder.formed(&open.value, Form::Date),
            Kind::Number => {
                let shown = self.shown(open.style)?;
                cell::number(builder, &open.value, shown, self.from_1904)
            }
        }
    }
}

impl Cells {
    /// What a style shows; a workbook without any has plain numbers.
    fn shown(&self, style: usize) -> Result<&Shown> {
        if self.styles.is_empty() {
            return Ok(&Shown::Number);
        }
        let known = self.styles.get(style);
        known.ok_or_else(|| damaged(format!("no style {style}")))
    }
}

impl Open {
    fn new() -> Self {
        Self {
            column: 0,
            kind: Kind::Number,
            style: 0,
            formula: false,
            valued: false,
            inline: false,
            value: String::new(),
        }
    }

    /// Starts a cell of a row. One that says it stands in another row cannot be placed.
    fn begin(&mut self, element: &BytesStart<'_>, row: u64) -> Result<()> {
        self.kind = Kind::Number;
        self.style = 0;
        self.formula = false;
        self.valued = false;
        self.inline = false;
        self.value.clear();
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(damaged)?;
            let value: &str = &attribute.value;
            match attribute.key.as_ref() {
                "r" => {
                    let place = position(value).filter(|(_, own)| *own == row);
                    let (column, _) = place.ok_or_else(|| damaged(format!("cell {value}")))?;
                    self.column = column;
                }
                "s" => self.style = value.parse().map_err(damaged)?,
                "t" => self.kind = Kind::of(value)?,
                _other => {}
            }
        }
        Ok(())
    }
}

impl Open {
    /// A value begins. With two there is no telling which is shown.
    fn value(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.valued, true) || self.inline {
            return Err(damaged("a cell with two values"));
        }
        Ok(())
    }

    /// A text of the cell's own begins.
    fn text(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.inline, true) || self.valued {
            return Err(damaged("a cell with two values"));
        }
        Ok(())
    }
}

impl Kind {
    fn of(name: &str) -> Result<Self> {
        Ok(match name {
            "n" => Self::Number,
            "s" => Self::Shared,
            "str" | "inlineStr" => Self::Text,
            "b" => Self::Boolean,
            "e" => Self::Error,
            "d" => Self::Date,
            _other => return Err(damaged(format!("cell type {name}"))),
        })
    }
}

/// The number of a row, from 1: its own, or the next. Rows only go down.
fn row_number(element: &BytesStart<'_>, last: u64) -> Result<u64> {
    let Some(own) = attribute(element, "r")? else {
        return Ok(last + 1);
    };
    let own: u64 = own.parse().map_err(damaged)?;
    if own <= last {
        return Err(damaged("rows are not in order"));
    }
    Ok(own)
}

/// The column (from 0) and row (from 1) of `B7`.
fn position(reference: &str) -> Option<(usize, u64)> {
    let letters = reference
        .bytes()
        .take_while(u8::is_ascii_alphabetic)
        .count();
    let (column, row) = reference.split_at_checked(letters)?;
    let column = column.bytes().try_fold(0_usize, |sum, letter| {
        let digit = usize::from(letter.to_ascii_uppercase() - b'A') + 1;
        sum.checked_mul(26)?.checked_add(digit)
    })?;
    Some((column.checked_sub(1)?, row.parse().ok()?))
}

/// Rows and columns, from 0, of `B2:C4`.
fn merged_area(area: &str) -> Option<(RangeInclusive<u64>, RangeInclusive<usize>)> {
    let (from, to) = area.split_once(':')?;
    let ((left, top), (right, bottom)) = (position(from)?, position(to)?);
    Some((top.checked_sub(1)?..=bottom.checked_sub(1)?, left..=right))
}
