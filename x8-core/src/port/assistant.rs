//! The assistant, as the use cases see it: a turn in, a checked answer out.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    behaviour::Behaviour,
    booking::Slot,
    catalog::Catalog,
    channel::Platform,
    conversation::{Identity, Message, Session},
    error::Result,
    id::{ConversationId, TurnId},
    money::Money,
    order::{Area, CartLine, Order, PaymentStatus},
    port::Forgotten,
    tenant::{Company, Tenant},
    turn::{Try, TurnLimits},
};

/// Everything a turn is computed from. Given the same input and model output, a turn yields the same answer.
///
/// It is stored with the turn, for replay; the catalogue is not: its version is named by the record, and reading an input
/// back gives an empty one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TurnInput {
    /// Key of this turn.
    pub turn: TurnId,
    /// Whose assistant answers.
    pub company: Company,
    /// The thread.
    pub conversation: ConversationId,
    /// Where it runs.
    pub platform: Platform,
    /// G16: who writes.
    pub sender: Identity,
    /// G16: the reply address, echoed as `token` of the reply contract.
    pub token: String,
    /// G16: the provider's name for the channel, echoed as `instance_id`.
    pub instance_id: String,
    /// The messages to answer, oldest first; never empty.
    pub burst: Vec<Message>,
    /// Earlier messages, oldest first.
    pub history: Vec<Message>,
    /// What the customer has told so far.
    pub session: Session,
    /// The rows read for this turn: the only source of facts (A2).
    #[serde(skip, default = "unread")]
    pub catalog: Arc<Catalog>,
    /// The customer's newest order, whatever its state.
    pub order: Option<Order>,
    /// O8.
    pub payment_status: PaymentStatus,
    /// A10: the owner's wishes for this turn; data, never rules.
    #[serde(default)]
    pub behaviour: Behaviour,
    /// Now.
    pub now: Timestamp,
    /// What the turn may take.
    #[serde(default)]
    pub limits: TurnLimits,
}

/// The place of a catalogue that is stored elsewhere.
fn unread() -> Arc<Catalog> {
    Arc::new(Catalog::detached(Vec::new()))
}

impl TurnInput {
    /// The burst as one text.
    #[must_use]
    pub fn customer_text(&self) -> String {
        let texts: Vec<&str> = self
            .burst
            .iter()
            .map(|message| message.text.as_str())
            .collect();
        texts.join("\n")
    }
}

/// What the guard let through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The words for the customer, within the channel's limit.
    pub text: String,
    /// Image to go with it (G13).
    pub image: Option<String>,
    /// What happens to the order.
    pub decision: Decision,
    /// What to remember.
    pub session: Session,
    /// The reply contract object, as the existing workflows consume it.
    pub reply: serde_json::Value,
    /// Whether nothing better than a holding line could be said: a human is called (A11).
    pub held: bool,
    /// Whether the guided model had to answer because the company's own did not (A11).
    pub fell_back: bool,
    /// The raw model output that was let through; empty when none was.
    pub model_output: String,
    /// Every try, in order: what it said and what it cost, for replay and the company's account.
    pub tries: Vec<Try>,
    /// The guard's findings, kept for the record.
    pub findings: serde_json::Value,
}

/// What a turn decides about the order; every figure in it was computed from rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Words only.
    Inform,
    /// O4 is complete: open (or confirm, when free) this order, superseding an open one (O9).
    Checkout(Draft),
    /// The customer called the open order off.
    Cancel,
    /// B4: of the times that are open, or another one, the customer wants this start.
    ChooseTime(Timestamp),
    /// B4: none of the times suits; the money goes back.
    DeclineTimes,
}

/// A complete order, not yet priced by the ledger's own hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Keys and quantities.
    pub cart: Vec<CartLine>,
    /// O2, O3.
    pub area: Area,
    /// O4.
    pub client_name: String,
    /// O4.
    pub recipient_phone: String,
    /// Wished local start, when the customer named one (B2).
    pub wished_start: Option<jiff::civil::DateTime>,
    /// Language for the link, receipts and reminders.
    pub language: String,
    /// O14.
    pub remind: bool,
}

/// Answers a burst of messages.
#[async_trait]
pub trait Assistant: Send + Sync {
    /// Computes one turn. Reads nothing but its input and calls nothing but the model.
    ///
    /// - A model that fails or talks nonsense yields a safe holding answer, not an error (A11).
    ///
    /// # Errors
    /// `Unavailable` when even that is impossible; the turn stays retryable.
    async fn answer(&self, input: &TurnInput) -> Result<Answer>;

    /// Told once a turn is committed, for a memory of what was said; a turn that was lost to another worker is not told.
    ///
    /// The words are already on their way: a failure is logged by the implementation and never fails the turn. A process
    /// that dies before telling leaves a gap, which the stored messages do not have. Does nothing unless it is written.
    async fn remember(&self, _input: &TurnInput, _answer: &Answer) {}

    /// Deletes for good what a memory of its own keeps: of these threads and people, or (`None`) of the whole company.
    ///
    /// *Idempotency*: deleting what is not there succeeds. Does nothing unless it is written.
    ///
    /// # Errors
    /// `Unavailable` when the memory cannot be reached: repeat it, a part may be left.
    async fn forget(&self, _tenant: Tenant, _whom: Option<&Forgotten>) -> Result<()> {
        Ok(())
    }
}

/// Something the system itself tells a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice<'a> {
    /// The order was taken and here is where to pay (TYPE2).
    PaymentLink {
        /// Where.
        url: &'a str,
        /// How much.
        total: Money,
        /// The slot that is held meanwhile.
        slot: Option<&'a Slot>,
        /// Until when.
        expires_at: Timestamp,
    },
    /// The money came (TYPE3).
    PaymentReceived {
        /// How much.
        total: Money,
    },
    /// The booking stands (TYPE3).
    Booked {
        /// When.
        slot: &'a Slot,
        /// Where.
        place: &'a str,
    },
    /// The time of the order was lost; others are free (B4, TYPE3).
    TimesOffered {
        /// Which, in the order of their numbers; never empty.
        slots: &'a [Slot],
        /// Until when the customer may choose.
        until: Timestamp,
        /// What goes back otherwise; `None`: the order was free.
        refund: Option<Money>,
    },
    /// None of the offered times was chosen, and the order is off (B4, TYPE3).
    NoTimeChosen {
        /// What goes back; `None`: the order was free.
        refund: Option<Money>,
    },
    /// The company moved the booking (TYPE3).
    BookingMoved {
        /// When it is now.
        slot: &'a Slot,
        /// Where.
        place: &'a str,
    },
    /// The link ran out unpaid.
    LinkExpired,
    /// Money for a dead order goes back (O12).
    RefundStarted {
        /// How much.
        total: Money,
    },
    /// The order cannot be booked and a human is on it.
    BookingProblem,
    /// The link could not be made; a human is on it (A11).
    CheckoutProblem,
    /// The answer takes longer; a human is on it (A11).
    Holding,
    /// The company called an unpaid or free order off (O11).
    OrderCancelled,
    /// Unpaid so long after the link was sent (O14).
    Reminder {
        /// Where to pay.
        url: &'a str,
        /// How much.
        total: Money,
    },
    /// Where to meet online (P12).
    MeetingLink {
        /// The link.
        url: &'a str,
        /// When.
        slot: &'a Slot,
    },
}

/// Words of the system's own messages, in the customer's language.
pub trait NoticeWriter: Send + Sync {
    /// Renders a notice. An unknown language falls back to English. `time_zone` is the company's (B6).
    fn write(&self, language: &str, time_zone: &str, notice: &Notice<'_>) -> String;
}
