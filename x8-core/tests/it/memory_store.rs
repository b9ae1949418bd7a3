//! The in-memory store passes the suite that every adapter runs.

use std::sync::Arc;

use pollster::block_on;
use x8_core::{
    Result,
    memory::MemoryStore,
    port::Store,
    testing::{
        Checked,
        suite::store::{self, Fresh},
    },
};

fn make() -> impl Fresh {
    || async {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
        Result::Ok(store)
    }
}

macro_rules! groups {
    ($($group:ident),+ $(,)?) => {$(
        #[test]
        fn $group() -> Checked {
            block_on(store::$group(&make()))
        }
    )+};
}

groups! {
    accounts, companies, channels, catalogs, documents, inbox, outbox,
    jobs, lanes, ledger, slots, payments, audit,
}
