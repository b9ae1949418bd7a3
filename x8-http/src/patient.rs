//! A calendar whose answers are waited for only so long.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::time::timeout;
use x8_core::{
    Error, Result,
    port::{Calendar, CalendarEvent},
    tenant::Tenant,
};

/// How long a customer waits for the calendar before times are offered without it.
const PATIENCE: Duration = Duration::from_secs(3);

/// Another calendar, of which busy times are asked with little patience: a customer waits for them (B3). What is written
/// has all the time it takes, for a job waits for it.
pub struct PatientCalendar {
    inner: Arc<dyn Calendar>,
    patience: Duration,
}

impl PatientCalendar {
    /// Around this one.
    #[must_use]
    pub fn new(inner: Arc<dyn Calendar>) -> Self {
        Self {
            inner,
            patience: PATIENCE,
        }
    }
}

impl fmt::Debug for PatientCalendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PatientCalendar")
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Calendar for PatientCalendar {
    async fn put(&self, tenant: Tenant, event: &CalendarEvent) -> Result<()> {
        self.inner.put(tenant, event).await
    }

    async fn remove(&self, tenant: Tenant, event_id: &str) -> Result<()> {
        self.inner.remove(tenant, event_id).await
    }

    async fn get(&self, tenant: Tenant, event_id: &str) -> Result<Option<CalendarEvent>> {
        self.inner.get(tenant, event_id).await
    }

    async fn busy(
        &self,
        tenant: Tenant,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(Timestamp, Timestamp)>> {
        let asked = timeout(self.patience, self.inner.busy(tenant, from, to)).await;
        asked.unwrap_or_else(|_| {
            Err(Error::unavailable(
                "calendar.busy",
                "the calendar takes too long",
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use x8_core::{ErrorKind, id::CompanyId, testing::fixture::NOW};

    use super::*;

    /// A calendar that never answers what is busy.
    struct Silent;

    #[async_trait]
    impl Calendar for Silent {
        async fn put(&self, _: Tenant, _: &CalendarEvent) -> Result<()> {
            Ok(())
        }

        async fn remove(&self, _: Tenant, _: &str) -> Result<()> {
            Ok(())
        }

        async fn get(&self, _: Tenant, _: &str) -> Result<Option<CalendarEvent>> {
            Ok(None)
        }

        async fn busy(
            &self,
            _: Tenant,
            _: Timestamp,
            _: Timestamp,
        ) -> Result<Vec<(Timestamp, Timestamp)>> {
            std::future::pending().await
        }
    }

    #[tokio::test]
    async fn b3_a_silent_calendar_is_given_up() {
        let calendar = PatientCalendar {
            patience: Duration::ZERO,
            ..PatientCalendar::new(Arc::new(Silent))
        };
        let tenant = Tenant::assume(CompanyId(1));
        let asked = calendar.busy(tenant, NOW, NOW).await;
        assert_eq!(
            asked.map_err(|error| error.kind()),
            Err(ErrorKind::Unavailable)
        );
    }
}
