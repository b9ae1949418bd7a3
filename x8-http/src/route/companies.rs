//! Companies (T3–T5).

use axum::{Json as Answer, extract::State, http::StatusCode};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use x8_core::{
    booking::OpeningHours,
    order::LatePayment,
    tenant::{Company, CompanySettings, CompanyStatus, CompanyType, NewCompany, QuietHours, Role},
};

use super::Ctx;
use crate::{
    error::{ApiError, FieldProblem, Problem, Result},
    extract::{CompanyKey, Json, Path, Signed, company},
    present,
};

/// A company to be created.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CompanyCreate {
    /// 1–255 characters; need not be unique.
    #[schema(example = "Northern Flowers")]
    name: String,
    /// `Product`, `Service` or `Hybrid`.
    #[schema(value_type = String, example = "Product")]
    company_type: CompanyType,
    /// Free words about the shop.
    #[serde(default)]
    shop_type: Option<String>,
    /// IANA name; `Europe/Madrid` by default.
    #[serde(default)]
    time_zone: Option<String>,
}

/// What to change; absent keys stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CompanyUpdate {
    /// 1–255 characters.
    name: Option<String>,
    /// `ACTIVE` or `INACTIVE`; `SUSPENDED` is the platform's word.
    #[schema(value_type = Option<String>)]
    status: Option<CompanyStatus>,
    /// Time zone, opening hours and policies; absent keys stay as they are.
    settings: Option<SettingsUpdate>,
}

/// Settings to change; absent keys stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SettingsUpdate {
    /// IANA name.
    time_zone: Option<String>,
    /// When bookings may start and how many at once; replaced as a whole.
    #[schema(value_type = Option<Object>)]
    opening: Option<OpeningHours>,
    /// What to do with a payment for a dead order.
    #[schema(value_type = Option<String>)]
    late_payment: Option<LatePayment>,
    /// 31–1440.
    link_minutes: Option<u32>,
    /// Minutes a customer has to choose another time when the one that was paid for is lost, 30–10080.
    offer_minutes: Option<u32>,
    /// Local hours in which nobody is reminded: `{"from": "21:00", "until": "09:00"}`; `null`: none.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    quiet_hours: Given<QuietHours>,
    /// Address or text of the privacy policy, up to 500 characters; empty: none. It goes out with the first reply of each
    /// conversation.
    privacy_policy: Option<String>,
    /// What language models may cost in a calendar month, in millionths of the operator's currency; above it the guided
    /// model answers. `null`: no limit.
    #[serde(default)]
    #[schema(value_type = Option<u64>)]
    model_budget: Given<u64>,
}

/// A key whose `null` means something else than its absence.
#[derive(Debug)]
enum Given<T> {
    /// It stays as it is.
    Kept,
    /// It becomes this.
    Set(Option<T>),
}

impl<T> Default for Given<T> {
    fn default() -> Self {
        Self::Kept
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> std::result::Result<Self, D::Error> {
        Option::deserialize(value).map(Self::Set)
    }
}

/// The companies this caller sees, oldest first.
///
/// # Errors
/// 401.
#[utoipa::path(get, path = "/api/v1/companies", tag = "companies", security(("bearer" = [])), responses(
    (status = 200, body = [present::Company]), (status = 401, body = Problem)))]
pub async fn list(State(app): Ctx, signed: Signed) -> Result<Answer<Vec<present::Company>>> {
    let companies = app.store().companies(signed.caller()).await?;
    Ok(Answer(companies.into_iter().map(Into::into).collect()))
}

/// Creates a company of the caller's own and gives it the next public id.
///
/// # Errors
/// 401, 422.
#[utoipa::path(post, path = "/api/v1/companies", tag = "companies", security(("bearer" = [])),
    request_body = CompanyCreate, responses((status = 201, body = present::Company),
    (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    State(app): Ctx,
    signed: Signed,
    Json(wanted): Json<CompanyCreate>,
) -> Result<(StatusCode, Answer<present::Company>)> {
    let mut settings = CompanySettings::default();
    if let Some(zone) = wanted.time_zone {
        settings.time_zone = zone;
    }
    check(&wanted.name, &settings)?;
    let made = app
        .store()
        .create_company(
            signed.user.id,
            NewCompany {
                name: wanted.name.trim().to_owned(),
                kind: wanted.company_type,
                shop_type: wanted.shop_type,
                settings,
            },
            app.now(),
        )
        .await?;
    Ok((StatusCode::CREATED, Answer(made.into())))
}

/// One company.
///
/// # Errors
/// 401, 404 (T3), 422 for a key that is neither a number nor a public id.
#[utoipa::path(get, path = "/api/v1/companies/{company_id}", tag = "companies", security(("bearer" = [])),
    params(("company_id" = String, Path, description = "Number or COMP001")),
    responses((status = 200, body = present::Company), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn get(
    State(app): Ctx,
    signed: Signed,
    Path(key): Path<CompanyKey>,
) -> Result<Answer<present::Company>> {
    Ok(Answer(company(&app, signed.caller(), &key).await?.into()))
}

/// Changes name, status and settings.
///
/// # Errors
/// 401, 403 for touching a suspension without being an admin, 404 (T3), 422.
#[utoipa::path(patch, path = "/api/v1/companies/{company_id}", tag = "companies", security(("bearer" = [])),
    params(("company_id" = String, Path, description = "Number or COMP001")), request_body = CompanyUpdate,
    responses((status = 200, body = present::Company), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn update(
    State(app): Ctx,
    signed: Signed,
    Path(key): Path<CompanyKey>,
    Json(wanted): Json<CompanyUpdate>,
) -> Result<Answer<present::Company>> {
    let caller = signed.caller();
    let now = company(&app, caller, &key).await?;
    let admin = caller.is_superuser || caller.role == Role::Admin;
    let status = wanted.status.unwrap_or(now.status);
    let suspension =
        status != now.status && [status, now.status].contains(&CompanyStatus::Suspended);
    if suspension && !admin {
        return Err(ApiError::forbidden(
            "only the platform suspends a company or ends it",
        ));
    }
    let name = wanted
        .name
        .as_deref()
        .unwrap_or(&now.name)
        .trim()
        .to_owned();
    let settings = merged(&now, wanted.settings);
    check(&name, &settings)?;
    let changed = app
        .store()
        .update_company(caller, now.id, &name, status, &settings)
        .await?;
    Ok(Answer(changed.into()))
}

/// The company's channels, oldest first; platforms it never chose are absent (E5).
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/companies/{company_id}/channels", tag = "companies", security(("bearer" = [])),
    params(("company_id" = String, Path, description = "Number or COMP001")),
    responses((status = 200, body = [present::Channel]), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn channels(
    State(app): Ctx,
    signed: Signed,
    Path(key): Path<CompanyKey>,
) -> Result<Answer<Vec<present::Channel>>> {
    let company = company(&app, signed.caller(), &key).await?;
    Ok(Answer(super::integrations::shown(&app, &company).await?))
}

fn merged(company: &Company, wanted: Option<SettingsUpdate>) -> CompanySettings {
    let mut settings = company.settings.clone();
    let Some(wanted) = wanted else {
        return settings;
    };
    if let Some(zone) = wanted.time_zone {
        settings.time_zone = zone;
    }
    if let Some(opening) = wanted.opening {
        settings.opening = opening;
    }
    if let Some(late) = wanted.late_payment {
        settings.late_payment = late;
    }
    if let Some(minutes) = wanted.link_minutes {
        settings.link_minutes = minutes;
    }
    if let Some(policy) = wanted.privacy_policy {
        settings.privacy_policy = Some(policy.trim().to_owned()).filter(|text| !text.is_empty());
    }
    if let Some(minutes) = wanted.offer_minutes {
        settings.offer_minutes = minutes;
    }
    if let Given::Set(hours) = wanted.quiet_hours {
        settings.quiet_hours = hours;
    }
    if let Given::Set(budget) = wanted.model_budget {
        settings.model_budget = budget;
    }
    settings
}

/// T4, B3, P4: what no company may be saved with.
fn check(name: &str, settings: &CompanySettings) -> Result<()> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, msg: String| {
        problems.push(FieldProblem::new("body", field, "value_error", msg));
    };
    let length = name.trim().chars().count();
    if !(1..=255).contains(&length) {
        wrong(
            "name",
            format!("the name needs 1 to 255 characters, not {length}"),
        );
    }
    if TimeZone::get(&settings.time_zone).is_err() {
        let msg = format!(
            "`{}` is no IANA time zone such as Europe/Madrid",
            settings.time_zone
        );
        wrong("time_zone", msg);
    }
    if !(31..=1440).contains(&settings.link_minutes) {
        let msg = format!(
            "a payment link lives 31 to 1440 minutes, not {}",
            settings.link_minutes
        );
        wrong("link_minutes", msg);
    }
    if !(30..=10_080).contains(&settings.offer_minutes) {
        let msg = format!(
            "customers choose another time within 30 to 10080 minutes, not {}",
            settings.offer_minutes
        );
        wrong("offer_minutes", msg);
    }
    if !fits(settings.privacy_policy.as_deref()) {
        let msg = "the privacy policy has at most 500 characters: give its address";
        wrong("privacy_policy", msg.to_owned());
    }
    for (field, why) in settings.opening.problems() {
        wrong(&format!("opening.{field}"), why);
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(ApiError::fields(problems))
    }
}

/// A policy stands below a reply, so it must leave room for one on every channel.
fn fits(policy: Option<&str>) -> bool {
    policy.is_none_or(|text| text.chars().count() <= 500)
}
