//! Connected accounts.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    channel::{Channel, ChannelEvent, Platform},
    error::Result,
    id::ChannelId,
    plan::Standing,
    tenant::Tenant,
};

/// A channel about to be connected.
#[derive(Clone, Debug)]
pub struct NewChannel {
    /// Which platform.
    pub platform: Platform,
    /// The provider's stable name for it; unique over all tenants.
    pub session: String,
    /// The account, when the owner named it.
    pub account: Option<String>,
}

/// Channels and their states.
#[async_trait]
pub trait ChannelStore: Send + Sync {
    /// Inserts a channel as `CONNECTING` if the plan admits one more (E2): counting and inserting are one transaction.
    ///
    /// - 20 parallel calls at limit − 1 give exactly one channel.
    /// - Counted are all channels of the company's owner that are not `DISCONNECTED`.
    /// - A session name that exists in this tenant is returned as it is, set to `CONNECTING` under the same limit.
    ///
    /// # Errors
    /// `PaymentRequired` with the reason of the plan; `Conflict` when another tenant has the session name.
    async fn reserve_channel(
        &self,
        tenant: Tenant,
        channel: NewChannel,
        standing: Standing,
        now: Timestamp,
    ) -> Result<Channel>;

    /// The company's channels, oldest first.
    ///
    /// # Errors
    /// Storage failures only.
    async fn channels(&self, tenant: Tenant) -> Result<Vec<Channel>>;

    /// One channel of the company.
    ///
    /// # Errors
    /// `NotFound`, also for another tenant's channel.
    async fn channel(&self, tenant: Tenant, id: ChannelId) -> Result<Channel>;

    /// The channel behind a verified webhook: establishes its tenant.
    ///
    /// # Errors
    /// `NotFound`.
    async fn channel_by_session(&self, platform: Platform, session: &str) -> Result<Channel>;

    /// Applies [`next_status`](crate::channel::next_status) to the stored status in one transaction, and logs the change.
    ///
    /// - An event that changes nothing leaves one state and no new log entry.
    /// - `Working { account: Some }` stores the account; `Failed` stores `last_error` and counts it; `Working` clears both.
    ///
    /// # Errors
    /// `NotFound`.
    async fn apply_channel_event(
        &self,
        tenant: Tenant,
        id: ChannelId,
        event: &ChannelEvent,
        now: Timestamp,
    ) -> Result<Channel>;
}
