//! Integration tests of the core.

mod import;
mod journeys;
mod memory_store;
mod areas;
mod channel_states;
#[cfg(feature = "testing")]
mod memory_store;
mod order_moves;
mod packs;
mod plans;
mod pricing;
mod slots;
#[cfg(all(feature = "sqlite", feature = "testing"))]
mod sqlite_store;
mod tenancy;
