//! Whether the server lives, and whether it can work.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::Ctx;
use crate::error::Result;

/// A word that says all is well.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: &'static str,
}

/// Says that the process lives; touches nothing.
#[utoipa::path(get, path = "/health", tag = "health", responses((status = 200, body = Health)))]
pub async fn live() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Says that the store answers.
///
/// # Errors
/// 503 while it does not.
#[utoipa::path(get, path = "/ready", tag = "health", responses(
    (status = 200, body = Health), (status = 503, body = crate::error::Problem)))]
pub async fn ready(State(app): Ctx) -> Result<Json<Health>> {
    let _next = app.store().next_job_at().await.map_err(|error| {
        x8_core::Error::unavailable("health.ready", "the database does not answer").caused_by(error)
    })?;
    Ok(Json(Health { status: "ok" }))
}
