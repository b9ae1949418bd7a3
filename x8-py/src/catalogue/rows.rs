//! Rows that the caller has as dicts.

use std::collections::HashMap;

use pyo3::{
    prelude::*,
    types::{PyDict, PyFloat},
};
use pythonize::depythonize;
use serde_json::{Map, Value, json};
use x8_core::{
    Sku,
    catalog::{Kind, Offering},
    import::{self, Column, ReportRow},
};

use super::read_kind;
use crate::{convert::to_python, error::invalid};

/// More problems than these are counted, not told.
const MOST_TOLD: usize = 20;

/// Every row under the rules of a file's row; a SKU that is missing becomes the next free integer (K6).
pub(super) fn read(kind: Kind, rows: &[Map<String, Value>]) -> PyResult<Vec<Offering>> {
    let mut offerings = Vec::with_capacity(rows.len());
    let mut nameless = Vec::new();
    let mut problems = Vec::new();
    let mut taken: HashMap<Sku, usize> = HashMap::new();
    for (at, columns) in rows.iter().enumerate() {
        let offering = match import::row(kind, columns) {
            Ok(read) => read.offering,
            Err(issues) => {
                let told = |issue: import::RowIssue| match issue.column {
                    Some(column) => format!("rows[{at}].{column}: {}", issue.message),
                    None => format!("rows[{at}]: {}", issue.message),
                };
                problems.extend(issues.into_iter().map(told));
                continue;
            }
        };
        if !has_sku(kind, columns) {
            nameless.push(offerings.len());
        } else if let Some(first) = taken.insert(offering.sku.clone(), at) {
            problems.push(format!(
                "rows[{at}].sku: `{}` is the SKU of rows[{first}] too",
                offering.sku
            ));
        }
        offerings.push(offering);
    }
    if !problems.is_empty() {
        return Err(refused(&problems));
    }
    let mut next = taken
        .keys()
        .filter_map(Sku::as_integer)
        .max()
        .unwrap_or(0)
        .max(0);
    for at in nameless {
        next = next.saturating_add(1);
        if let Some(offering) = offerings.get_mut(at) {
            offering.sku = Sku::from(next.to_string());
        }
    }
    Ok(offerings)
}

fn has_sku(kind: Kind, columns: &Map<String, Value>) -> bool {
    let given = |value: &Value| {
        !(value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()))
    };
    let mut names = columns.iter().filter(|(_, value)| given(value));
    names.any(|(name, _)| import::normalize_header(kind, name) == Some(Column::Sku))
}

fn refused(problems: &[String]) -> PyErr {
    let mut told: Vec<&str> = problems
        .iter()
        .take(MOST_TOLD)
        .map(String::as_str)
        .collect();
    let more = format!("and {} more", problems.len().saturating_sub(MOST_TOLD));
    if problems.len() > MOST_TOLD {
        told.push(&more);
    }
    invalid("catalogue.read", told.join("\n"))
}

/// Reads one row under the rules of a file (K11): `ok`, the typed `row` as in a report, the `errors`, and the
/// `warnings` of a row that was read.
///
/// Keys are normalised like headers. A value is text as in a cell, an int, a float, a Decimal or a list of texts; None and
/// NaN are empty cells.
#[pyfunction]
pub(crate) fn validate_row<'py>(
    py: Python<'py>,
    row: &Bound<'py, PyDict>,
    kind: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let kind = read_kind(kind)?;
    let columns = cells(row)?;
    let answer = match py.detach(|| import::row(kind, &columns)) {
        Ok(one) => {
            let read = serde_json::to_value(ReportRow {
                row: 1,
                offering: &one.offering,
            });
            let mut read = read.map_err(|error| invalid("row.validate", error.to_string()))?;
            if let Some(columns) = read.as_object_mut() {
                // There is no file, so there is no line.
                let _line = columns.remove("row");
            }
            json!({"ok": true, "row": read, "errors": [], "warnings": one.warnings})
        }
        Err(errors) => json!({"ok": false, "row": null, "errors": errors, "warnings": []}),
    };
    to_python(py, &answer)
}

pub(super) fn cells(row: &Bound<'_, PyDict>) -> PyResult<Map<String, Value>> {
    let mut columns = Map::new();
    for (name, value) in row {
        let name: String = name.extract()?;
        let value = read_cell(&name, &value)?;
        columns.insert(name, value);
    }
    Ok(columns)
}

fn read_cell(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Value> {
    if let Ok(number) = value.cast::<PyFloat>()
        && number.value().is_infinite()
    {
        return Err(invalid("row.validate", format!("{name} is infinite")));
    }
    if value.get_type().name()? == "Decimal" {
        return Ok(Value::String(value.str()?.to_string()));
    }
    depythonize(value).map_err(|error| invalid("row.validate", format!("{name}: {error}")))
}
