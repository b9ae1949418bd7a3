//! One newtype per entity, so that identifiers cannot be swapped.
//!
//! Tables shared with the existing application keep integer keys (D2); entities that only x8 knows use UUIDs
//! handed out by the [`IdSource`](crate::port::IdSource) port, so that a whole change can be prepared before it is committed.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

mod sku;

pub use sku::Sku;
pub(crate) use sku::integer;

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
