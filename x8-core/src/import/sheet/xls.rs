//! Old Excel workbooks: the values from a library, how they are shown from their records.

use std::io::Cursor;

use calamine::{Data, Reader as _, SheetVisible, Xls, XlsError};

use super::{
    Sheet,
    biff::{Cell, Records},
    cell, choose, damaged,
    format::Shown,
    protected,
};
use crate::{
    error::{Error, Result},
    import::{
        ImportOptions,
        table::{Builder, Form, Table},
    },
};

/// Reads the sheet that the options ask for.
pub(super) fn read<'t>(bytes: &[u8], options: &'t ImportOptions) -> Result<Sheet<'t>> {
    let records = Records::open(bytes, options.currency)?;
    records.check(&options.limits)?;
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(refuse)?;
    // The library lists the sheets in the order of their records.
    let sheets: Vec<(usize, String, bool)> = book
        .sheets_metadata()
        .iter()
        .enumerate()
        .filter(|(at, _)| records.has_cells(*at))
        .map(|(at, sheet)| {
            (
                at,
                sheet.name.clone(),
                sheet.visible == SheetVisible::Visible,
            )
        })
        .collect();
    let names: Vec<(&str, bool)> = sheets
        .iter()
        .map(|(_, name, visible)| (name.as_str(), *visible))
        .collect();
    let chosen = choose(&names, options.sheet.as_deref())?;
    let (at, name, _) = sheets.get(chosen).ok_or_else(|| damaged("no sheet"))?;
    let table = table(&mut book, name, &records, *at, options)?;
    let mut unread = Vec::new();
    for (other, name, visible) in &sheets {
        let range = book.worksheet_range(name).map_err(refuse)?;
        if *visible && other != at && !range.is_empty() {
            unread.push(name.clone());
        }
    }
    Ok(Sheet {
        format: "XLS",
        table,
        unread,
    })
}

fn refuse(error: XlsError) -> Error {
    if matches!(error, XlsError::Password) {
        protected()
    } else {
        damaged(error)
    }
}

fn table<'t>(
    book: &mut Xls<Cursor<&[u8]>>,
    name: &str,
    records: &Records,
    at: usize,
    options: &'t ImportOptions,
) -> Result<Table<'t>> {
    let special = records.special(at);
    let range = book.worksheet_range(name).map_err(refuse)?;
    let merged = book.merge_cells_by_sheet_name(name).map_err(refuse)?;
    let (top, left) = range.start().unwrap_or((0, 0));
    let mut builder = Builder::new(&options.limits);
    for (row, cells) in (top..).zip(range.rows()) {
        builder.begin(u64::from(row) + 1);
        for (column, value) in (left..).zip(cells) {
            let own = special.get(&(row, column));
            if *value == Data::Empty && own.is_none() {
                continue;
            }
            while builder.width() < usize::try_from(column).unwrap_or(usize::MAX) {
                builder.text("")?;
            }
            add(&mut builder, value, own, records.from_1904)?;
        }
        builder.pad()?;
        builder.end()?;
    }
    for area in merged {
        let whole = |column: u32| usize::try_from(column).unwrap_or(usize::MAX);
        builder.merge(
            u64::from(area.start.0)..=u64::from(area.end.0),
            whole(area.start.1)..=whole(area.end.1),
        );
    }
    builder.finish(Some(name.to_owned()), &[])
}

fn add(builder: &mut Builder<'_>, value: &Data, own: Option<&Cell>, from_1904: bool) -> Result<()> {
    let shown = match own {
        Some(Cell::Uncomputed) => return builder.formed("", Form::Uncomputed),
        Some(Cell::Nothing) => return builder.formed("", Form::Nothing),
        Some(Cell::Shown(shown)) => shown,
        None => &Shown::Number,
    };
    match value {
        Data::Int(number) => cell::number(builder, &number.to_string(), shown, from_1904),
        Data::Float(number) => cell::number(builder, &cell::digits(*number), shown, from_1904),
        Data::DateTime(moment) => cell::number(
            builder,
            &cell::digits(moment.as_f64()),
            &Shown::Date,
            from_1904,
        ),
        Data::String(text) => builder.text(text),
        Data::Bool(yes) => builder.text(if *yes { "TRUE" } else { "FALSE" }),
        Data::DateTimeIso(text) | Data::DurationIso(text) => builder.formed(text, Form::Date),
        Data::Error(error) => builder.formed(&error.to_string(), Form::Broken),
        Data::Empty => Ok(()),
    }
}
