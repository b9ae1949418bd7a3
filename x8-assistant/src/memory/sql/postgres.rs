//! PostgreSQL.

use std::{str::FromStr, sync::Arc, time::Duration};

use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use x8_core::{Error, Result};

use super::{
    SqlConfig, SqlMemory,
    driver::{driver, migrator},
    error::Faults as _,
};

const OPEN: &str = "memory.open";

/// A turn does not wait longer for a connection.
const ACQUIRE: Duration = Duration::from_secs(5);

#[derive(Debug)]
struct Postgres(PgPool);

driver!(Postgres);

impl SqlMemory {
    /// Connects and brings the memory's tables, in the first schema of the search path, up to date.
    ///
    /// # Errors
    /// `Invalid` for an address that is none, `Unavailable` when the server cannot be reached, `Internal` when it refuses
    /// the user or its tables were made by a newer version.
    pub async fn postgres(config: &SqlConfig) -> Result<Self> {
        let options =
            PgConnectOptions::from_str(config.url.expose()).map_err(|_carries_password| {
                Error::invalid(
                    OPEN,
                    "the memory's address is not like postgres://user@host/database",
                )
            })?;
        let pool = PgPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(ACQUIRE)
            .connect_with(options.application_name("x8-memory"))
            .await
            .of(OPEN)?;
        // Under an advisory lock, so that two processes that start together do not meet halfway.
        migrator().run(&pool).await.of(OPEN)?;
        Ok(Self::over(Arc::new(Postgres(pool)), config.limits))
    }
}
