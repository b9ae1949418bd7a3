//! Integration tests of the core.

mod import;
mod journeys;
mod memory_store;
mod sqlite_store;
