//! G15: what is internal stays inside: field and tool names, price and channel ids, reply addresses, template marks, the
//! system prompt, card data and contacts that nobody asked for. Instructions hidden in any text cannot switch off another rule, because no rule reads instructions.

use x8_core::text::fold;

use super::{
    Rule,
    lexicon::{List, hits},
    text::Edit,
    work::Work,
};

mod cards;
mod contacts;
mod marks;
mod names;

/// Ids shorter than this could be ordinary words.
const SHORTEST_ID: usize = 6;

pub(super) fn apply(work: &mut Work<'_>) {
    work.edit(Rule::G15, |work, sentence| {
        if leaks(work, sentence) {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
}

fn leaks(work: &Work<'_>, sentence: &str) -> bool {
    let folded = fold(sentence);
    if hits(&folded).has(List::INTERNAL)
        || marks::stand_in(sentence)
        || names::leak(work, sentence)
        || cards::tells(&folded)
        || contacts::tells(work, &folded)
    {
        return true;
    }
    let context = [
        work.context.token.as_str(),
        work.context.instance_id.as_str(),
    ];
    // On most platforms token and sender are the same; a customer's own number is no secret to them.
    let context = context
        .into_iter()
        .filter(|id| *id != work.context.sender && *id != work.phone);
    let ids = work
        .catalog
        .offerings()
        .iter()
        .flat_map(|row| [row.price_id.as_deref(), row.delivery_id.as_deref()])
        .flatten();
    ids.chain(context)
        .any(|id| id.chars().count() >= SHORTEST_ID && sentence.contains(id))
}
