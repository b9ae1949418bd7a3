//! Recorded replies with the verdict that the guard gives on them, as JSON text: what every surface is held to, byte for
//! byte. Shared with the tests of `x8-http` and `x8-py`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{
    Deserialize,
    de::{self, Deserializer, Visitor},
};
use serde_json::{Value, json};
use x8_assistant::guard::{Context, Guard};
use x8_core::{
    catalog::{Catalog, Kind},
    import::{ImportOptions, import},
};

/// A reply, its turn, and the verdict.
pub(crate) struct Recorded {
    pub(crate) name: String,
    /// A file.
    pub(crate) catalogue: PathBuf,
    pub(crate) kind: Kind,
    pub(crate) context: Value,
    /// Text, or the reply object.
    pub(crate) reply: Value,
    pub(crate) verdict: String,
}

impl Recorded {
    /// The reply as text.
    pub(crate) fn raw(&self) -> String {
        let text = self.reply.as_str().map(str::to_owned);
        text.unwrap_or_else(|| self.reply.to_string())
    }

    pub(crate) fn kind_word(&self) -> &'static str {
        match self.kind {
            Kind::Product => "product",
            Kind::Service => "service",
        }
    }
}

/// Every case with a number that `step` divides, in the order of the files.
pub(crate) fn recorded(step: usize) -> Vec<Recorded> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../x8-assistant/tests/it/guard/hostile");
    let files = std::fs::read_dir(&folder).unwrap();
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "json"));
    files.sort();
    let mut guards = BTreeMap::new();
    let mut sample = Vec::new();
    for case in files.iter().flat_map(|file| cases(file)).step_by(step) {
        let name = case["catalog"].as_str().unwrap();
        let catalogue = folder.join(format!("catalogues/{name}.csv"));
        let (kind, guard) = guards
            .entry(name.to_owned())
            .or_insert_with(|| guard(&catalogue));
        let said = |key: &str| case.get(key).cloned();
        let words = said("say").map(|words| json!({ "response": words }));
        let reply = words
            .or_else(|| said("output"))
            .or_else(|| said("raw"))
            .unwrap();
        let mut one = Recorded {
            name: case["name"].as_str().unwrap().to_owned(),
            catalogue,
            kind: *kind,
            context: said("context").unwrap_or_else(|| json!({})),
            reply,
            verdict: String::new(),
        };
        let context: Context = serde_json::from_value(one.context.clone()).unwrap();
        one.verdict = serde_json::to_string(&guard.check(&one.raw(), &context)).unwrap();
        sample.push(one);
    }
    sample
}

fn cases(file: &Path) -> Vec<Value> {
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// A file is of the first type that reads all of it.
fn guard(file: &Path) -> (Kind, Guard) {
    let bytes = std::fs::read(file).unwrap();
    let read = |kind| import(&bytes, &ImportOptions::new(kind)).ok();
    let kinds = [Kind::Product, Kind::Service].into_iter();
    let mut read = kinds.filter_map(|kind| Some((kind, read(kind)?)));
    let (kind, read) = read.find(|(_, read)| read.report.ok).unwrap();
    (
        kind,
        Guard::new(Catalog::detached(read.into_offerings()).into()),
    )
}

/// Every key of a context, as serde knows them: what documents and stubs are held to.
pub(crate) fn context_keys() -> Vec<&'static str> {
    let mut keys = Vec::new();
    let _stopped = Context::deserialize(Asked(&mut keys));
    keys
}

/// Notes which keys are asked for, and stops.
struct Asked<'a>(&'a mut Vec<&'static str>);

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
        Err(de::Error::custom("only structs are asked"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        keys: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.extend(keys);
        Err(de::Error::custom("the keys are noted"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
