//! The suite that every store runs.

use std::sync::Arc;

use x8_core::{port::Store, testing::suite::store as suite};

use super::on_server;

macro_rules! conformance {
    ($($group:ident),+ $(,)?) => {
        $(
            on_server! {
                async fn $group(database) {
                    let make = || async {
                        let store: Arc<dyn Store> = Arc::new(database.fresh().await?);
                        Ok(store)
                    };
                    suite::$group(&make).await
                }
            }
        )+
    };
}

conformance!(
    accounts, companies, channels, catalogs, documents, inbox, outbox, jobs, lanes, ledger, slots,
    payments, records, audit,
);
