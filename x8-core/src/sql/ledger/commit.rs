//! One use case, all or nothing. The order of the steps is what the triggers need: what frees goes before what takes,
//! money before the order it pays, the order before its booking.

use jiff::Timestamp;

use super::super::{
    Tx,
    fault::Faults,
    inbox::{self, NewMessage, insert_message},
    jobs,
    row::to_json,
    turns,
};
use super::{bookings, orders};
use crate::{
    booking::{Booking, BookingStatus},
    conversation::{Delivery, Flow, Outgoing},
    error::{Error, Result},
    id::MessageId,
    port::{Alert, Changes, ConversationUpdate, JobKind, NewJob, OrderWrite},
    tenant::Tenant,
};

const OPERATION: &str = "ledger.commit";

/// Applies every change inside the transaction; the caller commits it.
pub(super) async fn apply(tx: &mut Tx, tenant: Tenant, changes: Changes) -> Result<Vec<MessageId>> {
    let Changes {
        at,
        conversation,
        orders,
        take,
        release,
        bookings,
        messages,
        jobs,
        alerts,
        once,
        turn,
        finish,
    } = changes;
    if let Some(claim) = finish {
        jobs::finish_or_refuse(tx, claim).await?;
    }
    let moved = conversation.as_ref().map(|update| update.id);
    if let Some(update) = conversation {
        move_conversation(tx, tenant, &update).await?;
    }
    write_book(tx, tenant, at, &orders, &bookings).await?;
    for order in &release {
        bookings::release(tx, tenant, *order).await?;
    }
    for hold in &take {
        orders::require(tx, tenant, hold.order).await?;
        bookings::take(tx, tenant, hold, at).await?;
    }
    for booking in standing(&bookings, true) {
        orders::require(tx, tenant, booking.order).await?;
        bookings::write(tx, tenant, booking, at).await?;
    }
    let mut sent = Vec::with_capacity(messages.len());
    for message in &messages {
        sent.push(queue_message(tx, tenant, message, at).await?);
    }
    for job in &jobs {
        jobs::enqueue(tx, Some(tenant), job).await?;
    }
    for alert in &alerts {
        raise(tx, tenant, None, alert, at).await?;
    }
    for (key, alert) in &once {
        raise(tx, tenant, Some(key), alert, at).await?;
    }
    if let Some(turn) = turn {
        if moved != Some(turn.conversation) {
            inbox::get(tx, tenant, turn.conversation).await?;
        }
        turns::record(tx, tenant, &turn).await?;
    }
    Ok(sent)
}

/// Cancelled bookings, then orders that close, then orders that open: none stands in the way of the next.
async fn write_book(
    tx: &mut Tx,
    tenant: Tenant,
    at: Timestamp,
    orders: &[OrderWrite],
    bookings: &[Booking],
) -> Result<()> {
    for booking in standing(bookings, false) {
        bookings::write(tx, tenant, booking, at).await?;
    }
    for open in [false, true] {
        for write in orders
            .iter()
            .filter(|write| write.order.state.is_open() == open)
        {
            orders::write(tx, tenant, &write.order, at).await?;
        }
    }
    Ok(())
}

fn standing(bookings: &[Booking], stands: bool) -> impl Iterator<Item = &Booking> {
    bookings
        .iter()
        .filter(move |booking| (booking.status == BookingStatus::Booked) == stands)
}

async fn move_conversation(tx: &mut Tx, tenant: Tenant, update: &ConversationUpdate) -> Result<()> {
    let done = sqlx::query(
        "UPDATE x8_conversations SET session = $4, version = version + 1,
                answered_through = CASE WHEN $5 > coalesce(answered_through, 0) THEN $5 ELSE answered_through END,
                taken_over = coalesce($6, taken_over),
                fence = fence + CASE WHEN $6 = TRUE THEN 1 ELSE 0 END
         WHERE company_id = $1 AND id = $2 AND version = $3",
    )
    .bind(tenant.company().0)
    .bind(update.id.0)
    .bind(i64::from(update.expected_version))
    .bind(to_json(&update.session)?)
    .bind(update.answered_through.map(|id| id.0))
    .bind(update.taken_over)
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    if done.rows_affected() == 0 {
        // Absent, or another version of it.
        inbox::get(tx, tenant, update.id).await?;
        return Err(
            Error::conflict(OPERATION, "the conversation has moved on; load it again")
                .with("conversation", update.id)
                .with("expected_version", update.expected_version),
        );
    }
    Ok(())
}

async fn queue_message(
    tx: &mut Tx,
    tenant: Tenant,
    message: &Outgoing,
    at: Timestamp,
) -> Result<MessageId> {
    let new = NewMessage {
        flow: Flow::Outbound,
        author: message.author,
        kind: message.kind,
        payment_status: message.payment_status,
        text: &message.text,
        image: message.image.as_deref(),
        provider_id: None,
        at,
        delivery: Delivery::Queued,
        turn: message.turn,
        fence: message.fence,
    };
    let id = insert_message(tx, tenant, message.conversation, &new, at).await?;
    let send = NewJob::new(JobKind::Send { message: id }, at)
        .in_lane(format!("send:{}", message.conversation));
    // No job can be about a message that is new.
    jobs::insert(tx, Some(tenant), &send).await?;
    Ok(id)
}

/// With a key, only the first alert of that key.
async fn raise(
    tx: &mut Tx,
    tenant: Tenant,
    once: Option<&str>,
    alert: &Alert,
    at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO x8_alerts (company_id, code, order_id, message, at, once) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (company_id, once) WHERE once IS NOT NULL DO NOTHING",
    )
    .bind(tenant.company().0)
    .bind(alert.code)
    .bind(alert.order.map(|order| order.to_string()))
    .bind(&alert.message)
    .bind(at.as_millisecond())
    .bind(once)
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    Ok(())
}
