//! What a caller keeps between two turns: the session, and the newest order as it was agreed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use x8_core::{
    cart::Priced,
    conversation::Session,
    id::{CompanyId, ConversationId, CustomerId, OrderId},
    order::{Area, Order, OrderLine, OrderState, PaymentStatus, Totals, Trail},
    port::Draft,
};

/// Opaque to the caller, who hands it back with the next turn.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    pub(crate) told: Session,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<Agreed>,
}

/// An order at the prices of its turn: a later catalogue does not change what was agreed.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Agreed {
    lines: Vec<OrderLine>,
    totals: Totals,
    area: Area,
    client_name: String,
    recipient_phone: String,
    language: String,
}

impl Agreed {
    pub(crate) fn new(draft: &Draft, priced: Priced) -> Self {
        Self {
            lines: priced.lines,
            totals: priced.totals,
            area: draft.area.clone(),
            client_name: draft.client_name.clone(),
            recipient_phone: draft.recipient_phone.clone(),
            language: draft.language.clone(),
        }
    }

    /// The order as the caller's payment status has it. Without a link it is open only when there is nothing to pay:
    /// the link may have run out as well as not have been made.
    pub(crate) fn order(&self, status: PaymentStatus, now: Timestamp) -> Option<Order> {
        let state = match status {
            PaymentStatus::PaymentLinkSent => OrderState::AwaitingPayment,
            PaymentStatus::Paid => OrderState::Paid,
            PaymentStatus::NoPaymentLink if self.totals.total.is_zero() => OrderState::Confirmed,
            PaymentStatus::NoPaymentLink => return None,
        };
        Some(Order {
            id: OrderId(Uuid::nil()),
            company: CompanyId(1),
            customer: CustomerId(1),
            conversation: ConversationId(1),
            version: 1,
            state,
            lines: self.lines.clone(),
            area: self.area.clone(),
            totals: self.totals,
            client_name: self.client_name.clone(),
            recipient_phone: self.recipient_phone.clone(),
            language: self.language.clone(),
            reminder_hours: None,
            slot: None,
            checkout: None,
            payment: None,
            problem: None,
            trail: Trail::default(),
            reminded_at: None,
            offer: None,
            created_at: now,
            updated_at: now,
        })
    }
}
