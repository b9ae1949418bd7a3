//! Turns that were taken: for replay, and for what they cost.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Page, TurnRecord};
use crate::{
    conversation::Identity,
    error::Result,
    id::{ConversationId, CustomerId, TurnId},
    tenant::Tenant,
    turn::{Call, ModelUsage},
};

/// Whose turns were deleted, so that what is kept elsewhere can follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// The threads; they stand, without a memory of what was said in turns.
    pub conversations: Vec<ConversationId>,
    /// Every name the customers are known by (C1).
    pub people: Vec<Identity>,
}

/// Records of turns, written by [`Ledger::commit`](super::Ledger::commit) and never changed, and of models' calls outside
/// of them.
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

    /// Records a call outside of turns. It counts in [`model_usage`](Self::model_usage) and [`model_cost`](Self::model_cost).
    ///
    /// *Idempotency*: none: every call is counted.
    ///
    /// # Errors
    /// Storage failures only.
    async fn record_call(&self, tenant: Tenant, call: &Call) -> Result<()>;

    /// What models cost the company within `[from, to)`, per UTC day and model, in that order.
    ///
    /// - Summed from the tries of its turns and its other calls, so it cannot drift from them.
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

    /// Deletes for good what turns keep of a customer, or (`None`) of everybody: records with their inputs, outputs and
    /// answers, and the threads' sessions. Messages, orders and payments stay.
    ///
    /// - What the tries cost stays in the company's account, as calls without words.
    /// - The threads' versions move on, so that a turn under way cannot be committed with what was deleted.
    ///
    /// *Idempotency*: repeating it finds the same threads and people.
    ///
    /// # Errors
    /// `NotFound` for an unknown customer, also for another tenant's.
    async fn forget_turns(&self, tenant: Tenant, customer: Option<CustomerId>)
    -> Result<Forgotten>;
}
