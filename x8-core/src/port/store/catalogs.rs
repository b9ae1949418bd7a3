//! Knowledge bases, and small documents of adapters.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    catalog::{Catalog, Offering},
    error::Result,
    id::CatalogId,
    tenant::Tenant,
};

/// Versions of a company's catalogue. Exactly one is live, once there is any.
#[async_trait]
pub trait Catalogs: Send + Sync {
    /// Publishes the next version and makes it live, atomically (K7).
    ///
    /// - Either every row is there or none.
    /// - Two companies of the same name never meet: the tenant is the key.
    ///
    /// # Errors
    /// Storage failures only.
    async fn publish_catalog(
        &self,
        tenant: Tenant,
        name: &str,
        offerings: &[Offering],
        now: Timestamp,
    ) -> Result<Arc<Catalog>>;

    /// Publishes the next version as [`publish_catalog`](Self::publish_catalog) does, if the live version is still
    /// `expected` (0: there is none); for changes that were made from its rows (K11).
    ///
    /// - Of two writers with the same expectation, one wins.
    /// - A refused one leaves no trace.
    ///
    /// # Errors
    /// `Conflict` when another version is live.
    async fn revise_catalog(
        &self,
        tenant: Tenant,
        expected: u32,
        name: &str,
        offerings: &[Offering],
        now: Timestamp,
    ) -> Result<Arc<Catalog>>;

    /// The live version; an empty catalogue of version 0 before the first.
    ///
    /// # Errors
    /// Storage failures only.
    async fn live_catalog(&self, tenant: Tenant) -> Result<Arc<Catalog>>;

    /// Any version with its rows (K7).
    ///
    /// # Errors
    /// `NotFound`, also for another tenant's version.
    async fn catalog(&self, tenant: Tenant, id: CatalogId) -> Result<Arc<Catalog>>;

    /// All versions, newest first, without their rows; the flag says which is live.
    ///
    /// # Errors
    /// Storage failures only.
    async fn catalog_versions(&self, tenant: Tenant) -> Result<Vec<(Catalog, bool)>>;

    /// Makes an earlier version live again (K7).
    ///
    /// # Errors
    /// `NotFound`, also for another tenant's version.
    async fn restore_catalog(&self, tenant: Tenant, id: CatalogId) -> Result<Arc<Catalog>>;
}

/// Small JSON documents with optimistic versions: the durable memory of simulated providers (P11).
#[async_trait]
pub trait Documents: Send + Sync {
    /// The document and its version.
    ///
    /// # Errors
    /// Storage failures only.
    async fn document(&self, space: &str, key: &str) -> Result<Option<(serde_json::Value, u32)>>;

    /// Writes a document whose stored version must be `expected` (0: must be absent).
    ///
    /// - Of two writers with the same expectation, one wins.
    ///
    /// # Errors
    /// `Conflict`.
    async fn put_document(
        &self,
        space: &str,
        key: &str,
        value: &serde_json::Value,
        expected: u32,
    ) -> Result<()>;

    /// Deletes a document for good, whatever its version. Deleting what is not there succeeds.
    ///
    /// # Errors
    /// Storage failures only.
    async fn delete_document(&self, space: &str, key: &str) -> Result<()>;

    /// All documents of a space, by key.
    ///
    /// # Errors
    /// Storage failures only.
    async fn documents(&self, space: &str) -> Result<Vec<(String, serde_json::Value)>>;
}
