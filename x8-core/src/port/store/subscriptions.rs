//! What users bought from the platform, and what the provider said about it (P2). Nothing of customer payments (P1).

use async_trait::async_trait;
use jiff::Timestamp;

use super::Recorded;
use crate::{error::Result, id::UserId, plan::Billed, port::SubscriptionEvent};

/// A row of `subscriptions`, with what x8 keeps beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionRecord {
    /// `subscriptions.id`.
    pub id: i64,
    /// Whose.
    pub user: UserId,
    /// 1, 2, 3, … with every write of x8; 0 for a row that only the existing application wrote.
    pub version: u32,
    /// What it says.
    pub billed: Billed,
    /// When the row was made.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

/// Subscriptions of users. [`Accounts::subscription`](super::Accounts::subscription) answers what they entitle to.
#[async_trait]
pub trait Subscriptions: Send + Sync {
    /// Every subscription the user ever had, newest first.
    ///
    /// # Errors
    /// Storage failures only.
    async fn subscriptions(&self, user: UserId) -> Result<Vec<SubscriptionRecord>>;

    /// Writes the row of the provider's subscription, which must be at version `expected`; 0: x8 never wrote it, and a row that
    /// the existing application made for it is taken over.
    ///
    /// - Of two writers with the same expectation, one wins.
    /// - The user's own columns follow in the same transaction: tier, end and customer.
    /// - A row that belongs to another user is never taken.
    ///
    /// # Errors
    /// `Conflict` for the refusals above (load again and recompute); `Invalid` without the provider's id.
    async fn save_subscription(
        &self,
        user: UserId,
        billed: &Billed,
        expected: u32,
        now: Timestamp,
    ) -> Result<SubscriptionRecord>;

    /// Whose subscription this is: by its own row, else by the customer of a row or of a user.
    ///
    /// # Errors
    /// Storage failures only.
    async fn subscriber(
        &self,
        subscription: &str,
        customer: Option<&str>,
    ) -> Result<Option<UserId>>;

    /// The provider's id of a user as somebody who pays.
    ///
    /// # Errors
    /// `NotFound` for an unknown user.
    async fn billing_customer(&self, user: UserId) -> Result<Option<String>>;

    /// Keeps the provider's id of a user, unless there is one; answers the one that is kept.
    ///
    /// # Errors
    /// `NotFound` for an unknown user.
    async fn keep_billing_customer(&self, user: UserId, customer: &str) -> Result<String>;

    /// Stores a verified event with its raw body; it is due at once.
    ///
    /// - The same event 50 times in parallel is stored once.
    ///
    /// # Errors
    /// Storage failures only.
    async fn record_subscription_event(
        &self,
        event: &SubscriptionEvent,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Recorded>;

    /// Events that wait to be applied at `now`, the longest waiting first.
    ///
    /// # Errors
    /// Storage failures only.
    async fn due_subscription_events(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<SubscriptionEvent>>;

    /// Notes that an event was applied, or (`again_at`) is to be tried again then. Repeating it succeeds.
    ///
    /// # Errors
    /// Storage failures only.
    async fn settle_subscription_event(&self, id: &str, again_at: Option<Timestamp>) -> Result<()>;
}
