//! Integration tests of the core.

mod journeys;
mod memory_store;
mod sqlite_store;
