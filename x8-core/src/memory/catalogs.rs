//! Knowledge bases and documents.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    MemoryStore,
    state::{Shelf, State},
};
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

    fn find(&self, id: CatalogId) -> Option<&Arc<Catalog>> {
        self.versions.iter().find(|catalog| catalog.id == id)
    }
}

impl State {
    /// The next version, live from now on.
    fn publish(&mut self, tenant: Tenant, name: &str, offerings: &[Offering]) -> Arc<Catalog> {
        let id = CatalogId(self.catalogs.next());
        let shelf = self.shelves.entry(tenant.company()).or_default();
        let catalog = Arc::new(Catalog::new(
            id,
            tenant.company(),
            shelf.versions.last().map_or(0, |last| last.version) + 1,
            name.to_owned(),
            offerings.to_vec(),
        ));
        shelf.versions.push(Arc::clone(&catalog));
        shelf.live = Some(id);
        catalog
    }
}

fn absent(operation: &'static str, id: CatalogId) -> Error {
    Error::not_found(operation, "no such version of this catalogue").with("catalog", id)
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
        Ok(self.lock().publish(tenant, name, offerings))
    }

    async fn revise_catalog(
        &self,
        tenant: Tenant,
        expected: u32,
        name: &str,
        offerings: &[Offering],
        _now: Timestamp,
    ) -> Result<Arc<Catalog>> {
        let mut state = self.lock();
        let shelf = state.shelves.get(&tenant.company());
        let live = shelf.and_then(Shelf::live).map_or(0, |live| live.version);
        if live != expected {
            let refusal = Error::conflict("catalog.revise", "somebody else changed it first");
            return Err(refusal.with("expected", expected).with("live", live));
        }
        Ok(state.publish(tenant, name, offerings))
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

    async fn catalog(&self, tenant: Tenant, id: CatalogId) -> Result<Arc<Catalog>> {
        let state = self.lock();
        let shelf = state.shelves.get(&tenant.company());
        let found = shelf.and_then(|shelf| shelf.find(id)).cloned();
        found.ok_or_else(|| absent("catalog.get", id))
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
        let absent = || absent("catalog.restore", id);
        let mut state = self.lock();
        let shelf = state
            .shelves
            .get_mut(&tenant.company())
            .ok_or_else(absent)?;
        let found = Arc::clone(shelf.find(id).ok_or_else(absent)?);
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

    async fn delete_document(&self, space: &str, key: &str) -> Result<()> {
        let key = (space.to_owned(), key.to_owned());
        self.lock().documents.remove(&key);
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
