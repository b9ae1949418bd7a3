//! Linking WhatsApp through WAHA (E2, W1).

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use x8_core::{
    Error, ErrorKind,
    channel::{self, ChannelEvent, ChannelStatus, Platform},
    port::{Connector, NewChannel},
    tenant::{Company, User},
};

use crate::{
    App,
    error::{ApiError, Problem, Result},
    extract::{CompanyKey, CompanyQuery, Json, Query, Signed, company},
    present,
    route::Ctx,
};

/// Which company connects WhatsApp, and with which number.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WhatsappConnect {
    /// Number or `COMP001`.
    #[schema(value_type = i64, example = 1)]
    company_id: CompanyKey,
    /// `+` and 7–20 digits; each number has its own session.
    #[serde(default)]
    phone_number: Option<String>,
}

/// Links WhatsApp: reserves the channel under the plan's limit first, and only the winner calls the provider (E2).
///
/// Connecting again the same number returns the same channel. When the provider fails, the place is given back.
///
/// # Errors
/// 401, 402 (E1, E2), 404 (T3), 422, 501 when no WAHA server is configured, 503.
#[utoipa::path(post, path = "/api/v1/integrations/whatsapp/connect", tag = "integrations",
    security(("bearer" = [])), request_body = WhatsappConnect,
    responses((status = 200, body = present::Channel), (status = 401, body = Problem), (status = 402, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
    (status = 501, body = Problem), (status = 503, body = Problem)))]
pub async fn connect(
    State(app): Ctx,
    signed: Signed,
    Json(wanted): Json<WhatsappConnect>,
) -> Result<Answer<present::Channel>> {
    let company = company(&app, signed.caller(), &wanted.company_id).await?;
    let phone = wanted.phone_number.as_deref().map(phone).transpose()?;
    let connector = connector(&app)?;
    let owner = app.store().user(company.owner).await?;
    let standing = app.standing(company.owner).await?;
    let channel = NewChannel {
        platform: Platform::Whatsapp,
        session: session_name(&company, phone.as_deref()),
        account: phone,
    };
    let tenant = company.tenant();
    let reserved = app
        .store()
        .reserve_channel(tenant, channel, standing, app.now())
        .await;
    let reserved = match reserved {
        Ok(reserved) => reserved,
        Err(error) => return Err(refused_by_plan(&app, &owner, error).await),
    };
    let event = match connector.connect(&reserved.session).await {
        Ok(link) => link.event,
        Err(error) => {
            let event = ChannelEvent::Failed {
                reason: error.public().to_owned(),
            };
            app.store()
                .apply_channel_event(tenant, reserved.id, &event, app.now())
                .await?;
            return Err(error.into());
        }
    };
    let now_is = app
        .store()
        .apply_channel_event(tenant, reserved.id, &event, app.now())
        .await?;
    Ok(Answer(now_is.into()))
}

/// A QR code to scan (W1).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Qr {
    /// The channel that waits for it.
    channel_id: i64,
    /// `image/png`.
    mimetype: String,
    /// The image, base64.
    qr_code: String,
    /// The text inside the code.
    raw: Option<String>,
    /// Seconds until the next code replaces it.
    expires_in_seconds: u32,
}

/// The QR code of the company's newest WhatsApp channel.
///
/// # Errors
/// 401, 404 (T3, or no channel yet), 409 when it is not waiting for a scan, 501, 503.
#[utoipa::path(get, path = "/api/v1/integrations/whatsapp/qr", tag = "integrations", params(CompanyQuery),
    security(("bearer" = [])), responses((status = 200, body = Qr), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
    (status = 501, body = Problem), (status = 503, body = Problem)))]
pub async fn qr(
    State(app): Ctx,
    signed: Signed,
    Query(query): Query<CompanyQuery>,
) -> Result<Answer<Qr>> {
    let company = company(&app, signed.caller(), &query.company_id).await?;
    let channel = newest_whatsapp(&app, &company).await?;
    let code = connector(&app)?.qr(&channel.session).await?;
    Ok(Answer(Qr {
        channel_id: channel.id.0,
        mimetype: code.mimetype,
        qr_code: code.data,
        raw: code.raw,
        expires_in_seconds: code.expires_in_seconds,
    }))
}

/// Which phone wants a pairing code.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PairingRequest {
    /// Number or `COMP001`.
    #[schema(value_type = i64, example = 1)]
    company_id: CompanyKey,
    /// `+` and 7–20 digits.
    phone_number: String,
}

/// A code to type on the phone instead of scanning.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PairingCode {
    channel_id: i64,
    code: String,
}

/// A pairing code for the company's newest WhatsApp channel.
///
/// # Errors
/// As [`qr`].
#[utoipa::path(post, path = "/api/v1/integrations/whatsapp/pairing-code", tag = "integrations",
    security(("bearer" = [])), request_body = PairingRequest,
    responses((status = 200, body = PairingCode), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem), (status = 501, body = Problem),
    (status = 503, body = Problem)))]
pub async fn pairing_code(
    State(app): Ctx,
    signed: Signed,
    Json(wanted): Json<PairingRequest>,
) -> Result<Answer<PairingCode>> {
    let company = company(&app, signed.caller(), &wanted.company_id).await?;
    let phone = phone(&wanted.phone_number)?;
    let channel = newest_whatsapp(&app, &company).await?;
    let code = connector(&app)?
        .pairing_code(&channel.session, &phone)
        .await?;
    Ok(Answer(PairingCode {
        channel_id: channel.id.0,
        code,
    }))
}

/// Where a WhatsApp channel stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WhatsappStatus {
    /// The channel, as stored after asking.
    #[serde(flatten)]
    channel: present::Channel,
    /// The provider's own word; absent when no WAHA server is configured.
    provider_status: Option<String>,
}

/// Asks the provider how the company's newest WhatsApp channel is, and stores the answer.
///
/// # Errors
/// 401, 404 (T3, or no channel yet), 422, 503.
#[utoipa::path(get, path = "/api/v1/integrations/whatsapp/status", tag = "integrations", params(CompanyQuery),
    security(("bearer" = [])), responses((status = 200, body = WhatsappStatus), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn status(
    State(app): Ctx,
    signed: Signed,
    Query(query): Query<CompanyQuery>,
) -> Result<Answer<WhatsappStatus>> {
    let company = company(&app, signed.caller(), &query.company_id).await?;
    let mut channel = newest_whatsapp(&app, &company).await?;
    let mut provider_status = None;
    if let Some(connector) = &app.connector {
        match connector.status(&channel.session).await {
            Ok(link) => {
                provider_status = Some(link.provider_state);
                channel = app
                    .store()
                    .apply_channel_event(company.tenant(), channel.id, &link.event, app.now())
                    .await?;
            }
            // Never started, or cleared at the provider: what is stored is the truth.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Answer(WhatsappStatus {
        channel: channel.into(),
        provider_status,
    }))
}

/// A refusal by the plan says which channels there are and what must go (E2, E3).
async fn refused_by_plan(app: &App, owner: &User, error: Error) -> ApiError {
    let by_plan = error.kind() == ErrorKind::PaymentRequired;
    let refusal = ApiError::from(error);
    if !by_plan {
        return refusal;
    }
    match app.subscribing.billing.account(owner).await {
        Ok(account) => refusal.with_entitlement((&account).into()),
        // The refusal stands without its details.
        Err(_storage) => refusal,
    }
}

fn connector(app: &App) -> Result<&Arc<dyn Connector>> {
    app.connector.as_ref().ok_or_else(|| {
        Error::new(
            ErrorKind::Unsupported,
            "channel.connect",
            "no WhatsApp server is configured here; set WAHA_API_URL",
        )
        .into()
    })
}

/// A live channel before a disconnected one, then the newest.
async fn newest_whatsapp(app: &App, company: &Company) -> Result<channel::Channel> {
    let channels = app.store().channels(company.tenant()).await?;
    let newest = channels
        .into_iter()
        .filter(|known| known.platform == Platform::Whatsapp && !known.is_internal())
        .max_by_key(|known| (known.status != ChannelStatus::Disconnected, known.id));
    Ok(newest.ok_or_else(|| {
        Error::not_found(
            "channel.get",
            "this company has no WhatsApp channel; connect one first",
        )
    })?)
}

/// One session per company and number; stable, so that connecting again finds its credentials.
fn session_name(company: &Company, phone: Option<&str>) -> String {
    let base = company.public_id.to_ascii_lowercase();
    match phone {
        Some(phone) => format!("{base}-{}", phone.trim_start_matches('+')),
        None => base,
    }
}

/// `+` and 7–20 digits; spaces, brackets and hyphens are read over.
fn phone(text: &str) -> Result<String> {
    let plain: String = text
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '-' | '(' | ')' | '.'))
        .collect();
    let digits = plain.strip_prefix('+').unwrap_or(&plain);
    if (7..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(format!("+{digits}"))
    } else {
        Err(ApiError::field(
            "body",
            "phone_number",
            "value_error",
            format!("`{text}` is not a phone number: + and 7 to 20 digits"),
        ))
    }
}
