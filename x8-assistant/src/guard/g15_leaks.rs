//! G15: what is internal stays inside: field and tool names, price and channel ids, reply addresses, template marks, the
//! system prompt, card data and contacts that nobody asked for. Instructions hidden in any text cannot switch off another rule, because no rule reads instructions.

use std::collections::BTreeSet;

use x8_core::catalog::Offering;

use super::{
    Rule,
    lexicon::List,
    page::{Checks, Sentence},
    terms::Terms,
    text::Edit,
    work::Work,
};

pub(super) mod cards;
pub(super) mod contacts;
mod marks;
mod names;
mod numbers;
mod prompted;

/// Ids shorter than this could be ordinary words.
const SHORTEST_ID: usize = 6;

/// What stands in the rows and is for nobody else.
#[derive(Debug)]
pub(super) struct Secrets {
    /// Price and delivery ids.
    ids: Terms,
    contacts: contacts::Held,
}

impl Secrets {
    pub(super) fn of(rows: &[Offering]) -> Self {
        let ids = rows
            .iter()
            .flat_map(|row| [row.price_id.as_deref(), row.delivery_id.as_deref()])
            .flatten()
            .filter(|id| is_id(id));
        let ids: BTreeSet<&str> = ids.collect();
        Self {
            ids: Terms::new(ids.into_iter().map(str::to_owned)),
            contacts: contacts::Held::of(rows),
        }
    }
}

impl Secrets {
    pub(super) fn approx_bytes(&self) -> usize {
        self.ids.approx_bytes() + self.contacts.approx_bytes()
    }
}

fn is_id(text: &str) -> bool {
    text.chars().count() >= SHORTEST_ID
}

pub(super) fn apply(work: &mut Work<'_>) {
    let told = tells_id(work, work.text());
    work.edit_once(Rule::G15, Checks::LEAKS, |work, sentence| {
        if leaks(work, sentence) || (told && tells_id(work, sentence)) {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
}

fn leaks(work: &Work<'_>, sentence: &Sentence<'_>) -> bool {
    sentence.hits().has(List::INTERNAL)
        || marks::stand_in(sentence)
        || names::leak(work, sentence)
        || cards::tells(sentence)
        || contacts::tells(work, sentence)
        || prompted::tells(sentence)
        || numbers::invented(work, sentence)
}

/// Whether a text holds an id of a row, or of this turn.
fn tells_id(work: &Work<'_>, text: &str) -> bool {
    let context = [
        work.context.token.as_str(),
        work.context.instance_id.as_str(),
    ];
    // On most platforms token and sender are the same; a customer's own number is no secret to them.
    let mut context = context
        .into_iter()
        .filter(|id| *id != work.context.sender && *id != work.phone);
    context.any(|id| is_id(id) && text.contains(id)) || work.facts.secrets.ids.any(text)
}
