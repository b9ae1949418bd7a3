//! ODS spreadsheets, in one pass over their content.

mod cell;
mod row;

use std::collections::HashSet;

use quick_xml::events::{BytesEnd, BytesStart};

use super::{
    Sheet,
    archive::{Archive, Part},
    choose, damaged, protected,
    xml::{Node, attribute, collect, next},
};
use crate::{
    error::Result,
    import::{ImportOptions, table::Table},
};

use cell::Open;
use row::Row;

const CONTENT: &str = "content.xml";

/// Whether the archive is an ODS.
pub(super) fn is_one(archive: &mut Archive<'_>) -> Result<bool> {
    let kind = archive.start("mimetype", 100)?.unwrap_or_default();
    Ok(archive.has(CONTENT) && kind.contains("opendocument.spreadsheet"))
}

/// Reads the sheet that the options ask for.
pub(super) fn read<'t>(archive: &mut Archive<'_>, options: &'t ImportOptions) -> Result<Sheet<'t>> {
    let manifest = archive.start("META-INF/manifest.xml", 64 * 1024)?;
    if manifest.is_some_and(|text| text.contains("encryption-data")) {
        return Err(protected());
    }
    let sheets = sheets(&mut content(archive)?)?;
    let names: Vec<(&str, bool)> = sheets
        .iter()
        .map(|sheet| (sheet.name.as_str(), sheet.visible))
        .collect();
    let at = choose(&names, options.sheet.as_deref())?;
    let table = table(&mut content(archive)?, at, options)?;
    let others = sheets.iter().enumerate();
    let unread = others
        .filter(|(other, sheet)| *other != at && sheet.visible && sheet.filled)
        .map(|(_, sheet)| sheet.name.clone())
        .collect();
    Ok(Sheet {
        format: "ODS",
        table,
        unread,
    })
}

fn content<'a, 'b>(archive: &'a mut Archive<'b>) -> Result<Part<'a, 'b>> {
    archive.part(CONTENT)?.ok_or_else(|| damaged("no content"))
}

struct Entry {
    name: String,
    visible: bool,
    filled: bool,
}

/// The names of all sheets.
fn sheets(part: &mut Part<'_, '_>) -> Result<Vec<Entry>> {
    let mut sheets: Vec<Entry> = Vec::new();
    let mut hidden = HashSet::new();
    let mut style = None;
    let mut buffer = Vec::new();
    loop {
        match next(part, &mut buffer)? {
            Node::Start(element) => match element.name().as_ref() {
                "style:style" => style = attribute(&element, "name")?,
                "style:table-properties" => {
                    let shown = attribute(&element, "display")?;
                    if shown.as_deref() == Some("false") {
                        hidden.extend(style.take());
                    }
                }
                "table:table" => sheets.push(Entry {
                    name: attribute(&element, "name")?.unwrap_or_default(),
                    visible: attribute(&element, "style-name")?
                        .is_none_or(|style| !hidden.contains(&style)),
                    filled: false,
                }),
                "text:p" => {
                    if let Some(sheet) = sheets.last_mut() {
                        sheet.filled = true;
                    }
                }
                _other => {}
            },
            Node::Over => return Ok(sheets),
            Node::End(_) | Node::Other(_) => {}
        }
    }
}

/// A sheet while it is read.
struct Reading<'t> {
    row: Row<'t>,
    line: u64,
    repeated: u64,
    open: Open,
    inside: bool,
    note: bool,
}

fn table<'t>(
    part: &mut Part<'_, '_>,
    wanted: usize,
    options: &'t ImportOptions,
) -> Result<Table<'t>> {
    let mut reading = Reading {
        row: Row::new(options),
        line: 0,
        repeated: 1,
        open: Open::default(),
        inside: false,
        note: false,
    };
    let mut buffer = Vec::new();
    let mut tables = 0_usize;
    let mut name = String::new();
    loop {
        let node = next(part, &mut buffer)?;
        let current = tables == wanted + 1;
        match node {
            Node::Start(element) if element.name().as_ref() == "table:table" => {
                tables += 1;
                if tables == wanted + 1 {
                    name = attribute(&element, "name")?.unwrap_or_default();
                }
            }
            Node::End(element) if current && element.name().as_ref() == "table:table" => break,
            Node::Over => break,
            Node::Start(element) if current => reading.start(&element)?,
            Node::End(element) if current => reading.end(&element)?,
            Node::Other(event) if reading.inside => collect(&event, &mut reading.open.text)?,
            Node::Start(_) | Node::End(_) | Node::Other(_) => {}
        }
    }
    reading.row.builder.finish(Some(name), &[])
}

impl Reading<'_> {
    fn start(&mut self, element: &BytesStart<'_>) -> Result<()> {
        match element.name().as_ref() {
            "table:table-row" => {
                self.repeated = count(element, "number-rows-repeated")?;
                self.row.begin();
            }
            "table:table-cell" | "table:covered-table-cell" => self.open = Open::begin(element)?,
            "office:annotation" => self.note = true,
            "text:p" if !self.note => {
                self.inside = true;
                if self.open.paragraphs > 0 {
                    self.open.text.push('\n');
                }
                self.open.paragraphs += 1;
            }
            "text:s" if self.inside => {
                // One cell never needs more blanks than its limit.
                let most = u64::try_from(self.row.limits().cell).unwrap_or(u64::MAX);
                let blanks = count(element, "c")?.min(most.saturating_add(1));
                (0..blanks).for_each(|_| self.open.text.push(' '));
            }
            "text:line-break" if self.inside => self.open.text.push('\n'),
            "text:tab" if self.inside => self.open.text.push('\t'),
            _other => {}
        }
        Ok(())
    }

    fn end(&mut self, element: &BytesEnd<'_>) -> Result<()> {
        match element.name().as_ref() {
            "office:annotation" => self.note = false,
            "text:p" => self.inside = false,
            "table:table-cell" | "table:covered-table-cell" => self.row.add(&mut self.open)?,
            "table:table-row" => {
                self.row.end(self.line + 1, self.repeated)?;
                self.line = self.line.saturating_add(self.repeated);
            }
            _other => {}
        }
        Ok(())
    }
}

fn count(element: &BytesStart<'_>, name: &str) -> Result<u64> {
    let count = attribute(element, name)?.map_or(Ok(1), |count| count.parse());
    count.map_err(damaged)
}
