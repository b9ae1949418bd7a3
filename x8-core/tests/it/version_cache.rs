//! The memory of things made from catalogue versions keeps its budget and never mixes tenants.

use std::sync::Arc;

use proptest::prelude::*;
use x8_core::{
    catalog::{Catalog, VersionCache, VersionKey},
    id::{CatalogId, CompanyId},
};

fn key(company: i64, version: i64) -> VersionKey {
    (CompanyId(company), CatalogId(version))
}

#[test]
fn k12_what_was_not_used_for_longest_goes_first() {
    let cache = VersionCache::new(3);
    for version in 1..=3 {
        cache.put(key(1, version), &Arc::new(version), 1);
    }
    assert_eq!(cache.get(key(1, 1)).as_deref(), Some(&1));
    cache.put(key(1, 4), &Arc::new(4), 1);
    let kept: Vec<i64> = (1..=4)
        .filter(|at| cache.get(key(1, *at)).is_some())
        .collect();
    assert_eq!(kept, [1, 3, 4]);
    cache.put(key(1, 9), &Arc::new(9), 4);
    assert!(
        cache.get(key(1, 9)).is_none() && cache.bytes() == 3,
        "larger than the budget"
    );
}

#[test]
fn a2_a_version_is_read_once_and_a_detached_catalogue_every_time() {
    let cache = VersionCache::new(10);
    let rows = |id| Catalog::new(CatalogId(id), CompanyId(1), 1, String::new(), Vec::new());
    let read = |catalog: &Catalog, value: i64| *cache.of(catalog, || value, |_| 1);
    assert_eq!([read(&rows(7), 1), read(&rows(7), 2)], [1, 1]);
    assert_eq!(read(&rows(8), 3), 3, "another version is another value");
    let detached = Catalog::detached(Vec::new());
    assert_eq!([read(&detached, 4), read(&detached, 5)], [4, 5]);
    assert_eq!(cache.bytes(), 2);
}

proptest! {
    #[test]
    fn k12_the_budget_holds_and_a_key_finds_its_own_value(
        steps in proptest::collection::vec((0_i64..4, 0_i64..6, 0_usize..40), 1..80),
        budget in 0_usize..100,
    ) {
        let cache = VersionCache::new(budget);
        for (company, version, bytes) in steps {
            let key = key(company, version);
            if bytes % 3 == 0 {
                prop_assert!(cache.get(key).is_none_or(|value| *value == key));
            } else {
                cache.put(key, &Arc::new(key), bytes);
                prop_assert_eq!(cache.get(key).is_some(), bytes <= budget);
            }
            prop_assert!(cache.bytes() <= budget);
        }
    }
}
