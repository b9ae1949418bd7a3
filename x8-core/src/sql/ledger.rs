//! Orders, money, bookings.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Scope, SqlStore, Tx, fault::Faults, inbox::limit, row};
use crate::{
    booking::{Booking, Hold},
    error::{Error, Result},
    id::{BookingId, CustomerId, MessageId, OrderId},
    order::Order,
    port::{AuditFinding, Changes, Ledger, Page, ProviderEvent, Recorded},
    tenant::Tenant,
};

mod bookings;
mod commit;
mod events;
mod orders;

#[async_trait]
impl Ledger for SqlStore {
    async fn commit(&self, tenant: Tenant, changes: Changes) -> Result<Vec<MessageId>> {
        let mut tx = self.write(tenant, "ledger.commit").await?;
        let messages = commit::apply(&mut tx, tenant, changes).await?;
        tx.commit().await.of("ledger.commit")?;
        Ok(messages)
    }

    async fn order(&self, tenant: Tenant, id: OrderId) -> Result<Order> {
        let mut reader = self.glance(tenant, "order.get").await?;
        let found = sqlx::query("SELECT body FROM x8_orders WHERE company_id = $1 AND id = $2")
            .bind(tenant.company().0)
            .bind(id.to_string())
            .fetch_optional(&mut *reader)
            .await
            .of("order.get")?
            .ok_or_else(|| Error::not_found("order.get", "no such order").with("order", id))?;
        row::order(&found)
    }

    async fn orders(
        &self,
        tenant: Tenant,
        customer: Option<CustomerId>,
        page: Page<OrderId>,
    ) -> Result<Vec<Order>> {
        let mut reader = self.glance(tenant, "order.list").await?;
        sqlx::query(
            "SELECT body FROM x8_orders WHERE company_id = $1 AND ($2 IS NULL OR customer_id = $2)
               AND ($4 IS NULL OR (created_at, id) <
                    (SELECT created_at, id FROM x8_orders WHERE company_id = $1 AND id = $4))
             ORDER BY created_at DESC, id DESC LIMIT $3",
        )
        .bind(tenant.company().0)
        .bind(customer.map(|customer| customer.0))
        .bind(limit(page.limit))
        .bind(page.after.map(|after| after.to_string()))
        .fetch_all(&mut *reader)
        .await
        .of("order.list")?
        .iter()
        .map(row::order)
        .collect()
    }

    async fn holds(
        &self,
        tenant: Tenant,
        resource: Option<&str>,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Hold>> {
        let mut reader = self.glance(tenant, "hold.list").await?;
        sqlx::query(
            "SELECT * FROM x8_holds WHERE company_id = $1 AND ($2 IS NULL OR resource = $2) AND starts_at >= $3
               AND starts_at < $4
             ORDER BY starts_at, resource, seat",
        )
        .bind(tenant.company().0)
        .bind(resource)
        .bind(from.as_millisecond())
        .bind(to.as_millisecond())
        .fetch_all(&mut *reader)
        .await
        .of("hold.list")?
        .iter()
        .map(row::hold)
        .collect()
    }

    async fn bookings(
        &self,
        tenant: Tenant,
        order: Option<OrderId>,
        booking: Option<BookingId>,
        page: Page<BookingId>,
    ) -> Result<Vec<Booking>> {
        let mut reader = self.glance(tenant, "booking.list").await?;
        sqlx::query(
            "SELECT body FROM x8_bookings
             WHERE company_id = $1 AND ($2 IS NULL OR order_id = $2) AND ($3 IS NULL OR id = $3)
               AND ($5 IS NULL OR (starts_at, id) >
                    (SELECT starts_at, id FROM x8_bookings WHERE company_id = $1 AND id = $5))
             ORDER BY starts_at, id LIMIT $4",
        )
        .bind(tenant.company().0)
        .bind(order.map(|order| order.to_string()))
        .bind(booking.map(|booking| booking.to_string()))
        .bind(limit(page.limit))
        .bind(page.after.map(|after| after.to_string()))
        .fetch_all(&mut *reader)
        .await
        .of("booking.list")?
        .iter()
        .map(row::booking)
        .collect()
    }

    async fn record_event(
        &self,
        event: &ProviderEvent,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Recorded> {
        let mut tx = self.write(Scope::Platform, "payment_event.record").await?;
        let recorded = events::record(&mut tx, event, body, now).await?;
        tx.commit().await.of("payment_event.record")?;
        Ok(recorded)
    }

    async fn event(
        &self,
        account: &str,
        id: &str,
    ) -> Result<(ProviderEvent, Option<(Tenant, OrderId)>)> {
        let mut tx = self.read(Scope::Platform, "payment_event.get").await?;
        events::get(&mut tx, account, id).await
    }

    async fn audit(&self, now: Timestamp) -> Result<Vec<AuditFinding>> {
        self.violations(now).await
    }
}

/// The customer's newest order.
pub(super) async fn newest(
    tx: &mut Tx,
    tenant: Tenant,
    customer: CustomerId,
) -> Result<Option<Order>> {
    sqlx::query(
        "SELECT body FROM x8_orders WHERE company_id = $1 AND customer_id = $2
         ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(tenant.company().0)
    .bind(customer.0)
    .fetch_optional(&mut **tx)
    .await
    .of("order.newest")?
    .as_ref()
    .map(row::order)
    .transpose()
}
