//! What the pipeline knows of catalogue versions, read once per version and shared by all turns.

use std::sync::Arc;

use x8_core::{
    catalog::{Catalog, VersionCache},
    id::CatalogId,
};

use crate::understand::Lexicon;

/// Lexicons of versions within a budget of memory.
#[derive(Debug)]
pub(super) struct Shelf {
    lexicons: VersionCache<Lexicon>,
}

impl Shelf {
    /// What all lexicons together may hold, about: some forty of five thousand rows.
    const BYTES: usize = 128 * 1024 * 1024;

    pub(super) fn new() -> Self {
        Self {
            lexicons: VersionCache::new(Self::BYTES),
        }
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
