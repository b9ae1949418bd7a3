//! G14: while the status is not `paid`, no words confirm a payment, whatever the customer or the model says.
//!
//! Neither do words tell what only paid orders get: a booking, a delivery under way, a refund, a change of an appointment.
//! A confirmation is removed; when the customer claimed to have paid, the whole reply becomes the polite request to pay
//! by the open link or to start anew, or, for a free order, the explanation that nothing is to be paid (G7).

use x8_core::{order::PaymentStatus, text::fold};

use super::{
    Action, Rule,
    lexicon::{Hits, List, hits},
    text::{CONDITIONS, Edit, NEGATIONS, has_word},
    tongue::Phrase,
    work::Work,
};

/// What a sentence must hold to be looked at.
const ABOUT: [List; 6] = [
    List::PAYMENT,
    List::CONFIRMED,
    List::PAID,
    List::BOOKED,
    List::BOOKING,
    List::ACCEPTED,
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
    if confirmed && work.order.is_none() && (claimed || work.text.is_empty()) {
        let open = work.context.payment_status == PaymentStatus::PaymentLinkSent;
        let phrase = if open {
            Phrase::PayByLink
        } else {
            Phrase::NotPaid
        };
        work.text = work.tongue.say(&phrase);
        work.find(
            Rule::G14,
            Action::Replaced,
            "a payment that has not arrived",
        );
    }
}

/// Whether the customer says that they paid.
pub(super) fn claims_payment(work: &Work<'_>) -> bool {
    hits(&fold(&work.context.customer_text)).has(List::CLAIMED)
}

/// Removes confirmations; tells whether there was one.
fn remove(work: &mut Work<'_>) -> bool {
    let before = work.text.clone();
    let free = work.order.is_some() && work.is_free();
    let claimed = work.order.is_none() && claims_payment(work);
    work.edit(Rule::G14, |_, sentence| {
        let folded = fold(sentence);
        let found = hits(&folded);
        if found.any(&ABOUT) && confirms(&folded, found, free, claimed) {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
    work.text != before
}

/// Whether a sentence says that money came, that something stands because of it, or that something was done.
///
/// "Once the payment is received …", "we have not received …", "can be paid by card" and questions say nothing of it.
fn confirms(folded: &str, found: Hits, free: bool, claimed: bool) -> bool {
    let came = found.has(List::PAYMENT) && found.has(List::ARRIVED);
    let paid = found.has(List::PAID) && !found.has(List::MEANS);
    let booked = found.has(List::BOOKED) || (found.has(List::BOOKING) && found.has(List::STANDING));
    let accepted = claimed && found.has(List::ACCEPTED);
    let said = came || found.has(List::CONFIRMED) || paid || (booked && !free) || accepted;
    // What will be delivered is accepted today.
    let hedged = (found.has(List::FUTURE) && !accepted)
        || folded.contains(['?', '¿'])
        || has_word(folded, &CONDITIONS)
        || has_word(folded, &NEGATIONS);
    said && !hedged
}
