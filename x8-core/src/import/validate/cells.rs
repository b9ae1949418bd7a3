//! Named columns as the cells of a file.

use serde_json::{Map, Value};

use super::{RowIssue, is_empty};
use crate::{
    catalog::Kind,
    error::{Error, Result},
    import::{Column, OPERATION, column::Value as Holds, export::harmless, normalize_header},
};

/// K1: two names of one column. In a file this refuses the file; here it is an error of the row.
pub(super) fn doubled(kind: Kind, columns: &Map<String, Value>) -> Result<(), Vec<RowIssue>> {
    let mut seen: Vec<(Column, &str)> = Vec::new();
    for name in columns.keys() {
        let Some(column) = normalize_header(kind, name) else {
            continue;
        };
        if let Some((_, first)) = seen.iter().find(|(known, _)| *known == column) {
            let message = format!("`{first}` and `{name}` both mean {column}; keep one of them");
            return Err(vec![RowIssue::new(column.name(), name, "K1", message)]);
        }
        seen.push((column, name));
    }
    Ok(())
}

/// Header and cell of every column, the required ones always among them so that they are missed by name.
pub(super) fn cells(
    kind: Kind,
    columns: &Map<String, Value>,
) -> Result<Vec<(String, String)>, Vec<RowIssue>> {
    let mut errors = Vec::new();
    let mut cells = Vec::new();
    for (name, value) in columns {
        match cell(normalize_header(kind, name), value) {
            Ok(text) => cells.push((name.clone(), text)),
            Err(message) => errors.push(RowIssue::new(name, value.to_string(), "K2", message)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    if columns.values().all(is_empty) {
        // Of an empty row a reader of files says nothing.
        let missing = |column: Column| {
            let message = format!("{column} is empty; every row needs it");
            RowIssue::new(column.name(), "", "K1", message)
        };
        return Err(Column::required(kind).map(missing).to_vec());
    }
    for column in Column::required(kind) {
        let known = |(name, _): &(String, String)| normalize_header(kind, name) == Some(column);
        if !cells.iter().any(known) {
            cells.push((column.name().to_owned(), String::new()));
        }
    }
    Ok(cells)
}

fn cell(column: Option<Column>, value: &Value) -> Result<String, &'static str> {
    let holds = column.map(Column::value);
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(digits(&number.to_string())),
        Value::Bool(truth) if column.is_none() => Ok(truth.to_string()),
        Value::Array(words)
            if matches!(holds, Some(Holds::Areas | Holds::Tags))
                && words.iter().all(Value::is_string) =>
        {
            Ok(value.to_string())
        }
        Value::Bool(_) => Err("a column holds a text or a number, not true or false"),
        Value::Array(_) => Err("only cities, location and tags take a list, and a list of texts"),
        Value::Object(_) => Err("a column holds a text or a number, not an object"),
    }
}

/// A JSON number has a decimal point and no thousands, so `1.299` is not ambiguous as text would be: one more zero says so.
fn digits(number: &str) -> String {
    match number.split_once('.') {
        Some((_, decimals)) if decimals.len() == 3 => format!("{number}0"),
        Some(_) | None => number.to_owned(),
    }
}

/// The row as a file, so that no rule can differ between the two doors.
pub(super) fn table(cells: &[(String, String)]) -> Result<Vec<u8>> {
    let fault = |error: csv::Error| Error::internal(OPERATION, error);
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer
        .write_record(cells.iter().map(|(name, _)| name))
        .map_err(fault)?;
    writer
        // A file's cells are read without the apostrophe that keeps formulas from running; these were never escaped.
        .write_record(cells.iter().map(|(_, text)| harmless(text)))
        .map_err(fault)?;
    writer
        .into_inner()
        .map_err(|error| Error::internal(OPERATION, error.into_error()))
}
