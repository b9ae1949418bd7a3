//! What a version holds in memory.

use std::{collections::HashSet, sync::Arc};

use super::{Catalog, Common, Group, Offering};

/// Each entry of a list or map costs its own header too.
const ENTRY: usize = 2 * size_of::<String>();

impl Catalog {
    /// How much memory the rows hold, about; for budgets of caches. What rows share is counted once.
    #[must_use]
    pub fn approx_bytes(&self) -> usize {
        let mut commons: HashSet<*const Common> = HashSet::new();
        let mut groups: HashSet<*const Group> = HashSet::new();
        let mut shared = 0;
        for row in &self.offerings {
            if commons.insert(Arc::as_ptr(&row.common)) {
                shared += common(&row.common);
                if groups.insert(Arc::as_ptr(&row.common.group)) {
                    shared += group(&row.common.group);
                }
            }
        }
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

/// What rows share, without their group.
fn common(common: &Common) -> usize {
    let texts = [
        &common.price_id,
        &common.delivery_id,
        &common.contacts.contact,
        &common.contacts.service,
        &common.contacts.address,
    ];
    let optional = texts.into_iter().flatten().map(|text| text.len());
    let extra = common
        .extra
        .iter()
        .map(|(name, text)| name.len() + text.len() + ENTRY);
    let details = common.details.values().map(|text| text.len() + ENTRY);
    size_of::<Common>() + optional.chain(extra).chain(details).sum::<usize>()
}

fn group(group: &Group) -> usize {
    let texts = [&group.category, &group.unit, &group.duration];
    let optional = texts.into_iter().flatten().map(String::len);
    let listed = group.tags.iter().chain(group.areas.places());
    let listed = listed.map(|text| text.len() + ENTRY);
    size_of::<Group>() + optional.chain(listed).sum::<usize>()
}
