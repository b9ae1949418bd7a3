//! Whose calendar, and what opens it.

use async_trait::async_trait;
use x8_core::{Result, Secret, tenant::Tenant};

/// What a call to a company's calendar needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarAccess {
    /// An access token that has not run out.
    pub token: Secret,
    /// The calendar that the company chose: `primary`, or an address.
    pub calendar: String,
    /// Calendars that it chose before: events that are still there are found, and moved on when they are written again.
    pub former: Vec<String>,
}

/// Where companies' tokens come from. They are kept, sealed, by whoever implements this.
#[async_trait]
pub trait CalendarTokens: Send + Sync {
    /// Access to the company's calendar, with a fresh token when the known one is about to run out.
    ///
    /// *Tenancy*: this company's own connection only.
    ///
    /// # Errors
    /// `Unauthenticated` when the company is not connected, or Google has ended the connection: the company must connect
    /// again. `Unavailable` when Google cannot be reached (retry).
    async fn access(&self, tenant: Tenant) -> Result<CalendarAccess>;

    /// Another token in the place of one that Google has just refused.
    ///
    /// *Idempotency*: callers that come with the same refused token share one refresh.
    ///
    /// # Errors
    /// As [`access`](Self::access).
    async fn renew(&self, tenant: Tenant, refused: &Secret) -> Result<Secret>;
}
