//! Writing orders with their links and their money.

use jiff::Timestamp;

use super::events;
use crate::{
    error::{Error, Result},
    id::OrderId,
    order::{Order, OrderState, Payment},
    sqlite::{connect::Tx, fault::Faults, inbox, row::to_json},
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
    let paid_anew = match &order.payment {
        Some(payment) => write_payment(tx, order, payment).await?,
        None => false,
    };
    write_row(tx, order).await?;
    let links = order.checkout.iter().map(|link| link.session.as_str());
    let paid = order.payment.iter().map(|paid| paid.session.as_str());
    for session in links.chain(paid) {
        if write_link(tx, order, session, at).await? {
            events::again(tx, tenant, session, at).await?;
        }
    }
    if let (Some(payment), true) = (&order.payment, paid_anew) {
        events::again(tx, tenant, &payment.reference, at).await?;
    }
    Ok(())
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
        .bind(order.version)
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

/// Stores the money; `true` when this reference was not known for the order.
async fn write_payment(tx: &mut Tx, order: &Order, payment: &Payment) -> Result<bool> {
    let known = sqlx::query("SELECT 1 FROM x8_payments WHERE order_id = $1 AND reference = $2")
        .bind(order.id.to_string())
        .bind(&payment.reference)
        .fetch_optional(&mut **tx)
        .await
        .of(OPERATION)?;
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
    Ok(known.is_none())
}

/// Remembers a link for ever; `true` when it is new. One that another order has is refused.
async fn write_link(tx: &mut Tx, order: &Order, session: &str, at: Timestamp) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO x8_checkouts (session, company_id, order_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (session) DO NOTHING",
    )
    .bind(session)
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
        "SELECT 1 FROM x8_checkouts WHERE session = $1 AND company_id = $2 AND order_id = $3",
    )
    .bind(session)
    .bind(order.company.0)
    .bind(order.id.to_string())
    .fetch_optional(&mut **tx)
    .await
    .of(OPERATION)?;
    match own {
        Some(_) => Ok(false),
        None => Err(
            Error::conflict(OPERATION, "this payment link belongs to another order")
                .with("session", session),
        ),
    }
}
