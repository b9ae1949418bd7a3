//! Serde reads Python values where they are.

use std::{borrow::Cow, fmt};

use pyo3::{
    prelude::*,
    types::{PyDict, PyIterator, PyString, iter::BoundDictIterator},
};
use serde::de::{
    self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    Visitor,
    value::{CowStrDeserializer, MapAccessDeserializer},
};
use serde_json::Number;

use super::shape::{DEEPEST, Shape, key, shape};

/// A value, and how deep it lies.
pub(super) struct Plain<'a, 'py> {
    value: &'a Bound<'py, PyAny>,
    depth: usize,
}

impl<'a, 'py> Plain<'a, 'py> {
    pub(super) fn new(value: &'a Bound<'py, PyAny>) -> Self {
        Self { value, depth: 0 }
    }

    fn shape(&self) -> Result<Shape<'py>, Wrong> {
        if self.depth > DEEPEST {
            return Err(Wrong("nested too deeply".to_owned()));
        }
        shape(self.value).map_err(Wrong)
    }
}

/// What is wrong, in Python's words.
#[derive(Debug)]
pub(super) struct Wrong(String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self(what.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        let found = match found {
            Unexpected::Unit => "None".to_owned(),
            Unexpected::Map => "a dict".to_owned(),
            Unexpected::Seq => "a list".to_owned(),
            Unexpected::Bool(flag) => if flag { "True" } else { "False" }.to_owned(),
            Unexpected::Unsigned(_)
            | Unexpected::Signed(_)
            | Unexpected::Float(_)
            | Unexpected::Char(_)
            | Unexpected::Str(_)
            | Unexpected::Bytes(_)
            | Unexpected::Option
            | Unexpected::NewtypeStruct
            | Unexpected::Enum
            | Unexpected::UnitVariant
            | Unexpected::NewtypeVariant
            | Unexpected::TupleVariant
            | Unexpected::StructVariant
            | Unexpected::Other(_) => found.to_string(),
        };
        Self(format!("{} is needed, not {found}", named(wanted)))
    }

    fn invalid_value(found: Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        Self(format!("{} is needed, not {found}", named(wanted)))
    }
}

/// What serde wants, as Python calls it.
fn named(wanted: &dyn de::Expected) -> String {
    let wanted = wanted.to_string();
    match wanted.as_str() {
        "a string" => "a str".to_owned(),
        "a boolean" => "a bool".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "a dict".to_owned(),
        "u8" | "u16" | "u32" | "u64" => "a whole number from 0".to_owned(),
        "i8" | "i16" | "i32" | "i64" => "a whole number".to_owned(),
        other if other.starts_with("struct ") => "a dict".to_owned(),
        _clear => wanted,
    }
}

impl<'de> Deserializer<'de> for Plain<'_, '_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.shape()? {
            Shape::Null => visitor.visit_unit(),
            Shape::Bool(flag) => visitor.visit_bool(flag),
            Shape::Whole(number) => match u64::try_from(number) {
                Ok(number) => visitor.visit_u64(number),
                Err(_negative) => visitor.visit_i64(number),
            },
            Shape::Digits(digits) => {
                let number: Number = digits.parse().map_err(de::Error::custom)?;
                number.deserialize_any(visitor).map_err(de::Error::custom)
            }
            Shape::Number(number) => visitor.visit_f64(number),
            Shape::Text(text) => match text.to_str() {
                Ok(text) => visitor.visit_str(text),
                Err(_half_characters) => visitor.visit_str(&text.to_string_lossy()),
            },
            Shape::Words(words) => visitor.visit_string(words),
            Shape::Items(list) => visitor.visit_seq(Items {
                items: list.try_iter().map_err(de::Error::custom)?,
                depth: self.depth,
            }),
            Shape::Entries(dict) => visitor.visit_map(Entries::new(&dict, self.depth)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.value.is_none() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self.shape()? {
            Shape::Text(text) => visitor.visit_enum(text.to_string_lossy().into_deserializer()),
            Shape::Entries(dict) => {
                let entries = Entries::new(&dict, self.depth);
                visitor.visit_enum(MapAccessDeserializer::new(entries))
            }
            Shape::Null
            | Shape::Bool(_)
            | Shape::Whole(_)
            | Shape::Digits(_)
            | Shape::Number(_)
            | Shape::Words(_)
            | Shape::Items(_) => {
                let kind = self.value.get_type().name().map_err(de::Error::custom)?;
                Err(de::Error::custom(format_args!(
                    "a str is needed, not {kind}"
                )))
            }
        }
    }

    /// What nobody reads may be anything.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}

struct Items<'py> {
    items: Bound<'py, PyIterator>,
    depth: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        let Some(item) = self.items.next() else {
            return Ok(None);
        };
        let value = &item.map_err(de::Error::custom)?;
        let depth = self.depth + 1;
        seed.deserialize(Plain { value, depth }).map(Some)
    }
}

struct Entries<'py> {
    entries: BoundDictIterator<'py>,
    /// Of the key that was read.
    value: Option<Bound<'py, PyAny>>,
    depth: usize,
}

impl<'py> Entries<'py> {
    fn new(dict: &Bound<'py, PyDict>, depth: usize) -> Self {
        Self {
            entries: dict.iter(),
            value: None,
            depth,
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        let Some((name, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        let text = name
            .cast::<PyString>()
            .ok()
            .and_then(|text| text.to_str().ok());
        let name: CowStrDeserializer<'_, Wrong> = match text {
            Some(text) => Cow::Borrowed(text).into_deserializer(),
            None => Cow::<str>::Owned(key(&name).map_err(Wrong)?).into_deserializer(),
        };
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Wrong> {
        let value = self.value.take();
        let value = &value.ok_or_else(|| Wrong("a value without a key".to_owned()))?;
        let depth = self.depth + 1;
        seed.deserialize(Plain { value, depth })
    }
}
