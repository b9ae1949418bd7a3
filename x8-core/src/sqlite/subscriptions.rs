//! Subscriptions of users, and the provider's events about them.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    SqliteStore,
    connect::Tx,
    fault::Faults,
    row::{self, Columns, Extra, to_datetime, to_json, to_word},
};
use crate::{
    error::{Error, Result},
    id::UserId,
    plan::{Billed, Subscription, SubscriptionStatus},
    port::{Recorded, SubscriptionEvent, SubscriptionRecord, Subscriptions},
};

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
impl Subscriptions for SqliteStore {
    async fn subscriptions(&self, user: UserId) -> Result<Vec<SubscriptionRecord>> {
        let mut tx = self.read("subscription.list").await?;
        let mut rows = of_user(&mut tx, user).await?;
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
        let mut tx = self.write(OPERATION).await?;
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
        sqlx::query(
            "SELECT 0 AS rank, user_id FROM subscriptions WHERE stripe_subscription_id = $1
             UNION ALL SELECT 1, user_id FROM subscriptions WHERE stripe_customer_id = $2
             UNION ALL SELECT 2, id FROM users WHERE stripe_customer_id = $2
             ORDER BY 1, 2 LIMIT 1",
        )
        .bind(subscription)
        .bind(customer)
        .fetch_optional(&self.readers)
        .await
        .of("subscription.find")?
        .map(|row| row.read("user_id").map(UserId))
        .transpose()
    }

    async fn billing_customer(&self, user: UserId) -> Result<Option<String>> {
        const OPERATION: &str = "subscription.customer";
        let mut tx = self.read(OPERATION).await?;
        customer(&mut tx, OPERATION, user).await
    }

    async fn keep_billing_customer(&self, user: UserId, id: &str) -> Result<String> {
        const OPERATION: &str = "subscription.keep_customer";
        let mut tx = self.write(OPERATION).await?;
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
        let done = sqlx::query(
            "INSERT INTO x8_subscription_events (id, kind, event, body, recorded_at, due_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
        )
        .bind(&event.id)
        .bind(&event.kind)
        .bind(to_json(event)?)
        .bind(body)
        .bind(now.as_millisecond())
        .bind(event.about.is_some().then(|| now.as_millisecond()))
        .execute(&self.writer)
        .await
        .of("subscription_event.record")?;
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
        sqlx::query(
            "SELECT event FROM x8_subscription_events WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2",
        )
        .bind(now.as_millisecond())
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await
        .of("subscription_event.due")?
        .iter()
        .map(|row| row.json("event"))
        .collect()
    }

    async fn settle_subscription_event(&self, id: &str, again_at: Option<Timestamp>) -> Result<()> {
        sqlx::query(
            "UPDATE x8_subscription_events SET due_at = $2 WHERE id = $1 AND due_at IS NOT NULL",
        )
        .bind(id)
        .bind(again_at.map(Timestamp::as_millisecond))
        .execute(&self.writer)
        .await
        .of("subscription_event.settle")?;
        Ok(())
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

async fn insert(tx: &mut Tx, user: UserId, billed: &Billed, now: Timestamp) -> Result<i64> {
    sqlx::query(
        "INSERT INTO subscriptions (user_id, plan, status, stripe_subscription_id, stripe_customer_id, amount, currency,
                                    start_date, end_date, cancelled_at, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, CAST($6 AS DOUBLE PRECISION), $7, $8, $9, $10, $11, $11) RETURNING id",
    )
    .bind(user.0)
    .bind(to_word(&billed.plan)?)
    .bind(status_word(billed)?)
    .bind(&billed.subscription)
    .bind(&billed.customer)
    .bind(amount(billed))
    .bind(currency(billed))
    .bind(billed.started_at.map(to_datetime))
    .bind(billed.ends_at.map(to_datetime))
    .bind(billed.cancelled_at.map(to_datetime))
    .bind(to_datetime(now))
    .fetch_one(&mut **tx)
    .await
    .of("subscription.save")?
    .read("id")
}

async fn update(tx: &mut Tx, id: i64, billed: &Billed, now: Timestamp) -> Result<()> {
    sqlx::query(
        "UPDATE subscriptions SET plan = $2, status = $3, stripe_customer_id = $4,
                amount = CAST($5 AS DOUBLE PRECISION), currency = $6, start_date = $7, end_date = $8, cancelled_at = $9,
                updated_at = $10
         WHERE id = $1",
    )
    .bind(id)
    .bind(to_word(&billed.plan)?)
    .bind(status_word(billed)?)
    .bind(&billed.customer)
    .bind(amount(billed))
    .bind(currency(billed))
    .bind(billed.started_at.map(to_datetime))
    .bind(billed.ends_at.map(to_datetime))
    .bind(billed.cancelled_at.map(to_datetime))
    .bind(to_datetime(now))
    .execute(&mut **tx)
    .await
    .of("subscription.save")?;
    Ok(())
}

/// The next version; whoever else writes the same one is refused by the row itself.
async fn keep_extra(tx: &mut Tx, id: i64, billed: &Billed, expected: u32) -> Result<()> {
    let sql = if expected == 0 {
        "INSERT INTO x8_subscriptions (subscription_id, version, body) VALUES ($1, $2 + 1, $3)"
    } else {
        "UPDATE x8_subscriptions SET version = $2 + 1, body = $3 WHERE subscription_id = $1 AND version = $2"
    };
    let done = sqlx::query(sql)
        .bind(id)
        .bind(i64::from(expected))
        .bind(to_json(&Extra::from(billed))?)
        .execute(&mut **tx)
        .await
        .of("subscription.save")?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(stale("the subscription was changed meanwhile"))
    }
}

/// The user's own columns, for readers that look nowhere else.
async fn follow_user(tx: &mut Tx, user: UserId, billed: &Billed, now: Timestamp) -> Result<()> {
    let rows = of_user(tx, user).await?;
    let decides = Subscription::decisive(rows.iter().map(|record| (&record.billed).into()));
    let counts = decides.filter(|bought| {
        matches!(
            bought.status,
            SubscriptionStatus::Active | SubscriptionStatus::Cancelled
        )
    });
    sqlx::query(
        "UPDATE users SET subscription_tier = $2, subscription_ends_at = $3,
                stripe_customer_id = coalesce(stripe_customer_id, $4), updated_at = $5
         WHERE id = $1",
    )
    .bind(user.0)
    .bind(counts.map_or("TRIAL", |bought| bought.plan.tier()))
    .bind(decides.and_then(|bought| bought.ends_at).map(to_datetime))
    .bind(&billed.customer)
    .bind(to_datetime(now))
    .execute(&mut **tx)
    .await
    .of("subscription.save")?;
    Ok(())
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

/// The existing table has no word for what was never paid for.
fn status_word(billed: &Billed) -> Result<String> {
    if billed.status == SubscriptionStatus::Incomplete {
        return to_word(&SubscriptionStatus::Expired);
    }
    to_word(&billed.status)
}

/// The existing application has no NULL here: what is agreed per customer, or unknown, is 0.
fn amount(billed: &Billed) -> String {
    billed
        .price
        .map_or_else(|| "0".to_owned(), crate::Money::digits)
}

fn currency(billed: &Billed) -> String {
    let currency = billed
        .price
        .map_or(crate::Currency::USD, crate::Money::currency);
    currency.code().to_owned()
}

fn stale(why: &'static str) -> Error {
    Error::conflict("subscription.save", why)
}
