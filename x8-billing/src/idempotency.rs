//! Keys made from intent, never at random, so that a retry after a crash repeats the same call.
//!
//! ```
//! use x8_billing::idempotency::{checkout_key, event_id, refund_key};
//! use x8_core::{id::OrderId, port::{IdSource, SequentialIds}};
//! let order = OrderId(SequentialIds::default().next());
//! assert_eq!(checkout_key(order, 2), "checkout:00000000-0000-0000-0000-000000000001:2");
//! assert_eq!(refund_key(order, "pi_7"), "refund:00000000-0000-0000-0000-000000000001:pi_7");
//! assert_eq!(event_id(order, 1), "00000000000000000000000000000001g1");
//! ```

use x8_core::{booking::Booking, id::OrderId};

/// The key of opening the link for one version of an order (P4). Another version is another link.
#[must_use]
pub fn checkout_key(order: OrderId, version: u32) -> String {
    format!("checkout:{order}:{version}")
}

/// The key of sending one payment of an order back. An order that was paid twice has two payments to send back.
#[must_use]
pub fn refund_key(order: OrderId, reference: &str) -> String {
    format!("refund:{order}:{reference}")
}

/// The calendar event id of an order's booking (B5): 5 to 1024 characters of lower-case base32hex, as Google demands.
///
/// A deleted event keeps its id reserved for ever, so writing it anew takes the next `generation`. It is the id that
/// [`Booking`] carries.
#[must_use]
pub fn event_id(order: OrderId, generation: u32) -> String {
    Booking::event_id_for(order, generation)
}
