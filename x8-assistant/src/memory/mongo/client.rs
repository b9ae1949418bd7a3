//! The port over a collection of buckets.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use mongodb::{
    Client, Collection, IndexModel,
    bson::{DateTime, Document, doc},
    options::{
        ClientOptions, CollectionOptions, IndexOptions, ReadPreference, SelectionCriteria,
        WriteConcern,
    },
};
use x8_core::{Error, Result, id::ConversationId, tenant::Tenant};

use super::{
    super::{ChatMemory, Entry, Limits, Said, Scope, window::Window},
    append::Write,
    config::MongoConfig,
    error::Faults as _,
    row::{self, Bucket, Newest, Told},
};

const CONNECT: &str = "memory.connect";

/// Buckets that are fetched at once.
const BATCH: u32 = 2;

/// Chat memory in MongoDB. Cheap to clone; clones share the connections. Needs a Tokio runtime.
#[derive(Clone)]
pub struct MongoMemory {
    pub(super) config: MongoConfig,
    /// The collection, read for windows.
    buckets: Collection<Bucket>,
    /// The same collection, read for writing.
    pub(super) heads: Collection<Newest>,
}

impl fmt::Debug for MongoMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MongoMemory")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl MongoMemory {
    /// Prepares a client; the server is reached with the first call.
    ///
    /// # Errors
    /// `Invalid` for an address that is none, and for sizes with which a document could come near MongoDB's limit.
    pub async fn connect(config: MongoConfig) -> Result<Self> {
        config.check()?;
        let parsed = ClientOptions::parse(config.url.expose()).await;
        let mut options = parsed.map_err(|_carries_password| {
            Error::invalid(
                CONNECT,
                "the memory's address is not like mongodb://host:27017",
            )
        })?;
        options
            .app_name
            .get_or_insert_with(|| "x8-memory".to_owned());
        options.server_selection_timeout = Some(config.patience);
        options.connect_timeout = Some(config.patience);
        let client = Client::with_options(options).of(CONNECT)?;
        let majority = WriteConcern::builder()
            .w(mongodb::options::Acknowledgment::Majority)
            .w_timeout(config.patience)
            .build();
        // Windows show what was just told: only the primary surely has it.
        let options = CollectionOptions::builder()
            .write_concern(majority)
            .selection_criteria(SelectionCriteria::ReadPreference(ReadPreference::Primary))
            .build();
        let database = client.database(&config.database);
        Ok(Self {
            buckets: database.collection_with_options(&config.collection, options.clone()),
            heads: database.collection_with_options(&config.collection, options),
            config,
        })
    }

    /// Makes the indexes: unique bucket numbers, turns once per conversation, persons, and the TTL. Must have run before the
    /// first turn is told; running it again changes nothing.
    ///
    /// # Errors
    /// `Unavailable` when the server cannot be reached; `Internal` when an index of the same name differs.
    pub async fn ensure(&self) -> Result<()> {
        let index = |name: &str, keys: Document| {
            let options = IndexOptions::builder().name(name.to_owned());
            (keys, options)
        };
        let (keys, options) = index(
            "bucket",
            doc! { "tenant": 1, "conversation": 1, "bucket": -1 },
        );
        let bucket = (keys, options.unique(true).build());
        let (keys, options) = index(
            "turn",
            doc! { "tenant": 1, "conversation": 1, "turns.id": 1 },
        );
        let turn = (keys, options.unique(true).build());
        let (keys, options) = index("person", doc! { "tenant": 1, "turns.person": 1 });
        let person = (keys, options.build());
        let (keys, options) = index("expiry", doc! { "expires_at": 1 });
        let expiry = (keys, options.expire_after(Duration::ZERO).build());
        let models = [bucket, turn, person, expiry]
            .map(|(keys, options)| IndexModel::builder().keys(keys).options(options).build());
        let heads = self.heads.clone();
        spawned("memory.ensure", async move {
            heads
                .create_indexes(models)
                .await
                .of("memory.ensure")
                .map(drop)
        })
        .await
    }

    async fn read(&self, thread: Document, budget: u32, now: Timestamp) -> Result<Vec<Entry>> {
        const WINDOW: &str = "memory.window";
        let mut window = Window::new(&self.config.limits, budget, now);
        let mut buckets = self
            .buckets
            .find(thread)
            .sort(doc! { "bucket": -1 })
            .projection(doc! { "turns": 1 })
            .batch_size(BATCH)
            .await
            .of(WINDOW)?;
        'full: while let Some(bucket) = buckets.try_next().await.of(WINDOW)? {
            for told in bucket.turns.into_iter().rev() {
                if !window.take(told.into_entries()?) {
                    break 'full;
                }
            }
        }
        Ok(window.oldest_first())
    }

    /// Whole buckets first: a bucket must not be emptied, since two empty ones are equal to the index of turns.
    async fn delete_person(&self, tenant: Tenant, person: String) -> Result<()> {
        const DELETE: &str = "memory.delete";
        let tenant = tenant.company().0;
        let only = doc! {
            "tenant": tenant,
            "turns.person": &person,
            "turns": { "$not": { "$elemMatch": { "person": { "$ne": &person } } } },
        };
        self.heads.delete_many(only).await.of(DELETE)?;
        let among = doc! { "tenant": tenant, "turns.person": &person };
        let pull = doc! { "$pull": { "turns": { "person": &person } } };
        self.heads
            .update_many(among, pull)
            .await
            .of(DELETE)
            .map(drop)
    }

    async fn delete_all(&self, operation: &'static str, filter: Document) -> Result<()> {
        self.heads.delete_many(filter).await.of(operation).map(drop)
    }
}

/// Runs to its end even when the caller stops waiting: the driver's futures must not be dropped halfway.
async fn spawned<T: Send + 'static>(
    operation: &'static str,
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    let done = tokio::spawn(work).await;
    done.map_err(|error| Error::internal(operation, error))?
}

#[async_trait]
impl ChatMemory for MongoMemory {
    fn limits(&self) -> &Limits {
        &self.config.limits
    }

    async fn append(&self, tenant: Tenant, said: &Said, now: Timestamp) -> Result<()> {
        let limits = &self.config.limits;
        let entries = limits.admit(&said.entries, now);
        let Ok(count @ 1..) = i64::try_from(entries.len()) else {
            return Ok(());
        };
        let write = Write {
            tenant,
            conversation: said.conversation,
            turn: said.turn.to_string(),
            told: Told::new(said, &entries)?,
            count,
            expires_at: limits.last_expiry(&entries),
        };
        let memory = self.clone();
        spawned("memory.append", async move { memory.put(&write).await }).await
    }

    async fn window(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        budget: u32,
        now: Timestamp,
    ) -> Result<Vec<Entry>> {
        let memory = self.clone();
        let thread = doc! {
            "tenant": tenant.company().0,
            "conversation": conversation.0,
            "expires_at": { "$gt": DateTime::from_millis(now.as_millisecond()) },
        };
        spawned("memory.window", async move {
            memory.read(thread, budget, now).await
        })
        .await
    }

    async fn delete(&self, tenant: Tenant, scope: &Scope) -> Result<()> {
        const DELETE: &str = "memory.delete";
        let memory = self.clone();
        let number = tenant.company().0;
        match scope {
            Scope::Conversation(conversation) => {
                let filter = doc! { "tenant": number, "conversation": conversation.0 };
                spawned(
                    DELETE,
                    async move { memory.delete_all(DELETE, filter).await },
                )
                .await
            }
            Scope::Person(identity) => {
                let person = row::person(identity)?;
                spawned(
                    DELETE,
                    async move { memory.delete_person(tenant, person).await },
                )
                .await
            }
            Scope::Tenant => {
                let filter = doc! { "tenant": number };
                spawned(
                    DELETE,
                    async move { memory.delete_all(DELETE, filter).await },
                )
                .await
            }
        }
    }

    async fn purge(&self, now: Timestamp) -> Result<()> {
        const PURGE: &str = "memory.purge";
        let memory = self.clone();
        let filter = doc! { "expires_at": { "$lte": DateTime::from_millis(now.as_millisecond()) } };
        spawned(PURGE, async move { memory.delete_all(PURGE, filter).await }).await
    }
}
