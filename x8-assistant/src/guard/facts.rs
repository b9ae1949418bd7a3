//! What the rows of one catalogue version say, read once for every reply that is checked against it.

use std::sync::Arc;

use x8_core::catalog::Catalog;

/// The rows, and what the rules ask of them.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) catalog: Arc<Catalog>,
}

impl Facts {
    pub(super) fn new(catalog: Arc<Catalog>) -> Self {
        Self { catalog }
    }
}
