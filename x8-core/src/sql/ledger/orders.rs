//! Writing orders with their links and their money.

use jiff::Timestamp;

use super::super::{Tx, dialect, fault::Faults, inbox, row::to_json};
use super::events;
use crate::{
    error::{Error, Result},
    id::OrderId,
    order::{Order, OrderState, Payment},
    tenant::Tenant,
};

const OPERATION: &str = "ledger.commit";

/// Writes an order at its next version, after its money and before its link: the database looks for the payment when the
/// order becomes paid, and for the order when the link is stored.
pub(super) async fn write(tx: &mut Tx, tenant: Tenant, order: &Order, at: Timestamp) -> Result<()> {
    if order.company != tenant.company() {
        return Err(absent(order.id));
    }
    // Foreign keys would refuse a foreign thread too, as a conflict; it must look as if it did not exist (T3).
    let thread = inbox::get(tx, tenant, order.conversation).await?;
    if thread.customer != order.customer {
        return Err(absent(order.id));
    }
    if needs_money(order) && order.payment.is_none() {
        return Err(Error::conflict(
            OPERATION,
            "an order moves past payment only with a payment of its total",
        )
        .with("order", order.id));
    }
    if let Some(payment) = &order.payment {
        write_payment(tx, order, payment).await?;
    }
    write_row(tx, order).await?;
    for key in payment_keys(order) {
        if write_key(tx, order, key, at).await? {
            events::again(tx, tenant, key, at).await?;
        }
    }
    Ok(())
}

/// The provider's names by which its events find an order.
fn payment_keys(order: &Order) -> impl Iterator<Item = &str> {
    let link = order.checkout.iter().map(|link| link.session.as_str());
    let money = order.payment.iter();
    link.chain(money.flat_map(|paid| [paid.session.as_str(), paid.reference.as_str()]))
}

/// Principle 2, as far as the order itself tells; the database compares the amounts.
fn needs_money(order: &Order) -> bool {
    match order.state {
        OrderState::Paid => true,
        OrderState::Confirmed
        | OrderState::Booked
        | OrderState::Fulfilled
        | OrderState::BookingFailed => !order.is_free(),
        OrderState::Cart
        | OrderState::AwaitingPayment
        | OrderState::Superseded
        | OrderState::Expired
        | OrderState::Cancelled
        | OrderState::RefundPending
        | OrderState::Refunded => false,
    }
}

/// The order is one of the company's.
pub(super) async fn require(tx: &mut Tx, tenant: Tenant, id: OrderId) -> Result<()> {
    sqlx::query("SELECT 1 FROM x8_orders WHERE company_id = $1 AND id = $2")
        .bind(tenant.company().0)
        .bind(id.to_string())
        .fetch_optional(&mut **tx)
        .await
        .of(OPERATION)?
        .map(drop)
        .ok_or_else(|| absent(id))
}

fn absent(id: OrderId) -> Error {
    Error::not_found(OPERATION, "no such order").with("order", id)
}

async fn write_row(tx: &mut Tx, order: &Order) -> Result<()> {
    let next = Order {
        version: order.version.saturating_add(1),
        ..order.clone()
    };
    let statement = if order.version == 0 {
        "INSERT INTO x8_orders (company_id, id, customer_id, conversation_id, version, state, total_minor, currency,
                                problem, created_at, updated_at, body)
         VALUES ($1, $2, $3, $4, $5 + 1, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING"
    } else {
        "UPDATE x8_orders SET customer_id = $3, conversation_id = $4, version = $5 + 1, state = $6, total_minor = $7,
                currency = $8, problem = $9, created_at = $10, updated_at = $11, body = $12
         WHERE company_id = $1 AND id = $2 AND version = $5"
    };
    let done = sqlx::query(statement)
        .bind(order.company.0)
        .bind(order.id.to_string())
        .bind(order.customer.0)
        .bind(order.conversation.0)
        .bind(i64::from(order.version))
        .bind(order.state.as_str())
        .bind(order.totals.total.minor())
        .bind(order.totals.total.currency().code())
        .bind(&order.problem)
        .bind(order.created_at.as_millisecond())
        .bind(order.updated_at.as_millisecond())
        .bind(to_json(&next)?)
        .execute(&mut **tx)
        .await
        .of(OPERATION)?;
    if done.rows_affected() == 0 {
        return Err(
            Error::conflict(OPERATION, "the order has moved on; load it again")
                .with("order", order.id)
                .with("version", order.version),
        );
    }
    Ok(())
}

async fn write_payment(tx: &mut Tx, order: &Order, payment: &Payment) -> Result<()> {
    sqlx::query(
        "INSERT INTO x8_payments (order_id, company_id, session, reference, amount_minor, currency, paid_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (order_id) DO UPDATE SET session = excluded.session, reference = excluded.reference,
             amount_minor = excluded.amount_minor, currency = excluded.currency, paid_at = excluded.paid_at
         WHERE x8_payments.company_id = excluded.company_id",
    )
    .bind(order.id.to_string())
    .bind(order.company.0)
    .bind(&payment.session)
    .bind(&payment.reference)
    .bind(payment.amount.minor())
    .bind(payment.amount.currency().code())
    .bind(payment.paid_at.as_millisecond())
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    Ok(())
}

/// Remembers a link or a payment for ever; `true` when it is new. One that another order has is refused.
async fn write_key(tx: &mut Tx, order: &Order, key: &str, at: Timestamp) -> Result<bool> {
    dialect::lock_payment(tx, key).await?;
    let done = sqlx::query(
        "INSERT INTO x8_payment_keys (key, company_id, order_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (key) DO NOTHING",
    )
    .bind(key)
    .bind(order.company.0)
    .bind(order.id.to_string())
    .bind(at.as_millisecond())
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    if done.rows_affected() == 1 {
        return Ok(true);
    }
    let own = sqlx::query(
        "SELECT 1 FROM x8_payment_keys WHERE key = $1 AND company_id = $2 AND order_id = $3",
    )
    .bind(key)
    .bind(order.company.0)
    .bind(order.id.to_string())
    .fetch_optional(&mut **tx)
    .await
    .of(OPERATION)?;
    match own {
        Some(_) => Ok(false),
        None => Err(
            Error::conflict(OPERATION, "this link or payment belongs to another order")
                .with("key", key),
        ),
    }
}
