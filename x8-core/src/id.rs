//! One newtype per entity, so that identifiers cannot be swapped.
//!
//! Tables shared with the existing application keep integer keys (D2); entities that only x8 knows use UUIDs
//! handed out by the [`IdSource`](crate::port::IdSource) port, so that a whole change can be prepared before it is committed.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::text::Text;

macro_rules! integer_id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

macro_rules! uuid_id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

integer_id! {
    /// A SaaS account (`users.id`).
    UserId,
    /// A tenant (`companies.id`).
    CompanyId,
    /// A connected platform account (`channels.id`).
    ChannelId,
    /// A person who writes to a company.
    CustomerId,
    /// A thread between one customer and one channel.
    ConversationId,
    /// One message of a conversation (`messages.id`).
    MessageId,
    /// One published version of a knowledge base.
    CatalogId,
    /// A durable job.
    JobId,
}

uuid_id! {
    /// An order, from cart to fulfilment.
    OrderId,
    /// A delivery or an appointment.
    BookingId,
    /// One assistant answer to one burst of messages.
    TurnId,
}

/// The article key of an offering, unique within a knowledge base (K6).
///
/// Kept as text; see [`Sku::as_integer`] for the wire form of the reply contract.
///
/// ```
/// use x8_core::Sku;
/// assert_eq!(Sku::from("201").as_integer(), Some(201));
/// assert_eq!(Sku::from("007").as_integer(), None, "leading zeros are text");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sku(Text);

impl Sku {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key as the integer that the reply contract wants, when it is exactly one.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        integer(&self.0)
    }

    /// The key as the text that it shares.
    pub(crate) fn text(&self) -> &Text {
        &self.0
    }

    /// A key that is trimmed already.
    pub(crate) fn trimmed(text: Text) -> Self {
        Self(text)
    }
}

/// The integer that a text is exactly: no plus, no leading zero.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let exact = text == "0" || digits.starts_with(|digit| matches!(digit, '1'..='9'));
    exact.then(|| text.parse().ok()).flatten()
}

impl From<&str> for Sku {
    fn from(text: &str) -> Self {
        Self(text.trim().into())
    }
}

impl From<String> for Sku {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
