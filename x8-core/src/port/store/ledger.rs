//! Orders, money, bookings: one commit per use case, all or nothing.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Claim, NewJob, Page};
use crate::{
    booking::{Booking, Hold},
    conversation::{Outgoing, Session},
    error::Result,
    id::{BookingId, CatalogId, ConversationId, CustomerId, MessageId, OrderId, TurnId},
    order::Order,
    port::{ProviderEvent, TurnInput},
    tenant::Tenant,
    turn::Try,
};

/// Everything one use case changes. Committed in one transaction, or not at all (D3).
///
/// ```
/// use x8_core::{id::OrderId, port::Changes};
/// let changes = Changes {
///     release: vec![OrderId(uuid::Uuid::from_u128(7))],
///     ..Changes::at("2026-11-20T09:00:00Z".parse()?)
/// };
/// assert!(changes.finish.is_none());
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Changes {
    /// When: the time of the messages, of their jobs, and the moment at which holds count as live.
    pub at: Timestamp,
    /// The thread moves on.
    pub conversation: Option<ConversationUpdate>,
    /// Orders made or moved.
    pub orders: Vec<OrderWrite>,
    /// Slots taken for an order. A seat that is live for another order refuses the whole commit (B3).
    pub take: Vec<Hold>,
    /// Orders whose holds are let go.
    pub release: Vec<OrderId>,
    /// Bookings made or moved; a new one turns its order's hold into a lasting one.
    pub bookings: Vec<Booking>,
    /// Messages to be sent; each gets its `Send` job in the same transaction, in the lane of its conversation.
    pub messages: Vec<Outgoing>,
    /// Jobs to be done.
    pub jobs: Vec<NewJob>,
    /// Humans to be called.
    pub alerts: Vec<Alert>,
    /// Humans to be called unless this was done before, by a key of the company (`model_budget:2026-11`).
    pub once: Vec<(String, Alert)>,
    /// The record of a turn, for replay.
    pub turn: Option<TurnRecord>,
    /// The job this commit completes. A worthless claim refuses the whole commit.
    pub finish: Option<Claim>,
}

impl Changes {
    /// Changes nothing yet, at this moment.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self {
            at: now,
            conversation: None,
            orders: Vec::new(),
            take: Vec::new(),
            release: Vec::new(),
            bookings: Vec::new(),
            messages: Vec::new(),
            jobs: Vec::new(),
            alerts: Vec::new(),
            once: Vec::new(),
            turn: None,
            finish: None,
        }
    }
}

/// A thread moved on by a turn.
#[derive(Clone, Debug)]
pub struct ConversationUpdate {
    /// The thread.
    pub id: ConversationId,
    /// The version the turn was computed from; another one refuses the commit.
    pub expected_version: u32,
    /// What to remember.
    pub session: Session,
    /// The last message that is answered now.
    pub answered_through: Option<MessageId>,
    /// C4: sets or ends the takeover; raising it also raises the fence.
    pub taken_over: Option<bool>,
}

/// An order made or moved. `order.version` is the one it was read at (0: new); the store writes the next.
#[derive(Clone, Debug)]
pub struct OrderWrite {
    /// The whole order as it shall be.
    pub order: Order,
}

/// Something a human must see (I1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// A stable word: `booking_failed`, `refund_failed`, `checkout_failed`, `payment_unapplied`, `calendar_parked`, …
    pub code: &'static str,
    /// The order, when it is about one.
    pub order: Option<OrderId>,
    /// What happened and what to do. Never a secret.
    pub message: String,
}

/// What is kept of a turn.
#[derive(Clone, Debug)]
pub struct TurnRecord {
    /// Key.
    pub id: TurnId,
    /// The thread.
    pub conversation: ConversationId,
    /// Catalogue the facts came from; `None` in records of before.
    pub catalog: Option<CatalogId>,
    /// Its version.
    pub catalog_version: u32,
    /// What the turn was computed from, without the rows; `None` in records of before, which cannot be replayed.
    pub input: Option<Box<TurnInput>>,
    /// Every try of a model, in order.
    pub tries: Vec<Try>,
    /// The whole answer as JSON; `None` in records of before.
    pub answer: Option<serde_json::Value>,
    /// The raw model output that was let through.
    pub model_output: String,
    /// The reply contract object.
    pub reply: serde_json::Value,
    /// The guard's findings.
    pub findings: serde_json::Value,
    /// When.
    pub at: Timestamp,
}

/// Whether a provider event was new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Stored now, with its job.
    New,
    /// It was there already; nothing changed.
    Known,
}

/// One row of the violations query (principle 2): a rule that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AuditFinding {
    /// A stable word for the rule that is broken.
    pub rule: String,
    /// The tenant.
    pub company: i64,
    /// The order or booking.
    pub subject: String,
    /// What is wrong, for people.
    pub detail: String,
}

/// The book of orders, payments and bookings.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Commits everything or nothing; returns the keys of the messages, in order.
    ///
    /// - A stale conversation or order version, a seat taken by another live order, or a worthless claim refuses it.
    /// - A booking for an order that is neither paid nor free is refused by the store itself, whoever asks (B1).
    /// - An order can become `Paid` only with its payment (principle 2).
    /// - An alert that is raised once is there once, whoever raises it how often.
    /// - A turn's tries are part of its record: what they cost is committed with the answer, or not at all.
    /// - Enqueueing a job whose key waits already moves it to the new time; one that is running runs again.
    ///
    /// # Errors
    /// `Conflict` for the refusals above (load again and recompute).
    async fn commit(&self, tenant: Tenant, changes: Changes) -> Result<Vec<MessageId>>;

    /// One order of the company.
    ///
    /// # Errors
    /// `NotFound`, also for another tenant's.
    async fn order(&self, tenant: Tenant, id: OrderId) -> Result<Order>;

    /// Orders, newest first; of one customer when given.
    ///
    /// - A page follows the order it names, also when newer ones came meanwhile (R1); an unknown one has no page.
    ///
    /// # Errors
    /// Storage failures only.
    async fn orders(
        &self,
        tenant: Tenant,
        customer: Option<CustomerId>,
        page: Page<OrderId>,
    ) -> Result<Vec<Order>>;

    /// Live holds and standing bookings that start within `[from, to)`, of one resource or (`None`) of all, by start. One of
    /// several cells is there once per cell.
    ///
    /// # Errors
    /// Storage failures only.
    async fn holds(
        &self,
        tenant: Tenant,
        resource: Option<&str>,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Hold>>;

    /// Bookings by start; `order` or `booking` narrow to one.
    ///
    /// - A page follows the booking it names (R1); an unknown one has no page.
    ///
    /// # Errors
    /// Storage failures only.
    async fn bookings(
        &self,
        tenant: Tenant,
        order: Option<OrderId>,
        booking: Option<BookingId>,
        page: Page<BookingId>,
    ) -> Result<Vec<Booking>>;

    /// Stores a verified provider event with its raw body and enqueues its application, in one transaction (P5).
    ///
    /// - The same event 50 times in parallel is stored once.
    ///
    /// # Errors
    /// Storage failures only.
    async fn record_event(
        &self,
        event: &ProviderEvent,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Recorded>;

    /// A stored event and the order it is about, found by the link's session or the payment's reference: establishes its
    /// tenant. `None` for the order when it is not stored (yet): the event is kept, and committing the order's checkout
    /// enqueues it again (O13).
    ///
    /// # Errors
    /// `NotFound` for an unknown event.
    async fn event(
        &self,
        account: &str,
        id: &str,
    ) -> Result<(ProviderEvent, Option<(Tenant, OrderId)>)>;

    /// The violations query: must return no rows.
    ///
    /// # Errors
    /// Storage failures only.
    async fn audit(&self, now: Timestamp) -> Result<Vec<AuditFinding>>;
}
