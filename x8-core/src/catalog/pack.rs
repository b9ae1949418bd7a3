//! Rows that hold little memory, wherever they came from.

use std::{collections::HashSet, hash::Hash, sync::Arc};

use super::{Common, Group, Offering};
use crate::text::{Shelf, Text};

/// Puts the texts of rows side by side, and lets equal rows share what they have in common.
pub(super) fn pack(rows: &mut [Offering]) {
    share_equals(rows);
    let mut shelf = Shelf::default();
    for row in rows {
        row.name = kept(&row.name, |text| shelf.put(text));
        row.description = kept(&row.description, |text| shelf.put_once(text));
        let media = &mut row.media;
        for link in [&mut media.website, &mut media.image, &mut media.video] {
            place(link, |text| shelf.put(text));
        }
        // What several rows share is held once already.
        if let Some(own) = Arc::get_mut(&mut row.common) {
            let contacts = &mut own.contacts;
            let contacts = [
                &mut contacts.contact,
                &mut contacts.service,
                &mut contacts.address,
            ];
            let ids = [&mut own.price_id, &mut own.delivery_id];
            for text in contacts.into_iter().chain(ids) {
                place(text, |text| shelf.put_once(text));
            }
        }
    }
}

/// Before any text is put on a shelf: there it cannot be compared for a while.
#[expect(
    clippy::mutable_key_type,
    reason = "a text is written once, before it can be a key: the shelf that wrote it is closed"
)]
fn share_equals(rows: &mut [Offering]) {
    let mut groups: HashSet<Arc<Group>> = HashSet::new();
    let mut commons: HashSet<Arc<Common>> = HashSet::new();
    for row in rows {
        if let Some(own) = Arc::get_mut(&mut row.common) {
            share(&mut own.group, &mut groups);
        }
        share(&mut row.common, &mut commons);
    }
}

fn share<T: Eq + Hash>(own: &mut Arc<T>, known: &mut HashSet<Arc<T>>) {
    if let Some(same) = known.get(own.as_ref()) {
        *own = Arc::clone(same);
    } else {
        known.insert(Arc::clone(own));
    }
}

fn place(text: &mut Option<Text>, put: impl FnOnce(&str) -> Text) {
    if let Some(own) = text {
        *own = kept(own, put);
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
