//! The production store: one PostgreSQL database for any number of nodes (D1, D4).
//!
//! The statements are those of the embedded store, and so are the rules that hold whoever writes: one open order, no unpaid
//! booking, no seat twice are constraints and triggers of the database itself. The database may be one that the existing
//! application made: its tables are used as they are, whatever it chose for enums and times (D2). The view `x8_violations`
//! is the violations query of principle 2, for any SQL shell.
//!
//! **One writer per company.** A transaction that writes for a company holds that company's advisory lock until it ends, so
//! what it read cannot change under it, as in SQLite; companies do not wait for each other, and readers wait for nobody.
//! Work for nobody in particular (claiming jobs, recording what a provider says) locks rows and keys instead. Why, and what
//! it costs: `docs/decisions/0018-postgresql.md`.
//!
//! **Isolation (T6).** Every transaction sets `x8.company` for itself, and row-level security, forced on the owner too, shows
//! it nothing but that company's rows in x8's own tables. Connect as a role that is neither a superuser nor has `BYPASSRLS`:
//! PostgreSQL exempts those from every policy, and [`PostgresStore::is_isolated`] tells.
//!
//! PostgreSQL 15 or newer is needed, and a connection that keeps its session between statements: directly, or through a
//! pooler in session mode.
//!
//! ```no_run
//! use x8_core::{port::Documents, postgres::PostgresStore};
//!
//! # async fn example() -> x8_core::Result<()> {
//! let store = PostgresStore::open("postgres://x8:secret@127.0.0.1/x8").await?;
//! store.put_document("notes", "first", &serde_json::json!({"kept": true}), 0).await?;
//! assert!(store.document("notes", "first").await?.is_some());
//! # Ok(())
//! # }
//! ```

use std::{fmt, sync::Arc};

use sqlx::PgPool;

use crate::catalog::{Catalog, VersionCache};

mod connect;
mod dialect;
#[path = "sql/ports.rs"]
mod ports;

/// The system of record in one PostgreSQL database. Cheap to clone; clones share the connections.
#[derive(Clone)]
pub struct PostgresStore {
    pool: PgPool,
    /// Rows of versions that were read before. A version never changes, so nothing here is stale.
    versions: Arc<VersionCache<Catalog>>,
}

impl PostgresStore {
    /// Bytes of catalogue rows that are kept in memory, unless told otherwise.
    const CATALOG_BYTES: usize = 64 * 1024 * 1024;

    /// The same store, keeping at most about this many bytes of catalogue rows in memory; 0 reads them every time.
    #[must_use]
    pub fn caching_catalogs(self, bytes: usize) -> Self {
        Self {
            versions: Arc::new(VersionCache::new(bytes)),
            ..self
        }
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}
