//! Knowledge bases and documents.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, state::Shelf};
use crate::{
    Error, Result,
    catalog::{Catalog, Offering},
    id::CatalogId,
    port::{Catalogs, Documents},
    tenant::Tenant,
};

impl Shelf {
    fn live(&self) -> Option<&Arc<Catalog>> {
        self.versions
            .iter()
            .find(|catalog| Some(catalog.id) == self.live)
    }
}

#[async_trait]
impl Catalogs for MemoryStore {
    async fn publish_catalog(
        &self,
        tenant: Tenant,
        name: &str,
        offerings: &[Offering],
        _now: Timestamp,
    ) -> Result<Arc<Catalog>> {
        let mut state = self.lock();
        let id = CatalogId(state.catalogs.next());
        let shelf = state.shelves.entry(tenant.company()).or_default();
        let catalog = Arc::new(Catalog::new(
            id,
            tenant.company(),
            shelf.versions.last().map_or(0, |last| last.version) + 1,
            name.to_owned(),
            offerings.to_vec(),
        ));
        shelf.versions.push(Arc::clone(&catalog));
        shelf.live = Some(id);
        Ok(catalog)
    }

    async fn live_catalog(&self, tenant: Tenant) -> Result<Arc<Catalog>> {
        let state = self.lock();
        let shelf = state.shelves.get(&tenant.company());
        Ok(shelf.and_then(Shelf::live).cloned().unwrap_or_else(|| {
            let nothing = (String::new(), Vec::new());
            Arc::new(Catalog::new(
                CatalogId(0),
                tenant.company(),
                0,
                nothing.0,
                nothing.1,
            ))
        }))
    }

    async fn catalog_versions(&self, tenant: Tenant) -> Result<Vec<(Catalog, bool)>> {
        let state = self.lock();
        let Some(shelf) = state.shelves.get(&tenant.company()) else {
            return Ok(Vec::new());
        };
        let bare = |catalog: &Arc<Catalog>| {
            let name = catalog.name.clone();
            let bare = Catalog::new(
                catalog.id,
                catalog.company,
                catalog.version,
                name,
                Vec::new(),
            );
            (bare, shelf.live == Some(catalog.id))
        };
        Ok(shelf.versions.iter().rev().map(bare).collect())
    }

    async fn restore_catalog(&self, tenant: Tenant, id: CatalogId) -> Result<Arc<Catalog>> {
        let absent = || {
            Error::not_found("catalog.restore", "no such version of this catalogue")
                .with("catalog", id)
        };
        let mut state = self.lock();
        let shelf = state
            .shelves
            .get_mut(&tenant.company())
            .ok_or_else(absent)?;
        let found = shelf.versions.iter().find(|catalog| catalog.id == id);
        let found = Arc::clone(found.ok_or_else(absent)?);
        shelf.live = Some(id);
        Ok(found)
    }
}

#[async_trait]
impl Documents for MemoryStore {
    async fn document(&self, space: &str, key: &str) -> Result<Option<(serde_json::Value, u32)>> {
        let key = (space.to_owned(), key.to_owned());
        Ok(self.lock().documents.get(&key).cloned())
    }

    async fn put_document(
        &self,
        space: &str,
        key: &str,
        value: &serde_json::Value,
        expected: u32,
    ) -> Result<()> {
        let mut state = self.lock();
        let key = (space.to_owned(), key.to_owned());
        let stored = state.documents.get(&key).map_or(0, |(_, version)| *version);
        if stored != expected {
            let refusal = Error::conflict("document.put", "somebody else changed it first");
            return Err(refusal.with("space", space).with("key", key.1));
        }
        state.documents.insert(key, (value.clone(), expected + 1));
        Ok(())
    }

    async fn documents(&self, space: &str) -> Result<Vec<(String, serde_json::Value)>> {
        let state = self.lock();
        let own = state.documents.iter().filter(|((own, _), _)| own == space);
        Ok(own
            .map(|((_, key), (value, _))| (key.clone(), value.clone()))
            .collect())
    }
}
