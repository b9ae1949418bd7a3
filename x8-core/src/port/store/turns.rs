//! Turns that were taken: for replay, and for what they cost.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Page, TurnRecord};
use crate::{
    error::Result,
    id::{ConversationId, TurnId},
    tenant::Tenant,
    turn::ModelUsage,
};

/// Records of turns, written by [`Ledger::commit`](super::Ledger::commit) and never changed.
#[async_trait]
pub trait Turns: Send + Sync {
    /// A turn by its key, with its tenant: establishes the tenant, for the operator's own tools.
    ///
    /// - What comes back is what was committed, except the catalogue: it is named, not held.
    ///
    /// # Errors
    /// `NotFound`.
    async fn turn(&self, id: TurnId) -> Result<(Tenant, TurnRecord)>;

    /// The turns of a conversation, oldest first.
    ///
    /// - A page follows the turn it names (R1); an unknown one has no page.
    ///
    /// # Errors
    /// `NotFound`, also for another tenant's conversation.
    async fn turns_of(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        page: Page<TurnId>,
    ) -> Result<Vec<TurnRecord>>;

    /// What models cost the company within `[from, to)`, per UTC day and model, in that order.
    ///
    /// - Summed from the tries of its turns, so it cannot drift from them.
    ///
    /// # Errors
    /// Storage failures only.
    async fn model_usage(
        &self,
        tenant: Tenant,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<ModelUsage>>;

    /// The cost of all of them together, in millionths of the currency.
    ///
    /// # Errors
    /// Storage failures only.
    async fn model_cost(&self, tenant: Tenant, from: Timestamp, to: Timestamp) -> Result<u64>;
}
