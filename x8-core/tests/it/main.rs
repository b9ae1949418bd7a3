//! Integration tests of the crate's public surface.

mod areas;
mod channel_states;
mod order_moves;
mod packs;
mod plans;
mod pricing;
mod slots;
mod tenancy;
