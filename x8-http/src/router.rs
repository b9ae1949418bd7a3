//! Every route on one page, grouped by who calls it.

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware,
    routing::{get, patch, post, put},
};
use tower::Layer;
use tower_http::normalize_path::NormalizePathLayer;
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    App,
    error::ApiError,
    openapi,
    route::{
        assistant, auth, calendar, companies, connect, conversations, health, integrations,
        integrations::google_calendar, knowledge_base, orders, paid, sandbox, subscriptions,
        support, webhooks,
    },
};

mod serve;
mod surround;

pub use serve::serve;
pub(crate) use serve::serve_probes;

use surround::{surround, wake};

/// Bytes of an ordinary body.
pub const BODY_LIMIT: usize = 2 * 1024 * 1024;
/// Bytes of an upload's form beside its file.
const FORM_LIMIT: usize = 64 * 1024;

/// The whole server as a service. Paths work with and without a slash at the end.
pub fn router(app: &Arc<App>) -> Router {
    let api = Router::new()
        .merge(public())
        .merge(providers())
        .merge(clients())
        .merge(knowledge(app))
        .merge(sales())
        .merge(accounts())
        .merge(customers())
        .merge(subscribers())
        .fallback(|| async { ApiError::new(StatusCode::NOT_FOUND, "Not Found") })
        .method_not_allowed_fallback(|| async {
            ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
        })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(Arc::clone(app), wake))
        .with_state(Arc::clone(app));
    let slashless = NormalizePathLayer::trim_trailing_slash().layer(api);
    let document = serde_json::to_value(openapi::document()).unwrap_or_default();
    let docs = SwaggerUi::new("/docs").external_url_unchecked("/openapi.json", document);
    surround(Router::new().merge(docs).fallback_service(slashless), app)
}

/// Whoever watches over the process.
fn probes() -> Router<Arc<App>> {
    Router::new()
        .route("/health", get(health::live))
        .route("/ready", get(health::ready))
}

/// Anybody: health, sign-in, the document.
fn public() -> Router<Arc<App>> {
    probes()
        .route("/api/v1/auth/register", post(auth::register))
        .route("/api/v1/auth/login", post(auth::login))
        .route("/api/v1/auth/refresh", post(auth::refresh))
}

/// Providers, by signature.
fn providers() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/webhooks/waha", post(webhooks::waha))
        .route("/api/v1/connect/webhook", post(connect::webhook))
        .route("/api/v1/webhooks/stripe", post(connect::webhook))
}

/// Accounts, companies and channels, by access token.
fn clients() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/auth/me", get(auth::me))
        .route("/api/v1/auth/logout", post(auth::logout))
        .route(
            "/api/v1/companies",
            get(companies::list).post(companies::create),
        )
        .route(
            "/api/v1/companies/{company_id}",
            get(companies::get).patch(companies::update),
        )
        .route(
            "/api/v1/companies/{company_id}/channels",
            get(companies::channels),
        )
        .route(
            "/api/v1/integrations/available-channels",
            get(integrations::available),
        )
        .route("/api/v1/integrations/list", get(integrations::list))
        .route(
            "/api/v1/integrations/whatsapp/connect",
            post(integrations::whatsapp::connect),
        )
        .route(
            "/api/v1/integrations/whatsapp/qr",
            get(integrations::whatsapp::qr),
        )
        .route(
            "/api/v1/integrations/whatsapp/pairing-code",
            post(integrations::whatsapp::pairing_code),
        )
        .route(
            "/api/v1/integrations/whatsapp/status",
            get(integrations::whatsapp::status),
        )
        .route(
            "/api/v1/integrations/disconnect/{channel_id}",
            post(integrations::disconnect),
        )
        .merge(calendars())
}

/// Companies' calendars, by access token; the way back from Google by its signed state.
fn calendars() -> Router<Arc<App>> {
    let home = "/api/v1/integrations/google-calendar";
    Router::new()
        .route(
            home,
            put(google_calendar::choose).delete(google_calendar::disconnect),
        )
        .route(&format!("{home}/auth"), post(google_calendar::auth))
        .route(&format!("{home}/callback"), get(google_calendar::callback))
        .route(&format!("{home}/status"), get(google_calendar::status))
}

/// Knowledge bases, by access token. Uploads may be large.
fn knowledge(app: &App) -> Router<Arc<App>> {
    let most = app.config.upload_bytes().saturating_add(FORM_LIMIT);
    let upload = post(knowledge_base::upload).layer(DefaultBodyLimit::max(most));
    Router::new()
        .route("/api/v1/knowledge-base/upload-csv", upload)
        .route("/api/v1/knowledge-base/list", get(knowledge_base::list))
        .route(
            "/api/v1/knowledge-base/{kb_id}",
            get(knowledge_base::get).delete(knowledge_base::delete),
        )
        .route(
            "/api/v1/knowledge-base/{kb_id}/rows",
            get(knowledge_base::rows),
        )
        .route(
            "/api/v1/knowledge-base/{kb_id}/rollback",
            post(knowledge_base::rollback),
        )
        .route(
            "/api/v1/knowledge-base/{kb_id}/search",
            get(knowledge_base::search),
        )
        .route(
            "/api/v1/knowledge-base/row/{table_name}",
            post(knowledge_base::add),
        )
        .route(
            "/api/v1/knowledge-base/row/{table_name}/{row_id}",
            patch(knowledge_base::change).delete(knowledge_base::remove),
        )
}

/// Companies' own accounts at the payment provider, by access token.
fn accounts() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/connect/onboard", post(connect::account::onboard))
        .route("/api/v1/connect/status", get(connect::account::status))
        .route("/api/v1/connect/login", post(connect::account::login))
        .route(
            "/api/v1/connect/disconnect",
            post(connect::account::disconnect),
        )
        .route(
            "/api/v1/connect/transactions",
            get(connect::account::transactions),
        )
}

/// The customer who pays, by the address of a link.
fn customers() -> Router<Arc<App>> {
    Router::new()
        .route("/sandbox/pay/{session}", get(sandbox::page))
        .route("/sandbox/pay/{session}/pay", post(sandbox::pay))
        .route("/sandbox/pay/{session}/cancel", post(sandbox::cancel))
        .route("/sandbox/connect/{account}", get(sandbox::account))
        .route("/sandbox/connect/{account}/finish", post(sandbox::finish))
        .route("/paid", get(paid::paid))
        .route("/not-paid", get(paid::not_paid))
}

/// Users who pay the platform: by access token, the provider by signature, the simulated page by its address.
fn subscribers() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/subscriptions", get(subscriptions::list))
        .route("/api/v1/subscriptions/active", get(subscriptions::active))
        .route("/api/v1/subscriptions/plans", get(subscriptions::plans))
        .route(
            "/api/v1/subscriptions/create-session",
            post(subscriptions::create_session),
        )
        .route("/api/v1/subscriptions/cancel", post(subscriptions::cancel))
        .route(
            "/api/v1/subscriptions/change-plan",
            post(subscriptions::change_plan),
        )
        .route(
            "/api/v1/subscriptions/webhook/stripe",
            post(subscriptions::webhook),
        )
        .route(
            "/api/v1/subscriptions/webhook",
            post(subscriptions::webhook),
        )
        .route(
            "/sandbox/subscribe/{session}",
            get(subscriptions::sandbox::page),
        )
        .route(
            "/sandbox/subscribe/{session}/confirm",
            post(subscriptions::sandbox::confirm),
        )
}

/// The inbox, orders and the assistant, by access token.
fn sales() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/conversations", get(conversations::list))
        .route(
            "/api/v1/conversations/{conversation_id}",
            get(conversations::get),
        )
        .route(
            "/api/v1/conversations/{conversation_id}/messages",
            get(conversations::messages).post(conversations::reply),
        )
        .route(
            "/api/v1/conversations/{conversation_id}/takeover",
            post(conversations::takeover),
        )
        .route(
            "/api/v1/conversations/{conversation_id}/release",
            post(conversations::release),
        )
        .route("/api/v1/orders", get(orders::list))
        .route("/api/v1/orders/{order_id}", get(orders::get))
        .route("/api/v1/orders/{order_id}/cancel", post(orders::cancel))
        .route("/api/v1/orders/{order_id}/refund", post(orders::refund))
        .route(
            "/api/v1/orders/{order_id}/resend-link",
            post(orders::resend_link),
        )
        .route("/api/v1/calendar/bookings", get(calendar::bookings))
        .route("/api/v1/calendar/slots", get(calendar::slots))
        .route(
            "/api/v1/calendar/bookings/{booking_id}",
            patch(calendar::change),
        )
        .route("/api/v1/calendar/opening-hours", put(calendar::hours::put))
        .route("/api/v1/assistant/reply", post(assistant::reply))
        .route("/api/v1/assistant/validate", post(assistant::validate))
        .route(
            "/api/v1/assistant/behaviour",
            get(assistant::behaviour::get).put(assistant::behaviour::put),
        )
        .route("/api/v1/support/ai-faq/chat", post(support::chat))
        .route("/api/v1/support/ai-faq/status", get(support::status))
        .route(
            "/api/v1/assistant/model",
            get(assistant::model::get).put(assistant::model::put),
        )
        .route("/api/v1/assistant/usage", get(assistant::usage::usage))
}
