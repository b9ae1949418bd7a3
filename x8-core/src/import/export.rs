//! Offerings as a file that [`import`](super::import) reads back and a spreadsheet opens without running anything.

use super::{Column, column::Value, table::clean};
use crate::{
    catalog::{DetailField, Kind, Offering},
    error::{Error, Result},
    money::{Currency, Money},
    text::Text,
};

const OPERATION: &str = "catalog.export";

/// Writes the rows of `kind` as CSV (UTF-8, commas, canonical headers, decimal points), unknown columns last.
///
/// A text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line end) gets an
/// apostrophe before it, which the import takes off again; a text that has apostrophes before such a sign of its own gets one more, so
/// that it comes back as it was. Money is written in the currency of the first row, without its
/// name: rows in two currencies are refused.
///
/// ```
/// use x8_core::{Money, catalog::{Kind, Offering}, import::export_csv};
/// let mut row = Offering::new("201", Kind::Product, "=1+1", Money::eur(3_50));
/// row.description = "Red".into();
/// let file = String::from_utf8(export_csv(&[row], Kind::Product)?)?;
/// assert!(file.lines().nth(1).is_some_and(|line| line.starts_with("'=1+1,201,Red")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `Invalid` when rows have amounts in different currencies.
pub fn export_csv(offerings: &[Offering], kind: Kind) -> Result<Vec<u8>> {
    let rows: Vec<&Offering> = offerings.iter().filter(|row| row.kind == kind).collect();
    let currency = one_currency(&rows)?;
    let columns: Vec<Column> = Column::ALL
        .iter()
        .copied()
        .filter(|column| column.belongs_to(kind))
        .collect();
    let mut extra: Vec<&str> = rows
        .iter()
        .flat_map(|row| row.extra.keys().map(String::as_str))
        .collect();
    extra.sort_unstable();
    extra.dedup();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let known = columns.iter().map(|column| {
        // `price_eur` says EUR itself.
        let name = column.name();
        let other = name
            .strip_suffix("_eur")
            .filter(|_| currency != Currency::EUR);
        other.unwrap_or(name).to_owned()
    });
    let header = known.chain(extra.iter().map(|name| harmless(name)));
    writer
        .write_record(header.collect::<Vec<_>>())
        .map_err(failed)?;
    for row in rows {
        let known = columns.iter().map(|column| cell(row, *column));
        let others = extra.iter().map(|name| {
            let text = row.extra.get(*name).map_or("", String::as_str);
            harmless(text)
        });
        writer
            .write_record(known.chain(others).collect::<Vec<_>>())
            .map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::internal(OPERATION, error.into_error()))
}

fn failed(error: csv::Error) -> Error {
    Error::internal(OPERATION, error)
}

fn one_currency(rows: &[&Offering]) -> Result<Currency> {
    let amounts = rows.iter().flat_map(|row| {
        let fee = row.fee.map(|fee| fee.amount);
        let free_from = row.fee.and_then(|fee| fee.free_from);
        [Some(row.price), fee, free_from].into_iter().flatten()
    });
    let mut first: Option<Currency> = None;
    for amount in amounts {
        let own = *first.get_or_insert(amount.currency());
        if own != amount.currency() {
            let message = format!(
                "the rows have amounts in {own} and in {}",
                amount.currency()
            );
            return Err(Error::invalid(OPERATION, message));
        }
    }
    Ok(first.unwrap_or(Currency::EUR))
}

fn cell(row: &Offering, column: Column) -> String {
    let text = value(row, column).unwrap_or_default();
    match column.value() {
        Value::Money | Value::Threshold | Value::Count | Value::Hours => text,
        Value::Text | Value::Sku | Value::Duration | Value::Url | Value::Areas | Value::Tags => {
            harmless(&text)
        }
    }
}

/// Text that a spreadsheet shows and does not run.
pub(super) fn harmless(text: &str) -> String {
    if is_live(text) || is_escaped(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn is_live(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

/// Text that began with an apostrophe before a formula already: another one keeps it apart.
fn is_escaped(text: &str) -> bool {
    text.strip_prefix('\'')
        .is_some_and(|rest| is_live(rest) || is_escaped(rest))
}

/// The text that [`harmless`] was given.
pub(super) fn without_escape(text: &str) -> &str {
    if !text.as_bytes().starts_with(b"'") {
        return text;
    }
    text.strip_prefix('\'')
        .filter(|rest| is_live(rest) || is_escaped(rest))
        .map_or(text, clean)
}

fn value(row: &Offering, column: Column) -> Option<String> {
    let number = |number: Option<u32>| number.map(|number| number.to_string());
    match column {
        Column::ProductName | Column::ServiceName => Some(row.name.to_string()),
        Column::Sku => Some(row.sku.to_string()),
        Column::Description => Some(row.description.to_string()),
        Column::Unit => row.unit.clone(),
        Column::Duration => row.duration.clone(),
        Column::WebsiteUrl => row.media.website.as_ref().map(Text::to_string),
        Column::ImageUrl => row.media.image.as_ref().map(Text::to_string),
        Column::VideoUrl => row.media.video.as_ref().map(Text::to_string),
        Column::PriceEur => Some(row.price.digits()),
        Column::LogisticsPriceEur | Column::TravelFeeEur => row.fee.map(|fee| fee.amount.digits()),
        Column::FreeDelivery | Column::FreeTravelThreshold => {
            row.fee.and_then(|fee| fee.free_from).map(Money::digits)
        }
        Column::StockUnits | Column::SlotsAvailable => {
            row.stock.map(|stock| stock.internal().to_string())
        }
        Column::DeliveryTimeHours => number(row.delivery_hours),
        Column::PaymentReminder => number(row.reminder_hours),
        Column::SupplierContact | Column::SpecialistContact => {
            row.contacts.contact.as_ref().map(Text::to_string)
        }
        Column::SupplierCompanyServices | Column::Company => {
            row.contacts.service.as_ref().map(Text::to_string)
        }
        Column::WarehouseAddress | Column::OfficeAddress => {
            row.contacts.address.as_ref().map(Text::to_string)
        }
        Column::Cities | Column::Location => areas(row),
        Column::Category => row.category.clone(),
        Column::Tags => list(&row.tags),
        Column::PriceId => row.price_id.as_ref().map(Text::to_string),
        Column::DeliveryId => row.delivery_id.as_ref().map(Text::to_string),
        Column::ServiceCategory => detail(row, DetailField::ServiceCategory),
        Column::ServiceSubcategory => detail(row, DetailField::ServiceSubcategory),
        Column::Format => detail(row, DetailField::Format),
        Column::Included => detail(row, DetailField::Included),
        Column::NotIncluded => detail(row, DetailField::NotIncluded),
        Column::WhatGuarantee => detail(row, DetailField::WhatGuarantee),
        Column::WhatNotGuarantee => detail(row, DetailField::WhatNotGuarantee),
        Column::SuitableFor => detail(row, DetailField::SuitableFor),
        Column::NotSuitableFor => detail(row, DetailField::NotSuitableFor),
        Column::SpecialistInitials => detail(row, DetailField::SpecialistInitials),
        Column::SpecialistArea => detail(row, DetailField::SpecialistArea),
        Column::Details => detail(row, DetailField::Details),
    }
}

fn detail(row: &Offering, field: DetailField) -> Option<String> {
    row.details.get(&field).cloned()
}

fn areas(row: &Offering) -> Option<String> {
    let mut areas = row.areas.places().to_vec();
    if row.areas.online() {
        areas.push("Online".to_owned());
    }
    list(&areas)
}

/// A JSON list: its items may contain any separator.
fn list(items: &[String]) -> Option<String> {
    if items.is_empty() {
        return None;
    }
    serde_json::to_string(items).ok()
}
