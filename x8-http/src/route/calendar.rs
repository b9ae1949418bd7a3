//! Bookings and free times (B1–B6).

use axum::{Json as Answer, extract::State, response::Response};
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;
use utoipa::IntoParams;
use x8_core::{Error, Sku, catalog::Kind, tenant::Company, usecase::Grid};

use super::Ctx;
use crate::{
    App,
    error::{ApiError, Problem, Result},
    extract::{CompanyKey, PageQuery, Query, Signed, company, with_cursor},
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
