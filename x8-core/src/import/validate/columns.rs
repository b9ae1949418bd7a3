//! A stored row as the columns it would be read from.

use serde_json::{Map, Value, json};

use crate::{
    catalog::{Areas, Contacts, Fee, Kind, Offering},
    import::{Column, normalize_header},
    text::Text,
};

/// The columns a row would be read from, by canonical name: what [`row`](crate::import::row) reads back. Empty ones are left out.
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
    put(Column::PriceId, link(&row.price_id));
    put(Column::DeliveryId, link(&row.delivery_id));
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
    let text = |text: &Option<Text>| text.as_ref().map(|text| json!(text));
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

/// Whether a file could not name an unknown column so: today it is a known one.
pub(super) fn is_known(kind: Kind, name: &str) -> bool {
    normalize_header(kind, name).is_some()
}
