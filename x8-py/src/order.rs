//! The order machine (O11–O13).

use pyo3::prelude::*;
use x8_core::order::{LatePayment, OrderEvent, OrderState, transition};

use crate::error::{invalid, raise};

/// The next state and its effects; an illegal move raises `ConflictError`.
#[pyfunction]
#[pyo3(signature = (state, event, *, newer_exists=false, late_payment="refund"))]
pub(crate) fn order_transition(
    state: &str,
    event: &str,
    newer_exists: bool,
    late_payment: &str,
) -> PyResult<(&'static str, Vec<String>)> {
    let from = OrderState::parse(state)
        .ok_or_else(|| invalid("order.move", format!("unknown state `{state}`")))?;
    let late = match late_payment {
        "refund" => LatePayment::Refund,
        "revive" => LatePayment::Revive,
        other => {
            return Err(invalid(
                "order.move",
                format!("late_payment is `refund` or `revive`, not `{other}`"),
            ));
        }
    };
    let moved = transition(from, read_event(event, newer_exists)?, late)
        .map_err(|refusal| raise(&x8_core::Error::conflict("order.move", refusal.to_string())))?;
    Ok((
        moved.next.as_str(),
        moved
            .effects
            .iter()
            .map(|effect| snake(&format!("{effect:?}")))
            .collect(),
    ))
}

fn read_event(word: &str, newer_exists: bool) -> PyResult<OrderEvent> {
    if word == "payment_arrived" {
        return Ok(OrderEvent::PaymentArrived { newer_exists });
    }
    let known = |event: &OrderEvent| !matches!(event, OrderEvent::PaymentArrived { .. });
    OrderEvent::ALL
        .into_iter()
        .filter(known)
        .find(|event| snake(&format!("{event:?}")) == word)
        .ok_or_else(|| invalid("order.move", format!("unknown event `{word}`")))
}

/// `OpenCheckout` → `open_checkout`.
pub(crate) fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}
