//! Subscriptions of users, and the provider's events about them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::MemoryStore;
use crate::{
    Error, Result,
    id::UserId,
    plan::{Billed, SubscriptionStatus},
    port::{Recorded, SubscriptionEvent, SubscriptionRecord, Subscriptions},
};

/// Rows, who pays, and what the provider said.
#[derive(Debug, Default)]
pub(super) struct Billing {
    /// Oldest first.
    records: Vec<SubscriptionRecord>,
    customers: BTreeMap<UserId, String>,
    events: BTreeMap<String, Event>,
}

#[derive(Debug)]
struct Event {
    event: SubscriptionEvent,
    body: Vec<u8>,
    due_at: Option<Timestamp>,
}

impl Billing {
    /// A user's rows, oldest first.
    pub(super) fn of(&self, user: UserId) -> impl Iterator<Item = &SubscriptionRecord> {
        self.records
            .iter()
            .filter(move |record| record.user == user)
    }

    fn find(&mut self, subscription: &str) -> Option<&mut SubscriptionRecord> {
        self.records
            .iter_mut()
            .find(|record| record.billed.subscription.as_deref() == Some(subscription))
    }

    fn save(
        &mut self,
        user: UserId,
        billed: Billed,
        expected: u32,
        now: Timestamp,
    ) -> Result<SubscriptionRecord> {
        const OPERATION: &str = "subscription.save";
        let Some(subscription) = billed.subscription.clone() else {
            return Err(Error::invalid(
                OPERATION,
                "a subscription is saved under the provider's id",
            ));
        };
        let next_id = self.records.last().map_or(0, |record| record.id) + 1;
        let known = self.find(&subscription);
        if known.as_ref().is_some_and(|known| known.user != user) {
            return Err(Error::conflict(
                OPERATION,
                "the subscription belongs to somebody else",
            ));
        }
        if known.as_ref().map_or(0, |known| known.version) != expected {
            return Err(Error::conflict(
                OPERATION,
                "the subscription was changed meanwhile",
            ));
        }
        if let Some(known) = known {
            known.billed = billed;
            known.version = expected.saturating_add(1);
            known.updated_at = now;
            return Ok(known.clone());
        }
        let record = SubscriptionRecord {
            id: next_id,
            user,
            version: 1,
            billed,
            created_at: now,
            updated_at: now,
        };
        self.records.push(record.clone());
        Ok(record)
    }
}

fn check_user(known: bool, user: UserId) -> Result<()> {
    if known {
        return Ok(());
    }
    Err(Error::not_found("subscription.customer", "no such user").with("user", user))
}

#[async_trait]
impl Subscriptions for MemoryStore {
    async fn subscriptions(&self, user: UserId) -> Result<Vec<SubscriptionRecord>> {
        let state = self.lock();
        let mut rows: Vec<_> = state.billing.of(user).cloned().collect();
        rows.reverse();
        Ok(rows)
    }

    async fn save_subscription(
        &self,
        user: UserId,
        billed: &Billed,
        expected: u32,
        now: Timestamp,
    ) -> Result<SubscriptionRecord> {
        let mut billed = billed.clone();
        if billed.status == SubscriptionStatus::Incomplete {
            billed.status = SubscriptionStatus::Expired;
        }
        let mut state = self.lock();
        if let Some(customer) = &billed.customer {
            let kept = state.billing.customers.entry(user);
            kept.or_insert_with(|| customer.clone());
        }
        state.billing.save(user, billed, expected, now)
    }

    async fn subscriber(
        &self,
        subscription: &str,
        customer: Option<&str>,
    ) -> Result<Option<UserId>> {
        let mut state = self.lock();
        let billing = &mut state.billing;
        if let Some(known) = billing.find(subscription) {
            return Ok(Some(known.user));
        }
        let Some(customer) = customer else {
            return Ok(None);
        };
        let of_row = billing
            .records
            .iter()
            .find(|record| record.billed.customer.as_deref() == Some(customer));
        let of_user = billing.customers.iter().find(|(_, id)| *id == customer);
        Ok(of_row
            .map(|record| record.user)
            .or(of_user.map(|(user, _)| *user)))
    }

    async fn billing_customer(&self, user: UserId) -> Result<Option<String>> {
        let state = self.lock();
        check_user(state.users.contains_key(&user), user)?;
        Ok(state.billing.customers.get(&user).cloned())
    }

    async fn keep_billing_customer(&self, user: UserId, customer: &str) -> Result<String> {
        let mut state = self.lock();
        check_user(state.users.contains_key(&user), user)?;
        let kept = state.billing.customers.entry(user);
        Ok(kept.or_insert_with(|| customer.to_owned()).clone())
    }

    async fn record_subscription_event(
        &self,
        event: &SubscriptionEvent,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Recorded> {
        let mut state = self.lock();
        if state.billing.events.contains_key(&event.id) {
            return Ok(Recorded::Known);
        }
        let stored = Event {
            event: event.clone(),
            body: body.to_vec(),
            due_at: event.about.is_some().then_some(now),
        };
        state.billing.events.insert(event.id.clone(), stored);
        Ok(Recorded::New)
    }

    async fn due_subscription_events(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<SubscriptionEvent>> {
        let state = self.lock();
        let mut due: Vec<_> = state
            .billing
            .events
            .values()
            .filter_map(|stored| Some((stored.due_at?, &stored.event)))
            .filter(|(at, _)| *at <= now)
            .collect();
        due.sort_by(|(at, event), (other_at, other)| (at, &event.id).cmp(&(other_at, &other.id)));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(due
            .into_iter()
            .take(limit)
            .map(|(_, event)| event.clone())
            .collect())
    }

    async fn settle_subscription_event(&self, id: &str, again_at: Option<Timestamp>) -> Result<()> {
        if let Some(stored) = self.lock().billing.events.get_mut(id) {
            stored.due_at = stored.due_at.and(again_at);
        }
        Ok(())
    }
}

impl MemoryStore {
    /// The raw body a subscription's event came in (P2).
    #[must_use]
    pub fn subscription_event_body(&self, id: &str) -> Option<Vec<u8>> {
        let state = self.lock();
        let stored = state.billing.events.get(id);
        stored.map(|stored| stored.body.clone())
    }
}
