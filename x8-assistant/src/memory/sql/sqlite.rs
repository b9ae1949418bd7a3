//! SQLite: one file, which may be the store's.

use std::{str::FromStr, sync::Arc, time::Duration};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use x8_core::{Error, Result};

use super::{
    SqlConfig, SqlMemory,
    driver::{driver, migrator},
    error::Faults as _,
};

const OPEN: &str = "memory.open";

/// How long a statement waits for another writer of the file.
const BUSY: Duration = Duration::from_secs(10);

#[derive(Debug)]
struct Sqlite(SqlitePool);

driver!(Sqlite);

impl SqlMemory {
    /// Opens the file, makes it when it is absent, and brings the memory's tables up to date. Other tables are left alone.
    ///
    /// # Errors
    /// `Invalid` for an address that is none, `Unavailable` when the file cannot be opened, `Internal` when its tables were
    /// made by a newer version.
    pub async fn sqlite(config: &SqlConfig) -> Result<Self> {
        let url = config.url.expose();
        let options = SqliteConnectOptions::from_str(url).map_err(|error| {
            Error::invalid(OPEN, "the memory's address is not like sqlite://x8.db").caused_by(error)
        })?;
        let options = options
            .create_if_missing(true)
            .busy_timeout(BUSY)
            .journal_mode(SqliteJournalMode::Wal)
            // A power cut may cost the last turns of what is context only, never the file.
            .synchronous(SqliteSynchronous::Normal)
            .pragma("cache_size", "-1024");
        // A database in memory is its one connection: it must never be closed for being idle or old.
        let alone = url.contains(":memory:") || url.contains("mode=memory");
        let pool = SqlitePoolOptions::new()
            .test_before_acquire(false)
            .min_connections(u32::from(alone))
            .max_connections(if alone { 1 } else { 4 });
        let pool = if alone {
            pool.idle_timeout(None).max_lifetime(None)
        } else {
            pool
        };
        let pool = pool.connect_with(options).await.of(OPEN)?;
        migrate(&pool).await?;
        Ok(Self::over(Arc::new(Sqlite(pool)), config.limits))
    }
}

/// In one transaction, so that two processes that start together do not meet halfway.
async fn migrate(pool: &SqlitePool) -> Result<()> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.of(OPEN)?;
    migrator()
        .run_direct(None, &mut *tx, false)
        .await
        .of(OPEN)?;
    tx.commit().await.of(OPEN)
}
