//! What a version holds in memory.

use super::{Catalog, Offering};

impl Catalog {
    /// How much memory the rows hold, about; for budgets of caches.
    #[must_use]
    pub fn approx_bytes(&self) -> usize {
        let rows: usize = self.offerings.iter().map(heap).sum();
        let keys = size_of_val(self.by_sku.as_slice());
        rows + keys + size_of::<Self>() + size_of_val(self.offerings.as_slice()) + self.name.len()
    }
}

/// The texts of a row; each entry of a list or map costs its own header too.
fn heap(row: &Offering) -> usize {
    const ENTRY: usize = 2 * size_of::<String>();
    let texts = [
        &row.category,
        &row.unit,
        &row.duration,
        &row.price_id,
        &row.delivery_id,
        &row.media.website,
        &row.media.image,
        &row.media.video,
        &row.contacts.contact,
        &row.contacts.service,
        &row.contacts.address,
    ];
    let optional = texts.into_iter().flatten().map(String::len);
    let listed = row.tags.iter().chain(row.areas.places());
    let listed = listed
        .chain(row.details.values())
        .map(|text| text.len() + ENTRY);
    let extra = row
        .extra
        .iter()
        .map(|(name, text)| name.len() + text.len() + ENTRY);
    let fixed = row.sku.as_str().len() + row.name.len() + row.description.len();
    fixed + optional.chain(listed).chain(extra).sum::<usize>()
}
