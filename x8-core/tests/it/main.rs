//! Integration tests of the core.

#[cfg(feature = "testing")]
mod memory_store;
