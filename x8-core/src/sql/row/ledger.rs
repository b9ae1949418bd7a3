//! Orders, holds, bookings and jobs.

use super::{Columns, Row};
use crate::{
    booking::{Booking, Hold, Slot},
    error::Result,
    id::{CompanyId, JobId, OrderId},
    order::Order,
    port::{Claim, Job},
    tenant::Tenant,
};

/// A row of `x8_orders`: the body is the whole order.
pub(in super::super) fn order(row: &Row) -> Result<Order> {
    row.json("body")
}

/// A row of `x8_bookings`: the body is the whole booking.
pub(in super::super) fn booking(row: &Row) -> Result<Booking> {
    row.json("body")
}

/// A row of `x8_holds`.
pub(in super::super) fn hold(row: &Row) -> Result<Hold> {
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
pub(in super::super) fn job(row: &Row) -> Result<Job> {
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
