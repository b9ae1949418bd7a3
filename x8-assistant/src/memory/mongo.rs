//! Chat memory in MongoDB: a few buckets per conversation, which the server itself removes once they have expired.
//!
//! ```text
//! { tenant, conversation, bucket: 3, count: 41, expires_at: Date, turns: [ { id, person, entries: [ { role, text, at } ] } ] }
//! ```
//!
//! - A bucket is open until `count` entries were put into it, and only the newest is open. `count` never falls.
//! - Every write changes one document, so neither transactions nor sessions are needed; writes wait for a majority.
//! - Every key begins with the tenant: `{tenant: 1, conversation: 1}` can be the shard key.
//!
//! ```no_run
//! # async fn example() -> x8_core::Result<()> {
//! use x8_assistant::memory::mongo::{MongoConfig, MongoMemory};
//!
//! let memory = MongoMemory::connect(MongoConfig::new("mongodb://127.0.0.1:27017", "x8")).await?;
//! memory.ensure().await?; // once per deployment: the indexes
//! # Ok(())
//! # }
//! ```

mod append;
mod client;
mod config;
mod error;
mod row;

pub use client::MongoMemory;
pub use config::MongoConfig;
