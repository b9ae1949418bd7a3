//! The provider of SaaS subscriptions: a user pays the platform (P2). Customer payments are another world and another port (P1).

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    error::Result,
    id::UserId,
    plan::{Plan, ProviderSubscription},
};

/// A page on which a plan can be bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscribeRequest {
    /// Who buys; goes into the provider's metadata.
    pub user: UserId,
    /// The provider's id of who pays ([`SubscriptionProvider::customer`]).
    pub customer: String,
    /// What is bought.
    pub plan: Plan,
    /// From intent ([`key_for`](Self::key_for)), never random: the same key opens the same page.
    pub idempotency_key: String,
}

impl SubscribeRequest {
    /// The key of a user's `attempt`-th page for a plan, the same for every try.
    ///
    /// ```
    /// use x8_core::{id::UserId, plan::Plan, port::SubscribeRequest};
    /// assert_eq!(SubscribeRequest::key_for(UserId(7), Plan::Growth, 2), "subscribe:7:GROWTH:2");
    /// ```
    #[must_use]
    pub fn key_for(user: UserId, plan: Plan, attempt: u32) -> String {
        format!("subscribe:{user}:{plan}:{attempt}")
    }
}

/// A page as the provider has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscribePage {
    /// Session id at the provider.
    pub session: String,
    /// Where the user pays; absent once it is not open.
    pub url: Option<String>,
    /// Where it stands.
    pub state: PageState,
}

/// Where a page stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageState {
    /// Can be paid.
    Open,
    /// Done; the subscription's own state says whether it is paid for.
    Complete {
        /// The subscription that came of it.
        subscription: String,
    },
    /// Can no longer be paid.
    Expired,
}

/// What shall become of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionWish {
    /// E3: another plan, at once. A cancellation is taken back: who chooses a plan wishes to be on it.
    Change {
        /// Which.
        plan: Plan,
        /// Whether it takes something away: then nothing is paid back, and the end of the running period is noted on the
        /// subscription ([`ProviderSubscription::reduced_until`]). Otherwise the difference is on the next bill and an
        /// earlier note is removed.
        reduces: bool,
    },
    /// No renewal: it ends with the running period.
    CancelAtPeriodEnd,
}

/// A provider's event about a subscription, verified and read: a reason to ask for its latest object, never the truth itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionEvent {
    /// The provider's event id.
    pub id: String,
    /// The provider's type word, for the log.
    pub kind: String,
    /// When the provider says it happened.
    pub created_at: Timestamp,
    /// What it is about; `None`: stored and otherwise ignored.
    pub about: Option<AboutSubscription>,
}

/// Which subscription an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutSubscription {
    /// The provider's id.
    pub subscription: String,
    /// The provider's id of who pays, when the event says it.
    pub customer: Option<String>,
}

/// A provider of subscriptions on behalf of the platform.
#[async_trait]
pub trait SubscriptionProvider: Send + Sync {
    /// A short name for logs; a simulated one says so (`sandbox`).
    fn name(&self) -> &'static str;

    /// Makes the user known as somebody who pays, and answers the provider's id.
    ///
    /// - The same user gets the same id, also when asked twice at once.
    ///
    /// # Errors
    /// `Unavailable` (retry).
    async fn customer(&self, user: UserId, email: &str) -> Result<String>;

    /// Opens a page on which the plan can be bought.
    ///
    /// - The same `idempotency_key` with the same content returns the same page; with other content it is refused.
    ///
    /// # Errors
    /// `Unavailable` (retry with the same key), `Invalid` for a plan that cannot be bought here, `Conflict` for a used key.
    async fn open(&self, request: &SubscribeRequest) -> Result<SubscribePage>;

    /// Where a page stands.
    ///
    /// # Errors
    /// `Unavailable` (retry), `NotFound`.
    async fn page(&self, session: &str) -> Result<SubscribePage>;

    /// Makes a page unpayable and says where it stands afterwards.
    ///
    /// - Closing what is closed succeeds; closing what was paid in the meantime answers [`PageState::Complete`].
    ///
    /// # Errors
    /// `Unavailable` (retry), `NotFound`.
    async fn close(&self, session: &str) -> Result<SubscribePage>;

    /// Changes a running subscription and answers how it is then.
    ///
    /// - The same `idempotency_key` changes once.
    ///
    /// # Errors
    /// `Unavailable` (retry with the same key), `NotFound`, `Invalid` for a plan that cannot be bought here, `Conflict` for a
    /// subscription that is over.
    async fn change(
        &self,
        subscription: &str,
        wish: &SubscriptionWish,
        idempotency_key: &str,
    ) -> Result<ProviderSubscription>;

    /// The subscription as it is now.
    ///
    /// # Errors
    /// `Unavailable` (retry), `NotFound`.
    async fn latest(&self, subscription: &str) -> Result<ProviderSubscription>;

    /// Verifies a webhook on its raw bytes and reads it. No I/O, constant-time comparison, several secrets, tolerance around
    /// `now` (P5). Its secrets are not those of customer payments (P1).
    ///
    /// # Errors
    /// `Unauthenticated` for a bad signature, `Invalid` for a body that cannot be read.
    fn read_event(&self, signature: &str, body: &[u8], now: Timestamp)
    -> Result<SubscriptionEvent>;
}
