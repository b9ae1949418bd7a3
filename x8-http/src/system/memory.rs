//! The chat memory that was configured.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use x8_assistant::{
    memory::{
        ChatMemory, Limits, MemoryRecall,
        sql::{SqlConfig, SqlMemory},
    },
    pipeline::Recall,
};
use x8_core::{Error, Result};

use crate::config::{Memory, Remembering};

/// Opens the memory and clears it of what has expired; `None`: windows come from the stored messages.
pub(super) async fn open(memory: &Memory, now: Timestamp) -> Result<Option<Arc<dyn Recall>>> {
    let (memory, settings): (Arc<dyn ChatMemory>, _) = match memory {
        Memory::History => return Ok(None),
        Memory::Sqlite(settings) => {
            let config = SqlConfig::new(settings.url.expose()).with_limits(limits(settings));
            (Arc::new(SqlMemory::sqlite(&config).await?), settings)
        }
        Memory::Postgres(settings) => (postgres(settings).await?, settings),
        Memory::Mongodb(settings) => (mongodb(settings).await?, settings),
    };
    memory.purge(now).await?;
    let recall = MemoryRecall::new(memory, settings.tokens, report);
    Ok(Some(Arc::new(recall)))
}

fn limits(settings: &Remembering) -> Limits {
    Limits {
        ttl: SignedDuration::from_hours(i64::from(settings.days) * 24),
        ..Limits::default()
    }
}

fn report(error: &Error) {
    tracing::warn!(%error, "the chat memory could not be reached; the turn goes on");
}

#[cfg(feature = "postgres")]
async fn postgres(settings: &Remembering) -> Result<Arc<dyn ChatMemory>> {
    let url = crate::store::plain(&settings.url);
    let config = SqlConfig::new(url.expose()).with_limits(limits(settings));
    Ok(Arc::new(SqlMemory::postgres(&config).await?))
}

/// The configuration refuses it before it comes here.
#[cfg(not(feature = "postgres"))]
#[expect(clippy::unused_async, reason = "as with the feature")]
async fn postgres(_settings: &Remembering) -> Result<Arc<dyn ChatMemory>> {
    Err(Error::new(
        x8_core::ErrorKind::Unsupported,
        "memory.open",
        "this build has no PostgreSQL; build with --features postgres",
    ))
}

#[cfg(feature = "mongodb")]
async fn mongodb(settings: &Remembering) -> Result<Arc<dyn ChatMemory>> {
    use x8_assistant::memory::mongo::{MongoConfig, MongoMemory};
    let config = MongoConfig::new(settings.url.expose(), "x8").with_limits(limits(settings));
    let memory = MongoMemory::connect(config).await?;
    memory.ensure().await?;
    Ok(Arc::new(memory))
}

/// The configuration refuses it before it comes here.
#[cfg(not(feature = "mongodb"))]
#[expect(clippy::unused_async, reason = "as with the feature")]
async fn mongodb(_settings: &Remembering) -> Result<Arc<dyn ChatMemory>> {
    Err(Error::new(
        x8_core::ErrorKind::Unsupported,
        "memory.open",
        "this build has no MongoDB; build with --features mongodb",
    ))
}
