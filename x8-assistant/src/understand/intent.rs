//! What the customer wants from us, by phrases in English, Russian and Spanish; one file per group.

use std::collections::BTreeSet;

use super::words::{Words, matches};

mod ask;
mod order;
mod talk;

/// What a burst asks for. Several at once are common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Intent {
    /// "Hello".
    Greeting,
    /// "What do you have?"
    List,
    /// "Show more": the rest of a list that was too long.
    More,
    /// "Tell me more."
    Details,
    /// "How much is it?"
    Price,
    /// "Where do you deliver?"
    Cities,
    /// A contact of the supplier or specialist.
    Contact,
    /// "Do you have a website?"
    Website,
    /// A picture.
    Photo,
    /// A video.
    Video,
    /// "I want to buy."
    Order,
    /// "Also …": on top of the cart.
    Add,
    /// "… instead": the cart starts anew.
    Replace,
    /// "Without …".
    Remove,
    /// "Only what you can deliver there" (O2).
    OnlyAvailable,
    /// "Cancel."
    Cancel,
    /// "A new order."
    NewOrder,
    /// "I already paid" (O10).
    AlreadyPaid,
    /// "Stop reminding me" (O14).
    StopReminders,
    /// "Make the delivery free" (O5).
    FreeDelivery,
    /// "Any discount?"
    Discount,
    /// "Send the link", "how do I pay".
    Pay,
    /// Yes.
    Yes,
    /// No.
    No,
    /// Thanks, bye.
    Thanks,
}

const GROUPS: [&[(Intent, &[&str])]; 3] = [ask::PHRASES, order::PHRASES, talk::PHRASES];

/// All intents of a burst.
pub(super) fn hear(words: &Words) -> BTreeSet<Intent> {
    let named = GROUPS
        .iter()
        .flat_map(|group| group.iter())
        .filter(|(_, phrases)| words.has(phrases));
    let mut intents: BTreeSet<Intent> = named.map(|(intent, _)| *intent).collect();
    // "Deliver it to Madrid for free, please": the two halves stand anywhere.
    let free = words.has(&["free", "бесплатн*", "gratis", "gratuit*"]);
    if free
        && words.has(&[
            "deliver*",
            "shipping",
            "ship",
            "достав*",
            "envi*",
            "entreg*",
        ])
    {
        intents.insert(Intent::FreeDelivery);
    }
    intents
}

/// Whether a word belongs to everyday speech and so is no name.
pub(super) fn is_common_word(folded: &str) -> bool {
    is_filler(folded)
        || talk::COMMON.iter().any(|common| matches(folded, common))
        || GROUPS
            .iter()
            .flat_map(|group| group.iter())
            .any(|(_, phrases)| {
                phrases
                    .iter()
                    .any(|phrase| !phrase.contains(' ') && matches(folded, phrase))
            })
}

/// Whether every one of these words belongs to everyday speech, or any does when there is only one.
pub(super) fn is_common(words: &Words, indexes: &[usize]) -> bool {
    indexes.iter().any(|index| {
        words
            .at(*index)
            .is_some_and(|word| is_common_word(&word.folded))
    })
}

/// Words that stand beside a name without being part of it.
pub(super) fn is_filler(folded: &str) -> bool {
    talk::FILLER.contains(&folded)
}
