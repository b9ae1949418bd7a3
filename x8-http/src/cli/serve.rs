//! `x8 serve`.

use tokio::net::TcpListener;
use x8_core::{Error, Result};

use crate::{
    config::Config,
    system::{self, Role, System},
};

/// Serves until `shutdown` resolves, then finishes what is in flight.
pub(super) async fn run(
    config: &Config,
    role: Role,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let system = System::open(config).await?;
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        Error::unavailable(
            "x8.serve",
            "this address cannot be listened on; set X8_LISTEN",
        )
        .with("address", config.listen)
        .caused_by(error)
    })?;
    tracing::info!(?role, listen = %config.listen, docs = format!("{}/docs", config.public_url), "x8 is up");
    system::serve_as(system, role, listener, shutdown).await
}
