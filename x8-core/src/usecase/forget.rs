//! Forget: what the assistant keeps of a customer or a company is deleted for good.
//!
//! The system of record comes first: its rows say which threads and names another memory may hold, and they say it again
//! when the second step failed and everything is repeated.

use super::{Engine, behave};
use crate::{error::Result, id::CustomerId, port::Forgotten, tenant::Tenant};

impl Engine {
    /// Deletes what the assistant keeps of a customer: turns with their inputs and outputs, sessions, chat memory under every
    /// name the customer has. Messages, orders and payments are the company's book and stay.
    ///
    /// *Idempotency*: repeating it deletes what is left.
    ///
    /// # Errors
    /// `NotFound`, also for another tenant's customer; `Unavailable` when the chat memory cannot be reached: repeat it.
    pub async fn forget_customer(&self, tenant: Tenant, customer: CustomerId) -> Result<Forgotten> {
        let forgotten = self.store.forget_turns(tenant, Some(customer)).await?;
        self.assistant.forget(tenant, Some(&forgotten)).await?;
        Ok(forgotten)
    }

    /// Deletes what the assistant keeps of a company: everything of its customers, and the owner's wishes. To be called
    /// before the company itself is deleted, whose own rows go with it.
    ///
    /// *Idempotency*: repeating it deletes what is left.
    ///
    /// # Errors
    /// `Unavailable` when the chat memory cannot be reached: repeat it.
    pub async fn forget_company(&self, tenant: Tenant) -> Result<Forgotten> {
        let forgotten = self.store.forget_turns(tenant, None).await?;
        self.assistant.forget(tenant, None).await?;
        let key = tenant.company().to_string();
        self.store.delete_document(behave::SPACE, &key).await?;
        Ok(forgotten)
    }
}
