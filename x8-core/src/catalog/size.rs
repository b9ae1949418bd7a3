//! What a version holds in memory.

use std::{collections::HashSet, sync::Arc};

use super::{Catalog, Common, Offering};

impl Catalog {
    /// How much memory the rows hold, about; for budgets of caches. What rows share is counted once.
    #[must_use]
    pub fn approx_bytes(&self) -> usize {
        let mut seen: HashSet<*const Common> = HashSet::new();
        let shared = self.offerings.iter().map(|row| &row.common);
        let shared = shared.filter(|common| seen.insert(Arc::as_ptr(common)));
        let shared: usize = shared.map(|common| heap(common)).sum();
        let rows: usize = self.offerings.iter().map(texts).sum();
        let keys = size_of_val(self.by_sku.as_slice());
        let fixed = size_of::<Self>() + size_of_val(self.offerings.as_slice()) + self.name.len();
        rows + shared + keys + fixed
    }
}

/// The texts of a row alone.
fn texts(row: &Offering) -> usize {
    let links = [&row.media.website, &row.media.image, &row.media.video];
    let links = links.into_iter().flatten().map(|text| text.len());
    row.sku.as_str().len() + row.name.len() + row.description.len() + links.sum::<usize>()
}

/// What rows share; each entry of a list or map costs its own header too.
fn heap(common: &Common) -> usize {
    const ENTRY: usize = 2 * size_of::<String>();
    let texts = [
        &common.category,
        &common.unit,
        &common.duration,
        &common.price_id,
        &common.delivery_id,
        &common.contacts.contact,
        &common.contacts.service,
        &common.contacts.address,
    ];
    let optional = texts.into_iter().flatten().map(String::len);
    let listed = common.tags.iter().chain(common.areas.places());
    let listed = listed
        .chain(common.details.values())
        .map(|text| text.len() + ENTRY);
    let extra = common
        .extra
        .iter()
        .map(|(name, text)| name.len() + text.len() + ENTRY);
    size_of::<Common>() + optional.chain(listed).chain(extra).sum::<usize>()
}
