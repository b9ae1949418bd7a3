//! Promises that something is free although no row says so.
//!
//! Delivery is free from the threshold on and not before, however often it is asked for (O5); nothing else is free unless
//! the catalogue holds something free or says so in its own words.

use x8_core::{cart::price, catalog::Catalog, text::fold};

use super::super::{
    Rule, amounts,
    cues::Cues,
    g06_stock::stem,
    letter::is_alphanumeric,
    lexicon::{Hits, List, hits, spans},
    page::Sentence,
    text::{Edit, denies},
    work::Work,
};

/// What a sentence promises when it holds one of these.
const PROMISES: [List; 4] = [List::PROMISE, List::GIFT, List::OFFER, List::WITH];

pub(in super::super) fn apply(work: &mut Work<'_>) {
    if !work.page().tells(&PROMISES) {
        return;
    }
    let about_free = speaks_of_free(work);
    work.edit(Rule::G7, |work, sentence| {
        let found = sentence.hits();
        if found.has(List::WITH) && throws_in(work, sentence) {
            return Edit::Remove;
        }
        let promises = found.any(&[List::PROMISE, List::GIFT])
            || (found.has(List::OFFER) && found.has(List::DELIVERY));
        if !promises
            || is_denied(sentence.folded())
            || is_founded(work, sentence, found, about_free)
        {
            Edit::Keep
        } else {
            Edit::Remove
        }
    });
}

fn is_founded(work: &Work<'_>, sentence: &Sentence<'_>, found: Hits, about_free: bool) -> bool {
    if said(work, found) {
        return true;
    }
    if found.has(List::DELIVERY) {
        // Named thresholds are checked as amounts (G4).
        let threshold = found.has(List::FROM) || sentence.says(Cues::CONDITION);
        return delivered_free(work) || (threshold && !amounts::scan_in(sentence).is_empty());
    }
    // "Roses — 5 EUR, free from 80 EUR", under a heading about deliveries.
    if found.has(List::FROM) && amounts::scan_in(sentence).iter().any(is_threshold) {
        return true;
    }
    let rows = work.facts.rows_in(sentence.folded());
    if !rows.is_empty() {
        // "Roses — 34.50 EUR, booklet — free" names a price; "roses and booklet are free" does not.
        return if amounts::scan_in(sentence).is_empty() {
            rows.iter().all(|row| row.is_free())
        } else {
            rows.iter().any(|row| row.is_free())
        };
    }
    if found.has(List::GIFT) {
        return false;
    }
    let itself = found.has(List::ITSELF)
        && speaks_of_itself(sentence.folded())
        && sentence.split_whitespace().count() < 14
        && !names_priced(work, sentence.folded());
    let free_or_no_cart = work.order.is_none() && (work.is_free() || work.context.cart.is_empty());
    let something_free = !work.facts.free_things.is_empty();
    (found.has(List::TIME) && !sells_time(work, sentence.folded()))
        || about_free
        || (itself && something_free && free_or_no_cart)
        || (itself && hits(&fold(work.text())).has(List::TIME))
}

/// "E" is "is" at the start of a clause, and "and" anywhere else.
fn speaks_of_itself(folded: &str) -> bool {
    spans(folded, List::ITSELF).into_iter().any(|(start, end)| {
        let before = folded.get(..start).unwrap_or_default().trim_end();
        folded.get(start..end) != Some("e")
            || before.is_empty()
            || before.ends_with([',', '—', '–', ';', ':'])
    })
}

/// "With the bicycle the lock is included": one row with another, although each has its price.
fn throws_in(work: &Work<'_>, sentence: &Sentence<'_>) -> bool {
    const INCLUDED: [&str; 13] = [
        "is included",
        "are included",
        "comes included",
        "inklusive",
        "inbegriffen",
        "incluido",
        "incluida",
        "compris",
        "inclus",
        "incluso",
        "inclusa",
        "включен",
        "входит",
    ];
    let folded = sentence.folded();
    if !INCLUDED.iter().any(|word| folded.contains(word)) || folded.ends_with('?') || denies(folded)
    {
        return false;
    }
    let rows = work.catalog.offerings();
    let named = work.facts.rows_in(folded);
    let mut named: Vec<&str> = named.iter().map(|row| row.sku.as_str()).collect();
    let words = work.facts.nicknames.found_in_compounds(folded).into_iter();
    named.extend(words.filter_map(|at| Some(rows.get(at)?.sku.as_str())));
    named.retain(|sku| {
        let mut cart = work.cart.iter().chain(&work.context.cart);
        let free = rows
            .iter()
            .any(|row| row.sku.as_str() == *sku && row.is_free());
        !free && !cart.any(|line| line.sku.as_str() == *sku)
    });
    named.sort_unstable();
    named.dedup();
    named.len() > 1
}

/// Whether what sounds like time is something that rows sell: a table.
fn sells_time(work: &Work<'_>, folded: &str) -> bool {
    spans(folded, List::TIME).into_iter().any(|(start, end)| {
        let word = folded.get(start..end).unwrap_or_default();
        work.facts.things.contains(stem(word).as_ref())
            && !work.facts.free_things.contains(stem(word).as_ref())
    })
}

/// Whether a thing is named that only rows with a price are called.
fn names_priced(work: &Work<'_>, folded: &str) -> bool {
    let (all, free) = (&work.facts.things, &work.facts.free_things);
    folded
        .split(|c: char| !is_alphanumeric(c))
        .map(stem)
        .any(|word| all.contains(word.as_ref()) && !free.contains(word.as_ref()))
}

fn is_threshold(amount: &amounts::Amount) -> bool {
    amount.role == amounts::Role::Threshold
}

/// "Unfortunately it is not free"; the "no" of "no charge" denies nothing.
fn is_denied(folded: &str) -> bool {
    let mut rest = String::with_capacity(folded.len());
    let mut done = 0;
    let mut promises = spans(folded, List::PROMISE);
    promises.extend(spans(folded, List::GIFT));
    promises.extend(spans(folded, List::OFFER));
    promises.sort_unstable();
    for (start, end) in promises {
        rest.push_str(folded.get(done..start.max(done)).unwrap_or_default());
        rest.push(' ');
        done = end.max(done);
    }
    rest.push_str(folded.get(done..).unwrap_or_default());
    denies(&rest)
}

/// Whether something free is in the cart, or spoken of in this turn.
fn speaks_of_free(work: &Work<'_>) -> bool {
    if work.is_free() {
        return true;
    }
    let things = &work.facts.free_things;
    let spoken = |text: &str| {
        let folded = fold(text);
        let mut words = folded.split(|c: char| !is_alphanumeric(c));
        words.any(|word| !word.is_empty() && things.contains(stem(word).as_ref()))
    };
    !things.is_empty() && (spoken(work.text()) || spoken(&work.context.customer_text))
}

/// Whether the catalogue's own words promise it, of deliveries or of other things.
fn said(work: &Work<'_>, found: Hits) -> bool {
    let said = &work.facts.promises;
    if found.has(List::DELIVERY) {
        said.delivery
    } else if found.has(List::GIFT) {
        said.gifts
    } else {
        said.free
    }
}

/// Whether the delivery of this turn's cart costs nothing; without a cart, whether none ever costs anything.
fn delivered_free(work: &Work<'_>) -> bool {
    let carts = [&work.cart, &work.context.cart];
    match carts.into_iter().find(|cart| !cart.is_empty()) {
        Some(cart) => {
            price(work.catalog, cart, true).is_ok_and(|priced| priced.totals.delivery.is_zero())
        }
        None => work.facts.delivered_free,
    }
}

/// What the rows' own texts promise.
#[derive(Clone, Copy, Debug, Default)]
pub(in super::super) struct Promises {
    delivery: bool,
    gifts: bool,
    free: bool,
}

impl Promises {
    /// A text that gives orders to the assistant promises nothing (G15).
    pub(in super::super) fn read(catalog: &Catalog) -> Self {
        let mut promises = Self::default();
        for row in catalog.offerings() {
            let texts = [row.name.as_str(), row.description.as_str()];
            for text in texts
                .into_iter()
                .chain(row.details.values().map(String::as_str))
            {
                let found = hits(&fold(text));
                let promise = found.any(&[List::PROMISE, List::GIFT]);
                if !promise || found.has(List::INSTRUCTION) {
                    continue;
                }
                promises.delivery |= found.has(List::DELIVERY);
                promises.gifts |= found.has(List::GIFT);
                // What a free row says of itself holds for that row.
                promises.free |= !row.is_free();
            }
        }
        promises
    }
}
