//! The legal moves of an order: one total function, one table (O9, O11–O13).
//!
//! ```
//! use x8_core::order::{Effect, LatePayment, OrderEvent, OrderState, transition};
//!
//! // Legal: the money came, so the booking may be made.
//! let paid = transition(OrderState::AwaitingPayment, OrderEvent::PaymentArrived { newer_exists: false }, LatePayment::Refund)?;
//! assert_eq!((paid.next, paid.effects), (OrderState::Paid, vec![Effect::Book]));
//!
//! // Refused: a booking without money.
//! assert!(transition(OrderState::AwaitingPayment, OrderEvent::Booked, LatePayment::Refund).is_err());
//! # Ok::<(), x8_core::order::Refusal>(())
//! ```

use serde::{Deserialize, Serialize};

use super::OrderState;

/// What a company does with money that arrives for a superseded, expired or cancelled order (O12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LatePayment {
    /// Send it back and tell the customer.
    #[default]
    Refund,
    /// Revive the order when the customer has nothing newer; otherwise send it back.
    Revive,
}

/// Something that happened to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderEvent {
    /// The cart is complete and costs something.
    CheckoutRequested,
    /// The cart is complete and free (O7).
    ConfirmedFree,
    /// The provider says that the money came.
    PaymentArrived {
        /// Whether the customer has a newer order (O12).
        newer_exists: bool,
    },
    /// The link ran out.
    LinkExpired,
    /// The customer started a newer order (O9).
    Superseded,
    /// The customer or the company called it off before payment.
    Cancelled,
    /// A free order was called off, booked or not. Only the order knows whether it is free: the use cases refuse this event
    /// for one that costs something, whose way back is [`RefundRequested`](Self::RefundRequested).
    Withdrawn,
    /// The booking row was committed.
    Booked,
    /// No slot could be had.
    BookingRefused,
    /// The company (or a policy) decided to send the money back.
    RefundRequested,
    /// The provider says that the money went back.
    RefundSettled,
    /// Delivered or attended.
    Fulfilled,
    /// Money of another amount or currency came than the order costs; it goes back (P5).
    MoneyDiffers,
    /// The customer's bank takes the payment back (P7).
    Disputed,
    /// The bank gave the payment back to the company, which wants to keep it (P7).
    DisputeWon,
}

impl OrderEvent {
    /// Every event, both payment variants included; for tests over all pairs.
    pub const ALL: [Self; 16] = [
        Self::CheckoutRequested,
        Self::ConfirmedFree,
        Self::PaymentArrived {
            newer_exists: false,
        },
        Self::PaymentArrived { newer_exists: true },
        Self::LinkExpired,
        Self::Superseded,
        Self::Cancelled,
        Self::Withdrawn,
        Self::Booked,
        Self::BookingRefused,
        Self::RefundRequested,
        Self::RefundSettled,
        Self::Fulfilled,
        Self::MoneyDiffers,
        Self::Disputed,
        Self::DisputeWon,
    ];
}

/// What must be done because of a move; committed with it as jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Open a payment link and send it.
    OpenCheckout,
    /// Expire the link at the provider.
    ExpireCheckout,
    /// Let go of the held slot.
    ReleaseHold,
    /// Make the booking.
    Book,
    /// Take the booking out of the calendar.
    CancelBooking,
    /// Send the money back.
    Refund,
    /// Call a human.
    Alert,
}

/// A legal move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The new state; equal to the old one when the event was already known (a replay).
    pub next: OrderState,
    /// What to do about it; empty for a replay.
    pub effects: Vec<Effect>,
}

/// An event that is not legal in that state. Nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} is not possible while the order is {}", state.as_str())]
pub struct Refusal {
    /// Where the order stands.
    pub state: OrderState,
    /// What was asked of it.
    pub event: OrderEvent,
}

/// The next state and its effects, or a typed refusal. Total: every pair has an answer.
///
/// Events that providers repeat (payments, expiries, refunds) and that already had their effect move nowhere and
/// do nothing, so replays and reorderings are harmless (P5).
///
/// # Errors
/// [`Refusal`] when the pair is not legal.
pub fn transition(
    state: OrderState,
    event: OrderEvent,
    late: LatePayment,
) -> Result<Transition, Refusal> {
    use OrderEvent as E;
    use OrderState as S;
    let (next, effects): (S, &[Effect]) = match (state, event) {
        (_, E::PaymentArrived { newer_exists }) => payment(state, newer_exists, late),

        (S::Cart, E::CheckoutRequested) => (S::AwaitingPayment, &[Effect::OpenCheckout]),
        (S::Cart, E::ConfirmedFree) => (S::Confirmed, &[Effect::Book]),

        (S::AwaitingPayment, E::LinkExpired) => {
            (S::Expired, &[Effect::ExpireCheckout, Effect::ReleaseHold])
        }
        // The link of an order that is paid, replaced or over runs out as a matter of course.
        (_, E::LinkExpired) if state != S::Cart => (state, &[]),

        (S::Cart, E::Superseded) => (S::Superseded, &[]),
        (S::AwaitingPayment, E::Superseded) => (
            S::Superseded,
            &[Effect::ExpireCheckout, Effect::ReleaseHold],
        ),

        (S::Cart, E::Cancelled) => (S::Cancelled, &[]),
        (S::AwaitingPayment, E::Cancelled) => {
            (S::Cancelled, &[Effect::ExpireCheckout, Effect::ReleaseHold])
        }
        (S::Confirmed, E::Cancelled) => (S::Cancelled, &[Effect::ReleaseHold]),

        (S::Confirmed | S::BookingFailed, E::Withdrawn) => (S::Cancelled, &[Effect::ReleaseHold]),
        (S::Booked, E::Withdrawn) => (S::Cancelled, &[Effect::CancelBooking]),

        (S::Paid | S::Confirmed | S::BookingFailed, E::Booked) => (S::Booked, &[]),
        (S::Paid | S::Confirmed, E::BookingRefused) => (S::BookingFailed, &[Effect::Alert]),
        (S::Booked, E::Fulfilled) => (S::Fulfilled, &[]),

        (S::Paid | S::BookingFailed, E::RefundRequested) => {
            (S::RefundPending, &[Effect::ReleaseHold, Effect::Refund])
        }
        (S::Booked | S::Fulfilled, E::RefundRequested) => {
            (S::RefundPending, &[Effect::CancelBooking, Effect::Refund])
        }
        (S::RefundPending, E::RefundSettled) => (S::Refunded, &[]),
        // Refunded at the provider by hand: the booking must go too (P7).
        (S::Booked | S::Fulfilled, E::RefundSettled) => (S::Refunded, &[Effect::CancelBooking]),
        (S::Paid | S::BookingFailed, E::RefundSettled) => (S::Refunded, &[Effect::ReleaseHold]),
        // News of the refund overtook the news of the payment, which will then find nothing left to do (P5).
        (S::AwaitingPayment, E::RefundSettled) => {
            (S::Refunded, &[Effect::ExpireCheckout, Effect::ReleaseHold])
        }
        (S::Superseded | S::Expired | S::Cancelled, E::RefundSettled) => (S::Refunded, &[]),

        (_, E::MoneyDiffers | E::Disputed | E::DisputeWon) => misfit(state, event),

        // The same news again.
        (S::Superseded, E::Superseded)
        | (S::Cancelled, E::Cancelled | E::Withdrawn)
        | (S::Booked, E::Booked)
        | (S::BookingFailed, E::BookingRefused)
        | (S::Fulfilled, E::Fulfilled)
        | (S::RefundPending | S::Refunded, E::RefundRequested)
        | (S::Refunded, E::RefundSettled) => (state, &[]),

        (state, event) => return Err(Refusal { state, event }),
    };
    Ok(Transition {
        next,
        effects: effects.to_vec(),
    })
}

/// O12: money is never lost, whatever the order has become.
fn payment(
    state: OrderState,
    newer_exists: bool,
    late: LatePayment,
) -> (OrderState, &'static [Effect]) {
    use OrderState as S;
    match state {
        S::AwaitingPayment => (S::Paid, &[Effect::Book]),
        S::Superseded | S::Expired | S::Cancelled
            if late == LatePayment::Revive && !newer_exists =>
        {
            (S::Paid, &[Effect::Book])
        }
        // A cart or a free order has no link: money for it is a mistake of somebody's, and goes back.
        S::Confirmed => (
            S::RefundPending,
            &[Effect::ReleaseHold, Effect::Refund, Effect::Alert],
        ),
        S::Cart | S::Superseded | S::Expired | S::Cancelled => {
            (S::RefundPending, &[Effect::Refund, Effect::Alert])
        }
        S::Paid | S::Booked | S::Fulfilled | S::RefundPending | S::Refunded | S::BookingFailed => {
            (state, &[])
        }
    }
}

/// P7: money that is not the order's total goes back, and money that is disputed carries nothing until it is settled.
fn misfit(state: OrderState, event: OrderEvent) -> (OrderState, &'static [Effect]) {
    use OrderEvent as E;
    use OrderState as S;
    match (state, event) {
        (S::AwaitingPayment | S::Confirmed, E::MoneyDiffers) => {
            (S::RefundPending, &[Effect::ReleaseHold, Effect::Refund])
        }
        (S::Cart | S::Superseded | S::Expired | S::Cancelled, E::MoneyDiffers) => {
            (S::RefundPending, &[Effect::Refund])
        }
        // The bank has the money already: nothing is to be sent, but nothing is to be delivered either.
        (S::Paid | S::BookingFailed, E::Disputed) => (S::RefundPending, &[Effect::ReleaseHold]),
        (S::Booked, E::Disputed) => (S::RefundPending, &[Effect::CancelBooking]),
        (S::RefundPending, E::DisputeWon) => (S::Paid, &[Effect::Book]),
        // Of money that was never the order's, or is not any more, there is nothing to move.
        _other => (state, &[]),
    }
}
