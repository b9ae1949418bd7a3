//! The suite that every store runs.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use tempfile::TempDir;
use x8_core::{
    port::{Accounts as _, Catalogs as _, Companies as _, Store},
    sqlite::SqliteStore,
    tenant::Role,
    testing::{Checked, ensure, fixture, same, suite::store as suite},
};

async fn in_memory() -> x8_core::Result<Arc<dyn Store>> {
    Ok(Arc::new(SqliteStore::open_in_memory().await?))
}

async fn on_file(path: String) -> x8_core::Result<Arc<dyn Store>> {
    Ok(Arc::new(SqliteStore::open(&path).await?))
}

macro_rules! conformance {
    ($($group:ident),+ $(,)?) => {
        mod memory {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $group() -> Checked {
                    suite::$group(&in_memory).await
                }
            )+
        }

        mod file {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $group() -> Checked {
                    let dir = TempDir::new().unwrap();
                    let made = AtomicU32::new(0);
                    let next = || {
                        let name = format!("{}.db", made.fetch_add(1, Ordering::Relaxed));
                        let path = dir.path().join(name).display().to_string();
                        on_file(path)
                    };
                    suite::$group(&next).await
                }
            )+
        }
    };
}

conformance!(
    accounts,
    companies,
    channels,
    catalogs,
    documents,
    inbox,
    outbox,
    jobs,
    lanes,
    ledger,
    slots,
    payments,
    records,
    audit,
    subscriptions,
);

/// The list above may fall behind the suite's; this one cannot.
#[tokio::test(flavor = "multi_thread")]
async fn every_group() -> Checked {
    suite::all(&in_memory).await
}

async fn with_cache(bytes: usize) -> x8_core::Result<Arc<dyn Store>> {
    let store = SqliteStore::open_in_memory().await?;
    Ok(Arc::new(store.caching_catalogs(bytes)))
}

/// Catalogue rows kept in memory change nothing: the suite passes with none, with room for one version or two, and with
/// all of them (above).
#[tokio::test(flavor = "multi_thread")]
async fn k7_a_cache_of_any_size_is_transparent() -> Checked {
    for bytes in [0, 2_000, 5_000] {
        suite::catalogs(&|| with_cache(bytes)).await?;
    }
    Ok(())
}

#[tokio::test]
async fn k7_the_rows_of_a_version_are_read_once() -> Checked {
    let store = SqliteStore::open_in_memory().await?;
    let owner = store
        .create_user(fixture::new_user("owner@example.com", Role::Client))
        .await?;
    let company = fixture::new_company("Rosas");
    let company = store
        .create_company(owner.id, company, fixture::NOW)
        .await?;
    let tenant = company.tenant();
    let rows = fixture::roses();
    store
        .publish_catalog(tenant, "DB", &rows, fixture::NOW)
        .await?;
    let first = store.live_catalog(tenant).await?;
    let again = store.live_catalog(tenant).await?;
    ensure(Arc::ptr_eq(&first, &again), "the same rows in memory")?;
    store
        .publish_catalog(tenant, "DB", &[], fixture::NOW)
        .await?;
    let next = store.live_catalog(tenant).await?;
    same(&next.version, &2, "the next version is seen at once")?;
    let uncached = store.clone().caching_catalogs(0);
    let (one, other) = (
        uncached.live_catalog(tenant).await?,
        uncached.live_catalog(tenant).await?,
    );
    ensure(
        !Arc::ptr_eq(&one, &other),
        "nothing is kept with a budget of 0",
    )
}
