//! What adapters of this crate's ports are tested with, behind the `testing` feature.

pub mod suite;
