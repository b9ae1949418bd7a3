//! A row as it is stored: one flat object, whatever is shared in memory.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Areas, Common, Contacts, DetailField, Fee, Group, Kind, Media, Offering, Stock};
use crate::{id::Sku, money::Money, text::Text};

#[derive(Serialize)]
struct Written<'a> {
    sku: &'a Sku,
    kind: Kind,
    name: &'a Text,
    description: &'a Text,
    category: &'a Option<String>,
    tags: &'a Vec<String>,
    unit: &'a Option<String>,
    price: Money,
    fee: Option<Fee>,
    areas: &'a Areas,
    media: &'a Media,
    stock: Option<Stock>,
    delivery_hours: Option<u32>,
    duration: &'a Option<String>,
    duration_minutes: Option<u32>,
    reminder_hours: Option<u32>,
    price_id: &'a Option<Text>,
    delivery_id: &'a Option<Text>,
    contacts: &'a Contacts,
    details: &'a BTreeMap<DetailField, String>,
    extra: &'a BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Read {
    sku: Sku,
    kind: Kind,
    name: Text,
    description: Text,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    unit: Option<String>,
    price: Money,
    #[serde(default)]
    fee: Option<Fee>,
    #[serde(default)]
    areas: Areas,
    #[serde(default)]
    media: Media,
    #[serde(default)]
    stock: Option<Stock>,
    #[serde(default)]
    delivery_hours: Option<u32>,
    #[serde(default)]
    duration: Option<String>,
    #[serde(default)]
    duration_minutes: Option<u32>,
    #[serde(default)]
    reminder_hours: Option<u32>,
    #[serde(default)]
    price_id: Option<Text>,
    #[serde(default)]
    delivery_id: Option<Text>,
    #[serde(default)]
    contacts: Contacts,
    #[serde(default)]
    details: BTreeMap<DetailField, String>,
    #[serde(default)]
    extra: BTreeMap<String, String>,
}

impl Serialize for Offering {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written {
            sku: &self.sku,
            kind: self.kind,
            name: &self.name,
            description: &self.description,
            category: &self.category,
            tags: &self.tags,
            unit: &self.unit,
            price: self.price,
            fee: self.fee,
            areas: &self.areas,
            media: &self.media,
            stock: self.stock,
            delivery_hours: self.delivery_hours,
            duration: &self.duration,
            duration_minutes: self.duration_minutes,
            reminder_hours: self.reminder_hours,
            price_id: &self.price_id,
            delivery_id: &self.delivery_id,
            contacts: &self.contacts,
            details: &self.details,
            extra: &self.extra,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Offering {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Read::deserialize(deserializer)?;
        let group = Group {
            category: read.category,
            tags: read.tags,
            unit: read.unit,
            areas: read.areas,
            duration: read.duration,
            duration_minutes: read.duration_minutes,
        };
        let common = Common {
            price_id: read.price_id,
            delivery_id: read.delivery_id,
            contacts: read.contacts,
            details: read.details,
            extra: read.extra,
            group: Arc::new(group),
        };
        Ok(Self {
            sku: read.sku,
            kind: read.kind,
            name: read.name,
            description: read.description,
            price: read.price,
            fee: read.fee,
            media: read.media,
            stock: read.stock,
            delivery_hours: read.delivery_hours,
            reminder_hours: read.reminder_hours,
            common: Arc::new(common),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// A row of a database that was written before rows shared anything.
    const STORED: &str = r#"{"sku":"7","kind":"service","name":"Massage","description":"Back","category":"Body","tags":["relax"],"unit":"session","price":{"minor":4550,"currency":"EUR"},"fee":{"amount":{"minor":500,"currency":"EUR"},"free_from":null},"areas":{"online":true,"places":["Madrid"]},"media":{"website":"https://a.example","image":null,"video":null},"stock":3,"delivery_hours":null,"duration":"90 minutes","duration_minutes":90,"reminder_hours":24,"price_id":"p","delivery_id":null,"contacts":{"contact":"Ana","service":null,"address":"Calle 1"},"details":{"included":"oil"},"extra":{"Color":"red"}}"#;

    #[test]
    fn k7_a_stored_row_is_read_and_written_letter_by_letter_as_before() {
        let row: Offering = serde_json::from_str(STORED).unwrap();
        assert_eq!(
            (row.name.as_str(), row.price),
            ("Massage", Money::eur(45_50))
        );
        assert_eq!(row.media.website.as_deref(), Some("https://a.example"));
        assert_eq!(
            (row.unit.as_deref(), row.duration_minutes),
            (Some("session"), Some(90))
        );
        assert_eq!(row.details[&DetailField::Included], "oil");
        assert_eq!(row.extra["Color"], "red");
        assert_eq!(serde_json::to_string(&row).unwrap(), STORED);
    }

    #[test]
    fn k7_a_stored_row_needs_only_the_required_columns() {
        let stored = json!({"sku": "1", "kind": "product", "name": "Rose", "description": "", "price": {"minor": 1, "currency": "EUR"}});
        let row: Offering = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(
            row,
            Offering::new("1", Kind::Product, "Rose", Money::eur(1))
        );
        for name in ["sku", "kind", "name", "description", "price"] {
            let mut less = stored.clone();
            less[name] = Value::Null;
            assert!(serde_json::from_value::<Offering>(less).is_err(), "{name}");
        }
    }
}
