//! The calendar of the sandbox.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use x8_core::{
    Error, ErrorKind, Result, Retry,
    port::{Calendar, CalendarEvent, Documents},
    tenant::Tenant,
};

use crate::calendar::{check, within};

/// Lost races before a call gives up.
const TRIES: u32 = 64;

/// A company's calendar in [`Documents`], one space per company; as strict as the real one.
///
/// A removed id stays reserved, as Google keeps it: writing it again is a `Conflict`, and the next generation is needed
/// (B5). Ids outside lower-case base32hex and unknown time zones are `Invalid`.
#[derive(Clone)]
pub struct SandboxCalendar {
    documents: Arc<dyn Documents>,
}

/// An event as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    event: CalendarEvent,
    removed: bool,
}

impl fmt::Debug for SandboxCalendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxCalendar").finish_non_exhaustive()
    }
}

impl SandboxCalendar {
    /// A calendar over this memory.
    #[must_use]
    pub fn new(documents: Arc<dyn Documents>) -> Self {
        Self { documents }
    }

    async fn load(&self, tenant: Tenant, id: &str) -> Result<Option<(Entry, u32)>> {
        let found = self.documents.document(&space(tenant), id).await?;
        found
            .map(|(value, version)| Ok((read(value)?, version)))
            .transpose()
    }

    /// `false` when another writer was faster.
    async fn store(&self, tenant: Tenant, entry: &Entry, expected: u32) -> Result<bool> {
        let value = serde_json::to_value(entry)
            .map_err(|error| Error::internal("sandbox.calendar", error))?;
        let written = self
            .documents
            .put_document(&space(tenant), &entry.event.id, &value, expected)
            .await;
        match written {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::Conflict => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Stores what `step` makes of the present entry; `None` leaves it as it is.
    async fn change(
        &self,
        tenant: Tenant,
        id: &str,
        step: impl Fn(Option<&Entry>) -> Result<Option<Entry>> + Send + Sync,
    ) -> Result<()> {
        for _ in 0..TRIES {
            let present = self.load(tenant, id).await?;
            let (entry, version) = present
                .as_ref()
                .map_or((None, 0), |(entry, version)| (Some(entry), *version));
            match step(entry)? {
                Some(next) if Some(&next) != entry => {
                    if self.store(tenant, &next, version).await? {
                        return Ok(());
                    }
                }
                _unchanged => return Ok(()),
            }
        }
        Err(Error::unavailable(
            "sandbox.calendar",
            "the calendar event is busy; try again",
        ))
    }
}

#[async_trait]
impl Calendar for SandboxCalendar {
    async fn put(&self, tenant: Tenant, event: &CalendarEvent) -> Result<()> {
        check(event)?;
        self.change(tenant, &event.id, |present| {
            if present.is_some_and(|entry| entry.removed) {
                return Err(Error::conflict(
                    "calendar.put",
                    "the event was deleted and its id cannot be used again; write the next generation",
                )
                .with("event", &event.id)
                .retrying(Retry::Never));
            }
            Ok(Some(Entry {
                event: CalendarEvent {
                    meeting_url: None,
                    ..event.clone()
                },
                removed: false,
            }))
        })
        .await
    }

    async fn remove(&self, tenant: Tenant, event_id: &str) -> Result<()> {
        self.change(tenant, event_id, |present| {
            Ok(present.cloned().map(|entry| Entry {
                removed: true,
                ..entry
            }))
        })
        .await
    }

    async fn get(&self, tenant: Tenant, event_id: &str) -> Result<Option<CalendarEvent>> {
        let found = self.load(tenant, event_id).await?;
        Ok(found
            .filter(|(entry, _)| !entry.removed)
            .map(|(entry, _)| entry.event))
    }

    async fn busy(
        &self,
        tenant: Tenant,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(Timestamp, Timestamp)>> {
        let mut times = Vec::new();
        for (_, value) in self.documents.documents(&space(tenant)).await? {
            let entry = read(value)?;
            if !entry.removed {
                times.push((entry.event.starts_at, entry.event.ends_at));
            }
        }
        Ok(within(from, to, times))
    }
}

fn space(tenant: Tenant) -> String {
    format!("sandbox.calendar.{}", tenant.company())
}

fn read(value: serde_json::Value) -> Result<Entry> {
    serde_json::from_value(value).map_err(|error| Error::internal("sandbox.calendar", error))
}
