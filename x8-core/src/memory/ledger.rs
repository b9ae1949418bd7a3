//! Orders, bookings and provider events: the port.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{MemoryStore, commit::no_order, inbox::limit, state::StoredEvent};
use crate::{
    Error, Result,
    booking::{Booking, Hold},
    id::{BookingId, CustomerId, MessageId, OrderId},
    order::Order,
    port::{AuditFinding, Changes, JobKind, Ledger, NewJob, Page, ProviderEvent, Recorded},
    tenant::Tenant,
};

#[async_trait]
impl Ledger for MemoryStore {
    async fn commit(&self, tenant: Tenant, changes: Changes) -> Result<Vec<MessageId>> {
        self.lock().commit(tenant, changes)
    }

    async fn order(&self, tenant: Tenant, id: OrderId) -> Result<Order> {
        let state = self.lock();
        let own = |order: &&Order| order.company == tenant.company();
        state
            .orders
            .get(&id)
            .filter(own)
            .cloned()
            .ok_or_else(|| no_order(id))
    }

    async fn orders(
        &self,
        tenant: Tenant,
        customer: Option<CustomerId>,
        page: Page<OrderId>,
    ) -> Result<Vec<Order>> {
        let state = self.lock();
        let mut own: Vec<&Order> = state
            .orders
            .values()
            .filter(|order| order.company == tenant.company())
            .filter(|order| customer.is_none_or(|customer| order.customer == customer))
            .collect();
        own.sort_by_key(|order| std::cmp::Reverse((order.created_at, order.id)));
        Ok(after(own, page, |order| order.id))
    }

    async fn holds(
        &self,
        tenant: Tenant,
        resource: Option<&str>,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Hold>> {
        let state = self.lock();
        Ok(state.seats.within(tenant.company(), resource, from, to))
    }

    async fn bookings(
        &self,
        tenant: Tenant,
        order: Option<OrderId>,
        booking: Option<BookingId>,
        page: Page<BookingId>,
    ) -> Result<Vec<Booking>> {
        let state = self.lock();
        let mut own: Vec<&Booking> = state
            .bookings
            .values()
            .filter(|(company, _)| *company == tenant.company())
            .map(|(_, known)| known)
            .filter(|known| order.is_none_or(|order| known.order == order))
            .filter(|known| booking.is_none_or(|booking| known.id == booking))
            .collect();
        own.sort_by_key(|known| (known.slot.starts_at, known.id));
        Ok(after(own, page, |booking| booking.id))
    }

    async fn record_event(
        &self,
        event: &ProviderEvent,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Recorded> {
        let mut state = self.lock();
        let key = (event.account.clone(), event.id.clone());
        if state.events.contains_key(&key) {
            return Ok(Recorded::Known);
        }
        if event.fact.is_some() {
            let kind = JobKind::ApplyPayment {
                account: key.0.clone(),
                event: key.1.clone(),
            };
            state.queue.enqueue(None, NewJob::new(kind, now));
        }
        let stored = StoredEvent {
            event: event.clone(),
            body: body.to_vec(),
            stored_at: now,
            orphan: false,
        };
        state.events.insert(key, stored);
        Ok(Recorded::New)
    }

    async fn event(
        &self,
        account: &str,
        id: &str,
    ) -> Result<(ProviderEvent, Option<(Tenant, OrderId)>)> {
        let mut state = self.lock();
        let key = (account.to_owned(), id.to_owned());
        let absent = || Error::not_found("payment.event", "no such provider event");
        let event = state.events.get(&key).ok_or_else(absent)?.event.clone();
        let order = event
            .fact
            .as_ref()
            .and_then(|fact| state.payment_keys.get(fact.key()))
            .and_then(|order| state.orders.get(order))
            .map(|order| (Tenant::assume(order.company), order.id));
        if let Some(stored) = state.events.get_mut(&key) {
            stored.orphan = order.is_none() && event.fact.is_some();
        }
        Ok((event, order))
    }

    async fn audit(&self, now: Timestamp) -> Result<Vec<AuditFinding>> {
        Ok(self.lock().audit(now))
    }
}

/// The rows that follow the one a page names, in the order of the list.
fn after<T: Clone, K: Copy + PartialEq>(
    rows: Vec<&T>,
    page: Page<K>,
    key: impl Fn(&T) -> K,
) -> Vec<T> {
    let start = match page.after {
        Some(named) => rows
            .iter()
            .position(|row| key(row) == named)
            .map_or(rows.len(), |found| found + 1),
        None => 0,
    };
    rows.into_iter()
        .skip(start)
        .take(limit(page.limit))
        .cloned()
        .collect()
}
