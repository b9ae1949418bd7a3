//! The simulated page on which a plan is bought (P11). The address is the only key, as with a real provider.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use x8_billing::sandbox::SandboxSubscriptions;

use crate::{
    App,
    error::{ApiError, Problem, Result},
    extract::Path,
    route::Ctx,
};

/// The page, marked as simulated.
///
/// # Errors
/// 404 for an unknown session, or when subscriptions are real here; 422 for a path that is not UTF-8.
#[utoipa::path(get, path = "/sandbox/subscribe/{session}", tag = "sandbox-subscriptions",
    params(("session" = String, Path)), responses((status = 200, body = String, content_type = "text/html"),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn page(State(app): Ctx, Path(session): Path<String>) -> Result<Response> {
    let html = sandbox(&app)?.html(&session).await?;
    let mut response = Html(html).into_response();
    let _previous = response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
        ),
    );
    Ok(response)
}

/// The user confirms; the provider's event is delivered as a real one would be. Confirming twice changes nothing.
///
/// # Errors
/// As [`page`].
#[utoipa::path(post, path = "/sandbox/subscribe/{session}/confirm", tag = "sandbox-subscriptions",
    params(("session" = String, Path)), responses((status = 303, description = "Back to the page"),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn confirm(State(app): Ctx, Path(session): Path<String>) -> Result<Redirect> {
    let _page = sandbox(&app)?.confirm(&session).await?;
    app.subscribing.catch_up().await?;
    Ok(Redirect::to(&format!("/sandbox/subscribe/{session}")))
}

fn sandbox(app: &App) -> Result<&Arc<SandboxSubscriptions>> {
    app.subscribing
        .sandbox
        .as_ref()
        .ok_or_else(|| ApiError::new(StatusCode::NOT_FOUND, "Not Found"))
}
