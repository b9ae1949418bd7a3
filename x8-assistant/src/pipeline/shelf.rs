//! What the pipeline knows of catalogue versions, read once per version and shared by all turns.

use std::sync::Arc;

use x8_core::{
    catalog::{Catalog, VersionCache},
    id::CatalogId,
};

use crate::{guard::Guard, understand::Lexicon};

/// Lexicons and guards of versions, each within a budget of memory.
#[derive(Debug)]
pub(super) struct Shelf {
    lexicons: VersionCache<Lexicon>,
    guards: VersionCache<Guard>,
}

impl Shelf {
    /// What all lexicons together may hold, about: some forty of five thousand rows. As much again for guards.
    const BYTES: usize = 128 * 1024 * 1024;

    pub(super) fn new() -> Self {
        Self {
            lexicons: VersionCache::new(Self::BYTES),
            guards: VersionCache::new(Self::BYTES),
        }
    }

    /// The guard of this version.
    pub(super) fn guard(&self, catalog: &Arc<Catalog>) -> Guard {
        if catalog.id == CatalogId(0) {
            return Guard::new(Arc::clone(catalog));
        }
        let key = (catalog.company, catalog.id);
        if let Some(known) = self.guards.get(key) {
            return known.as_ref().clone();
        }
        let guard = Guard::new(Arc::clone(catalog));
        self.guards
            .put(key, &Arc::new(guard.clone()), guard.approx_bytes());
        guard
    }

    /// The lexicon of this version.
    pub(super) fn lexicon(&self, catalog: &Catalog) -> Arc<Lexicon> {
        // Detached catalogues share one key, and are different all the same.
        if catalog.id == CatalogId(0) {
            return Arc::new(Lexicon::new(catalog));
        }
        let key = (catalog.company, catalog.id);
        if let Some(known) = self.lexicons.get(key) {
            return known;
        }
        let lexicon = Arc::new(Lexicon::new(catalog));
        self.lexicons.put(key, &lexicon, lexicon.approx_bytes());
        lexicon
    }
}
