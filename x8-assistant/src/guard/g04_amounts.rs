//! G4, the amount firewall: every amount of money in the words must be a catalogue price, a price × quantity of this
//! turn, a sum, a fee or a threshold, in the catalogue's currency, and must be what the words beside it say that it is. So
//! must every percentage, discount, delivery time and duration stand in the catalogue.
//!
//! A sentence with an unexplained amount is replaced by the facts of the offerings it names, or by the order's total, or
//! removed. Number words count only right before a currency.

use x8_core::text::fold;

use super::{
    Rule, amounts,
    facts::Named,
    lexicon::{List, hits},
    look::Look,
    page::{Checks, Sentence},
    text::Edit,
    tongue::Phrase,
    work::{Work, shown},
};

pub(super) mod clocks;
mod known;
mod percents;
mod pretexts;
mod torn;
mod turn;

pub(super) use known::{Known, lasting, texts, told};
use turn::Turn;

/// What a sentence must speak of to be looked at.
const TELLING: [List; 8] = [
    List::DISCOUNT,
    List::CURRENCY,
    List::LASTING,
    List::DELIVERY,
    List::ARRIVAL,
    List::REMINDER,
    List::GUARANTEE,
    List::PRICE,
];

pub(super) fn apply(work: &mut Work<'_>) {
    let telling = |text: &str| {
        text.contains(char::is_numeric)
            || text.contains(['%', '€', '$', '£', '₽'])
            || tells(&fold(&amounts::plain(text)))
    };
    let certain = |sentence: &Sentence<'_>| sentence.looks(Look::NUMERIC.or(Look::MONEY));
    let told = |sentence: &Sentence<'_>| {
        certain(sentence)
            || if sentence.looks(Look::AS_WRITTEN) {
                let hits = sentence.hits();
                hits.any(&TELLING)
                    || (hits.has(List::NUMBER) && amounts::spoken::is_told(sentence.folded()))
            } else {
                telling(sentence)
            }
    };
    // A figure in a sentence is one in the text; words can fall apart where the text is read as a whole.
    if !work.page().sentences().any(|sentence| told(&sentence))
        || (!work.page().sentences().any(|sentence| certain(&sentence)) && !telling(work.text()))
    {
        return;
    }
    let turn = Turn::of(work, &work.facts.amounts);
    let torn = torn::sentences(work, &turn);
    // What is torn depends on its neighbours.
    let check = if torn.is_empty() {
        turn.check()
    } else {
        Checks::default()
    };
    work.edit_once(Rule::G4, check, |work, sentence| {
        if torn.iter().any(|part| **part == **sentence) {
            return Edit::Remove;
        }
        if !told(sentence) {
            return Edit::Keep;
        }
        let rows = work.facts.rows_in(sentence.folded());
        if turn.explains(sentence, &rows)
            || (!sentence.looks(Look::NUMERIC) && work.facts.quote(sentence.folded()))
        {
            return Edit::Keep;
        }
        match facts_for(work, sentence, &rows) {
            Some(words) if words != **sentence => Edit::Replace(words),
            Some(_) | None => Edit::Remove,
        }
    });
}

/// Whether a folded text holds words that tell of money or time.
fn tells(folded: &str) -> bool {
    hits(folded).any(&TELLING) || amounts::spoken::is_told(folded)
}

/// What the rows say about the offerings a sentence names, or the order's total.
fn facts_for(work: &Work<'_>, sentence: &str, rows: &[Named<'_>]) -> Option<String> {
    if !rows.is_empty() {
        let fact = |row: &Named<'_>| {
            let price = if row.is_free() {
                work.tongue.pick("free", "бесплатно", "gratis").to_owned()
            } else {
                shown(row.price)
            };
            format!("{} — {price}", row.name)
        };
        let facts: Vec<String> = rows.iter().map(fact).collect();
        return Some(format!(
            "{}{}.",
            amounts::marker(sentence),
            facts.join(", ")
        ));
    }
    let order = work.order.as_ref()?;
    let total = order.priced.totals.total;
    (!total.is_zero()).then(|| {
        work.tongue.say(&Phrase::Total {
            total: shown(total),
        })
    })
}
