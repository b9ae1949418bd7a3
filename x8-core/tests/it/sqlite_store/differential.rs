//! Whatever is done to them in whatever order, the SQLite store and the reference store answer alike.

use std::sync::Arc;

use proptest::prelude::*;
use x8_core::{memory::MemoryStore, sqlite::SqliteStore};

mod rig;

use rig::{Rig, Step};

/// Both stores, step by step.
async fn compare(steps: Vec<Step>) -> std::result::Result<(), TestCaseError> {
    let mut reference = Rig::new(Arc::new(MemoryStore::default())).await.unwrap();
    let sqlite = SqliteStore::open_in_memory().await.unwrap();
    let mut sqlite = Rig::new(Arc::new(sqlite)).await.unwrap();
    for (at, step) in (0_i64..).step_by(11).zip(steps) {
        let wanted = reference.step(step, at).await;
        let found = sqlite.step(step, at).await;
        prop_assert_eq!(found, wanted, "step {:?} at {}", step, at);
        let (found, wanted) = (sqlite.picture().await, reference.picture().await);
        prop_assert_eq!(found.len(), wanted.len(), "after step {:?} at {}", step, at);
        for (found, wanted) in found.into_iter().zip(wanted) {
            prop_assert_eq!(found, wanted, "after step {:?} at {}", step, at);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn d1_sqlite_answers_as_the_reference_store_does(
        steps in prop::collection::vec(any::<Step>(), 1..60),
    ) {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap()
            .block_on(compare(steps))?;
    }
}
