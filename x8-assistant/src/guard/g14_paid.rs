//! G14: while the status is not `paid`, no words confirm a payment, whatever the customer or the model says.
//!
//! Neither do words tell what only paid orders get: a booking, a delivery under way, a refund, a change of an appointment.
//! A confirmation is removed; when the customer claimed to have paid, the whole reply becomes the polite request to pay
//! by the open link or to start anew, or, for a free order, the explanation that nothing is to be paid (G7).

use x8_core::order::PaymentStatus;

use super::{
    Action, Rule,
    clauses::{clauses, is_conditional},
    lexicon::{List, hits, spans},
    page::{Checks, Sentence},
    text::{Edit, denies},
    tongue::Phrase,
    work::Work,
};

mod appointments;
mod arranged;

/// What a sentence must hold to be looked at.
const ABOUT: [List; 12] = [
    List::PAYMENT,
    List::CONFIRMED,
    List::PAID,
    List::BOOKED,
    List::CANCELLED,
    List::BOOKING,
    List::ACCEPTED,
    List::COMPLETE,
    List::AWAITED,
    List::VACANT,
    List::DAY,
    List::ARRANGED,
];

pub(super) fn apply(work: &mut Work<'_>) {
    if work.context.payment_status == PaymentStatus::Paid {
        return;
    }
    let claimed = claims_payment(work);
    if claimed && work.is_free() {
        if work.order.is_none() {
            work.append(&Phrase::Free);
        }
        remove(work);
        return;
    }
    let confirmed = remove(work);
    if confirmed && work.order.is_none() && (claimed || work.text().is_empty()) {
        let open = work.context.payment_status == PaymentStatus::PaymentLinkSent;
        let phrase = if open {
            Phrase::PayByLink
        } else {
            Phrase::NotPaid
        };
        work.say(work.tongue.say(&phrase));
        work.find(
            Rule::G14,
            Action::Replaced,
            "a payment that has not arrived",
        );
    }
}

/// Whether the customer says that they paid.
pub(super) fn claims_payment(work: &Work<'_>) -> bool {
    work.hears(List::CLAIMED)
}

/// What the turn knows that decides what may be said.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a turn")]
struct Turn {
    /// The order is free: it needs no money to stand.
    free: bool,
    /// The customer says to have paid.
    claimed: bool,
    /// There is no order at all.
    unordered: bool,
    /// The customer calls something off, or asks about an order.
    cancels: bool,
}

/// Removes confirmations; tells whether there was one.
fn remove(work: &mut Work<'_>) -> bool {
    if !work.page().tells(&ABOUT) {
        return false;
    }
    let turn = Turn {
        free: work.order.is_some() && work.is_free(),
        claimed: work.order.is_none() && claims_payment(work),
        unordered: work.order.is_none() && !work.context.link_sent && !work.context.open_order,
        cancels: work.hears(List::CANCELS),
    };
    let mut confirmed = false;
    work.edit_once(Rule::G14, Checks::PAYMENT, |work, sentence| {
        if confirms(sentence, turn) {
            confirmed = true;
            Edit::Remove
        } else if appointments::made(work.facts, sentence, turn.free)
            && !work.facts.quote(sentence.folded())
        {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
    confirmed
}

/// Whether a sentence says that money came, that something stands because of it, or that something was done.
///
/// "Once the payment is received …", "we have not received …", "can be paid by card" and questions say nothing of it.
fn confirms(sentence: &Sentence<'_>, turn: Turn) -> bool {
    let folded = sentence.folded();
    if !sentence.hits().any(&ABOUT) {
        return false;
    }
    let clauses = clauses(folded);
    if is_conditional(sentence, &clauses) {
        return false;
    }
    let asked = folded.ends_with('?');
    let last = clauses.len().saturating_sub(1);
    clauses
        .iter()
        .enumerate()
        .any(|(at, clause)| !(asked && at == last) && says(clause, turn))
        // "Payment: done", and a name in brackets, split what belongs together.
        || (clauses.len() > 1 && !asked && clauses.iter().all(|clause| short(clause)) && says(folded, turn))
}

fn short(clause: &str) -> bool {
    clause.split(' ').count() < 4
}

fn says(clause: &str, turn: Turn) -> bool {
    let found = hits(clause);
    let came = found.has(List::PAYMENT) && found.has(List::ARRIVED);
    let paid = found.has(List::PAID) && !found.has(List::MEANS);
    let booked = found.has(List::BOOKED)
        || arranged::is_told(clause)
        || (found.has(List::BOOKING) && found.has(List::STANDING) && !clause.ends_with(" aus"));
    let cancelled = found.has(List::CANCELLED) && !turn.cancels;
    // What will be delivered is accepted today.
    let accepted = turn.claimed && found.has(List::ACCEPTED);
    let complete = turn.unordered && found.has(List::COMPLETE);
    let said = came
        || complete
        || found.has(List::CONFIRMED)
        || paid
        || (booked && !turn.free)
        || cancelled;
    (accepted || (said && !(found.has(List::FUTURE) && is_to_come(clause)))) && !denies(clause)
}

/// Whether "will", "can" or "should" stands before what is said to be done.
fn is_to_come(clause: &str) -> bool {
    let done = DONE.iter().flat_map(|list| spans(clause, *list));
    let last = done.map(|(_, end)| end).max().unwrap_or(clause.len());
    let future = spans(clause, List::FUTURE);
    future.into_iter().any(|(start, _)| start < last)
}

/// What says that something was done.
const DONE: [List; 7] = [
    List::COMPLETE,
    List::ARRIVED,
    List::CONFIRMED,
    List::PAID,
    List::BOOKED,
    List::STANDING,
    List::CANCELLED,
];
