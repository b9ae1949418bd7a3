//! Linking accounts (E1, E2, E5, W2).

pub mod google_calendar;
pub mod whatsapp;

use axum::{Json as Answer, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use x8_core::{
    Error,
    channel::{ChannelEvent, Platform},
    id::ChannelId,
    plan::Standing,
    tenant::Company,
};

use super::Ctx;
use crate::{
    App,
    error::{Problem, Result},
    extract::{CompanyKey, Path, Query, Signed, among, company},
    present,
};

/// What the plan admits.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Available {
    /// Platforms that can be connected here.
    channels: Vec<AvailableChannel>,
    /// `FREE` in the trial, the bought plan, or nothing when both are over.
    plan: Option<String>,
    /// How many may be connected; absent: as many as they like.
    limit: Option<u32>,
    /// How many are.
    connected: u32,
    /// Whether one more may be.
    can_connect: bool,
    /// E3: how many must go first.
    over_limit_by: u32,
    /// E3: which ones, and until when they go on working.
    over_limit: Option<present::OverLimit>,
    /// Why not, for people.
    reason: Option<String>,
}

/// A platform.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AvailableChannel {
    /// `WHATSAPP`, …
    #[schema(value_type = String, example = "WHATSAPP")]
    platform: Platform,
    /// Whether this server can link it.
    available: bool,
}

/// `?company_id=…`, optional.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MaybeCompany {
    /// The company, by number or `COMP001`; all visible ones when absent.
    #[param(value_type = Option<String>)]
    company_id: Option<CompanyKey>,
}

/// What the caller's plan admits.
///
/// # Errors
/// 401.
#[utoipa::path(get, path = "/api/v1/integrations/available-channels", tag = "integrations",
    security(("bearer" = [])), responses((status = 200, body = Available), (status = 401, body = Problem)))]
pub async fn available(State(app): Ctx, signed: Signed) -> Result<Answer<Available>> {
    let account = app.subscribing.billing.account(&signed.user).await?;
    let (standing, connected) = (account.standing, account.used());
    let entitlement = present::Entitlement::from(&account);
    Ok(Answer(Available {
        channels: Platform::ALL
            .into_iter()
            .map(|platform| AvailableChannel {
                platform,
                available: platform == Platform::Whatsapp && app.connector.is_some(),
            })
            .collect(),
        plan: match standing {
            Standing::Trial { .. } => Some("FREE".to_owned()),
            Standing::Subscribed { plan, .. } => Some(plan.as_str().to_owned()),
            Standing::Lapsed => None,
        },
        limit: entitlement.channels_limit,
        connected,
        can_connect: entitlement.can_connect,
        over_limit_by: standing.over_limit_by(connected),
        over_limit: entitlement.over_limit,
        reason: entitlement.reason,
    }))
}

/// The channels of one company, or of all visible ones; platforms nobody chose are absent (E5).
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/integrations/list", tag = "integrations", params(MaybeCompany),
    security(("bearer" = [])), responses((status = 200, body = [present::Channel]), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn list(
    State(app): Ctx,
    signed: Signed,
    Query(query): Query<MaybeCompany>,
) -> Result<Answer<Vec<present::Channel>>> {
    let companies = match &query.company_id {
        Some(key) => vec![company(&app, signed.caller(), key).await?],
        None => app.store().companies(signed.caller()).await?,
    };
    let mut channels = Vec::new();
    for company in &companies {
        channels.extend(shown(&app, company).await?);
    }
    Ok(Answer(channels))
}

/// A company's channels, without those that only carry API calls.
pub(crate) async fn shown(app: &App, company: &Company) -> Result<Vec<present::Channel>> {
    let channels = app.store().channels(company.tenant()).await?;
    Ok(channels
        .into_iter()
        .filter(|known| !known.is_internal())
        .map(Into::into)
        .collect())
}

/// Unlinks a channel and frees its place in the plan; credentials stay at the provider, so connecting again needs no
/// scan (W2).
///
/// # Errors
/// 401, 404 (T3), 422, 503.
#[utoipa::path(post, path = "/api/v1/integrations/disconnect/{channel_id}", tag = "integrations",
    params(("channel_id" = i64, Path), MaybeCompany), security(("bearer" = [])),
    responses((status = 200, body = present::Channel), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn disconnect(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<ChannelId>,
    Query(query): Query<MaybeCompany>,
) -> Result<Answer<present::Channel>> {
    let store = app.store();
    let named = query.company_id.as_ref();
    let look = |tenant| async move {
        let found = store.channel(tenant, id).await?;
        // What only carries API calls is nobody's to unlink.
        if found.is_internal() {
            return Err(Error::not_found("channel.get", "no such channel"));
        }
        Ok(found)
    };
    let (company, channel) = among(&app, signed.caller(), named, "no such channel", look).await?;
    if let Some(connector) = &app.connector
        && channel.platform == Platform::Whatsapp
    {
        connector.disconnect(&channel.session).await?;
    }
    let now_is = store
        .apply_channel_event(
            company.tenant(),
            channel.id,
            &ChannelEvent::DisconnectRequested,
            app.now(),
        )
        .await?;
    Ok(Answer(now_is.into()))
}
