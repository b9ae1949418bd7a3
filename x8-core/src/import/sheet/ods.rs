//! ODS spreadsheets, in one pass over their content.

use std::collections::HashSet;

use quick_xml::events::{BytesEnd, BytesStart};

use super::{
    Sheet,
    archive::{Archive, Part},
    cell::{self, decimal},
    choose, damaged,
    format::Shown,
    protected,
    xml::{Node, attribute, collect, next},
};
use crate::{
    error::Result,
    import::{
        ImportOptions,
        currency::{Named, named},
        table::{Builder, Form, Table},
    },
    text::fold,
};

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

/// A cell as its attributes and text give it.
#[derive(Default)]
struct Open {
    attributes: Attributes,
    covered: bool,
    text: String,
    paragraphs: usize,
}

#[derive(Default)]
struct Attributes {
    kind: String,
    value: String,
    currency: String,
    formula: bool,
    error: bool,
    repeated: u64,
}

/// A row while it is read.
struct Row<'l> {
    builder: Builder<'l>,
    options: &'l ImportOptions,
    /// Where the next cell goes; empty ones are only counted.
    column: u64,
    /// The cells of this row that hold something, for rows that are repeated.
    cells: Vec<(u64, Text)>,
    width: usize,
}

/// What a cell holds.
#[derive(Clone)]
enum Text {
    Plain(String),
    Formed(String, Form),
    Number(String, Shown),
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
        row: Row {
            builder: Builder::new("", &options.limits),
            options,
            column: 0,
            cells: Vec::new(),
            width: 0,
        },
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
                self.row.column = 0;
                self.row.cells.clear();
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
                let most = u64::try_from(self.row.options.limits.cell).unwrap_or(u64::MAX);
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

impl Open {
    fn begin(element: &BytesStart<'_>) -> Result<Self> {
        let mut own = Attributes {
            repeated: 1,
            ..Attributes::default()
        };
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(damaged)?;
            let value = quick_xml::escape::unescape(&attribute.value).map_err(damaged)?;
            match attribute.key.as_ref() {
                "office:value-type" => own.kind = value.into_owned(),
                "calcext:value-type" => own.error = value == "error",
                "office:value"
                | "office:date-value"
                | "office:time-value"
                | "office:boolean-value"
                | "office:string-value" => own.value = value.into_owned(),
                "office:currency" => own.currency = value.into_owned(),
                "table:formula" => own.formula = true,
                "table:number-columns-repeated" => own.repeated = value.parse().map_err(damaged)?,
                _other => {}
            }
        }
        Ok(Self {
            attributes: own,
            covered: element.name().as_ref() == "table:covered-table-cell",
            ..Self::default()
        })
    }

    /// What the cell holds; `None` for nothing.
    fn take(&mut self, options: &ImportOptions) -> Option<Text> {
        let own = std::mem::take(&mut self.attributes);
        let text = std::mem::take(&mut self.text);
        if self.covered {
            return Some(Text::Formed(String::new(), Form::Merged));
        }
        if own.error || text.starts_with("Err:") && own.formula {
            return Some(Text::Formed(text, Form::Broken));
        }
        let foreign = |code: &str| match named(&fold(code), options.currency) {
            Named::Own => None,
            Named::Foreign(code) => Some(code.to_owned()),
            Named::No => (!code.is_empty()).then(|| code.to_owned()),
        };
        Some(match own.kind.as_str() {
            "" if own.formula => Text::Formed(String::new(), Form::Uncomputed),
            "float" => Text::Number(own.value, Shown::Number),
            "percentage" => Text::Number(own.value, Shown::Percent),
            "currency" => {
                let shown = foreign(&own.currency).map_or(Shown::Number, Shown::Foreign);
                Text::Number(own.value, shown)
            }
            "date" | "time" => Text::Formed(own.value, Form::Date),
            "boolean" => Text::Plain(own.value.to_uppercase()),
            _other if text.is_empty() && own.value.is_empty() => return None,
            _other if text.is_empty() => Text::Plain(own.value),
            _other => Text::Plain(text),
        })
    }
}

impl Row<'_> {
    fn add(&mut self, open: &mut Open) -> Result<()> {
        let repeated = open.attributes.repeated;
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

    fn end(&mut self, line: u64, repeated: u64) -> Result<()> {
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
