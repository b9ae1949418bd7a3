//! The states of an order and the payment status derived from them.

use serde::{Deserialize, Serialize};

/// O11.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Being agreed.
    Cart,
    /// Priced and complete; a link is being made or is open.
    AwaitingPayment,
    /// Free and complete; goes straight to booking (O7).
    Confirmed,
    /// The money came; a booking must follow.
    Paid,
    /// In the calendar.
    Booked,
    /// Delivered or attended.
    Fulfilled,
    /// Replaced by a newer order of the same customer (O9).
    Superseded,
    /// The link ran out unpaid.
    Expired,
    /// Called off before payment.
    Cancelled,
    /// Money must go back; alerting until it did.
    RefundPending,
    /// The money went back.
    Refunded,
    /// Paid or confirmed and no slot could be had; alerting.
    BookingFailed,
}

impl OrderState {
    /// Every state, in the order of O11.
    pub const ALL: [Self; 12] = [
        Self::Cart,
        Self::AwaitingPayment,
        Self::Confirmed,
        Self::Paid,
        Self::Booked,
        Self::Fulfilled,
        Self::Superseded,
        Self::Expired,
        Self::Cancelled,
        Self::RefundPending,
        Self::Refunded,
        Self::BookingFailed,
    ];

    /// The stored and served word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cart => "cart",
            Self::AwaitingPayment => "awaiting_payment",
            Self::Confirmed => "confirmed",
            Self::Paid => "paid",
            Self::Booked => "booked",
            Self::Fulfilled => "fulfilled",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::RefundPending => "refund_pending",
            Self::Refunded => "refunded",
            Self::BookingFailed => "booking_failed",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// O1: whether it is the customer's one open order.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Cart | Self::AwaitingPayment)
    }

    /// O8 for an order in this state.
    #[must_use]
    pub fn payment_status(self, has_link: bool) -> PaymentStatus {
        match self {
            Self::AwaitingPayment if has_link => PaymentStatus::PaymentLinkSent,
            Self::Paid | Self::Booked | Self::Fulfilled | Self::BookingFailed => {
                PaymentStatus::Paid
            }
            Self::Cart
            | Self::AwaitingPayment
            | Self::Confirmed
            | Self::Superseded
            | Self::Expired
            | Self::Cancelled
            | Self::RefundPending
            | Self::Refunded => PaymentStatus::NoPaymentLink,
        }
    }
}

/// O8: derived from orders, never set by a model. Serialised as the existing tables and workflows spell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// No link is open.
    #[default]
    NoPaymentLink,
    /// A link is open.
    PaymentLinkSent,
    /// The newest order is paid.
    Paid,
}

impl PaymentStatus {
    /// `no_payment_link`, `payment_link_sent` or `paid`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoPaymentLink => "no_payment_link",
            Self::PaymentLinkSent => "payment_link_sent",
            Self::Paid => "paid",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::NoPaymentLink, Self::PaymentLinkSent, Self::Paid]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}
