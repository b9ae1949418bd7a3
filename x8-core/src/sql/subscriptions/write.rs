//! Writing a subscription: the existing application's row, what x8 keeps beside it, and the user's own columns.

use jiff::Timestamp;

use super::{
    super::{
        Tx, dialect,
        fault::Faults,
        row::{Columns, Extra, to_json, to_word},
    },
    of_user, stale,
};
use crate::{
    error::Result,
    id::UserId,
    plan::{Billed, Subscription, SubscriptionStatus},
};

pub(super) async fn insert(
    tx: &mut Tx,
    user: UserId,
    billed: &Billed,
    now: Timestamp,
) -> Result<i64> {
    sqlx::query(
        "INSERT INTO subscriptions (user_id, plan, status, stripe_subscription_id, stripe_customer_id, amount, currency,
                                    start_date, end_date, cancelled_at, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, CAST($6 AS DOUBLE PRECISION), $7, $8, $9, $10, $11, $11) RETURNING id",
    )
    .bind(user.0)
    .bind(dialect::word(to_word(&billed.plan)?))
    .bind(dialect::word(status_word(billed)?))
    .bind(&billed.subscription)
    .bind(&billed.customer)
    .bind(amount(billed))
    .bind(currency(billed))
    .bind(billed.started_at.map(dialect::datetime))
    .bind(billed.ends_at.map(dialect::datetime))
    .bind(billed.cancelled_at.map(dialect::datetime))
    .bind(dialect::datetime(now))
    .fetch_one(&mut **tx)
    .await
    .of("subscription.save")?
    .read("id")
}

pub(super) async fn update(tx: &mut Tx, id: i64, billed: &Billed, now: Timestamp) -> Result<()> {
    sqlx::query(
        "UPDATE subscriptions SET plan = $2, status = $3, stripe_customer_id = $4,
                amount = CAST($5 AS DOUBLE PRECISION), currency = $6, start_date = $7, end_date = $8, cancelled_at = $9,
                updated_at = $10
         WHERE id = $1",
    )
    .bind(id)
    .bind(dialect::word(to_word(&billed.plan)?))
    .bind(dialect::word(status_word(billed)?))
    .bind(&billed.customer)
    .bind(amount(billed))
    .bind(currency(billed))
    .bind(billed.started_at.map(dialect::datetime))
    .bind(billed.ends_at.map(dialect::datetime))
    .bind(billed.cancelled_at.map(dialect::datetime))
    .bind(dialect::datetime(now))
    .execute(&mut **tx)
    .await
    .of("subscription.save")?;
    Ok(())
}

/// The next version; whoever else writes the same one is refused by the row itself.
pub(super) async fn keep_extra(tx: &mut Tx, id: i64, billed: &Billed, expected: u32) -> Result<()> {
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
pub(super) async fn follow_user(
    tx: &mut Tx,
    user: UserId,
    billed: &Billed,
    now: Timestamp,
) -> Result<()> {
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
    .bind(dialect::word(
        counts
            .map_or("TRIAL", |bought| bought.plan.tier())
            .to_owned(),
    ))
    .bind(
        decides
            .and_then(|bought| bought.ends_at)
            .map(dialect::datetime),
    )
    .bind(&billed.customer)
    .bind(dialect::datetime(now))
    .execute(&mut **tx)
    .await
    .of("subscription.save")?;
    Ok(())
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
