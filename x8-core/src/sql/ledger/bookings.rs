//! Seats and bookings (B1, B3).

use jiff::Timestamp;

use super::super::{
    Tx,
    fault::Faults,
    row::{to_json, to_word},
};
use crate::{
    booking::{Booking, BookingStatus, Hold},
    error::{Error, Result},
    id::OrderId,
    tenant::Tenant,
};

const OPERATION: &str = "ledger.commit";

/// Lets go of what an order holds; the seat of a booking that stands stays.
pub(super) async fn release(tx: &mut Tx, tenant: Tenant, order: OrderId) -> Result<()> {
    sqlx::query(
        "DELETE FROM x8_holds WHERE company_id = $1 AND order_id = $2 AND NOT EXISTS (
             SELECT 1 FROM x8_bookings b WHERE b.company_id = x8_holds.company_id AND b.order_id = x8_holds.order_id
                AND b.resource = x8_holds.resource AND b.seat = x8_holds.seat AND b.status = 'booked'
                AND b.starts_at < x8_holds.ends_at AND x8_holds.starts_at < b.ends_at)",
    )
    .bind(tenant.company().0)
    .bind(order.to_string())
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    Ok(())
}

/// Takes every cell of a seat for an order: free ones, its own, or those whose hold has run out. A lasting hold stays
/// lasting.
pub(super) async fn take(tx: &mut Tx, tenant: Tenant, hold: &Hold, at: Timestamp) -> Result<()> {
    for slot in hold.slot.cells() {
        let cell = Hold {
            slot,
            ..hold.clone()
        };
        take_cell(tx, tenant, &cell, at).await?;
    }
    Ok(())
}

async fn take_cell(tx: &mut Tx, tenant: Tenant, hold: &Hold, at: Timestamp) -> Result<()> {
    let done = sqlx::query(
        "INSERT INTO x8_holds (company_id, resource, starts_at, seat, ends_at, order_id, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (company_id, resource, starts_at, seat) DO UPDATE SET
             ends_at = excluded.ends_at, order_id = excluded.order_id,
             expires_at = CASE WHEN x8_holds.order_id = excluded.order_id AND x8_holds.expires_at IS NULL
                          THEN NULL ELSE excluded.expires_at END
         WHERE x8_holds.order_id = excluded.order_id OR x8_holds.expires_at <= $8",
    )
    .bind(tenant.company().0)
    .bind(&hold.slot.resource)
    .bind(hold.slot.starts_at.as_millisecond())
    .bind(i64::from(hold.slot.seat))
    .bind(hold.slot.ends_at.as_millisecond())
    .bind(hold.order.to_string())
    .bind(hold.expires_at.map(Timestamp::as_millisecond))
    .bind(at.as_millisecond())
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    if done.rows_affected() == 0 {
        return Err(Error::conflict(OPERATION, "this slot has just been taken")
            .with("resource", &hold.slot.resource)
            .with("starts_at", hold.slot.starts_at)
            .with("seat", hold.slot.seat));
    }
    Ok(())
}

/// Writes a booking; one that stands makes its seat lasting, one that is called off frees it.
pub(super) async fn write(
    tx: &mut Tx,
    tenant: Tenant,
    booking: &Booking,
    at: Timestamp,
) -> Result<()> {
    // Not an upsert: its insert trigger would fire for a calendar write too, and ask for the money again.
    if !store(tx, tenant, booking, UPDATE).await? {
        store(tx, tenant, booking, INSERT).await?;
    }
    match booking.status {
        BookingStatus::Booked => keep_seat(tx, tenant, booking, at).await,
        BookingStatus::Cancelled => release(tx, tenant, booking.order).await,
    }
}

const UPDATE: &str =
    "UPDATE x8_bookings SET status = $4, resource = $5, starts_at = $6, ends_at = $7,
            seat = $8, body = $9
     WHERE id = $1 AND company_id = $2 AND order_id = $3";
const INSERT: &str = "INSERT INTO x8_bookings (id, company_id, order_id, status, resource, starts_at, ends_at, seat, body)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

async fn store(
    tx: &mut Tx,
    tenant: Tenant,
    booking: &Booking,
    statement: &'static str,
) -> Result<bool> {
    let done = sqlx::query(statement)
        .bind(booking.id.to_string())
        .bind(tenant.company().0)
        .bind(booking.order.to_string())
        .bind(to_word(&booking.status)?)
        .bind(&booking.slot.resource)
        .bind(booking.slot.starts_at.as_millisecond())
        .bind(booking.slot.ends_at.as_millisecond())
        .bind(i64::from(booking.slot.seat))
        .bind(to_json(booking)?)
        .execute(&mut **tx)
        .await
        .of(OPERATION)?;
    Ok(done.rows_affected() == 1)
}

/// An order has one standing booking, hence one seat: whatever else it held is let go.
async fn keep_seat(tx: &mut Tx, tenant: Tenant, booking: &Booking, at: Timestamp) -> Result<()> {
    sqlx::query("DELETE FROM x8_holds WHERE company_id = $1 AND order_id = $2")
        .bind(tenant.company().0)
        .bind(booking.order.to_string())
        .execute(&mut **tx)
        .await
        .of(OPERATION)?;
    let lasting = Hold {
        order: booking.order,
        slot: booking.slot.clone(),
        expires_at: None,
    };
    take(tx, tenant, &lasting, at).await
}
