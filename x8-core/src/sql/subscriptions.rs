//! Subscriptions of users, and the provider's events about them.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    Scope, SqlStore, Tx,
    fault::Faults,
    row::{self, Columns, to_json},
};
use crate::{
    error::{Error, Result},
    id::UserId,
    plan::Billed,
    port::{Recorded, SubscriptionEvent, SubscriptionRecord, Subscriptions},
};

mod write;

use write::{follow_user, insert, keep_extra, update};

/// Selects subscriptions with what [`row::subscription`] reads.
macro_rules! subscriptions_sql {
    ($tail:literal) => {
        concat!(
            "SELECT s.*, CAST(s.amount AS TEXT) AS amount_text, x.version, x.body FROM subscriptions s
             LEFT JOIN x8_subscriptions x ON x.subscription_id = s.id ",
            $tail
        )
    };
}

#[async_trait]
impl Subscriptions for SqlStore {
    async fn subscriptions(&self, user: UserId) -> Result<Vec<SubscriptionRecord>> {
        let mut reader = self.read(user, "subscription.list").await?;
        let mut rows = of_user(&mut reader, user).await?;
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
        const OPERATION: &str = "subscription.save";
        let Some(subscription) = billed.subscription.as_deref() else {
            return Err(Error::invalid(
                OPERATION,
                "a subscription is saved under the provider's id",
            ));
        };
        let mut tx = self.write(user, OPERATION).await?;
        let known = known(&mut tx, subscription).await?;
        if let Some(known) = &known
            && known.user != user
        {
            return Err(stale("the subscription belongs to somebody else"));
        }
        if known.as_ref().map_or(0, |known| known.version) != expected {
            return Err(stale("the subscription was changed meanwhile"));
        }
        let id = match &known {
            Some(known) => {
                update(&mut tx, known.id, billed, now).await?;
                known.id
            }
            None => insert(&mut tx, user, billed, now).await?,
        };
        keep_extra(&mut tx, id, billed, expected).await?;
        follow_user(&mut tx, user, billed, now).await?;
        let saved = of_user(&mut tx, user).await?;
        tx.commit().await.of(OPERATION)?;
        saved
            .into_iter()
            .find(|record| record.id == id)
            .ok_or_else(|| Error::internal(OPERATION, "the row is gone"))
    }

    async fn subscriber(
        &self,
        subscription: &str,
        customer: Option<&str>,
    ) -> Result<Option<UserId>> {
        let mut reader = self.glance(Scope::Platform, "subscription.find").await?;
        sqlx::query(
            "SELECT 0 AS rank, user_id FROM subscriptions WHERE stripe_subscription_id = $1
             UNION ALL SELECT 1, user_id FROM subscriptions WHERE stripe_customer_id = $2
             UNION ALL SELECT 2, id FROM users WHERE stripe_customer_id = $2
             ORDER BY 1, 2 LIMIT 1",
        )
        .bind(subscription)
        .bind(customer)
        .fetch_optional(&mut *reader)
        .await
        .of("subscription.find")?
        .map(|row| row.read("user_id").map(UserId))
        .transpose()
    }

    async fn billing_customer(&self, user: UserId) -> Result<Option<String>> {
        const OPERATION: &str = "subscription.customer";
        let mut reader = self.read(user, OPERATION).await?;
        customer(&mut reader, OPERATION, user).await
    }

    async fn keep_billing_customer(&self, user: UserId, id: &str) -> Result<String> {
        const OPERATION: &str = "subscription.keep_customer";
        let mut tx = self.write(user, OPERATION).await?;
        sqlx::query(
            "UPDATE users SET stripe_customer_id = $2
             WHERE id = $1 AND coalesce(stripe_customer_id, '') = ''",
        )
        .bind(user.0)
        .bind(id)
        .execute(&mut *tx)
        .await
        .of(OPERATION)?;
        let kept = customer(&mut tx, OPERATION, user).await?;
        tx.commit().await.of(OPERATION)?;
        Ok(kept.unwrap_or_else(|| id.to_owned()))
    }

    async fn record_subscription_event(
        &self,
        event: &SubscriptionEvent,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Recorded> {
        const OPERATION: &str = "subscription_event.record";
        let mut tx = self.write(Scope::Platform, OPERATION).await?;
        let done = sqlx::query(
            "INSERT INTO x8_subscription_events (id, kind, subscription, event, body, recorded_at, due_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
        )
        .bind(&event.id)
        .bind(&event.kind)
        .bind(event.about.as_ref().map(|about| &about.subscription))
        .bind(to_json(event)?)
        .bind(body)
        .bind(now.as_millisecond())
        .bind(event.about.is_some().then(|| now.as_millisecond()))
        .execute(&mut *tx)
        .await
        .of(OPERATION)?;
        tx.commit().await.of(OPERATION)?;
        Ok(if done.rows_affected() == 0 {
            Recorded::Known
        } else {
            Recorded::New
        })
    }

    async fn due_subscription_events(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<SubscriptionEvent>> {
        let mut reader = self
            .glance(Scope::Platform, "subscription_event.due")
            .await?;
        sqlx::query(
            "SELECT event FROM x8_subscription_events WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2",
        )
        .bind(now.as_millisecond())
        .bind(i64::from(limit))
        .fetch_all(&mut *reader)
        .await
        .of("subscription_event.due")?
        .iter()
        .map(|row| row.json("event"))
        .collect()
    }

    async fn settle_subscription_event(&self, id: &str, again_at: Option<Timestamp>) -> Result<()> {
        const OPERATION: &str = "subscription_event.settle";
        let mut tx = self.write(Scope::Platform, OPERATION).await?;
        sqlx::query(
            "UPDATE x8_subscription_events SET due_at = $2 WHERE id = $1 AND due_at IS NOT NULL",
        )
        .bind(id)
        .bind(again_at.map(Timestamp::as_millisecond))
        .execute(&mut *tx)
        .await
        .of(OPERATION)?;
        tx.commit().await.of(OPERATION)
    }
}

/// Oldest first.
pub(super) async fn of_user(tx: &mut Tx, user: UserId) -> Result<Vec<SubscriptionRecord>> {
    sqlx::query(subscriptions_sql!("WHERE s.user_id = $1 ORDER BY s.id"))
        .bind(user.0)
        .fetch_all(&mut **tx)
        .await
        .of("subscription.list")?
        .iter()
        .map(row::subscription)
        .collect()
}

async fn known(tx: &mut Tx, subscription: &str) -> Result<Option<SubscriptionRecord>> {
    sqlx::query(subscriptions_sql!("WHERE s.stripe_subscription_id = $1"))
        .bind(subscription)
        .fetch_optional(&mut **tx)
        .await
        .of("subscription.save")?
        .as_ref()
        .map(row::subscription)
        .transpose()
}

async fn customer(tx: &mut Tx, operation: &'static str, user: UserId) -> Result<Option<String>> {
    let found = sqlx::query("SELECT stripe_customer_id FROM users WHERE id = $1")
        .bind(user.0)
        .fetch_optional(&mut **tx)
        .await
        .of(operation)?
        .ok_or_else(|| Error::not_found(operation, "no such user").with("user", user))?;
    let kept: Option<String> = found.read("stripe_customer_id")?;
    Ok(kept.filter(|id| !id.is_empty()))
}

fn stale(why: &'static str) -> Error {
    Error::conflict("subscription.save", why)
}
