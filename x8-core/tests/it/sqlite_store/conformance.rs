//! The suite that every store runs.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use tempfile::TempDir;
use x8_core::{
    port::Store,
    sqlite::SqliteStore,
    testing::{Checked, suite::store as suite},
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
    accounts, companies, channels, catalogs, documents, inbox, outbox, jobs, lanes, ledger, slots,
    payments, audit,
);
