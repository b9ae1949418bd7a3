//! The company's calendar.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    error::Result,
    id::{BookingId, OrderId},
    tenant::Tenant,
};

/// An event as x8 writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarEvent {
    /// Deterministic id chosen by x8: lower-case base32hex, as Google demands (B5).
    pub id: String,
    /// What it is about.
    pub title: String,
    /// Details for the company: items, name, phone.
    pub description: String,
    /// City, or `online`.
    pub place: String,
    /// Start, UTC.
    pub starts_at: Timestamp,
    /// End, UTC.
    pub ends_at: Timestamp,
    /// IANA zone to show it in (B6).
    pub time_zone: String,
    /// The order it belongs to, so that who reads the calendar finds the way back; none for what has no order (P13).
    #[serde(default)]
    pub order: Option<OrderId>,
    /// The booking it shows.
    #[serde(default)]
    pub booking: Option<BookingId>,
    /// Whether people meet online: a calendar that can make a link to meet at, makes one.
    #[serde(default)]
    pub online: bool,
    /// That link, once the calendar has made it. Only read: [`put`](Calendar::put) does not look at it.
    #[serde(default)]
    pub meeting_url: Option<String>,
}

/// A company's calendar. Every method is idempotent: it may be called again after a crash.
#[async_trait]
pub trait Calendar: Send + Sync {
    /// Writes an event.
    ///
    /// - Writing the same id with the same content again succeeds and leaves one event.
    /// - Writing the same id with other content replaces it.
    ///
    /// # Errors
    /// `Unavailable` (retry), `Unauthenticated` (token revoked: park, alert, drain later; B5), `Conflict` when the id was
    /// deleted and can never be used again (write the next generation), `Unsupported` when the company has no calendar
    /// outside (the booking stands in x8's own alone), `Forbidden` when ours may not be written to (a human must act).
    async fn put(&self, tenant: Tenant, event: &CalendarEvent) -> Result<()>;

    /// Takes an event out.
    ///
    /// - Removing what is absent succeeds.
    ///
    /// # Errors
    /// As [`put`](Self::put), without `Conflict`.
    async fn remove(&self, tenant: Tenant, event_id: &str) -> Result<()>;

    /// The event as the calendar has it now, possibly moved by hand; `None` when absent or removed.
    ///
    /// # Errors
    /// As [`remove`](Self::remove).
    async fn get(&self, tenant: Tenant, event_id: &str) -> Result<Option<CalendarEvent>>;

    /// Times within `[from, to)` at which the calendar is busy with anything, x8's own events included.
    ///
    /// # Errors
    /// As [`remove`](Self::remove).
    async fn busy(
        &self,
        tenant: Tenant,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(Timestamp, Timestamp)>>;
}
