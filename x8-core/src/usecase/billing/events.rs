//! What the provider says about subscriptions: stored first, then answered by asking (P2).

use jiff::{SignedDuration, Timestamp};

use super::Billing;
use crate::{
    error::{Error, ErrorKind, Result},
    id::UserId,
    plan::BilledEffect,
    port::{Recorded, SubscriptionEvent},
};

/// Events that are applied in one go.
const AT_ONCE: u32 = 100;
/// The shortest and longest wait before an event is tried again.
const SOON: SignedDuration = SignedDuration::from_secs(30);
const LATE: SignedDuration = SignedDuration::from_hours(6);

/// What became of an event.
#[derive(Debug)]
pub struct Applied {
    /// The event.
    pub event: SubscriptionEvent,
    /// Whose subscription it is about; `None`: nobody's here.
    pub user: Option<UserId>,
    /// What changed for people; empty when nothing did.
    pub effects: Vec<BilledEffect>,
    /// Why it could not be applied; it comes again by itself.
    pub problem: Option<Error>,
}

impl Billing {
    /// Verifies an event on its raw bytes and stores it with them; it is applied by [`apply_due`](Self::apply_due). Once this
    /// has returned, nothing is lost (principle 3).
    ///
    /// # Errors
    /// `Unauthenticated` for a bad signature (nothing is stored), `Invalid` for a body that cannot be read, `Unsupported`
    /// without a provider, storage failures.
    pub async fn record(
        &self,
        signature: &str,
        body: &[u8],
    ) -> Result<(SubscriptionEvent, Recorded)> {
        let now = self.clock.now();
        let event = self.provider()?.read_event(signature, body, now)?;
        let recorded = self
            .store
            .record_subscription_event(&event, body, now)
            .await?;
        Ok((event, recorded))
    }

    /// Applies every event that waits, and says what became of each. Call it when one was stored, and now and then: one that
    /// could not be applied comes again, later each time, whatever it was; its problem is for somebody to see.
    ///
    /// # Errors
    /// Storage failures only.
    pub async fn apply_due(&self) -> Result<Vec<Applied>> {
        let mut all = Vec::new();
        let due = self
            .store
            .due_subscription_events(self.clock.now(), AT_ONCE)
            .await?;
        for event in due {
            let applied = match self.apply(&event).await {
                Ok((user, effects)) => Applied {
                    user,
                    effects,
                    problem: None,
                    event,
                },
                Err(error) => Applied {
                    user: None,
                    effects: Vec::new(),
                    problem: Some(error),
                    event,
                },
            };
            let again = applied
                .problem
                .is_some()
                .then(|| next_try(&applied.event, self.clock.now()));
            self.store
                .settle_subscription_event(&applied.event.id, again)
                .await?;
            all.push(applied);
        }
        Ok(all)
    }

    async fn apply(
        &self,
        event: &SubscriptionEvent,
    ) -> Result<(Option<UserId>, Vec<BilledEffect>)> {
        let Some(about) = &event.about else {
            return Ok((None, Vec::new()));
        };
        let id = &about.subscription;
        let known = self.store.subscriber(id, about.customer.as_deref()).await?;
        let user = match known {
            Some(user) => user,
            None => match self.named(id).await? {
                Some(user) => user,
                None => return Ok((None, Vec::new())),
            },
        };
        match self.refresh(user, id).await {
            Ok(refreshed) => Ok((Some(user), refreshed.effects)),
            // Deleted with all its traces: there is nothing to follow.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok((Some(user), Vec::new())),
            Err(error) => Err(error),
        }
    }

    /// The user behind the provider's own object: by who pays for it, else by the name it was opened under. There may be none
    /// here: other products may share the provider's account.
    async fn named(&self, id: &str) -> Result<Option<UserId>> {
        let latest = match self.provider()?.latest(id).await {
            Ok(latest) => latest,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let payer = self.store.subscriber(id, Some(&latest.customer)).await?;
        let Some(user) = payer.or(latest.user) else {
            return Ok(None);
        };
        match self.store.user(user).await {
            Ok(user) => Ok(Some(user.id)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Half the event's age, within bounds.
fn next_try(event: &SubscriptionEvent, now: Timestamp) -> Timestamp {
    let age = event.created_at.duration_until(now);
    let wait = (age / 2).clamp(SOON, LATE);
    now.checked_add(wait).unwrap_or(now)
}
