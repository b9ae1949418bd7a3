//! Applying a move of the order machine to a change set, and the pace of retries.

use jiff::{SignedDuration, Timestamp};

use crate::{
    conversation::{Author, MessageType, Outgoing},
    error::{Error, ErrorKind, Result, Retry},
    order::{Effect, LatePayment, Order, OrderEvent, OrderState, Step, transition},
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
    if event == OrderEvent::Withdrawn && (!order.is_free() || order.payment.is_some()) {
        let why = "an order that costs something is refunded, not withdrawn";
        return Err(Error::conflict("order.move", why).with("order", order.id));
    }
    let moved = transition(order.state, event, late).map_err(|refusal| {
        Error::conflict("order.move", refusal.to_string()).with("order", order.id)
    })?;
    if moved.next == order.state {
        return Ok(Vec::new());
    }
    order.state = moved.next;
    order.updated_at = changes.at;
    step(order, changes.at, None);
    for effect in &moved.effects {
        enqueue(changes, order, *effect);
    }
    Ok(moved.effects)
}

fn enqueue(changes: &mut Changes, order: &Order, effect: Effect) {
    let now = changes.at;
    let id = order.id;
    let lane = || lane(order);
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

/// One lane per customer: an old link is expired before a newer one is opened, even while the provider is down (O9).
pub(super) fn lane(order: &Order) -> String {
    format!("checkout:{}", order.customer)
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

/// P8: a line of the order's status history.
fn step(order: &mut Order, at: Timestamp, note: Option<String>) {
    order.trail.steps.push(Step {
        at,
        state: order.state,
        note,
    });
}

/// P8: something about an order that its state does not say.
pub(super) fn note(order: &mut Order, at: Timestamp, note: impl Into<String>) {
    order.updated_at = at;
    step(order, at, Some(note.into()));
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

/// When to try again after the `attempts`-th failure: 1 s, 2 s, 4 s, … up to 5 minutes; sooner when somebody else was
/// first; when the error asks to wait, as long as it asks. `None` when trying again is pointless.
///
/// An error that says when to come again is believed for as long as it says so: such a wait is somebody else's outage.
pub(super) fn retry_at(
    attempts: u32,
    error: &Error,
    max_attempts: u32,
    now: Timestamp,
) -> Option<Timestamp> {
    let backoff = backoff(attempts);
    let wait = match (error.retry(), error.kind()) {
        (Retry::After(asked), _) => {
            SignedDuration::try_from(asked).unwrap_or(SignedDuration::from_mins(5))
        }
        (Retry::Later | Retry::Never, _) if attempts >= max_attempts => return None,
        (Retry::Later, ErrorKind::Conflict) => {
            SignedDuration::from_millis(50_i64 << attempts.saturating_sub(1).min(7))
        }
        // An unknown outcome is settled by asking, which the next try does first.
        (Retry::Later, _) | (Retry::Never, ErrorKind::UnknownOutcome) => backoff,
        (Retry::Never, _) => return None,
    };
    Some(now + wait.min(SignedDuration::from_mins(5)))
}

/// 1 s, 2 s, 4 s, … after the first, second, third failure.
pub(super) fn backoff(attempts: u32) -> SignedDuration {
    SignedDuration::from_secs(1_i64 << attempts.saturating_sub(1).min(9))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn waits(error: &Error, attempts: u32) -> Option<i64> {
        let at = retry_at(attempts, error, 12, NOW)?;
        i64::try_from(NOW.duration_until(at).as_millis()).ok()
    }

    #[test]
    fn h3_gaps_grow_and_end() {
        let down = Error::unavailable("a.b", "down");
        let gaps: Vec<_> = [1, 2, 3, 9, 11, 12]
            .map(|tries| waits(&down, tries))
            .to_vec();
        let seconds = [1_000, 2_000, 4_000, 256_000, 300_000].map(Some);
        assert_eq!(gaps[..5], seconds);
        assert_eq!(gaps[5], None);
        assert_eq!(waits(&Error::invalid("a.b", "never"), 1), None);
        let unknown = Error::new(ErrorKind::UnknownOutcome, "a.b", "lost");
        assert_eq!(waits(&unknown, 1), Some(1_000));
    }

    #[test]
    fn h3_a_lost_race_is_run_again_at_once_and_then_less_and_less() {
        let lost = Error::conflict("a.b", "somebody was first");
        assert_eq!(
            [1, 2, 8, 11, 12].map(|tries| waits(&lost, tries)),
            [Some(50), Some(100), Some(6_400), Some(6_400), None]
        );
    }

    #[test]
    fn h6_a_wait_that_is_asked_for_never_counts_as_failure() {
        let asked = Retry::After(std::time::Duration::from_secs(60));
        let error = Error::unavailable("a.b", "connect it").retrying(asked);
        assert_eq!(waits(&error, 500), Some(60_000));
    }
}
