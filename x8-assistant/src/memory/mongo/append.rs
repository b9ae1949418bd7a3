//! Putting a turn into the open bucket, once.
//!
//! Why a turn cannot be kept twice: the unique index on `{tenant, conversation, turns.id}` refuses it in a second document, and
//! the filter refuses it in the same one. Why no bucket is lost or doubled: the number of a bucket is unique too, and a new
//! one is made only by whoever saw the newest one closed, which it stays.

use mongodb::{
    bson::{DateTime, Document, doc, serialize_to_bson},
    options::ReturnDocument,
};
use x8_core::{Error, Result, id::ConversationId, tenant::Tenant};

use super::{
    client::MongoMemory,
    error::{Faults as _, is_duplicate},
    row::{Newest, Told},
};

const APPEND: &str = "memory.append";

/// Each failed try means that another writer got on; so many in a row mean that something else is wrong.
const TRIES: u32 = 100;

/// A turn on its way into a bucket.
pub(super) struct Write {
    pub(super) tenant: Tenant,
    pub(super) conversation: ConversationId,
    pub(super) turn: String,
    pub(super) told: Told,
    pub(super) count: i64,
    pub(super) expires_at: i64,
}

impl Write {
    fn thread(&self) -> Document {
        doc! { "tenant": self.tenant.company().0, "conversation": self.conversation.0 }
    }

    /// The bucket, when it is open and does not hold the turn.
    fn filter(&self, bucket: i64, size: i64) -> Document {
        let mut filter = self.thread();
        filter.insert("bucket", bucket);
        filter.insert("count", doc! { "$lt": size });
        filter.insert("turns.id", doc! { "$ne": &self.turn });
        filter
    }

    fn update(&self) -> Result<Document> {
        let told = serialize_to_bson(&self.told).map_err(|error| Error::internal(APPEND, error))?;
        Ok(doc! {
            "$push": { "turns": told },
            "$inc": { "count": self.count },
            "$max": { "expires_at": DateTime::from_millis(self.expires_at) },
        })
    }
}

impl MongoMemory {
    pub(super) async fn put(&self, write: &Write) -> Result<()> {
        let size = i64::from(self.config.bucket);
        let update = write.update()?;
        for _ in 0..TRIES {
            let bucket = match self.newest(write).await? {
                None => 0,
                Some(newest) if newest.count < size => newest.bucket,
                Some(newest) => newest.bucket + 1,
            };
            let filter = write.filter(bucket, size);
            let put = self
                .heads
                .find_one_and_update(filter, update.clone())
                .upsert(true)
                .projection(doc! { "bucket": 1, "count": 1 })
                .return_document(ReturnDocument::After)
                .await;
            match put {
                Ok(after) => return self.make_room(write, after).await,
                Err(error) if is_duplicate(&error) => {}
                Err(error) => return Err(error).of(APPEND),
            }
            if self.holds(write).await? {
                return Ok(());
            }
        }
        Err(Error::unavailable(
            APPEND,
            "too many turns of one conversation at once",
        ))
    }

    async fn newest(&self, write: &Write) -> Result<Option<Newest>> {
        self.heads
            .find_one(write.thread())
            .sort(doc! { "bucket": -1 })
            .projection(doc! { "bucket": 1, "count": 1 })
            .await
            .of(APPEND)
    }

    /// Whether the conversation has the turn already.
    async fn holds(&self, write: &Write) -> Result<bool> {
        let mut filter = write.thread();
        filter.insert("turns.id", &write.turn);
        let found = self
            .heads
            .find_one(filter)
            .projection(doc! { "bucket": 1, "count": 1 });
        found.await.of(APPEND).map(|found| found.is_some())
    }

    /// After a bucket was begun, those that the newest entries do not reach into are removed.
    async fn make_room(&self, write: &Write, after: Option<Newest>) -> Result<()> {
        let Some(after) = after.filter(|after| after.count == write.count) else {
            return Ok(());
        };
        let size = usize::from(self.config.bucket).max(1);
        let kept = self.config.limits.most_entries.div_ceil(size);
        let oldest = after
            .bucket
            .saturating_sub(i64::try_from(kept).unwrap_or(i64::MAX));
        if oldest <= 0 {
            return Ok(());
        }
        let mut filter = write.thread();
        filter.insert("bucket", doc! { "$lt": oldest });
        self.heads.delete_many(filter).await.of(APPEND).map(drop)
    }
}
