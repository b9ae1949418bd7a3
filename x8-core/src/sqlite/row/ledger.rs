//! Orders, holds, bookings and jobs.

use sqlx::sqlite::SqliteRow;

use super::Columns;
use crate::{
    booking::{Booking, Hold, Slot},
    error::Result,
    id::{CompanyId, JobId, OrderId},
    order::Order,
    port::{Claim, Job},
    tenant::Tenant,
};

/// A row of `x8_orders`: the body is the whole order.
pub(in crate::sqlite) fn order(row: &SqliteRow) -> Result<Order> {
    row.json("body")
}

/// A row of `x8_bookings`: the body is the whole booking.
pub(in crate::sqlite) fn booking(row: &SqliteRow) -> Result<Booking> {
    row.json("body")
}

/// A row of `x8_holds`.
pub(in crate::sqlite) fn hold(row: &SqliteRow) -> Result<Hold> {
    Ok(Hold {
        order: OrderId(row.uuid("order_id")?),
        slot: Slot {
            resource: row.read("resource")?,
            starts_at: row.time("starts_at")?,
            ends_at: row.time("ends_at")?,
            seat: row.count("seat")?,
            cell_minutes: 0,
        },
        expires_at: row.time_if("expires_at")?,
    })
}

/// A row of `x8_jobs`.
pub(in crate::sqlite) fn job(row: &SqliteRow) -> Result<Job> {
    Ok(Job {
        claim: Claim {
            job: JobId(row.read("id")?),
            generation: row.count("generation")?,
        },
        tenant: row
            .read::<Option<i64>>("company_id")?
            .map(|company| Tenant::assume(CompanyId(company))),
        kind: row.json("kind")?,
        attempts: row.count("attempts")?,
        last_error: row.read("last_error")?,
    })
}
