//! Catalogue keys in a context's JSON: text, or the whole numbers that replies write.

use std::{collections::BTreeSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{self, Visitor},
};
use x8_core::{Sku, order::CartLine};

struct Key(Sku);

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a catalogue key, as text or as a whole number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Key, E> {
        Ok(Key(Sku::from(text)))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Key, E> {
        Ok(Key(Sku::from(number.to_string())))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Key, E> {
        Ok(Key(Sku::from(number.to_string())))
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyVisitor)
    }
}

pub(super) fn cart<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<CartLine>, D::Error> {
    #[derive(Deserialize)]
    #[serde(expecting = "an object of sku and quantity")]
    struct Line {
        sku: Key,
        quantity: u32,
    }
    let lines = Vec::<Line>::deserialize(deserializer)?.into_iter();
    let line = |line: Line| CartLine {
        sku: line.sku.0,
        quantity: line.quantity,
    };
    Ok(lines.map(line).collect())
}

pub(super) fn set<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<Sku>, D::Error> {
    let keys = Vec::<Key>::deserialize(deserializer)?.into_iter();
    Ok(keys.map(|key| key.0).collect())
}
