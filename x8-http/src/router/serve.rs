//! The routes behind a listener, until they are asked to stop.

use std::{future::Future, sync::Arc};

use axum::http::StatusCode;
use tokio::net::TcpListener;

use super::{probes, router, surround::surround};
use crate::{App, error::ApiError};

/// Serves until `stop` resolves: then no new connection is taken, and requests in flight are finished (R7).
///
/// # Errors
/// What the listener reports.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(&app))
        .with_graceful_shutdown(stop)
        .await
}

/// As [`serve`], for a process that only works: `/health` and `/ready`, for whoever watches over it.
///
/// # Errors
/// What the listener reports.
pub(crate) async fn serve_probes(
    listener: TcpListener,
    app: Arc<App>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let probes = probes()
        .fallback(|| async { ApiError::new(StatusCode::NOT_FOUND, "Not Found") })
        .with_state(Arc::clone(&app));
    axum::serve(listener, surround(probes, &app))
        .with_graceful_shutdown(stop)
        .await
}
