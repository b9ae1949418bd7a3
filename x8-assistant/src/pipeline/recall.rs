//! The seam to a chat memory.

use async_trait::async_trait;
use x8_core::{
    Result,
    port::{Answer, Forgotten, TurnInput},
    tenant::Tenant,
};

use crate::prompt::PromptMessage;

/// What a pipeline asks of a chat memory (A2: context, never facts).
#[async_trait]
pub trait Recall: Send + Sync {
    /// What was said before the burst, oldest first, cut to what a prompt may hold.
    ///
    /// # Errors
    /// Any: the pipeline takes the stored messages instead.
    async fn window(&self, input: &TurnInput) -> Result<Vec<PromptMessage>>;

    /// Keeps the burst and its answer, once the turn is committed. Logs its own failures: the answer is on its way.
    ///
    /// *Idempotency*: by the turn's key.
    async fn keep(&self, input: &TurnInput, answer: &Answer);

    /// Deletes for good what is kept of these threads and people, or (`None`) of the whole company.
    ///
    /// # Errors
    /// `Unavailable`: repeat it, a part may be left.
    async fn forget(&self, tenant: Tenant, whom: Option<&Forgotten>) -> Result<()>;
}
