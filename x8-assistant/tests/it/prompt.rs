//! What language models are told.

mod hidden;
mod scenes;
mod snapshots;
