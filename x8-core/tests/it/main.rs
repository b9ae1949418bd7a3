//! Integration tests of the crate's public surface.

#[cfg(all(feature = "sqlite", feature = "testing"))]
mod sqlite_store;
