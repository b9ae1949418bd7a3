//! The simulated payment page (P11). Its buttons are the customer's; the address is the only key, as with a real provider.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use x8_billing::sandbox::{SandboxConnect, SandboxPayments};
use x8_core::Result;

use super::{Ctx, connect};
use crate::{
    App,
    error::{self, ApiError, Problem},
    extract::Path,
};

/// The payment page, marked as simulated.
///
/// # Errors
/// 404 for an unknown session, or when payments are real here; 422 for a path that is not UTF-8.
#[utoipa::path(get, path = "/sandbox/pay/{session}", tag = "sandbox", params(("session" = String, Path)),
    responses((status = 200, body = String, content_type = "text/html"), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn page(State(app): Ctx, Path(session): Path<String>) -> error::Result<Response> {
    let html = sandbox(&app)?.page(&session).await?;
    let mut response = Html(html).into_response();
    let _previous = response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
        ),
    );
    Ok(response)
}

/// The customer pays; the provider's event is delivered as a real one would be. Paying twice changes nothing.
///
/// # Errors
/// As [`page`].
#[utoipa::path(post, path = "/sandbox/pay/{session}/pay", tag = "sandbox", params(("session" = String, Path)),
    responses((status = 303, description = "Back to the page"), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn pay(State(app): Ctx, Path(session): Path<String>) -> error::Result<Redirect> {
    let sandbox = sandbox(&app)?;
    let _stage = sandbox.pay(&session).await?;
    deliver(&app, sandbox).await?;
    Ok(Redirect::to(&format!("/sandbox/pay/{session}")))
}

/// The customer calls it off. What is paid stays paid.
///
/// # Errors
/// As [`page`].
#[utoipa::path(post, path = "/sandbox/pay/{session}/cancel", tag = "sandbox", params(("session" = String, Path)),
    responses((status = 303, description = "Back to the page"), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn cancel(State(app): Ctx, Path(session): Path<String>) -> error::Result<Redirect> {
    let sandbox = sandbox(&app)?;
    let _stage = sandbox.cancel(&session).await?;
    deliver(&app, sandbox).await?;
    Ok(Redirect::to(&format!("/sandbox/pay/{session}")))
}

/// Delivers what the simulated provider has to say through the same door as the webhook route, then acknowledges it.
///
/// Call it now and then as well: links that ran out have something to say, and a crash may have come between.
///
/// # Errors
/// Storage failures.
pub async fn deliver(app: &App, sandbox: &SandboxPayments) -> Result<()> {
    for (session, event) in sandbox.undelivered().await? {
        connect::accept(app, &event.header, event.body.as_bytes()).await?;
        sandbox.delivered(&session, &event.id).await?;
    }
    Ok(())
}

fn sandbox(app: &App) -> error::Result<&Arc<SandboxPayments>> {
    app.sandbox
        .as_ref()
        .ok_or_else(|| ApiError::new(StatusCode::NOT_FOUND, "Not Found"))
}

/// The page of a simulated account, with the button that makes it ready.
///
/// # Errors
/// 402 for an unknown account, 404 when payments are real here; 422 for a path that is not UTF-8.
#[utoipa::path(get, path = "/sandbox/connect/{account}", tag = "sandbox", operation_id = "account_page", params(("account" = String, Path)),
    responses((status = 200, body = String, content_type = "text/html"), (status = 402, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
pub async fn account(State(app): Ctx, Path(account): Path<String>) -> error::Result<Html<String>> {
    Ok(Html(accounts(&app)?.page(&account).await?))
}

/// The button of that page. Pressing it twice changes nothing.
///
/// # Errors
/// As [`account`].
#[utoipa::path(post, path = "/sandbox/connect/{account}/finish", tag = "sandbox", params(("account" = String, Path)),
    responses((status = 303, description = "Back to the page"), (status = 402, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
pub async fn finish(State(app): Ctx, Path(account): Path<String>) -> error::Result<Redirect> {
    accounts(&app)?.finish(&account).await?;
    Ok(Redirect::to(&format!("/sandbox/connect/{account}")))
}

fn accounts(app: &App) -> error::Result<&SandboxConnect> {
    app.sandbox_accounts
        .as_ref()
        .ok_or_else(|| ApiError::new(StatusCode::NOT_FOUND, "Not Found"))
}
