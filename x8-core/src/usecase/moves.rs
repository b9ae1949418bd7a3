//! Applying a move of the order machine to a change set, and the pace of retries.

use jiff::{SignedDuration, Timestamp};

use crate::{
    conversation::{Author, MessageType, Outgoing},
    error::{Error, ErrorKind, Result, Retry},
    order::{Effect, LatePayment, Order, OrderEvent, OrderState, transition},
    port::{Alert, Changes, JobKind, NewJob, OrderWrite},
};

/// Moves `order` and writes everything that follows from it into `changes`, except cancelling its booking, which needs
/// reading: the caller checks the returned effects for [`Effect::CancelBooking`].
///
/// A replayed event changes nothing and adds nothing. An illegal one is a `Conflict`.
pub(super) fn advance(
    changes: &mut Changes,
    order: &mut Order,
    event: OrderEvent,
    late: LatePayment,
) -> Result<Vec<Effect>> {
    let moved = transition(order.state, event, late).map_err(|refusal| {
        Error::conflict("order.move", refusal.to_string()).with("order", order.id)
    })?;
    if moved.next == order.state {
        return Ok(Vec::new());
    }
    order.state = moved.next;
    order.updated_at = changes.at;
    for effect in &moved.effects {
        enqueue(changes, order, *effect);
    }
    Ok(moved.effects)
}

fn enqueue(changes: &mut Changes, order: &Order, effect: Effect) {
    let now = changes.at;
    let id = order.id;
    // One lane per customer: an old link is expired before a newer one is opened, even while the provider is down (O9).
    let lane = || format!("checkout:{}", order.customer);
    match effect {
        Effect::OpenCheckout => {
            changes
                .jobs
                .push(NewJob::new(JobKind::OpenCheckout { order: id }, now).in_lane(lane()));
        }
        Effect::ExpireCheckout if order.checkout.is_some() => {
            changes
                .jobs
                .push(NewJob::new(JobKind::ExpireCheckout { order: id }, now).in_lane(lane()));
        }
        Effect::ReleaseHold => changes.release.push(id),
        Effect::Book => changes
            .jobs
            .push(NewJob::new(JobKind::Book { order: id }, now)),
        Effect::Refund => changes
            .jobs
            .push(NewJob::new(JobKind::Refund { order: id }, now)),
        Effect::Alert => changes.alerts.push(alert_for(order)),
        Effect::ExpireCheckout | Effect::CancelBooking => {}
    }
}

fn alert_for(order: &Order) -> Alert {
    let (code, message) = if order.state == OrderState::RefundPending {
        (
            "late_payment",
            "money came for an order that is no longer open; it is being sent back",
        )
    } else {
        (
            "booking_failed",
            "a paid or confirmed order could not be booked; offer another time or refund it",
        )
    };
    Alert {
        code,
        order: Some(order.id),
        message: message.to_owned(),
    }
}

/// Adds an order to the change set as it stands now.
pub(super) fn write(changes: &mut Changes, order: &Order) {
    changes.orders.push(OrderWrite {
        order: order.clone(),
    });
}

/// A system message to the customer of an order; it goes whoever has taken over.
pub(super) fn notice(order: &Order, kind: MessageType, text: String) -> Outgoing {
    Outgoing {
        conversation: order.conversation,
        author: Author::System,
        kind,
        payment_status: order.payment_status(),
        text,
        image: None,
        turn: None,
        fence: None,
    }
}

/// When to try again after the `attempts`-th failure: 1 s, 2 s, 4 s, … up to 5 minutes, or what the error asks for;
/// `None` when trying again is pointless.
pub(super) fn retry_at(
    attempts: u32,
    error: &Error,
    max_attempts: u32,
    now: Timestamp,
) -> Option<Timestamp> {
    // An unknown outcome is settled by asking, which the next try does first.
    let pointless = error.retry() == Retry::Never && error.kind() != ErrorKind::UnknownOutcome;
    if pointless || attempts >= max_attempts {
        return None;
    }
    let wait = match error.retry() {
        // Somebody else was first: look again at once.
        Retry::Later if error.kind() == ErrorKind::Conflict => SignedDuration::from_millis(50),
        Retry::After(asked) => {
            SignedDuration::try_from(asked).unwrap_or(SignedDuration::from_mins(5))
        }
        Retry::Never | Retry::Later => {
            SignedDuration::from_secs(1_i64 << attempts.saturating_sub(1).min(9))
        }
    };
    Some(now + wait.min(SignedDuration::from_mins(5)))
}
