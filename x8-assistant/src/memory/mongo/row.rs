//! Documents as they lie in the collection.

use jiff::Timestamp;
use mongodb::bson::DateTime;
use serde::{Deserialize, Serialize};
use x8_core::{Error, Result, conversation::Identity};

use super::super::{Entry, Said};
use crate::prompt::Role;

/// What is read of a bucket for a window.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Bucket {
    pub(super) turns: Vec<Told>,
}

/// What is read of the newest bucket before a turn is put into it.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Newest {
    pub(super) bucket: i64,
    pub(super) count: i64,
}

/// A turn within a bucket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Told {
    id: String,
    person: String,
    entries: Vec<Kept>,
}

/// An entry; a BSON date, so that people and other programs can read and compare it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    role: Role,
    text: String,
    at: DateTime,
}

impl Told {
    pub(super) fn new(said: &Said, entries: &[Entry]) -> Result<Self> {
        let entries = entries.iter().map(|entry| Kept {
            role: entry.role,
            text: entry.text.clone(),
            at: DateTime::from_millis(entry.at.as_millisecond()),
        });
        Ok(Self {
            id: said.turn.to_string(),
            person: person(&said.person)?,
            entries: entries.collect(),
        })
    }

    pub(super) fn into_entries(self) -> Result<Vec<Entry>> {
        let entry = |kept: Kept| {
            let at = Timestamp::from_millisecond(kept.at.timestamp_millis())
                .map_err(|error| Error::internal("memory.read", error))?;
            Ok(Entry::new(kept.role, kept.text, at))
        };
        self.entries.into_iter().map(entry).collect()
    }
}

/// The one text of an identity.
pub(super) fn person(identity: &Identity) -> Result<String> {
    serde_json::to_string(identity).map_err(|error| Error::internal("memory.write", error))
}
