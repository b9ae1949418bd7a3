//! When a company is open (B3).

use axum::{Json as Answer, extract::State};
use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use x8_core::{
    booking::{DayHours, OpeningHours, SpecialDay},
    tenant::{Company, CompanySettings},
};

use crate::{
    error::{ApiError, FieldProblem, Problem, Result},
    extract::{CompanyQuery, Json, Query, Signed, company},
    route::Ctx,
};

/// Opening hours; absent keys stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = OpeningHoursUpdate)]
pub struct HoursUpdate {
    /// IANA name of the company's zone.
    time_zone: Option<String>,
    /// Seven days, Monday first; each a list of pairs of opening and closing in local time, empty when closed.
    #[schema(value_type = Option<Vec<Vec<Vec<String>>>>)]
    week: Option<[DayHours; 7]>,
    /// Closed days.
    #[schema(value_type = Option<Vec<String>>)]
    holidays: Option<Vec<Date>>,
    /// Days with hours of their own.
    #[schema(value_type = Option<Vec<Object>>)]
    special_days: Option<Vec<SpecialDay>>,
    /// The earliest start is this many minutes from now; at most 86,400.
    lead_minutes: Option<u32>,
    /// How many days ahead times are offered; at most 365.
    horizon_days: Option<u32>,
    /// Parallel deliveries per delivery slot; at most 1,000.
    delivery_capacity: Option<u32>,
    /// Length of a delivery slot, 5–1440.
    delivery_minutes: Option<u32>,
    /// Parallel appointments per service; at most 1,000.
    appointment_capacity: Option<u32>,
    /// Minutes from one start of an appointment to the next, 5–1440; 0: its length.
    appointment_step_minutes: Option<u32>,
}

/// Opening hours as they stand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpeningHoursOut)]
pub struct Hours {
    /// The company.
    company_id: i64,
    /// IANA name of its zone.
    time_zone: String,
    /// When bookings may start and how many at once.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    opening: OpeningHours,
}

/// Sets when a company is open. Bookings that stand stay where they are.
///
/// # Errors
/// 401, 404 (T3), 422 naming every wrong field.
#[utoipa::path(put, path = "/api/v1/calendar/opening-hours", tag = "calendar", params(CompanyQuery),
    security(("bearer" = [])), request_body = HoursUpdate, responses((status = 200, body = Hours),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn put(
    State(app): Ctx,
    signed: Signed,
    Query(query): Query<CompanyQuery>,
    Json(wanted): Json<HoursUpdate>,
) -> Result<Answer<Hours>> {
    let caller = signed.caller();
    let now = company(&app, caller, &query.company_id).await?;
    let settings = merged(&now, wanted);
    check(&settings)?;
    let changed = app
        .store()
        .update_company(caller, now.id, &now.name, now.status, &settings)
        .await?;
    Ok(Answer(Hours {
        company_id: changed.id.0,
        time_zone: changed.settings.time_zone,
        opening: changed.settings.opening,
    }))
}

fn merged(company: &Company, wanted: HoursUpdate) -> CompanySettings {
    let mut settings = company.settings.clone();
    settings.time_zone = wanted.time_zone.unwrap_or(settings.time_zone);
    let kept = settings.opening;
    settings.opening = OpeningHours {
        week: wanted.week.unwrap_or(kept.week),
        holidays: wanted.holidays.unwrap_or(kept.holidays),
        special_days: wanted.special_days.unwrap_or(kept.special_days),
        lead_minutes: wanted.lead_minutes.unwrap_or(kept.lead_minutes),
        horizon_days: wanted.horizon_days.unwrap_or(kept.horizon_days),
        delivery_capacity: wanted.delivery_capacity.unwrap_or(kept.delivery_capacity),
        delivery_minutes: wanted.delivery_minutes.unwrap_or(kept.delivery_minutes),
        appointment_capacity: wanted
            .appointment_capacity
            .unwrap_or(kept.appointment_capacity),
        appointment_step_minutes: wanted
            .appointment_step_minutes
            .unwrap_or(kept.appointment_step_minutes),
    };
    settings
}

fn check(settings: &CompanySettings) -> Result<()> {
    let mut problems = settings.opening.problems();
    if TimeZone::get(&settings.time_zone).is_err() {
        let zone = &settings.time_zone;
        let why = format!("`{zone}` is no IANA time zone such as Europe/Madrid");
        problems.push(("time_zone".to_owned(), why));
    }
    if problems.is_empty() {
        return Ok(());
    }
    let fields = problems
        .into_iter()
        .map(|(field, why)| FieldProblem::new("body", &field, "value_error", why));
    Err(ApiError::fields(fields.collect()))
}
