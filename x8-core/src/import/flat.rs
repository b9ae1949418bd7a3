//! A stored row as named columns: for the owner's report and for comparing two versions (K7).

use serde_json::{Map, Value, json};

use crate::{
    catalog::{Kind, Offering},
    money::Money,
};

/// Every typed column of a row under its canonical name; money in integer minor units.
pub(super) fn flat(row: &Offering) -> Map<String, Value> {
    let mut columns = Map::new();
    let mut put = |name: &str, value: Value| {
        columns.insert(name.to_owned(), value);
    };
    put(
        "sku",
        row.sku
            .as_integer()
            .map_or_else(|| json!(row.sku), |number| json!(number)),
    );
    put("kind", json!(row.kind));
    put("name", json!(row.name));
    put("description", json!(row.description));
    put("category", json!(row.category));
    put("tags", json!(row.tags));
    put("unit", json!(row.unit));
    put("price_cents", json!(row.price.minor()));
    put("currency", json!(row.price.currency()));
    put("areas", json!(row.areas.places()));
    put("online", json!(row.areas.online()));
    put("website_url", json!(row.media.website));
    put("image_url", json!(row.media.image));
    put("video_url", json!(row.media.video));
    put("payment_reminder", json!(row.reminder_hours));
    put("price_id", json!(row.price_id));
    put("delivery_id", json!(row.delivery_id));
    put("attributes", json!(row.extra));
    match row.kind {
        Kind::Product => product(row, &mut put),
        Kind::Service => service(row, &mut put),
    }
    columns
}

fn fee(row: &Offering) -> (Value, Value) {
    let amount = row.fee.map(|fee| fee.amount.minor());
    let free_from = row.fee.and_then(|fee| fee.free_from).map(Money::minor);
    (json!(amount), json!(free_from))
}

fn product(row: &Offering, put: &mut impl FnMut(&str, Value)) {
    let (amount, free_from) = fee(row);
    put("logistics_price_cents", amount);
    put("free_delivery_cents", free_from);
    put("stock_units", json!(row.stock));
    put("delivery_time_hours", json!(row.delivery_hours));
    put("supplier_contact", json!(row.contacts.contact));
    put("supplier_company_services", json!(row.contacts.service));
    put("warehouse_address", json!(row.contacts.address));
}

fn service(row: &Offering, put: &mut impl FnMut(&str, Value)) {
    let (amount, free_from) = fee(row);
    put("travel_fee_cents", amount);
    put("free_travel_threshold_cents", free_from);
    put("slots_available", json!(row.stock));
    put("duration", json!(row.duration));
    put("duration_minutes", json!(row.duration_minutes));
    put("specialist_contact", json!(row.contacts.contact));
    put("company", json!(row.contacts.service));
    put("office_address", json!(row.contacts.address));
    // A detail field is serialised as the name of its column.
    for (field, text) in &row.details {
        if let Value::String(name) = json!(field) {
            put(&name, json!(text));
        }
    }
}
