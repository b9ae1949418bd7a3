//! What language models are told.

mod hidden;
pub(crate) mod scenes;
mod snapshots;
