//! Connecting a company's Google calendar (P12, B5).

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{FromRequestParts, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use x8_billing::google_calendar::CalendarEntry;
use x8_core::{
    Error, ErrorKind, Secret,
    id::UserId,
    tenant::{Caller, Tenant},
    usecase::Rewrite,
};

use super::Ctx;
use crate::{
    App,
    calendars::{Connected, Connection, Keeper},
    error::{ApiError, Problem, Result},
    extract::{CompanyKey, CompanyQuery, Json, Query, Signed, company},
};

/// Kept by the browser that begins a sign-in until it comes back.
const COOKIE: &str = "x8_google_calendar";
const PATH: &str = "/api/v1/integrations/google-calendar";

/// For which company.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CalendarAuth {
    /// Number or `COMP001`.
    #[schema(value_type = i64, example = 1)]
    company_id: CompanyKey,
}

/// Where to send the person.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarAuthUrl {
    /// Google's consent page. Open it in the browser that made this call, within ten minutes.
    authorization_url: String,
}

/// What Google sends back with the person.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CalendarCallback {
    /// As it was sent out.
    state: String,
    /// Good once.
    code: Option<String>,
    /// Why there is no code: `access_denied`, …
    error: Option<String>,
}

/// The choice of a calendar.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CalendarChoice {
    /// Number or `COMP001`.
    #[schema(value_type = i64, example = 1)]
    company_id: CompanyKey,
    /// One of the writable calendars of `status`.
    calendar_id: String,
}

/// Who keeps a company's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Google.
    Google,
    /// The simulated calendar; never in production.
    Sandbox,
    /// x8 alone: bookings are in x8's own calendar.
    None,
}

/// Where a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Bookings are written.
    Connected,
    /// Google has ended the connection: bookings wait until the company connects again (B5).
    NeedsReauthorisation,
    /// There is none.
    NotConnected,
}

/// The calendar of a company.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarStatus {
    /// The company.
    company_id: i64,
    /// Whether this server can connect Google calendars at all.
    available: bool,
    /// Who keeps the calendar.
    provider: Provider,
    /// Where the connection with Google stands.
    state: Standing,
    /// The Google account, by the address of its main calendar.
    account: Option<String>,
    /// The calendar that bookings are written to.
    calendar_id: Option<String>,
    /// The calendars of the account; empty while Google does not answer.
    calendars: Vec<ListedCalendar>,
    /// What is wrong just now, for people.
    problem: Option<String>,
}

/// A calendar of the connected account.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedCalendar {
    /// Its address.
    id: String,
    /// What its owner calls it.
    name: String,
    /// Its own zone.
    time_zone: Option<String>,
    /// Whether it is the account's main one.
    primary: bool,
    /// Whether bookings can be written to it.
    writable: bool,
}

impl From<CalendarEntry> for ListedCalendar {
    fn from(entry: CalendarEntry) -> Self {
        Self {
            id: entry.id,
            name: entry.name,
            time_zone: entry.time_zone,
            primary: entry.primary,
            writable: entry.writable,
        }
    }
}

/// Begins to connect a company's Google calendar: send the person to the address in the answer.
///
/// The answer sets a cookie; a front end on another origin must call with credentials, or finish with the access token.
///
/// # Errors
/// 401, 404 (T3), 422; 501 when this server is no client of Google's.
#[utoipa::path(post, path = "/api/v1/integrations/google-calendar/auth", tag = "google-calendar",
    request_body = CalendarAuth, security(("bearer" = [])), responses(
    (status = 200, body = CalendarAuthUrl, headers(("set-cookie" = String, description = "Proves the browser for ten minutes"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem), (status = 501, body = Problem)))]
pub async fn auth(
    State(app): Ctx,
    signed: Signed,
    Json(wanted): Json<CalendarAuth>,
) -> Result<Response> {
    let company = company(&app, signed.caller(), &wanted.company_id).await?;
    let started = app
        .calendars
        .start(company.tenant(), signed.user.id)
        .await?;
    let mut response = Answer(CalendarAuthUrl {
        authorization_url: started.url,
    })
    .into_response();
    let cookie = cookie(&app, &started.browser, 600)?;
    let _previous = response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Where Google sends the person back. A browser gets a page; a call with an access token the status as JSON.
///
/// # Errors
/// 400 when the person said no; 403 in another browser, 404 (T3), 422 when the sign-in was used, took too long, or not every
/// box was ticked; 501, 503.
#[utoipa::path(get, path = "/api/v1/integrations/google-calendar/callback", tag = "google-calendar",
    params(CalendarCallback), responses((status = 200, body = CalendarStatus), (status = 400, body = Problem),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem), (status = 501, body = Problem), (status = 503, body = Problem)))]
pub async fn callback(
    State(app): Ctx,
    MaybeSigned(signed): MaybeSigned,
    headers: HeaderMap,
    Query(back): Query<CalendarCallback>,
) -> Result<Response> {
    let consent = app
        .calendars
        .come_back(&back.state, own_cookie(&headers), signed)
        .await?;
    // Both may have lost their rights while the person was away.
    let user = app.account(consent.user).await?;
    let company = app
        .store()
        .company(Caller::from(&user), consent.company)
        .await?;
    let tenant = company.tenant();
    let code = match (back.code, back.error) {
        (Some(code), None) => code,
        (_, error) => return Err(said_no(error.as_deref())),
    };
    let rewrite = match app.calendars.finish(tenant, &consent, &code).await? {
        Connected::Again => Rewrite::Waiting,
        Connected::Anew => Rewrite::All,
    };
    write_bookings(&app, tenant, rewrite).await?;
    let mut response = if signed.is_some() {
        Answer(status_of(&app, tenant).await?).into_response()
    } else {
        page()
    };
    let over = cookie(&app, &Secret::new("-"), 0)?;
    let _previous = response.headers_mut().insert(header::SET_COOKIE, over);
    Ok(response)
}

/// Where a company's calendar stands. Asks Google, so that an ended connection shows at once (H6).
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/integrations/google-calendar/status", tag = "google-calendar", params(CompanyQuery),
    security(("bearer" = [])), responses((status = 200, body = CalendarStatus), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn status(
    State(app): Ctx,
    signed: Signed,
    Query(named): Query<CompanyQuery>,
) -> Result<Answer<CalendarStatus>> {
    let company = company(&app, signed.caller(), &named.company_id).await?;
    Ok(Answer(status_of(&app, company.tenant()).await?))
}

/// Chooses the calendar that bookings are written to; upcoming ones move there. Choosing twice changes nothing.
///
/// # Errors
/// 401, 404 (T3), 409 when the company is not connected (any more), 422 for a calendar that cannot be written to, 501, 503.
#[utoipa::path(put, path = "/api/v1/integrations/google-calendar", tag = "google-calendar", request_body = CalendarChoice,
    security(("bearer" = [])), responses((status = 200, body = CalendarStatus), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
    (status = 501, body = Problem), (status = 503, body = Problem)))]
pub async fn choose(
    State(app): Ctx,
    signed: Signed,
    Json(wanted): Json<CalendarChoice>,
) -> Result<Answer<CalendarStatus>> {
    let company = company(&app, signed.caller(), &wanted.company_id).await?;
    let tenant = company.tenant();
    let chosen = app.calendars.choose(tenant, &wanted.calendar_id).await;
    if chosen.map_err(choice_refused)? {
        write_bookings(&app, tenant, Rewrite::All).await?;
    }
    Ok(Answer(status_of(&app, tenant).await?))
}

/// Disconnects a company's Google calendar. Events stay there; bookings stay here. Disconnecting twice changes nothing.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(delete, path = "/api/v1/integrations/google-calendar", tag = "google-calendar", params(CompanyQuery),
    security(("bearer" = [])), responses((status = 204, description = "It is disconnected"),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn disconnect(
    State(app): Ctx,
    signed: Signed,
    Query(named): Query<CompanyQuery>,
) -> Result<StatusCode> {
    let company = company(&app, signed.caller(), &named.company_id).await?;
    if app.calendars.disconnect(company.tenant()).await? {
        write_bookings(&app, company.tenant(), Rewrite::All).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn write_bookings(app: &App, tenant: Tenant, rewrite: Rewrite) -> Result<()> {
    app.engine.rewrite_calendar(tenant, rewrite).await?;
    app.wake.notify_one();
    Ok(())
}

async fn status_of(app: &App, tenant: Tenant) -> Result<CalendarStatus> {
    let known = app.calendars.connection(tenant).await?;
    let (calendars, problem) = match &known {
        Some(_) => listed(app, tenant).await?,
        None => (Vec::new(), None),
    };
    // Asking may have shown that it was ended.
    let known = app.calendars.connection(tenant).await?;
    Ok(CalendarStatus {
        company_id: tenant.company().0,
        available: app.config.google.is_some(),
        provider: match app.calendars.keeper(tenant).await? {
            Keeper::Google => Provider::Google,
            Keeper::Sandbox => Provider::Sandbox,
            Keeper::Nobody => Provider::None,
        },
        state: match &known {
            None => Standing::NotConnected,
            Some(known) if known.needs_consent() => Standing::NeedsReauthorisation,
            Some(_) => Standing::Connected,
        },
        account: known.as_ref().map(|known| known.account.clone()),
        calendar_id: known.map(|Connection { calendar, .. }| calendar),
        calendars,
        problem,
    })
}

/// The calendars, or what stands in the way of seeing them.
async fn listed(app: &App, tenant: Tenant) -> Result<(Vec<ListedCalendar>, Option<String>)> {
    match app.calendars.listed(tenant).await {
        Ok(listed) => Ok((listed.into_iter().map(Into::into).collect(), None)),
        Err(error) if error.kind() == ErrorKind::Internal => Err(error.into()),
        Err(error) => Ok((Vec::new(), Some(error.public().to_owned()))),
    }
}

/// 401 is about the caller's own token: what Google refuses is a conflict with the state of the connection.
fn choice_refused(error: Error) -> ApiError {
    let public = error.public().to_owned();
    if error.kind() == ErrorKind::Unauthenticated {
        ApiError::new(StatusCode::CONFLICT, public)
    } else if error.kind() == ErrorKind::Invalid {
        ApiError::field("body", "calendar_id", "value_error", public)
    } else {
        error.into()
    }
}

fn said_no(error: Option<&str>) -> ApiError {
    let why = match error {
        Some("access_denied") => "access to the calendar was not given; nothing was changed",
        Some(_) | None => "Google sent no code; connect the calendar again",
    };
    ApiError::new(StatusCode::BAD_REQUEST, why)
}

fn page() -> Response {
    let html = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>x8</title>\
        <p>The Google calendar is connected. You can close this window.</p></html>";
    let mut response = Html(html).into_response();
    let policy = HeaderValue::from_static("default-src 'none'");
    let _previous = response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// Sent back only to these routes, never to scripts, and with the person who comes from Google's page.
fn cookie(app: &App, value: &Secret, seconds: u32) -> Result<HeaderValue> {
    let secure = if app.config.public_url.starts_with("https://") {
        "; Secure"
    } else {
        ""
    };
    let text = format!(
        "{COOKIE}={}; Path={PATH}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
        value.expose()
    );
    let mut value =
        HeaderValue::from_str(&text).map_err(|error| Error::internal("calendar.cookie", error))?;
    value.set_sensitive(true);
    Ok(value)
}

fn own_cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).into_iter();
    let mut pairs = all
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'));
    pairs.find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE).then_some(value)
    })
}

/// The user of an access token, when one is sent; a bad one is refused.
#[derive(Clone, Copy, Debug)]
pub struct MaybeSigned(Option<UserId>);

impl FromRequestParts<Arc<App>> for MaybeSigned {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(Self(None));
        }
        let signed = Signed::from_request_parts(parts, app).await?;
        Ok(Self(Some(signed.user.id)))
    }
}
