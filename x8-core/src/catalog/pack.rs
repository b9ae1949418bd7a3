//! Rows that hold little memory, wherever they came from.

use std::{collections::HashSet, sync::Arc};

use super::{Common, Offering};
use crate::text::{Shelf, Text};

/// Puts the texts of rows side by side, and lets equal rows share what they have in common.
pub(super) fn pack(rows: &mut [Offering]) {
    let mut shelf = Shelf::default();
    let mut known: HashSet<Arc<Common>> = HashSet::new();
    for row in rows {
        row.name = kept(&row.name, |text| shelf.put(text));
        row.description = kept(&row.description, |text| shelf.put_once(text));
        let media = &mut row.media;
        for link in [&mut media.website, &mut media.image, &mut media.video] {
            if let Some(text) = link {
                *link = Some(kept(text, |text| shelf.put(text)));
            }
        }
        if let Some(same) = known.get(&row.common) {
            row.common = Arc::clone(same);
        } else {
            known.insert(Arc::clone(&row.common));
        }
    }
}

/// A text that shares its block already stays there.
fn kept(text: &Text, put: impl FnOnce(&str) -> Text) -> Text {
    if text.is_alone() {
        put(text)
    } else {
        text.clone()
    }
}
