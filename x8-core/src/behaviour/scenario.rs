//! The situations a layer can be written for.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    conversation::{Asked, Flow, Message, Session},
    order::PaymentStatus,
};

/// Where a conversation stands when a turn begins. Computed, so that a layer never waits for a name nobody uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scenario {
    /// Nothing was said to the customer yet.
    Greeting,
    /// Offerings are spoken of.
    Sale,
    /// Something was chosen, and a detail of the order was asked for.
    Checkout,
    /// A payment link is open.
    Payment,
    /// The newest order is paid or done, and no new one was begun.
    AfterSale,
}

impl Scenario {
    /// Every situation, in the order of a sale.
    pub const ALL: [Self; 5] = [
        Self::Greeting,
        Self::Sale,
        Self::Checkout,
        Self::Payment,
        Self::AfterSale,
    ];

    /// The stored and served word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::Sale => "sale",
            Self::Checkout => "checkout",
            Self::Payment => "payment",
            Self::AfterSale => "after_sale",
        }
    }

    /// The situation before the pending messages are read.
    ///
    /// ```
    /// use x8_core::{behaviour::Scenario, conversation::Session, order::PaymentStatus};
    /// let fresh = Session::default();
    /// assert_eq!(Scenario::of(&[], &fresh, PaymentStatus::NoPaymentLink), Scenario::Greeting);
    /// assert_eq!(Scenario::of(&[], &fresh, PaymentStatus::PaymentLinkSent), Scenario::Payment);
    /// ```
    #[must_use]
    pub fn of(history: &[Message], session: &Session, status: PaymentStatus) -> Self {
        let details = matches!(
            session.asked,
            Some(Asked::Quantity | Asked::City | Asked::Contact | Asked::Confirmation)
        );
        if status == PaymentStatus::PaymentLinkSent {
            Self::Payment
        } else if !session.cart.is_empty() && details {
            Self::Checkout
        } else if session.cart.is_empty() && (status == PaymentStatus::Paid || session.order_done) {
            Self::AfterSale
        } else if history.iter().all(|one| one.flow == Flow::Inbound) {
            Self::Greeting
        } else {
            Self::Sale
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scenario {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|one| one.as_str() == text);
        known.ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            format!("`{text}` is none of {names}")
        })
    }
}
