//! What the pipeline knows of catalogue versions, read once per version and shared by all turns.

use std::sync::Arc;

use x8_core::catalog::{Catalog, VersionCache};

use crate::{guard::Guard, understand::Lexicon};

/// One version, ready for understanding and for checking.
#[derive(Debug)]
pub(super) struct Version {
    pub(super) lexicon: Lexicon,
    pub(super) guard: Guard,
}

impl Version {
    fn read(catalog: &Arc<Catalog>) -> Self {
        Self {
            lexicon: Lexicon::new(catalog),
            guard: Guard::new(Arc::clone(catalog)),
        }
    }

    fn approx_bytes(&self) -> usize {
        self.lexicon.approx_bytes() + self.guard.approx_bytes()
    }
}

/// Versions within a budget of memory.
#[derive(Debug)]
pub(super) struct Shelf {
    versions: VersionCache<Version>,
}

impl Shelf {
    /// What all versions together may hold, about: some twenty of five thousand rows, or thousands of small ones.
    const BYTES: usize = 128 * 1024 * 1024;

    pub(super) fn new() -> Self {
        Self {
            versions: VersionCache::new(Self::BYTES),
        }
    }

    /// This version, from memory or read now.
    pub(super) fn version(&self, catalog: &Arc<Catalog>) -> Arc<Version> {
        let read = || Version::read(catalog);
        self.versions.of(catalog, read, Version::approx_bytes)
    }
}
