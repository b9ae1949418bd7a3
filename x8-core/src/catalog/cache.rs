//! A small memory of immutable things made from catalogue versions.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::Catalog;
use crate::id::{CatalogId, CompanyId};

/// Keeps what was made from catalogue versions (their rows, their search index) within a budget of bytes; what was not
/// used for longest goes first.
///
/// A version never changes, so nothing here can be stale: the caller asks the store which version is live, and only
/// then here. The key holds the tenant too, so that one tenant's key never finds another's rows (T6).
///
/// ```
/// use std::sync::Arc;
/// use x8_core::{catalog::VersionCache, id::{CatalogId, CompanyId}};
/// let cache = VersionCache::new(100);
/// let key = |id| (CompanyId(1), CatalogId(id));
/// cache.put(key(1), &Arc::new("one"), 60);
/// cache.put(key(2), &Arc::new("two"), 60);
/// assert!(cache.get(key(1)).is_none(), "there is room for one of them");
/// assert_eq!(cache.get(key(2)).as_deref(), Some(&"two"));
/// assert!(cache.get((CompanyId(2), CatalogId(2))).is_none());
/// ```
pub struct VersionCache<V> {
    budget: usize,
    shelf: Mutex<Shelf<V>>,
}

/// Whose version, and which.
pub type VersionKey = (CompanyId, CatalogId);

struct Shelf<V> {
    kept: HashMap<VersionKey, Kept<V>>,
    /// Oldest use first.
    uses: BTreeMap<u64, VersionKey>,
    clock: u64,
    bytes: usize,
}

struct Kept<V> {
    value: Arc<V>,
    bytes: usize,
    used: u64,
}

impl<V> VersionCache<V> {
    /// An empty cache that holds at most this many bytes, by the sizes it is told. 0 keeps nothing.
    #[must_use]
    pub fn new(budget: usize) -> Self {
        Self {
            budget,
            shelf: Mutex::new(Shelf {
                kept: HashMap::new(),
                uses: BTreeMap::new(),
                clock: 0,
                bytes: 0,
            }),
        }
    }

    /// What is kept under this key.
    #[must_use]
    pub fn get(&self, key: VersionKey) -> Option<Arc<V>> {
        self.lock().touch(key)
    }

    /// Keeps a value of about this size; one that is larger than the whole budget is not kept.
    pub fn put(&self, key: VersionKey, value: &Arc<V>, bytes: usize) {
        let mut shelf = self.lock();
        shelf.forget(key);
        if bytes > self.budget {
            return;
        }
        while shelf.bytes.saturating_add(bytes) > self.budget {
            let Some((_, oldest)) = shelf.uses.first_key_value() else {
                break;
            };
            let oldest = *oldest;
            shelf.forget(oldest);
        }
        shelf.keep(key, Arc::clone(value), bytes);
    }

    /// What was made from this version: kept, or made now and kept while there is room.
    ///
    /// - Detached catalogues share one key and differ all the same: nothing that is made from them is kept.
    /// - Two callers at once may both make it; one of the results is kept.
    pub fn of(
        &self,
        catalog: &Catalog,
        make: impl FnOnce() -> V,
        bytes: impl FnOnce(&V) -> usize,
    ) -> Arc<V> {
        if catalog.id == CatalogId(0) {
            return Arc::new(make());
        }
        let key = (catalog.company, catalog.id);
        self.get(key).unwrap_or_else(|| {
            let made = Arc::new(make());
            self.put(key, &made, bytes(&made));
            made
        })
    }

    /// The sizes of everything that is kept.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    fn lock(&self) -> MutexGuard<'_, Shelf<V>> {
        // Nothing panics while the lock is held; a poisoned one still guards whole entries.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> Shelf<V> {
    fn touch(&mut self, key: VersionKey) -> Option<Arc<V>> {
        let kept = self.kept.get_mut(&key)?;
        self.uses.remove(&kept.used);
        self.clock += 1;
        kept.used = self.clock;
        self.uses.insert(self.clock, key);
        Some(Arc::clone(&kept.value))
    }

    fn keep(&mut self, key: VersionKey, value: Arc<V>, bytes: usize) {
        self.clock += 1;
        let used = self.clock;
        self.uses.insert(used, key);
        self.bytes = self.bytes.saturating_add(bytes);
        self.kept.insert(key, Kept { value, bytes, used });
    }

    fn forget(&mut self, key: VersionKey) {
        if let Some(kept) = self.kept.remove(&key) {
            self.uses.remove(&kept.used);
            self.bytes = self.bytes.saturating_sub(kept.bytes);
        }
    }
}

impl<V> fmt::Debug for VersionCache<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VersionCache")
            .field("budget", &self.budget)
            .field("bytes", &self.bytes())
            .finish_non_exhaustive()
    }
}
