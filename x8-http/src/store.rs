//! The system of record that was configured.

use std::sync::Arc;

use x8_core::{Error, ErrorKind, Result, Secret, port::Store, sqlite::SqliteStore};

/// Whether an address names a PostgreSQL server; `+driver`, as other languages write it, says nothing to us.
pub(crate) fn is_postgres(url: &str) -> bool {
    let scheme = url.split("://").next().unwrap_or_default();
    let kind = scheme.split('+').next().unwrap_or_default();
    url.contains("://") && matches!(kind, "postgres" | "postgresql")
}

/// Opens the database behind `DATABASE_URL` (making its tables if they are not there).
///
/// # Errors
/// What cannot be opened, and how to mend it; never with the address, which may carry a password.
pub async fn open(url: &Secret) -> Result<Arc<dyn Store>> {
    if is_postgres(url.expose()) {
        return postgres(url).await;
    }
    Ok(Arc::new(SqliteStore::open(url.expose()).await?))
}

/// As [`open`], for commands that look into a database: one that is not there is no empty one.
///
/// # Errors
/// `NotFound` for a file that is not there; what cannot be opened.
pub async fn existing(url: &Secret) -> Result<Arc<dyn Store>> {
    if let Some(file) = sqlite_file(url.expose())
        && !std::path::Path::new(file).exists()
    {
        let what =
            "there is no such database; name the server's own with DATABASE_URL, as sqlite://path";
        return Err(Error::new(ErrorKind::NotFound, "x8.open", what).with("file", file));
    }
    open(url).await
}

/// The file of a SQLite address, if it has one.
fn sqlite_file(url: &str) -> Option<&str> {
    let place = url.strip_prefix("sqlite:")?;
    let place = place.strip_prefix("//").unwrap_or(place);
    let file = place.split('?').next().unwrap_or_default();
    (!file.is_empty() && file != ":memory:").then_some(file)
}

/// The address without a driver's name.
#[cfg(feature = "postgres")]
pub(crate) fn plain(url: &Secret) -> Secret {
    let (_, place) = url.expose().split_once("://").unwrap_or_default();
    Secret::new(format!("postgres://{place}"))
}

#[cfg(feature = "postgres")]
async fn postgres(url: &Secret) -> Result<Arc<dyn Store>> {
    let store = x8_core::postgres::PostgresStore::open(plain(url).expose()).await?;
    if !store.is_isolated().await? {
        tracing::warn!(
            "the database role is a superuser or has BYPASSRLS: row-level security does not bind it (T6)"
        );
    }
    Ok(Arc::new(store))
}

/// The configuration refuses it before it comes here.
#[cfg(not(feature = "postgres"))]
#[expect(clippy::unused_async, reason = "as with the feature")]
async fn postgres(_url: &Secret) -> Result<Arc<dyn Store>> {
    Err(Error::new(
        ErrorKind::Unsupported,
        "store.open",
        "this build has no PostgreSQL; build with --features postgres",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d1_addresses_of_postgresql_are_known_however_they_are_spelled() {
        for url in [
            "postgres://a@b/c",
            "postgresql://a@b/c",
            "postgresql+asyncpg://a@b/c",
        ] {
            assert!(is_postgres(url), "{url}");
        }
        for url in [
            "sqlite://postgres.db",
            "postgres.db",
            "mysql://postgres",
            "",
        ] {
            assert!(!is_postgres(url), "{url}");
        }
    }
}
