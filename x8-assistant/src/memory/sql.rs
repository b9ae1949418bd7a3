//! Chat memory in a SQLite file or a PostgreSQL database, over the same SQL.
//!
//! One row per turn. The tables may lie in the store's own database: their names begin with `x8_memory`.
//!
//! ```
//! # #[cfg(feature = "sqlite")]
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! use x8_assistant::memory::{ChatMemory, Scope, sql::{SqlConfig, SqlMemory}};
//! use x8_core::{id::CompanyId, tenant::Tenant};
//!
//! let memory = SqlMemory::sqlite(&SqlConfig::new("sqlite::memory:")).await?;
//! memory.delete(Tenant::assume(CompanyId(1)), &Scope::Tenant).await?;
//! # Ok::<(), x8_core::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod client;
mod config;
mod driver;
mod error;
#[cfg(feature = "postgres")]
mod postgres;
mod row;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use client::SqlMemory;
pub use config::SqlConfig;
