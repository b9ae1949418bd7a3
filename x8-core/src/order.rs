//! Orders: what was agreed, what it costs, and the legal moves between states (O1–O14).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    booking::Slot,
    catalog::Kind,
    id::{CompanyId, ConversationId, CustomerId, OrderId, Sku},
    money::Money,
};

mod filter;
mod state;
mod trail;
mod transition;

pub use filter::OrderFilter;
pub use state::{OrderState, PaymentStatus};
pub use trail::{Dispute, DisputeState, Step, Trail};
pub use transition::{Effect, LatePayment, OrderEvent, Refusal, Transition, transition};

/// What the customer wants, before prices: keys and quantities of SKU units (O1).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CartLine {
    /// Catalogue key.
    pub sku: Sku,
    /// SKU units, at least one.
    pub quantity: u32,
}

/// A priced line; name and price are copies of the row read in that turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// Catalogue key.
    pub sku: Sku,
    /// Delivered or attended.
    pub kind: Kind,
    /// Name at the time of the order.
    pub name: String,
    /// Unit at the time of the order.
    pub unit: Option<String>,
    /// Price of one unit at the time of the order.
    pub price: Money,
    /// SKU units.
    pub quantity: u32,
    /// Provider's price id, when the catalogue has one.
    pub price_id: Option<String>,
}

/// The sums of O5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Σ price × quantity.
    pub products: Money,
    /// Delivery or travel, once per order.
    pub delivery: Money,
    /// What is charged.
    pub total: Money,
    /// Whether a fee exists and was waived by the threshold.
    pub free_delivery: bool,
}

/// The one place of an order: a city valid for all its items, or remote (O2, O3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// In the catalogue's spelling.
    Place(String),
    /// No place needed.
    Online,
}

impl Area {
    /// The word of the reply contract: the canonical spelling, or `online` (G8).
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Place(place) => place,
            Self::Online => "online",
        }
    }
}

/// A payment link at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// The provider's session id; unique over all tenants.
    pub session: String,
    /// Where the customer pays.
    pub url: String,
    /// When provider and hold let go (P4).
    pub expires_at: Timestamp,
    /// When the link was handed to the customer's channel.
    pub created_at: Timestamp,
}

/// Money that arrived, as the provider reported it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The provider's session id.
    pub session: String,
    /// The provider's payment id, for refunds.
    pub reference: String,
    /// What was charged.
    pub amount: Money,
    /// When it arrived.
    pub paid_at: Timestamp,
}

/// Times from which the customer of a paid or free order may choose, because its own was lost (B4). None of them is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// In the order in which they were told; empty when there was none to offer.
    pub slots: Vec<Slot>,
    /// Without a choice by then, what was paid goes back.
    pub until: Timestamp,
}

/// An order. `version` counts commits and is checked at each one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Key.
    pub id: OrderId,
    /// The tenant.
    pub company: CompanyId,
    /// Who ordered.
    pub customer: CustomerId,
    /// Where it was agreed.
    pub conversation: ConversationId,
    /// Commits so far; 0 before the first.
    pub version: u32,
    /// O11.
    pub state: OrderState,
    /// What was agreed.
    pub lines: Vec<OrderLine>,
    /// O2, O3.
    pub area: Area,
    /// O5.
    pub totals: Totals,
    /// O4.
    pub client_name: String,
    /// O4: `+` and digits.
    pub recipient_phone: String,
    /// Language of the conversation (`en`, `ru`, `es`, …) for links, receipts and reminders.
    pub language: String,
    /// O14; absent: no reminder.
    pub reminder_hours: Option<u32>,
    /// The slot held with the link, then booked (B3).
    pub slot: Option<Slot>,
    /// The live or last link.
    pub checkout: Option<Checkout>,
    /// The money, once it arrived.
    pub payment: Option<Payment>,
    /// Why it is in an alerting state, for people.
    pub problem: Option<String>,
    /// P8: how it came here, and what its money went through.
    #[serde(default)]
    pub trail: Trail,
    /// When the customer was last reminded of the link (O14).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded_at: Option<Timestamp>,
    /// Other times, offered since its own was lost (B4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

impl Order {
    /// O7: nothing to pay.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.totals.total.is_zero()
    }

    /// O8, for this order alone; the status of a customer is that of their newest order.
    #[must_use]
    pub fn payment_status(&self) -> PaymentStatus {
        if self.is_free() {
            PaymentStatus::NoPaymentLink
        } else {
            self.state.payment_status(self.checkout.is_some())
        }
    }

    /// The times among which the customer may choose at this moment (B4).
    #[must_use]
    pub fn open_offer(&self, now: Timestamp) -> Option<&Offer> {
        let waits = matches!(
            self.state,
            OrderState::Paid | OrderState::Confirmed | OrderState::BookingFailed
        );
        let open = |offer: &&Offer| !offer.slots.is_empty() && now < offer.until;
        self.offer.as_ref().filter(open).filter(|_| waits)
    }

    /// One line for people: "2 × Bouquet of 10 roses, 1 × Card".
    #[must_use]
    pub fn description(&self) -> String {
        let lines: Vec<String> = self
            .lines
            .iter()
            .map(|line| format!("{} × {}", line.quantity, line.name))
            .collect();
        lines.join(", ")
    }
}
