//! Integration tests of the core.

#[cfg(feature = "testing")]
mod memory_store;
#[cfg(all(feature = "sqlite", feature = "testing"))]
mod sqlite_store;
