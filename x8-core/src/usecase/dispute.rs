//! Disputes: the customer's bank takes a payment back, perhaps for good; order, booking and log follow (P7).
//!
//! While the bank has the money nothing is delivered for it: the booking is called off and the order waits as
//! [`RefundPending`](OrderState::RefundPending), without a refund of ours. Won, it is booked anew; lost, it is refunded. What
//! took place already is not called off.

use super::moves;
use crate::{
    error::Result,
    order::{Dispute, DisputeState, Effect, LatePayment, Order, OrderEvent, OrderState},
    port::{Alert, Changes, JobKind, NewJob},
};

/// A dispute, or a question that may become one. `None` when nothing is new.
pub(super) fn opened(
    changes: &mut Changes,
    order: &mut Order,
    id: &str,
    inquiry: bool,
) -> Result<Option<Vec<Effect>>> {
    let known = order.trail.dispute.as_ref().filter(|known| known.id == id);
    let goes_on = known.is_none_or(|known| known.state == DisputeState::Inquiry && !inquiry);
    if !goes_on {
        return Ok(None);
    }
    let refund = order.state == OrderState::RefundPending;
    let state = if inquiry {
        DisputeState::Inquiry
    } else {
        DisputeState::Open
    };
    order.trail.dispute = Some(Dispute {
        id: id.to_owned(),
        state,
        refund,
    });
    let message = if inquiry {
        "the customer's bank asks about the payment; answer it at the provider"
    } else {
        "the customer's bank took the payment back; answer the dispute at the provider"
    };
    let mut effects = Vec::new();
    if !inquiry && !is_over(order, changes) {
        effects = moves::advance(changes, order, OrderEvent::Disputed, LatePayment::Refund)?;
        order.problem = Some(message.to_owned());
    }
    alert(changes, order, message);
    Ok(Some(effects))
}

/// The end of a dispute. `None` when nothing is new.
pub(super) fn closed(
    changes: &mut Changes,
    order: &mut Order,
    id: &str,
    won: bool,
) -> Result<Option<Vec<Effect>>> {
    let known = order.trail.dispute.take().filter(|known| known.id == id);
    let over = [DisputeState::Won, DisputeState::Lost];
    if let Some(known) = known.clone().filter(|known| over.contains(&known.state)) {
        order.trail.dispute = Some(known);
        return Ok(None);
    }
    let was_open = known
        .as_ref()
        .is_some_and(|known| known.state == DisputeState::Open);
    let refund = known.is_some_and(|known| known.refund);
    order.trail.dispute = Some(Dispute {
        id: id.to_owned(),
        state: if won {
            DisputeState::Won
        } else {
            DisputeState::Lost
        },
        refund,
    });
    let effects = if !won {
        alert(changes, order, "the dispute is lost: the money is gone");
        order.problem = None;
        moves::advance(
            changes,
            order,
            OrderEvent::RefundSettled,
            LatePayment::Refund,
        )?
    } else if was_open && order.state == OrderState::RefundPending {
        alert(changes, order, "the dispute is won: the money is back");
        order.problem = None;
        keep(changes, order, refund)?
    } else {
        moves::note(
            order,
            changes.at,
            "the bank's question is settled: the money stays",
        );
        Vec::new()
    };
    Ok(Some(effects))
}

/// Money that came back is the order's again, unless it is to go back anyway.
fn keep(changes: &mut Changes, order: &mut Order, refund: bool) -> Result<Vec<Effect>> {
    let whole = order
        .payment
        .as_ref()
        .is_some_and(|payment| payment.amount == order.totals.total);
    if refund || !whole {
        let kind = JobKind::Refund { order: order.id };
        changes.jobs.push(NewJob::new(kind, changes.at));
        return Ok(Vec::new());
    }
    moves::advance(changes, order, OrderEvent::DisputeWon, LatePayment::Refund)
}

/// What was delivered or attended already cannot be called off.
fn is_over(order: &Order, changes: &Changes) -> bool {
    let past = order
        .slot
        .as_ref()
        .is_some_and(|slot| slot.ends_at <= changes.at);
    order.state == OrderState::Fulfilled || (order.state == OrderState::Booked && past)
}

fn alert(changes: &mut Changes, order: &mut Order, message: &str) {
    moves::note(order, changes.at, message);
    changes.alerts.push(Alert {
        code: "payment_disputed",
        order: Some(order.id),
        message: message.to_owned(),
    });
}
