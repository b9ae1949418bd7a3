//! Events of the payment provider: kept first, understood later (P5, O13).

use jiff::Timestamp;

use super::super::{
    Tx, dialect,
    fault::Faults,
    jobs,
    row::{Columns, to_json},
};
use crate::{
    error::{Error, Result},
    id::{CompanyId, OrderId},
    port::{JobKind, NewJob, PaymentFact, ProviderEvent, Recorded},
    tenant::Tenant,
};

const OPERATION: &str = "payment_event.record";

/// Stores an event once, and its application when it says anything about an order.
pub(super) async fn record(
    tx: &mut Tx,
    event: &ProviderEvent,
    body: &[u8],
    now: Timestamp,
) -> Result<Recorded> {
    if let Some(fact) = &event.fact {
        // O13: whoever stores the order of this key meanwhile sees the event, or the event's job sees the order.
        dialect::lock_payment(tx, fact.key()).await?;
    }
    let done = sqlx::query(
        "INSERT INTO x8_payment_events (account, id, kind, fact, key, event, body, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account, id) DO NOTHING",
    )
    .bind(&event.account)
    .bind(&event.id)
    .bind(&event.kind)
    .bind(event.fact.as_ref().map(fact_word))
    .bind(event.fact.as_ref().map(PaymentFact::key))
    .bind(to_json(event)?)
    .bind(body)
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    if done.rows_affected() == 0 {
        return Ok(Recorded::Known);
    }
    if event.fact.is_some() {
        let job = NewJob::new(application(&event.account, &event.id), now);
        jobs::insert(tx, None, &job).await?;
    }
    Ok(Recorded::New)
}

/// The word by which the violations view knows a fact.
fn fact_word(fact: &PaymentFact) -> &'static str {
    match fact {
        PaymentFact::Paid { .. } => "paid",
        PaymentFact::Expired { .. } => "expired",
        PaymentFact::Refunded { .. } => "refunded",
        PaymentFact::Processing { .. } => "processing",
        PaymentFact::Failed { .. } => "failed",
        PaymentFact::PartlyRefunded { .. } => "partly_refunded",
        PaymentFact::Disputed { .. } => "disputed",
        PaymentFact::DisputeClosed { .. } => "dispute_closed",
        PaymentFact::AccountChanged { .. } => "account_changed",
    }
}

/// O13: applies every stored event about this link or payment again, now that its order is there.
pub(super) async fn again(tx: &mut Tx, tenant: Tenant, key: &str, at: Timestamp) -> Result<()> {
    let waiting = sqlx::query(
        "SELECT account, id FROM x8_payment_events WHERE key = $1 ORDER BY recorded_at",
    )
    .bind(key)
    .fetch_all(&mut **tx)
    .await
    .of("ledger.commit")?;
    for event in &waiting {
        let (account, id): (String, String) = (event.read("account")?, event.read("id")?);
        let job = NewJob::new(application(&account, &id), at);
        jobs::enqueue(tx, Some(tenant), &job).await?;
    }
    Ok(())
}

fn application(account: &str, event: &str) -> JobKind {
    JobKind::ApplyPayment {
        account: account.to_owned(),
        event: event.to_owned(),
    }
}

/// A stored event, and the order it is about.
pub(super) async fn get(
    tx: &mut Tx,
    account: &str,
    id: &str,
) -> Result<(ProviderEvent, Option<(Tenant, OrderId)>)> {
    const OPERATION: &str = "payment_event.get";
    let event: ProviderEvent =
        sqlx::query("SELECT event FROM x8_payment_events WHERE account = $1 AND id = $2")
            .bind(account)
            .bind(id)
            .fetch_optional(&mut **tx)
            .await
            .of(OPERATION)?
            .ok_or_else(|| {
                Error::not_found(OPERATION, "no such payment event")
                    .with("account", account)
                    .with("event", id)
            })?
            .json("event")?;
    let subject = match &event.fact {
        Some(fact) => subject(tx, fact).await?,
        None => None,
    };
    Ok((event, subject))
}

async fn subject(tx: &mut Tx, fact: &PaymentFact) -> Result<Option<(Tenant, OrderId)>> {
    sqlx::query("SELECT company_id, order_id FROM x8_payment_keys WHERE key = $1")
        .bind(fact.key())
        .fetch_optional(&mut **tx)
        .await
        .of("payment_event.get")?
        .map(|row| {
            let tenant = Tenant::assume(CompanyId(row.read("company_id")?));
            Ok((tenant, OrderId(row.uuid("order_id")?)))
        })
        .transpose()
}
