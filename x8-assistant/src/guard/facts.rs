//! What the rows of one catalogue version say, read once for every reply that is checked against it.

use std::sync::Arc;

use x8_core::catalog::Catalog;

use super::g04_amounts::Known;

/// The rows, and what the rules ask of them.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) catalog: Arc<Catalog>,
    /// G4.
    pub(super) amounts: Known,
}

impl Facts {
    pub(super) fn new(catalog: Arc<Catalog>) -> Self {
        let amounts = Known::read(&catalog);
        Self { catalog, amounts }
    }
}
