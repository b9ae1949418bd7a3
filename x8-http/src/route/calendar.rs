//! Bookings, free times and opening hours (B1–B6).

use axum::{Json as Answer, extract::State, response::Response};
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use x8_core::{
    Error, Sku, booking::BookingStatus, catalog::Kind, id::BookingId, tenant::Company,
    usecase::Grid,
};

pub mod hours;

use super::{Ctx, orders::InCompany};
use crate::{
    App,
    error::{ApiError, Problem, Result},
    extract::{CompanyKey, Json, PageQuery, Path, Query, Signed, among, company, with_cursor},
    present,
};

/// Which free times are wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SlotsQuery {
    /// The company, by number or `COMP001`.
    #[param(value_type = String)]
    company_id: CompanyKey,
    /// The service asked for; a delivery when absent or a product.
    sku: Option<String>,
    /// Not before this moment (ISO-8601 with an offset).
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// How many, 1–200; 20 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Bookings of a company, by start.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/calendar/bookings", tag = "calendar", params(PageQuery),
    security(("bearer" = [])), responses((status = 200, body = [present::Booking],
    headers(("x-next-cursor" = String, description = "Cursor of the next page, when there may be one"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn bookings(
    State(app): Ctx,
    signed: Signed,
    Query(query): Query<PageQuery>,
) -> Result<Response> {
    let page = query.page()?;
    let company = company(&app, signed.caller(), query.company()?).await?;
    let bookings = app
        .store()
        .bookings(company.tenant(), None, None, page)
        .await?;
    let next = bookings.last().map(|booking| booking.id);
    let rows: Vec<present::Booking> = bookings.into_iter().map(Into::into).collect();
    Ok(with_cursor(&rows, &page, next))
}

/// What becomes of a booking.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BookingUpdate {
    /// Moves it to the free time that starts at this moment.
    #[schema(value_type = Option<String>, format = DateTime)]
    starts_at: Option<Timestamp>,
    /// `cancelled` calls its order off: what was paid goes back.
    #[schema(value_type = Option<String>)]
    status: Option<BookingStatus>,
    /// The start as the caller saw it; when it is another one by now, nothing changes (409).
    #[schema(value_type = Option<String>, format = DateTime)]
    seen_starts_at: Option<Timestamp>,
}

/// Moves a booking to a free time, or calls it off. The calendar follows, and the customer is told.
///
/// # Errors
/// 401, 404 (T3), 409 when the time is not free, or the booking was moved or called off meanwhile, 422.
#[utoipa::path(patch, path = "/api/v1/calendar/bookings/{booking_id}", tag = "calendar",
    params(("booking_id" = uuid::Uuid, Path), InCompany), security(("bearer" = [])), request_body = BookingUpdate,
    responses((status = 200, body = present::Booking), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<BookingId>,
    Query(query): Query<InCompany>,
    Json(wanted): Json<BookingUpdate>,
) -> Result<Answer<present::Booking>> {
    let engine = &app.engine;
    let look = |tenant| async move { engine.booking(tenant, id).await };
    let named = query.company_id.as_ref();
    let (company, booking) = among(&app, signed.caller(), named, "no such booking", look).await?;
    let tenant = company.tenant();
    match (wanted.status, wanted.starts_at) {
        (Some(BookingStatus::Cancelled), None) => {
            if wanted
                .seen_starts_at
                .is_some_and(|seen| seen != booking.slot.starts_at)
            {
                let why = "the booking was moved meanwhile; load it again";
                return Err(Error::conflict("booking.cancel", why).into());
            }
            engine.cancel_order(tenant, booking.order).await?;
        }
        (None | Some(BookingStatus::Booked), Some(starts_at)) => {
            engine
                .move_booking(tenant, id, starts_at, wanted.seen_starts_at)
                .await?;
        }
        (Some(BookingStatus::Cancelled), Some(_)) => {
            let msg = "a booking is either moved or called off";
            return Err(ApiError::field("body", "status", "value_error", msg));
        }
        (None | Some(BookingStatus::Booked), None) => {
            let msg = "say where to move the booking to, or set the status to cancelled";
            return Err(ApiError::field("body", "starts_at", "missing", msg));
        }
    }
    app.wake.notify_one();
    Ok(Answer(engine.booking(tenant, id).await?.into()))
}

/// Free times for a delivery or a service, earliest first.
///
/// # Errors
/// 401, 404 (T3, or no such offering), 422.
#[utoipa::path(get, path = "/api/v1/calendar/slots", tag = "calendar", params(SlotsQuery),
    security(("bearer" = [])), responses((status = 200, body = [present::Slot]), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn slots(
    State(app): Ctx,
    signed: Signed,
    Query(query): Query<SlotsQuery>,
) -> Result<Answer<Vec<present::Slot>>> {
    let limit = query.limit.unwrap_or(20);
    if !(1..=200).contains(&limit) {
        let msg = format!("limit must be between 1 and 200, not {limit}");
        return Err(ApiError::field("query", "limit", "value_error", msg));
    }
    let company = company(&app, signed.caller(), &query.company_id).await?;
    let grid = grid(&app, &company, query.sku.as_deref()).await?;
    let zone = TimeZone::get(&company.settings.time_zone)
        .map_err(|error| Error::internal("calendar.slots", error))?;
    let most = usize::try_from(limit).unwrap_or(200);
    let times = app
        .engine
        .free_times(&company, &grid, query.from, most)
        .await?;
    if let Some(error) = times.calendar_unread {
        tracing::warn!(company = company.id.0, %error, "free times are given without the calendar");
    }
    let shown = times.slots.into_iter().map(|slot| present::Slot {
        local_start: slot.starts_at.to_zoned(zone.clone()).datetime().to_string(),
        starts_at: slot.starts_at,
        ends_at: slot.ends_at,
        time_zone: company.settings.time_zone.clone(),
    });
    Ok(Answer(shown.collect()))
}

async fn grid(app: &App, company: &Company, sku: Option<&str>) -> Result<Grid> {
    if let Some(sku) = sku {
        let catalog = app.store().live_catalog(company.tenant()).await?;
        let row = catalog
            .get(&Sku::from(sku))
            .ok_or_else(|| Error::not_found("calendar.slots", "no such offering"))?;
        if row.kind == Kind::Service {
            return Ok(Grid::appointment(company, row));
        }
    }
    Ok(Grid::delivery(company))
}
