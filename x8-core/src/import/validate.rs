//! One row on its own, under the same rules as a file (K11), and a stored row as the columns it would be read from.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Column, Import, ImportOptions, Issue, import, normalize_header, table::clean};
use crate::{
    catalog::{Kind, Offering},
    error::Result,
    money::Currency,
};

mod cells;
mod columns;

pub use columns::columns;

use cells::{cells, doubled, table};
use columns::is_known;

/// A row that was read on its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowRead {
    /// The row.
    pub offering: Offering,
    /// What is worth a look, as in the report of a file.
    pub warnings: Vec<RowIssue>,
}

/// Why a row was refused, or what is worth a look in it (K5). There is no file, so there is no sheet and no line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowIssue {
    /// The canonical column, or an unknown one as written; absent when the whole row is meant.
    pub column: Option<String>,
    /// The offending text.
    pub text: String,
    /// The rule: `K3`.
    pub rule: &'static str,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl RowIssue {
    /// About one column.
    pub(crate) fn new(
        column: &str,
        text: impl Into<String>,
        rule: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            column: Some(column.to_owned()),
            text: text.into(),
            rule,
            message: message.into(),
        }
    }
}

impl From<Issue> for RowIssue {
    fn from(issue: Issue) -> Self {
        Self {
            column: issue.column,
            text: issue.text,
            rule: issue.rule,
            message: issue.message,
        }
    }
}

/// Reads one row from named columns, exactly as the one row of a file would be read (K1–K6, K8, K9).
///
/// Names are normalised like headers; unknown ones are kept as attributes. A value is text as in a cell, a number, a list
/// of words (areas, tags), or null for an empty cell. Without a SKU the row gets `1`: a caller who knows its neighbours
/// gives a free one.
///
/// ```
/// use serde_json::json;
/// use x8_core::{catalog::Kind, import};
/// let cells = json!({"Название товара": "Роза", "description": "Красная", "price_eur": "3,50", "sku": 7});
/// let read = import::row(Kind::Product, cells.as_object().unwrap()).unwrap();
/// assert_eq!((read.offering.sku.as_str(), read.offering.price.minor()), ("7", 350));
/// assert!(read.warnings.is_empty());
/// let cells = json!({"name": "Rose", "description": "Red", "price": "1,299"});
/// let errors = import::row(Kind::Product, cells.as_object().unwrap()).unwrap_err();
/// assert_eq!((errors[0].rule, errors[0].text.as_str()), ("K3", "1,299"));
/// ```
///
/// # Errors
/// Everything that is wrong with the row.
pub fn row(kind: Kind, columns: &Map<String, Value>) -> Result<RowRead, Vec<RowIssue>> {
    in_currency(kind, columns, Currency::EUR)
}

/// A stored row with some columns changed (K11). Names are normalised like headers; null empties a column.
///
/// # Errors
/// Everything that is wrong with the row as it would be.
pub fn patch(row: &Offering, changes: &Map<String, Value>) -> Result<RowRead, Vec<RowIssue>> {
    doubled(row.kind, changes)?;
    let mut next = columns(row);
    let mut timed = false;
    for (name, value) in changes {
        let column = normalize_header(row.kind, name);
        if column == Some(Column::Sku) && is_empty(value) {
            let message = "a row cannot be without its SKU; leave it out to keep it";
            return Err(vec![RowIssue::new(Column::Sku.name(), "", "K6", message)]);
        }
        timed |= column == Some(Column::Duration);
        let own = column.map(Column::name);
        next.insert(own.unwrap_or(name).to_owned(), value.clone());
    }
    let mut read = in_currency(row.kind, &next, row.price.currency())?;
    let changed = &mut read.offering;
    if !timed {
        // The minutes of "90" came from its header, which is gone.
        changed.duration_minutes = row.duration_minutes;
    }
    for (name, text) in row
        .extra
        .iter()
        .filter(|(name, _)| is_known(row.kind, name))
    {
        // It was unknown when it was imported: its text stays where it is.
        changed.extra.insert(name.clone(), text.clone());
    }
    Ok(read)
}

fn in_currency(
    kind: Kind,
    columns: &Map<String, Value>,
    currency: Currency,
) -> Result<RowRead, Vec<RowIssue>> {
    let cells = cells(kind, columns)?;
    doubled(kind, columns)?;
    let options = ImportOptions {
        currency,
        ..ImportOptions::new(kind)
    };
    let read = table(&cells).and_then(|table| import(&table, &options));
    let Import { offerings, report } = read.map_err(|error| {
        let message = error.public().to_owned();
        vec![RowIssue {
            column: None,
            text: String::new(),
            rule: "K2",
            message,
        }]
    })?;
    let told = |issues: Vec<Issue>| issues.into_iter().map(RowIssue::from).collect();
    match offerings.first().cloned() {
        Some(offering) if report.ok => Ok(RowRead {
            offering,
            warnings: told(report.warnings),
        }),
        Some(_) | None => Err(told(report.errors)),
    }
}

/// Whether a value stands for an empty cell.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => clean(text).is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}
