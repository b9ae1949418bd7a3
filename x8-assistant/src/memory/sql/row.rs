//! How values travel between columns and types.

use x8_core::{Error, Result, conversation::Identity};

use super::super::Entry;

/// The one text of an identity; JSON, so that no character of it can offend a database.
pub(super) fn person(identity: &Identity) -> Result<String> {
    serde_json::to_string(identity).map_err(|error| Error::internal("memory.write", error))
}

pub(super) fn from_entries(entries: &[Entry]) -> Result<String> {
    serde_json::to_string(entries).map_err(|error| Error::internal("memory.write", error))
}

pub(super) fn to_entries(text: &str) -> Result<Vec<Entry>> {
    serde_json::from_str(text).map_err(|error| Error::internal("memory.read", error))
}
