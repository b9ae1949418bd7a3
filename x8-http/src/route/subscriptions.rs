//! Subscriptions: a user pays the platform (P2, E1–E4). Nothing here is about what customers pay companies (P1).

pub mod sandbox;

use axum::{Json as Answer, extract::State, http::HeaderMap};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use x8_core::{plan::Plan, port::Recorded, tenant::User};

use super::Ctx;
use crate::{
    App,
    error::{ApiError, Problem, Result},
    extract::{Json, Raw, Signed},
    present::{ActiveSubscription, PlanOffer, Subscription},
};

/// Which plan is meant.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct PlanChoice {
    /// `SINGLE`, `DOUBLE`, `GROWTH`, `SPECIAL` or `ENTERPRISE`.
    #[schema(value_type = String, example = "GROWTH")]
    plan: Plan,
}

/// The page on which a plan is bought.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SubscribeSession {
    /// The provider's id of the page.
    session_id: String,
    /// Where to send the browser.
    url: String,
    /// The same address, by another name that front ends use.
    checkout_url: String,
    /// Whether no money moves: the provider is simulated.
    sandbox: bool,
}

/// What was done with a subscription event.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SubscriptionRecorded {
    /// Always true: the event is stored.
    received: bool,
    /// Whether it was there already.
    duplicate: bool,
}

/// Every subscription the caller ever had, newest first.
///
/// # Errors
/// 401.
#[utoipa::path(get, path = "/api/v1/subscriptions", tag = "subscriptions", security(("bearer" = [])),
    responses((status = 200, body = [Subscription]), (status = 401, body = Problem)))]
pub async fn list(State(app): Ctx, signed: Signed) -> Result<Answer<Vec<Subscription>>> {
    let now = app.now();
    let records = app.store().subscriptions(signed.user.id).await?;
    let shown = |record| Subscription::at(record, now);
    Ok(Answer(records.into_iter().map(shown).collect()))
}

/// What the caller has now: the subscription or the trial, what it gives, what is used, and what must go (E3).
///
/// # Errors
/// 401.
#[utoipa::path(get, path = "/api/v1/subscriptions/active", tag = "subscriptions", security(("bearer" = [])),
    responses((status = 200, body = ActiveSubscription), (status = 401, body = Problem)))]
pub async fn active(State(app): Ctx, signed: Signed) -> Result<Answer<ActiveSubscription>> {
    Ok(Answer(shown(&app, &signed.user).await?))
}

/// The price list.
#[utoipa::path(get, path = "/api/v1/subscriptions/plans", tag = "subscriptions",
    responses((status = 200, body = [PlanOffer])))]
pub async fn plans(State(app): Ctx) -> Answer<Vec<PlanOffer>> {
    let billing = &app.subscribing.billing;
    let simulated = app.subscribing.sandbox.is_some();
    let provided = billing.provider.is_some();
    Answer(PlanOffer::all(&billing.plans, |terms| {
        provided && (simulated || terms.price_id.is_some())
    }))
}

/// Opens the page on which a plan is bought. Asking again gives the same page while it is open; asking for another plan
/// closes it first.
///
/// # Errors
/// 401, 409 while a subscription runs (change its plan instead), 422 for a plan that cannot be bought, 501 when no provider
/// is configured, 503.
#[utoipa::path(post, path = "/api/v1/subscriptions/create-session", tag = "subscriptions", security(("bearer" = [])),
    request_body = PlanChoice, responses((status = 200, body = SubscribeSession), (status = 401, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem), (status = 501, body = Problem),
    (status = 503, body = Problem)))]
pub async fn create_session(
    State(app): Ctx,
    signed: Signed,
    Json(choice): Json<PlanChoice>,
) -> Result<Answer<SubscribeSession>> {
    let billing = &app.subscribing.billing;
    let page = billing.begin(&signed.user, choice.plan).await?;
    let url = page.url.unwrap_or_default();
    Ok(Answer(SubscribeSession {
        session_id: page.session,
        checkout_url: url.clone(),
        url,
        sandbox: app.subscribing.sandbox.is_some(),
    }))
}

/// Ends the subscription with its running period; until then it counts. Repeating it changes nothing.
///
/// # Errors
/// 401, 402 without a subscription, 409 for one that was agreed by hand, 501, 503.
#[utoipa::path(post, path = "/api/v1/subscriptions/cancel", tag = "subscriptions", security(("bearer" = [])),
    responses((status = 200, body = ActiveSubscription), (status = 401, body = Problem), (status = 402, body = Problem),
    (status = 409, body = Problem), (status = 501, body = Problem), (status = 503, body = Problem)))]
pub async fn cancel(State(app): Ctx, signed: Signed) -> Result<Answer<ActiveSubscription>> {
    app.subscribing.billing.cancel(&signed.user).await?;
    Ok(Answer(shown(&app, &signed.user).await?))
}

/// Changes the plan at once, and takes a cancellation back. A smaller plan is not refunded; what is connected beyond it goes
/// on until the period ends (E3).
///
/// # Errors
/// 401, 402 without a subscription or while a renewal is unpaid, 409, 422 for a plan that cannot be bought, 501, 503.
#[utoipa::path(post, path = "/api/v1/subscriptions/change-plan", tag = "subscriptions", security(("bearer" = [])),
    request_body = PlanChoice, responses((status = 200, body = ActiveSubscription), (status = 401, body = Problem),
    (status = 402, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
    (status = 501, body = Problem), (status = 503, body = Problem)))]
pub async fn change_plan(
    State(app): Ctx,
    signed: Signed,
    Json(choice): Json<PlanChoice>,
) -> Result<Answer<ActiveSubscription>> {
    let billing = &app.subscribing.billing;
    billing.change(&signed.user, choice.plan).await?;
    Ok(Answer(shown(&app, &signed.user).await?))
}

async fn shown(app: &App, user: &User) -> Result<ActiveSubscription> {
    let account = app.subscribing.billing.account(user).await?;
    Ok(ActiveSubscription::of(user, &account))
}

/// An event of the provider about a subscription, signed over the raw body. Stored with its body before it is acknowledged;
/// then the provider is asked for the latest state, whatever the event says.
///
/// # Errors
/// 401 for a missing or bad signature (nothing stored), 413, 422 for a body that is no event, 501 when no provider is
/// configured.
#[utoipa::path(post, path = "/api/v1/subscriptions/webhook/stripe", tag = "subscriptions",
    params(("stripe-signature" = String, Header, description = "t=…,v1=…")),
    request_body(content = Object, description = "An event of the provider of subscriptions"),
    responses((status = 200, body = SubscriptionRecorded), (status = 401, body = Problem), (status = 413, body = Problem),
    (status = 422, body = Problem), (status = 501, body = Problem)))]
pub async fn webhook(
    State(app): Ctx,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Answer<SubscriptionRecorded>> {
    let signature = headers
        .get("stripe-signature")
        .and_then(|value| value.to_str().ok())
        .ok_or_else(|| ApiError::unauthenticated("the Stripe-Signature header is missing"))?;
    let recorded = app.subscribing.accept(signature, &body).await?;
    Ok(Answer(SubscriptionRecorded {
        received: true,
        duplicate: recorded == Recorded::Known,
    }))
}
