//! Companies' own accounts (P3), and events of the payment provider (P5).

pub mod account;

use axum::{Json as Answer, extract::State, http::HeaderMap};
use serde::Serialize;
use utoipa::ToSchema;
use x8_core::port::Recorded;

use super::Ctx;
use crate::{
    App,
    error::{ApiError, Problem, Result},
    extract::Raw,
};

/// What was done with a payment event.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct PaymentRecorded {
    /// Always true: the event is stored.
    received: bool,
    /// Whether it was there already.
    duplicate: bool,
}

/// A payment event, signed over the raw body. Stored with its work item before it is acknowledged, then applied.
///
/// # Errors
/// 401 for a missing or bad signature (nothing stored), 413, 422.
#[utoipa::path(post, path = "/api/v1/connect/webhook", tag = "webhooks",
    params(("stripe-signature" = String, Header, description = "t=…,v1=…")),
    request_body(content = Object, description = "An event of the payment provider"),
    responses((status = 200, body = PaymentRecorded), (status = 401, body = Problem), (status = 413, body = Problem),
    (status = 422, body = Problem)))]
pub async fn webhook(
    State(app): Ctx,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Answer<PaymentRecorded>> {
    let signature = headers
        .get("stripe-signature")
        .and_then(|value| value.to_str().ok())
        .ok_or_else(|| ApiError::unauthenticated("the Stripe-Signature header is missing"))?;
    let recorded = accept(&app, signature, &body).await?;
    Ok(Answer(PaymentRecorded {
        received: true,
        duplicate: recorded == Recorded::Known,
    }))
}

/// The one door for payment events: verified on raw bytes, read, stored with its job. The sandbox knocks here too.
pub(super) async fn accept(app: &App, signature: &str, body: &[u8]) -> x8_core::Result<Recorded> {
    let event = app.engine.payments.read_event(signature, body, app.now())?;
    app.engine.record_payment_event(&event, body).await
}
