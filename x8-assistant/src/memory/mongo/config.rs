//! Where the documents are and how large they get.

use std::time::Duration;

use x8_core::{Error, Result, Secret};

use super::super::Limits;

/// Everything the adapter needs to know. The address, which may carry a password, does not show in `Debug`.
#[derive(Clone, Debug)]
pub struct MongoConfig {
    /// `mongodb://` or `mongodb+srv://`.
    pub url: Secret,
    /// Name of the database.
    pub database: String,
    /// Name of the collection.
    pub collection: String,
    /// Entries after which a bucket is closed; the last turn, and turns that come in the same moment, may exceed it.
    pub bucket: u16,
    /// What is kept at most.
    pub limits: Limits,
    /// How long to look for a server, and to wait for a majority.
    pub patience: Duration,
}

impl MongoConfig {
    /// What a bucket may hold at worst: well below the 16 MiB that MongoDB refuses.
    const BUCKET_BYTES: usize = 8 * 1024 * 1024;

    /// This server and database: collection `x8_memory`, 50 entries per bucket, the usual limits, four seconds.
    #[must_use]
    pub fn new(url: impl Into<String>, database: impl Into<String>) -> Self {
        Self {
            url: Secret::new(url),
            database: database.into(),
            collection: "x8_memory".to_owned(),
            bucket: 50,
            limits: Limits::default(),
            patience: Duration::from_secs(4),
        }
    }

    /// Keeps this much instead.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Closes buckets after this many entries.
    #[must_use]
    pub fn with_bucket(mut self, entries: u16) -> Self {
        self.bucket = entries;
        self
    }

    /// Refuses sizes with which a document could come near MongoDB's limit.
    pub(super) fn check(&self) -> Result<()> {
        // A character takes four bytes at most.
        let text = self.limits.longest_text.saturating_mul(4);
        let entries = usize::from(self.bucket).saturating_add(Limits::TURN);
        if self.bucket == 0 || text.saturating_mul(entries) > Self::BUCKET_BYTES {
            return Err(Error::invalid(
                "memory.config",
                "buckets must hold 1 entry at least and 8 MiB at most: lower `bucket` or `longest_text`",
            ));
        }
        Ok(())
    }
}
