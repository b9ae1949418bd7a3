//! A company's own account, to which its customers pay (P3).

use axum::{Json as Answer, extract::State, response::Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use x8_billing::connect::{AccountStatus, Known, NewAccount, OneTimeLink, TransactionPage};
use x8_core::{Error, ErrorKind};

use crate::{
    error::{ApiError, Problem, Result},
    extract::{
        CompanyKey, CompanyQuery, Json, PageQuery, Query, Signed, company, with_next_cursor,
    },
    present::Amount,
    route::Ctx,
};

/// The provider's own limit on a page.
const MOST_ROWS: u32 = 100;

/// Which company wants to be paid.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Onboard {
    /// Number or `COMP001`.
    #[schema(value_type = i64, example = 1)]
    company_id: CompanyKey,
    /// ISO 3166 code of the company's country; it cannot be changed later. The platform's when absent.
    #[serde(default)]
    #[schema(example = "ES")]
    country: Option<String>,
    /// Where the provider reaches the company; the owner's address when absent.
    #[serde(default)]
    email: Option<String>,
}

/// Which company.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OfCompany {
    /// Number or `COMP001`.
    #[schema(value_type = i64, example = 1)]
    company_id: CompanyKey,
}

/// An address that works once and for minutes: redirect to it at once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConnectLink {
    /// Where.
    url: String,
    /// Until when, if the provider says.
    expires_at: Option<Timestamp>,
}

impl From<OneTimeLink> for ConnectLink {
    fn from(link: OneTimeLink) -> Self {
        Self {
            url: link.url,
            expires_at: link.expires_at,
        }
    }
}

/// Something the provider did not accept.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConnectDue {
    /// The provider's name of what is wanted.
    requirement: String,
    /// Why what was given is not enough.
    reason: String,
}

/// What the provider still wants to know.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ConnectRequirements {
    /// Wanted now.
    currently_due: Vec<String>,
    /// Wanted some time ago.
    past_due: Vec<String>,
    /// Wanted one day.
    eventually_due: Vec<String>,
    /// Being checked.
    pending_verification: Vec<String>,
    /// Given and not accepted.
    errors: Vec<ConnectDue>,
    /// When what is due now begins to stop something.
    current_deadline: Option<Timestamp>,
    /// Why something is stopped.
    disabled_reason: Option<String>,
}

/// Where a company's account stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConnectStatus {
    /// `not_connected`, `onboarding`, `restricted` or `ready`.
    #[schema(value_type = String, example = "ready")]
    status: &'static str,
    /// The provider's id of the account.
    connected_account_id: Option<String>,
    /// ISO 3166 code.
    country: Option<String>,
    /// Whether it may take payments.
    charges_enabled: bool,
    /// Whether it is paid out.
    payouts_enabled: bool,
    /// Whether the company told what was asked at first.
    details_submitted: bool,
    /// What is still wanted.
    requirements: ConnectRequirements,
    /// `provider`: as the provider says now; `memory`: it could not be asked, and this is how it stood when it last was.
    #[schema(value_type = String, example = "provider")]
    according_to: &'static str,
}

impl ConnectStatus {
    fn of(known: Known, according_to: &'static str) -> Self {
        let status = known.standing().as_str();
        let connected = known.status.is_some();
        let account: AccountStatus = known.status.unwrap_or_default();
        let errors = account.errors.into_iter().map(|due| ConnectDue {
            requirement: due.requirement,
            reason: due.reason,
        });
        Self {
            status,
            connected_account_id: connected.then_some(account.id),
            country: account.country,
            charges_enabled: account.charges_enabled,
            payouts_enabled: account.payouts_enabled,
            details_submitted: account.details_submitted,
            requirements: ConnectRequirements {
                currently_due: account.currently_due,
                past_due: account.past_due,
                eventually_due: account.eventually_due,
                pending_verification: account.pending_verification,
                errors: errors.collect(),
                current_deadline: account.deadline,
                disabled_reason: account.disabled_reason,
            },
            according_to,
        }
    }
}

/// A movement on the account, in the currency it is paid out in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConnectTransaction {
    /// The provider's id.
    id: String,
    /// The provider's word for what it is.
    #[schema(example = "charge")]
    r#type: String,
    /// The provider's word for where it stands.
    #[schema(example = "available")]
    status: String,
    /// What moved; negative for what went away.
    amount: Amount,
    /// What the provider and the platform kept.
    fee: Amount,
    /// What is left.
    net: Amount,
    /// The charge, refund or payout it came from.
    source: Option<String>,
    /// For people.
    description: Option<String>,
    /// When it happened.
    created_at: Timestamp,
    /// When it can be paid out.
    available_on: Timestamp,
}

/// A fresh link for the company to connect its account. Minted on the click, used at once: it works once, for minutes.
///
/// # Errors
/// 401, 404 (T3), 422 for what the provider does not take, 503.
#[utoipa::path(post, path = "/api/v1/connect/onboard", tag = "connect", security(("bearer" = [])), request_body = Onboard,
    responses((status = 200, body = ConnectLink), (status = 401, body = Problem), (status = 402, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn onboard(
    State(app): Ctx,
    signed: Signed,
    Json(wanted): Json<Onboard>,
) -> Result<Answer<ConnectLink>> {
    let company = company(&app, signed.caller(), &wanted.company_id).await?;
    let country = wanted.country.as_deref().map(country).transpose()?;
    let email = match wanted.email {
        Some(email) => Some(email),
        None => Some(app.store().user(company.owner).await?.email),
    };
    let wish = NewAccount { country, email };
    let link = app.accounts.onboard(company.tenant(), &wish).await;
    let link = link.map_err(provider)?;
    Ok(Answer(link.into()))
}

/// Where the account stands now: the provider is asked. Coming back from its pages proves nothing; this does.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/connect/status", tag = "connect", security(("bearer" = [])), params(CompanyQuery),
    responses((status = 200, body = ConnectStatus), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
pub async fn status(
    State(app): Ctx,
    signed: Signed,
    Query(query): Query<CompanyQuery>,
) -> Result<Answer<ConnectStatus>> {
    let tenant = company(&app, signed.caller(), &query.company_id)
        .await?
        .tenant();
    match app.accounts.look(tenant).await {
        Ok(known) => Ok(Answer(ConnectStatus::of(known, "provider"))),
        // Whoever looks wants to see something, also while the provider is down.
        Err(error) if error.kind() == ErrorKind::Unavailable || refuses_us(&error) => {
            let known = app.accounts.known(tenant).await?;
            Ok(Answer(ConnectStatus::of(known, "memory")))
        }
        Err(error) => Err(provider(error)),
    }
}

/// A fresh link to the provider's page of the account: balance, payouts, tax forms. It works once.
///
/// # Errors
/// 401, 402 without an account, 404 (T3), 409 before onboarding, 422, 503.
#[utoipa::path(post, path = "/api/v1/connect/login", tag = "connect", security(("bearer" = [])), request_body = OfCompany,
    responses((status = 200, body = ConnectLink), (status = 401, body = Problem), (status = 402, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn login(
    State(app): Ctx,
    signed: Signed,
    Json(wanted): Json<OfCompany>,
) -> Result<Answer<ConnectLink>> {
    let company = company(&app, signed.caller(), &wanted.company_id).await?;
    let link = app.accounts.login_link(company.tenant()).await;
    let link = link.map_err(provider)?;
    Ok(Answer(link.into()))
}

/// Takes the account away, here and at the provider. Open payment links die first; their customers are told.
///
/// Disconnecting what is not connected changes nothing.
///
/// # Errors
/// 401, 404 (T3), 409 while money is on its way or left on the account, 422, 503.
#[utoipa::path(post, path = "/api/v1/connect/disconnect", tag = "connect", security(("bearer" = [])), request_body = OfCompany,
    responses((status = 200, body = ConnectStatus), (status = 401, body = Problem), (status = 402, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn disconnect(
    State(app): Ctx,
    signed: Signed,
    Json(wanted): Json<OfCompany>,
) -> Result<Answer<ConnectStatus>> {
    let tenant = company(&app, signed.caller(), &wanted.company_id)
        .await?
        .tenant();
    let known = app.accounts.look(tenant).await.map_err(provider)?;
    if known.status.is_some() {
        app.engine.close_links(tenant).await.map_err(provider)?;
        app.accounts.disconnect(tenant).await.map_err(provider)?;
    }
    let known = app.accounts.known(tenant).await?;
    Ok(Answer(ConnectStatus::of(known, "provider")))
}

/// What moved on the account, newest first. `limit` is at most 100 here: more are cut to it.
///
/// # Errors
/// 401, 402 without an account, 404 (T3), 422, 503.
#[utoipa::path(get, path = "/api/v1/connect/transactions", tag = "connect", security(("bearer" = [])), params(PageQuery),
    responses((status = 200, body = [ConnectTransaction],
    headers(("x-next-cursor" = String, description = "Cursor of the next page, when there is one"))),
    (status = 401, body = Problem), (status = 402, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn transactions(
    State(app): Ctx,
    signed: Signed,
    Query(query): Query<PageQuery>,
) -> Result<Response> {
    let page = query.page::<String>()?;
    let company = company(&app, signed.caller(), query.company()?).await?;
    let wanted = TransactionPage {
        limit: page.limit.min(MOST_ROWS),
        after: page.after,
    };
    let found = app.accounts.transactions(company.tenant(), &wanted).await;
    let found = found.map_err(provider)?;
    let next = found.rows.last().map(|row| row.id.clone());
    let next = next.filter(|_| found.has_more);
    let rows: Vec<_> = found
        .rows
        .into_iter()
        .map(ConnectTransaction::from)
        .collect();
    Ok(with_next_cursor(axum::Json(rows), next))
}

impl From<x8_billing::connect::Transaction> for ConnectTransaction {
    fn from(row: x8_billing::connect::Transaction) -> Self {
        Self {
            id: row.id,
            r#type: row.kind,
            status: row.status,
            amount: row.amount.into(),
            fee: row.fee.into(),
            net: row.net.into(),
            source: row.source,
            description: row.description,
            created_at: row.created_at,
            available_on: row.available_on,
        }
    }
}

/// What the provider has against *our* key is nothing that the caller could mend by signing in again.
pub(crate) fn provider(error: Error) -> ApiError {
    if !refuses_us(&error) {
        return error.into();
    }
    let why = "the payment provider refuses the platform's key; the operator must look at it";
    Error::unavailable("connect.provider", why)
        .caused_by(error)
        .into()
}

fn refuses_us(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unauthenticated | ErrorKind::Forbidden
    )
}

fn country(code: &str) -> Result<String> {
    let upper = code.trim().to_ascii_uppercase();
    if upper.len() == 2 && upper.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(upper);
    }
    let why = "a country is two letters, such as ES";
    Err(ApiError::field("body", "country", "value_error", why))
}
