//! A key as the payment workflow wants it: a JSON integer when it is one, else text.

use serde::{Deserialize, Deserializer, Serializer};
use x8_core::Sku;

pub(super) fn serialize<S: Serializer>(sku: &Sku, serializer: S) -> Result<S::Ok, S::Error> {
    match sku.as_integer() {
        Some(number) => serializer.serialize_i64(number),
        None => serializer.serialize_str(sku.as_str()),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sku, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Wire {
        Number(i64),
        Text(String),
    }
    Ok(match Wire::deserialize(deserializer)? {
        Wire::Number(number) => Sku::from(number.to_string()),
        Wire::Text(text) => Sku::from(text),
    })
}
