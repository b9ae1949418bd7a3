//! The suite that every store runs.

use std::sync::Arc;

use x8_core::{
    port::Store,
    sqlite::SqliteStore,
    testing::{Checked, suite::store as suite},
};

async fn in_memory() -> x8_core::Result<Arc<dyn Store>> {
    Ok(Arc::new(SqliteStore::open_in_memory().await?))
}

macro_rules! conformance {
    ($($group:ident),+ $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $group() -> Checked {
            suite::$group(&in_memory).await
        }
    )+};
}

conformance!(
    accounts, companies, channels, catalogs, documents, inbox, outbox, jobs, lanes, ledger, slots,
    payments, audit,
);
