//! Serving and working, as one process or as one of several.

use std::sync::Arc;

use clap::ValueEnum;
use tokio::net::TcpListener;
use x8_core::{Error, Result};

use super::System;

/// Serves until `shutdown` resolves: then no new connection is taken, and requests and jobs in flight are finished (R7).
///
/// # Errors
/// What the listener reports.
pub async fn serve(
    system: System,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    serve_as(system, Role::All, listener, shutdown).await
}

/// What one process of several does (D4): they share the database and need nothing else of each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Serves HTTP and leaves jobs to others.
    Api,
    /// Runs jobs; of HTTP it serves `/health` and `/ready` alone.
    Worker,
    /// Both.
    #[default]
    All,
}

/// [`serve`] in one of the roles.
///
/// # Errors
/// What the listener reports.
pub async fn serve_as(
    system: System,
    role: Role,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let workers = (role != Role::Api).then(|| system.spawn_workers());
    let app = Arc::clone(&system.app);
    let served = match role {
        Role::Worker => crate::router::serve_probes(listener, app, shutdown).await,
        Role::Api | Role::All => crate::serve(listener, app, shutdown).await,
    };
    if let Some(workers) = workers {
        workers.stop().await;
    }
    served.map_err(|error| Error::internal("x8.serve", error))
}
