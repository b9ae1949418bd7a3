//! Documents in memory, for examples and tests of the sandbox.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use serde_json::Value;
use x8_core::{Error, Result, port::Documents};

type Spaces = BTreeMap<String, BTreeMap<String, (Value, u32)>>;

/// Documents in memory. Forgets everything when dropped.
#[derive(Debug, Default)]
pub struct MemoryDocuments(Mutex<Spaces>);

impl MemoryDocuments {
    fn spaces(&self) -> MutexGuard<'_, Spaces> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Documents for MemoryDocuments {
    async fn document(&self, space: &str, key: &str) -> Result<Option<(Value, u32)>> {
        let spaces = self.spaces();
        Ok(spaces.get(space).and_then(|keys| keys.get(key)).cloned())
    }

    async fn put_document(
        &self,
        space: &str,
        key: &str,
        value: &Value,
        expected: u32,
    ) -> Result<()> {
        let mut spaces = self.spaces();
        let keys = spaces.entry(space.to_owned()).or_default();
        let version = keys.get(key).map_or(0, |(_, version)| *version);
        if version != expected {
            return Err(Error::conflict("document.put", "somebody else was faster"));
        }
        keys.insert(key.to_owned(), (value.clone(), version.saturating_add(1)));
        Ok(())
    }

    async fn delete_document(&self, space: &str, key: &str) -> Result<()> {
        self.spaces()
            .get_mut(space)
            .and_then(|keys| keys.remove(key));
        Ok(())
    }

    async fn documents(&self, space: &str) -> Result<Vec<(String, Value)>> {
        let spaces = self.spaces();
        let keys = spaces.get(space).into_iter().flatten();
        Ok(keys
            .map(|(key, (value, _))| (key.clone(), value.clone()))
            .collect())
    }
}
