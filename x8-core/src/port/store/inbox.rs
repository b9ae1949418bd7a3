//! Messages in and out.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::{
    channel::Channel,
    conversation::{Conversation, Delivery, Inbound, Message},
    error::Result,
    id::{ConversationId, MessageId},
    order::Order,
    tenant::Tenant,
};

/// How long a burst may wait before it is answered (A1).
#[derive(Clone, Copy, Debug)]
pub struct Pending {
    /// Quiet time after each message.
    pub quiet: SignedDuration,
    /// Longest wait of a whole burst.
    pub longest: SignedDuration,
}

impl Pending {
    /// When messages that came between these moments are answered.
    ///
    /// ```
    /// use jiff::{SignedDuration, Timestamp};
    /// use x8_core::port::{Pending, Waiting};
    /// let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
    /// let wait = Pending { quiet: SignedDuration::from_secs(1), longest: SignedDuration::from_secs(10) };
    /// assert_eq!(wait.due(Waiting { first: at(0), last: at(0) }), at(1), "a lone message");
    /// assert_eq!(wait.due(Waiting { first: at(0), last: at(9) }), at(10), "a burst without end");
    /// ```
    #[must_use]
    pub fn due(&self, waiting: Waiting) -> Timestamp {
        let after = |moment: Timestamp, pause| moment.checked_add(pause).unwrap_or(Timestamp::MAX);
        after(waiting.first, self.longest).min(after(waiting.last, self.quiet))
    }
}

/// When the messages of a burst arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The first.
    pub first: Timestamp,
    /// The last.
    pub last: Timestamp,
}

/// What became of an inbound batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Messages stored by this call, with their conversations.
    pub stored: Vec<(ConversationId, MessageId)>,
    /// Provider ids that were there already.
    pub duplicates: Vec<String>,
}

/// Everything the store gives to a turn.
#[derive(Clone, Debug)]
pub struct TurnState {
    /// The thread, with its version and session.
    pub conversation: Conversation,
    /// Inbound messages no turn has answered, by (provider time, arrival) (C2).
    pub pending: Vec<Message>,
    /// When those arrived that no holding line has spoken of (A11).
    pub waiting: Option<Waiting>,
    /// Earlier messages, oldest first.
    pub history: Vec<Message>,
    /// The customer's newest order.
    pub order: Option<Order>,
}

/// A page of a list that is stable under inserts (R1).
#[derive(Clone, Copy, Debug)]
pub struct Page<K = i64> {
    /// At most this many, 1–200.
    pub limit: u32,
    /// Only keys after this one, in list order.
    pub after: Option<K>,
}

impl<K> Page<K> {
    /// The first page of a list.
    #[must_use]
    pub const fn first(limit: u32) -> Self {
        Self { limit, after: None }
    }
}

/// Durable messages.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// Stores a batch of one channel in one transaction: identities, customers, conversations, messages, and one
    /// [`Answer`](super::JobKind::Answer) job per conversation touched, due at `min(first pending + longest, now + quiet)`.
    ///
    /// - The same provider id twice in one channel stores one message, also 50 times in parallel (H2).
    /// - The same person under a known identity keeps one conversation per channel; aliases are remembered (C1).
    /// - A message is stored however old it is (H1).
    /// - Messages of a conversation that a human has taken over are stored and make no job.
    /// - Messages that were held do not count as the first pending: a burst after them has its own quiet end (A11).
    ///
    /// # Errors
    /// Storage failures only; then nothing of the batch is stored.
    async fn accept(
        &self,
        channel: &Channel,
        messages: &[Inbound],
        wait: Pending,
        now: Timestamp,
    ) -> Result<Accepted>;

    /// Stores a message that left the account without us, as sent; a human's raises the fence, takes over and answers
    /// what came before it, and a turn computed before can no longer be committed (C4, H8).
    ///
    /// - Our own echo, known by its provider id or still `Sending` with the same words, stores nothing and marks it sent.
    ///
    /// # Errors
    /// Storage failures only.
    async fn accept_echo(
        &self,
        channel: &Channel,
        message: &Inbound,
        by_human: bool,
        now: Timestamp,
    ) -> Result<()>;

    /// What a turn needs.
    ///
    /// # Errors
    /// `NotFound`.
    async fn turn_state(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        history: u32,
    ) -> Result<TurnState>;

    /// One conversation of the company.
    ///
    /// # Errors
    /// `NotFound`, also for another tenant's.
    async fn conversation(&self, tenant: Tenant, id: ConversationId) -> Result<Conversation>;

    /// Conversations, newest key first.
    ///
    /// # Errors
    /// Storage failures only.
    async fn conversations(&self, tenant: Tenant, page: Page) -> Result<Vec<Conversation>>;

    /// Messages of a conversation, by (provider time, arrival) (C2).
    ///
    /// # Errors
    /// `NotFound`.
    async fn messages(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        page: Page,
    ) -> Result<Vec<Message>>;

    /// Takes an outgoing message for a try: sets it `Sending` and returns it with the state it had before.
    ///
    /// - A message whose fence is older than its conversation's becomes `Withheld` and is returned as such (C4).
    /// - A message already `Sent` or beyond is returned unchanged.
    ///
    /// # Errors
    /// `NotFound`.
    async fn begin_send(&self, tenant: Tenant, id: MessageId) -> Result<(Message, Delivery)>;

    /// Moves an outgoing message on. States move as [`Delivery::moves_on`] says: `Read` never becomes `Sent` again.
    ///
    /// - Found by key, or by the platform's id within the channel's tenant when `id` is `None`.
    /// - An unknown platform id changes nothing.
    ///
    /// # Errors
    /// Storage failures only.
    async fn mark(
        &self,
        tenant: Tenant,
        id: Option<MessageId>,
        provider_id: Option<&str>,
        delivery: Delivery,
        problem: Option<&str>,
        now: Timestamp,
    ) -> Result<()>;
}
