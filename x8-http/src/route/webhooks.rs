//! Ingress: verify on raw bytes, read, commit, then acknowledge (H1).

use axum::{Json as Answer, extract::State, http::HeaderMap};
use serde::Serialize;
use utoipa::ToSchema;
use x8_core::channel::Platform;

use super::Ctx;
use crate::{
    error::{Problem, Result},
    extract::Raw,
};

/// What was done with a webhook.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Acknowledged {
    /// `ok`.
    status: &'static str,
    /// New messages stored.
    stored: usize,
    /// Messages that were there already.
    duplicates: usize,
    /// Items that could not be read; they are in the log.
    unreadable: usize,
}

/// Events of a WAHA server, signed with HMAC over the raw body.
///
/// Answered only after everything readable is committed; the same webhook again stores nothing twice (H2).
///
/// # Errors
/// 401 for a bad signature (nothing stored), 404 for an unknown session, 413, 422 for a body that is not WAHA's or has no
/// item that can be read; a batch with readable neighbours is taken, and the rest counted.
#[utoipa::path(post, path = "/api/v1/webhooks/waha", tag = "webhooks",
    request_body(content = Object, description = "A WAHA event"),
    responses((status = 200, body = Acknowledged), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 413, body = Problem), (status = 422, body = Problem)))]
pub async fn waha(
    State(app): Ctx,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Answer<Acknowledged>> {
    let header = |name: &str| {
        let value = headers.get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    app.verifier.verify(&header, &body)?;
    let parsed = app.parser.parse(&body)?;
    for error in &parsed.errors {
        tracing::warn!(%error, "an item of a webhook could not be read");
    }
    let unreadable = parsed.errors.len();
    if parsed.events.is_empty()
        && let Some(error) = parsed.errors.into_iter().next()
    {
        return Err(error.into());
    }
    let received = app
        .engine
        .receive(Platform::Whatsapp, parsed.events)
        .await?;
    Ok(Answer(Acknowledged {
        status: "ok",
        stored: received.stored.len(),
        duplicates: received.duplicates,
        unreadable,
    }))
}
