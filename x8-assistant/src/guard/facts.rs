//! What the rows of one catalogue version say, read once for every reply that is checked against it.

use std::sync::Arc;

use x8_core::{
    catalog::{Catalog, Offering},
    text::fold,
};

use super::{
    amounts::Figured, g04_amounts::Explained, g06_stock::Counts, g07_free::Given, g08_area::Places,
    g13_media::Links, g15_leaks::Secrets, terms::Terms,
};

/// The rows, and what the rules ask of them.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) catalog: Arc<Catalog>,
    names: Terms,
    /// The row of each name.
    named: Vec<usize>,
    /// Names with figures, which count and cost nothing.
    pub(super) figured: Figured,
    /// G4.
    pub(super) explained: Explained,
    /// G6.
    pub(super) counts: Counts,
    /// G7.
    pub(super) given: Given,
    /// G8.
    pub(super) places: Places,
    /// G13.
    pub(super) links: Links,
    /// G15.
    pub(super) secrets: Secrets,
}

impl Facts {
    pub(super) fn new(catalog: Arc<Catalog>) -> Self {
        let rows = catalog.offerings();
        let named = |(_, row): &(usize, &Offering)| !row.name.trim().is_empty();
        let named: Vec<(usize, &Offering)> = rows.iter().enumerate().filter(named).collect();
        Self {
            names: Terms::new(named.iter().map(|(_, row)| fold(&row.name))),
            named: named.iter().map(|(at, _)| *at).collect(),
            figured: Figured::of(rows),
            explained: Explained::of(rows),
            counts: Counts::of(rows),
            given: Given::of(rows),
            places: Places::of(rows),
            links: Links::of(rows),
            secrets: Secrets::of(rows),
            catalog,
        }
    }

    /// The rows whose names stand in a folded sentence, in catalogue order.
    pub(super) fn rows_in(&self, folded: &str) -> Vec<&Offering> {
        let rows = self.catalog.offerings();
        let places = self.names.found(folded).into_iter();
        places
            .filter_map(|place| rows.get(*self.named.get(place)?))
            .collect()
    }
}
