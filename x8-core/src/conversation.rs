//! Conversations, their messages, and what a customer has told so far (C1–C5).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    channel::Platform,
    id::{ChannelId, ConversationId, CustomerId, MessageId, Sku, TurnId},
    order::{CartLine, PaymentStatus},
};

/// How a platform names a person. A phone number is not a required key (C1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// E.164 digits with `+`.
    Phone,
    /// WhatsApp's hidden user id.
    Lid,
    /// Any other platform's own id.
    Platform,
    /// An e-mail address.
    Email,
    /// A caller of the API, the console or the terminal.
    Api,
}

/// One name of a person at a platform; unique per company (C1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// Which kind of name.
    pub kind: IdentityKind,
    /// The name, in the kind's canonical form.
    pub value: String,
}

impl Identity {
    /// A name of the given kind.
    #[must_use]
    pub fn new(kind: IdentityKind, value: impl Into<String>) -> Self {
        Self {
            kind,
            value: value.into(),
        }
    }

    /// The phone number, when this is one.
    #[must_use]
    pub fn phone(&self) -> Option<&str> {
        (self.kind == IdentityKind::Phone).then_some(self.value.as_str())
    }
}

/// One message as it came from a platform, before it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    /// The platform's message id; unique per channel (H1).
    pub provider_id: String,
    /// Where replies go (a chat id), as the platform wants it back.
    pub address: String,
    /// Who wrote.
    pub sender: Identity,
    /// Other names of the same person, proven by the platform in the same event.
    pub aliases: Vec<Identity>,
    /// Display name at the platform.
    pub sender_name: Option<String>,
    /// The words. Empty for media without a caption.
    pub text: String,
    /// When the platform says it was written (C2).
    pub sent_at: Timestamp,
}

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// From the customer.
    Inbound,
    /// To the customer.
    Outbound,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The customer.
    Customer,
    /// The assistant.
    Assistant,
    /// A person of the company, from the inbox or the paired phone (C4).
    Human,
    /// Receipts, links and reminders.
    System,
}

/// C3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MessageType {
    /// Informational.
    Type1,
    /// Carries a payment request.
    Type2,
    /// Transactional: receipts, bookings, refunds.
    Type3,
}

/// Where an outgoing message stands (H3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// It came in; nothing to deliver.
    Received,
    /// Committed, not yet tried.
    Queued,
    /// A try has begun and its outcome is not known yet.
    Sending,
    /// The platform took it.
    Sent,
    /// It reached the device.
    Delivered,
    /// It was opened.
    Read,
    /// The platform refused it for good.
    Failed,
    /// Fenced by a human before it left (C4), or the channel is gone.
    Withheld,
}

impl Delivery {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Received,
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Failed,
        Self::Withheld,
    ];

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
            Self::Withheld => "withheld",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether news may move an outgoing message from here to `to` (H3).
    ///
    /// Forward only, with one way back: a try that surely did not go leaves the message queued as it was before.
    ///
    /// ```
    /// use x8_core::conversation::Delivery;
    /// assert!(Delivery::Sent.moves_on(Delivery::Read));
    /// assert!(!Delivery::Read.moves_on(Delivery::Sent), "news may come late");
    /// assert!(Delivery::Sending.moves_on(Delivery::Queued), "it surely did not go");
    /// assert!(!Delivery::Delivered.moves_on(Delivery::Failed), "it is there");
    /// ```
    #[must_use]
    pub fn moves_on(self, to: Self) -> bool {
        let Some(from) = self.progress() else {
            return false;
        };
        match to {
            Self::Received => false,
            Self::Failed => from <= 2,
            Self::Withheld => from <= 1,
            Self::Queued => self == Self::Sending,
            Self::Sending | Self::Sent | Self::Delivered | Self::Read => to.progress() > Some(from),
        }
    }

    /// How far along the way a state is; `None` where the way ends or never began.
    fn progress(self) -> Option<u8> {
        match self {
            Self::Queued => Some(0),
            Self::Sending => Some(1),
            Self::Sent => Some(2),
            Self::Delivered => Some(3),
            Self::Read => Some(4),
            Self::Received | Self::Failed | Self::Withheld => None,
        }
    }
}

/// A stored message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Key; grows with arrival (C2).
    pub id: MessageId,
    /// The thread.
    pub conversation: ConversationId,
    /// Which way it went.
    pub flow: Flow,
    /// Who wrote it.
    pub author: Author,
    /// C3.
    pub kind: MessageType,
    /// C3: the payment status at that time.
    pub payment_status: PaymentStatus,
    /// The words.
    pub text: String,
    /// Image that goes with it (G13).
    pub image: Option<String>,
    /// The platform's id, once known.
    pub provider_id: Option<String>,
    /// Provider time for inbound, commit time for outbound (C2).
    pub at: Timestamp,
    /// H3.
    pub delivery: Delivery,
    /// Why delivery failed, for people.
    pub problem: Option<String>,
    /// The turn that wrote it.
    pub turn: Option<TurnId>,
}

/// A message about to be sent; committing it also enqueues its delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// The thread.
    pub conversation: ConversationId,
    /// Who writes.
    pub author: Author,
    /// C3.
    pub kind: MessageType,
    /// C3.
    pub payment_status: PaymentStatus,
    /// The words.
    pub text: String,
    /// Image that goes with it (G13).
    pub image: Option<String>,
    /// The turn that wrote it.
    pub turn: Option<TurnId>,
    /// The fence it was computed under: it is withheld when a human has written since (C4). `None`: always goes.
    pub fence: Option<u32>,
}

/// A thread between one customer and one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conversation {
    /// Key.
    pub id: ConversationId,
    /// The account it runs on.
    pub channel: ChannelId,
    /// Its platform.
    pub platform: Platform,
    /// Who writes.
    pub customer: CustomerId,
    /// The customer's name at the platform.
    pub customer_name: Option<String>,
    /// How the customer writes here.
    pub sender: Identity,
    /// Where replies go.
    pub address: String,
    /// Whether a human has taken over (C4).
    pub taken_over: bool,
    /// Counts human replies (C4).
    pub fence: u32,
    /// Commits so far; checked at each one.
    pub version: u32,
    /// What the customer has told so far.
    #[serde(skip)]
    pub session: Session,
    /// The last inbound message a turn has answered.
    pub answered_through: Option<MessageId>,
    /// When the last message came or went.
    pub last_message_at: Timestamp,
}

/// What memory may give to a turn (A2): what the customer said and what was shown, never facts of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts of a conversation, each a stored key"
)]
pub struct Session {
    /// The last clearly detected language (A5): `en`, `ru`, `es`, …
    pub language: Option<String>,
    /// The customer's name, as told.
    pub name: Option<String>,
    /// The recipient's phone, `+` and digits.
    pub phone: Option<String>,
    /// City or area, in the catalogue's spelling.
    pub city: Option<String>,
    /// A place that was asked for and is not served, until another is named (O2).
    pub refused_city: Option<String>,
    /// Keys and quantities as the customer stated them.
    pub cart: Vec<CartLine>,
    /// The offering spoken of last.
    pub focus: Option<Sku>,
    /// What the last reply asked for; an answer is read in its light.
    pub asked: Option<Asked>,
    /// The wished start, as local civil time `2026-11-21T10:00`, when the customer named one.
    pub wished_start: Option<jiff::civil::DateTime>,
    /// Whether offerings were listed already (A7).
    pub listed: bool,
    /// Images sent in this conversation (G13).
    pub shown_images: BTreeSet<Sku>,
    /// O14: the customer objected to reminders.
    pub no_reminders: bool,
    /// The newest order was completed; words about a new one start a new cart.
    pub order_done: bool,
    /// The privacy policy went out in this conversation (G13).
    pub policy_sent: bool,
    /// A11: the customer was only told to wait; gone with the next real answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
}

/// Messages that got a holding line and still wait for their answer (A11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Turns that could say nothing better.
    pub turns: u32,
    /// The last message the holding line was about.
    pub through: MessageId,
}

/// What a reply asked the customer for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Which offering.
    Offering,
    /// How many, or which pack (O1).
    Quantity,
    /// Which city or area (O2).
    City,
    /// Name, phone or both (O4).
    Contact,
    /// Whether to go on with the order as summed up.
    Confirmation,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h3_only_a_try_that_did_not_go_leads_back() {
        for from in Delivery::ALL {
            assert!(!from.moves_on(Delivery::Received), "{from:?}");
            for to in Delivery::ALL {
                let taken_back = [from, to].contains(&Delivery::Queued)
                    && [from, to].contains(&Delivery::Sending);
                let round = from.moves_on(to) && to.moves_on(from);
                assert_eq!(round, taken_back, "{from:?} and {to:?}");
            }
        }
    }

    #[test]
    fn h5_failed_withheld_and_received_are_final() {
        for from in [Delivery::Failed, Delivery::Withheld, Delivery::Received] {
            for to in Delivery::ALL {
                assert!(!from.moves_on(to), "{from:?} to {to:?}");
            }
        }
        assert!(
            !Delivery::Delivered.moves_on(Delivery::Failed),
            "it reached the device"
        );
        assert!(!Delivery::Sent.moves_on(Delivery::Withheld), "it left");
    }
}
