//! Integration tests of the core.

mod areas;
mod channel_states;
mod import;
mod journeys;
mod memory_store;
mod order_moves;
mod packs;
mod plans;
mod pricing;
mod slots;
mod sqlite_store;
mod tenancy;
