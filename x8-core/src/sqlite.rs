//! The embedded store: one SQLite file, no server (D1).
//!
//! Every write runs in one `BEGIN IMMEDIATE` transaction on the only writing connection, and is on disk before it is
//! acknowledged; readers work beside it on the last committed state (WAL). The rules that must hold whoever writes
//! (one open order, no unpaid booking, no seat twice) are constraints and triggers of the database itself, so they also
//! bind other programs that open the file.
//!
//! The file may be one that the existing application made: its tables are used as they are (D2). The view
//! `x8_violations` is the violations query of principle 2, for any SQL shell.
//!
//! ```
//! use x8_core::{port::Documents, sqlite::SqliteStore};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let store = SqliteStore::open_in_memory().await?;
//! store.put_document("notes", "first", &serde_json::json!({"kept": true}), 0).await?;
//! assert!(store.document("notes", "first").await?.is_some());
//! # Ok::<(), x8_core::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::{fmt, sync::Arc};

use sqlx::SqlitePool;

use crate::catalog::{Catalog, VersionCache};

mod connect;
mod dialect;
#[path = "sql/ports.rs"]
mod ports;

/// The system of record in one SQLite database. Cheap to clone; clones share the connections.
#[derive(Clone)]
pub struct SqliteStore {
    /// One connection: SQLite has one writer, and waiting here is fair and cheap.
    writer: SqlitePool,
    /// A few connections that cannot write. For a database in memory: the writer.
    readers: SqlitePool,
    /// Carries the log over into the file; for a database in memory there is none.
    carrier: Option<SqlitePool>,
    /// Rows of versions that were read before. A version never changes, so nothing here is stale.
    versions: Arc<VersionCache<Catalog>>,
}

impl SqliteStore {
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

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}
