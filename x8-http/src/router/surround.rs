//! What surrounds every route: request id, log, headers, CORS, panics.

use std::{any::Any, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::CorsLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
};

use crate::{
    App,
    error::{ApiError, Cause},
};

/// From the outside in: request id, log, headers, CORS, panics.
pub(super) fn surround(inner: Router, app: &App) -> Router {
    let id = HeaderName::from_static("x-request-id");
    let fixed = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    inner
        .layer(CatchPanicLayer::custom(panicked))
        .layer(cors(&app.config.cors_origins))
        .layer(fixed("x-content-type-options", "nosniff"))
        .layer(fixed("x-frame-options", "DENY"))
        .layer(fixed("referrer-policy", "no-referrer"))
        .layer(fixed("strict-transport-security", "max-age=31536000"))
        .layer(middleware::from_fn(log))
        .layer(PropagateRequestIdLayer::new(id.clone()))
        .layer(SetRequestIdLayer::new(id, MakeRequestUuid))
}

fn cors(origins: &[String]) -> CorsLayer {
    let origins: Vec<HeaderValue> = origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok())
        .collect();
    CorsLayer::new()
        .allow_origin(origins)
        .allow_credentials(true)
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
        ])
        .expose_headers([
            HeaderName::from_static("x-next-cursor"),
            HeaderName::from_static("x-request-id"),
        ])
}

/// A change may have enqueued work.
pub(super) async fn wake(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let changes = request.method() != Method::GET;
    let response = next.run(request).await;
    if changes && !response.status().is_client_error() {
        app.wake.notify_one();
    }
    response
}

/// One line per request: no bodies, no query strings, no secrets. The long form of a failure is told here and nowhere else.
async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    match response.extensions().get::<Cause>() {
        Some(Cause(error)) if response.status().is_server_error() => {
            tracing::error!(%method, path, status, id, %error, "request failed");
        }
        Some(Cause(error)) => tracing::info!(%method, path, status, id, %error, "request refused"),
        None => tracing::info!(%method, path, status, id, "request"),
    }
    response
}

fn panicked(_what: Box<dyn Any + Send>) -> axum::http::Response<Body> {
    // The panic hook has told the log what happened and where.
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal error").into_response()
}
