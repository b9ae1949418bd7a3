//! One row on its own, under the same rules as a file (K11), and a stored row as the columns it would be read from.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    Column, Import, ImportOptions, Issue, OPERATION, column::Value as Holds, export::harmless,
    import, normalize_header, table::clean,
};
use crate::{
    catalog::{Areas, Contacts, Fee, Kind, Offering},
    error::{Error, Result},
    money::Currency,
    text::Text,
};

/// Why a row was refused (K5). There is no file, so there is no sheet and no line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowError {
    /// The canonical column, or an unknown one as written; absent when the whole row is meant.
    pub column: Option<String>,
    /// The offending text.
    pub text: String,
    /// The rule: `K3`.
    pub rule: &'static str,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl RowError {
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

impl From<Issue> for RowError {
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
/// let rose = import::row(Kind::Product, cells.as_object().unwrap()).unwrap();
/// assert_eq!((rose.sku.as_str(), rose.price.minor()), ("7", 350));
/// let cells = json!({"name": "Rose", "description": "Red", "price": "1,299"});
/// let errors = import::row(Kind::Product, cells.as_object().unwrap()).unwrap_err();
/// assert_eq!((errors[0].rule, errors[0].text.as_str()), ("K3", "1,299"));
/// ```
///
/// # Errors
/// Everything that is wrong with the row.
pub fn row(kind: Kind, columns: &Map<String, Value>) -> Result<Offering, Vec<RowError>> {
    in_currency(kind, columns, Currency::EUR)
}

/// A stored row with some columns changed (K11). Names are normalised like headers; null empties a column.
///
/// # Errors
/// Everything that is wrong with the row as it would be.
pub fn patch(row: &Offering, changes: &Map<String, Value>) -> Result<Offering, Vec<RowError>> {
    doubled(row.kind, changes)?;
    let mut next = columns(row);
    let mut timed = false;
    for (name, value) in changes {
        let column = normalize_header(row.kind, name);
        if column == Some(Column::Sku) && is_empty(value) {
            let message = "a row cannot be without its SKU; leave it out to keep it";
            return Err(vec![RowError::new(Column::Sku.name(), "", "K6", message)]);
        }
        timed |= column == Some(Column::Duration);
        let own = column.map(Column::name);
        next.insert(own.unwrap_or(name).to_owned(), value.clone());
    }
    let mut changed = in_currency(row.kind, &next, row.price.currency())?;
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
    Ok(changed)
}

/// The columns a row would be read from, by canonical name: what [`row()`](fn@row) reads back. Empty ones are left out.
#[must_use]
pub fn columns(row: &Offering) -> Map<String, Value> {
    let mut columns = Map::new();
    let mut put = |column: Column, value: Option<Value>| {
        if let Some(value) = value {
            columns.insert(column.name().to_owned(), value);
        }
    };
    let of = |product: Column, service: Column| match row.kind {
        Kind::Product => product,
        Kind::Service => service,
    };
    let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
    let link = |text: &Option<Text>| text.as_ref().map(|text| json!(text));
    let number = |number: Option<u32>| number.map(|number| json!(number.to_string()));
    put(Column::Sku, Some(json!(row.sku)));
    put(
        of(Column::ProductName, Column::ServiceName),
        Some(json!(row.name)),
    );
    put(Column::Description, Some(json!(row.description)));
    put(Column::Category, text(&row.category));
    put(
        Column::Tags,
        Some(json!(row.tags)).filter(|_| !row.tags.is_empty()),
    );
    put(Column::Unit, text(&row.unit));
    put(Column::PriceEur, Some(json!(row.price.digits())));
    put(of(Column::Cities, Column::Location), areas(&row.areas));
    put(Column::WebsiteUrl, link(&row.media.website));
    put(Column::ImageUrl, link(&row.media.image));
    put(Column::VideoUrl, link(&row.media.video));
    put(
        of(Column::StockUnits, Column::SlotsAvailable),
        number(row.stock.map(crate::catalog::Stock::internal)),
    );
    put(Column::DeliveryTimeHours, number(row.delivery_hours));
    put(Column::Duration, text(&row.duration));
    put(Column::PaymentReminder, number(row.reminder_hours));
    put(Column::PriceId, text(&row.price_id));
    put(Column::DeliveryId, text(&row.delivery_id));
    fee(row.fee, of, &mut put);
    contacts(&row.contacts, of, &mut put);
    for (field, text) in &row.details {
        // A detail field is serialised as the name of its column.
        if let Value::String(name) = json!(field) {
            columns.insert(name, json!(text));
        }
    }
    let unknown = row
        .extra
        .iter()
        .filter(|(name, _)| !is_known(row.kind, name));
    columns.extend(unknown.map(|(name, text)| (name.clone(), json!(text))));
    columns
}

fn fee(
    fee: Option<Fee>,
    of: impl Fn(Column, Column) -> Column,
    put: &mut impl FnMut(Column, Option<Value>),
) {
    let amount = fee.map(|fee| json!(fee.amount.digits()));
    let free_from = fee
        .and_then(|fee| fee.free_from)
        .map(|from| json!(from.digits()));
    put(of(Column::LogisticsPriceEur, Column::TravelFeeEur), amount);
    put(
        of(Column::FreeDelivery, Column::FreeTravelThreshold),
        free_from,
    );
}

fn contacts(
    contacts: &Contacts,
    of: impl Fn(Column, Column) -> Column,
    put: &mut impl FnMut(Column, Option<Value>),
) {
    let Contacts {
        contact,
        service,
        address,
    } = contacts;
    let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
    put(
        of(Column::SupplierContact, Column::SpecialistContact),
        text(contact),
    );
    put(
        of(Column::SupplierCompanyServices, Column::Company),
        text(service),
    );
    put(
        of(Column::WarehouseAddress, Column::OfficeAddress),
        text(address),
    );
}

fn areas(areas: &Areas) -> Option<Value> {
    let online = areas.online().then_some("online");
    let listed: Vec<&str> = areas
        .places()
        .iter()
        .map(String::as_str)
        .chain(online)
        .collect();
    (!listed.is_empty()).then(|| json!(listed))
}

fn in_currency(
    kind: Kind,
    columns: &Map<String, Value>,
    currency: Currency,
) -> Result<Offering, Vec<RowError>> {
    let cells = cells(kind, columns)?;
    doubled(kind, columns)?;
    let options = ImportOptions {
        currency,
        ..ImportOptions::new(kind)
    };
    let read = table(&cells).and_then(|table| import(&table, &options));
    let Import { offerings, report } = read.map_err(|error| {
        let message = error.public().to_owned();
        vec![RowError {
            column: None,
            text: String::new(),
            rule: "K2",
            message,
        }]
    })?;
    match offerings.first().cloned() {
        Some(offering) if report.ok => Ok(offering),
        Some(_) | None => Err(report.errors.into_iter().map(RowError::from).collect()),
    }
}

fn is_known(kind: Kind, name: &str) -> bool {
    normalize_header(kind, name).is_some()
}

/// Whether a value stands for an empty cell.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => clean(text).is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// K1: two names of one column. In a file this refuses the file; here it is an error of the row.
fn doubled(kind: Kind, columns: &Map<String, Value>) -> Result<(), Vec<RowError>> {
    let mut seen: Vec<(Column, &str)> = Vec::new();
    for name in columns.keys() {
        let Some(column) = normalize_header(kind, name) else {
            continue;
        };
        if let Some((_, first)) = seen.iter().find(|(known, _)| *known == column) {
            let message = format!("`{first}` and `{name}` both mean {column}; keep one of them");
            return Err(vec![RowError::new(column.name(), name, "K1", message)]);
        }
        seen.push((column, name));
    }
    Ok(())
}

/// Header and cell of every column, the required ones always among them so that they are missed by name.
fn cells(kind: Kind, columns: &Map<String, Value>) -> Result<Vec<(String, String)>, Vec<RowError>> {
    let mut errors = Vec::new();
    let mut cells = Vec::new();
    for (name, value) in columns {
        match cell(normalize_header(kind, name), value) {
            Ok(text) => cells.push((name.clone(), text)),
            Err(message) => errors.push(RowError::new(name, value.to_string(), "K2", message)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    if columns.values().all(is_empty) {
        // Of an empty row a reader of files says nothing.
        let missing = |column: Column| {
            let message = format!("{column} is empty; every row needs it");
            RowError::new(column.name(), "", "K1", message)
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
fn table(cells: &[(String, String)]) -> Result<Vec<u8>> {
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
