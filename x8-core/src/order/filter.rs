//! Which orders somebody wants to see.

use jiff::Timestamp;

use super::{Order, OrderState};
use crate::id::CustomerId;

/// A choice of orders; what is absent or empty chooses all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// In one of these states.
    pub states: Vec<OrderState>,
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// Made at this moment or later.
    pub from: Option<Timestamp>,
    /// Made before this moment.
    pub to: Option<Timestamp>,
    /// Words that occur, in any case, in the name, the phone number, what was ordered, or an id of the order or its money.
    pub text: Option<String>,
}

impl OrderFilter {
    /// Whether an order is among the chosen.
    #[must_use]
    pub fn matches(&self, order: &Order) -> bool {
        (self.states.is_empty() || self.states.contains(&order.state))
            && self
                .customer
                .is_none_or(|customer| order.customer == customer)
            && self.from.is_none_or(|from| from <= order.created_at)
            && self.to.is_none_or(|to| order.created_at < to)
            && self
                .text
                .as_deref()
                .is_none_or(|text| mentions(order, text))
    }

    /// Whether no order made at this moment or before can be among the chosen.
    #[must_use]
    pub fn ends_before(&self, made: Timestamp) -> bool {
        self.from.is_some_and(|from| made < from)
    }
}

fn mentions(order: &Order, text: &str) -> bool {
    let wanted = text.trim().to_lowercase();
    let link = order.checkout.as_ref().map(|link| link.session.clone());
    let money = order.payment.as_ref().map(|money| money.reference.clone());
    [
        Some(order.client_name.clone()),
        Some(order.recipient_phone.clone()),
        Some(order.description()),
        Some(order.id.to_string()),
        link,
        money,
    ]
    .into_iter()
    .flatten()
    .any(|field| field.to_lowercase().contains(&wanted))
}
