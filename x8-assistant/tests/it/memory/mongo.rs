//! MongoDB, with buckets of the usual size and with tiny ones.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::{TryStreamExt as _, future::try_join_all};
use mongodb::{
    Client, Collection,
    bson::{Bson, Document, doc},
};
use uuid::Uuid;
use x8_assistant::{
    memory::{
        ChatMemory, Entry, Limits, Said,
        mongo::{MongoConfig, MongoMemory},
    },
    prompt::Role,
    testing::suite,
};
use x8_core::{
    Error, ErrorKind, Result,
    conversation::{Identity, IdentityKind},
    id::{CompanyId, ConversationId},
    tenant::Tenant,
    testing::{Checked, Failure, ensure, fixture, present, refused, same},
};

fn server() -> Option<String> {
    super::server("X8_TEST_MONGODB_URL", "mongodb://127.0.0.1:27017")
}

fn failed(error: mongodb::error::Error) -> Error {
    Error::internal("test.mongodb", error)
}

/// Databases that are dropped at the end.
struct Server {
    url: String,
    databases: Mutex<Vec<String>>,
}

impl Server {
    fn new(url: String) -> Self {
        Self {
            url,
            databases: Mutex::default(),
        }
    }

    async fn memory(&self, limits: Limits, bucket: u16) -> Result<(MongoMemory, MongoConfig)> {
        let database = format!("x8_{}", Uuid::new_v4().simple());
        if let Ok(mut databases) = self.databases.lock() {
            databases.push(database.clone());
        }
        let config = MongoConfig::new(&self.url, database)
            .with_limits(limits)
            .with_bucket(bucket);
        let memory = MongoMemory::connect(config.clone()).await?;
        memory.ensure().await?;
        // As every later start does.
        memory.ensure().await?;
        Ok((memory, config))
    }

    async fn drop(self) -> Result<(), Failure> {
        let client = Client::with_uri_str(&self.url).await.map_err(failed)?;
        let databases = self.databases.into_inner();
        for database in databases.map_err(|_| Failure::new("poisoned"))? {
            client.database(&database).drop().await.map_err(failed)?;
        }
        Ok(())
    }
}

/// The buckets themselves, as a shell sees them.
async fn shell(config: &MongoConfig) -> Result<Collection<Document>> {
    let client = Client::with_uri_str(config.url.expose()).await;
    let database = client.map_err(failed)?.database(&config.database);
    Ok(database.collection(&config.collection))
}

async fn conforms(bucket: u16) -> Checked {
    let Some(url) = server() else {
        return Ok(());
    };
    let server = Server::new(url);
    let make = |limits: Limits| {
        let server = &server;
        async move {
            let (memory, _) = server.memory(limits, bucket).await?;
            let memory: Arc<dyn ChatMemory> = Arc::new(memory);
            Ok(memory)
        }
    };
    let checked = suite::memory::all(&make).await;
    server.drop().await?;
    checked
}

#[tokio::test(flavor = "multi_thread")]
async fn a2_mongodb_keeps_what_the_port_promises() -> Checked {
    conforms(50).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a2_mongodb_with_tiny_buckets_keeps_what_the_port_promises() -> Checked {
    conforms(3).await
}

const TENANT: Tenant = Tenant::assume(CompanyId(1));

fn said(number: u128, text: &str) -> Said {
    Said {
        conversation: ConversationId(7),
        person: Identity::new(IdentityKind::Phone, "+34600000001"),
        turn: fixture::turn(number),
        entries: vec![Entry::new(Role::User, text, fixture::NOW)],
    }
}

/// Every key begins with the tenant, but the TTL's, which is on the date alone.
async fn indexes_fit(buckets: &Collection<Document>) -> Checked {
    let indexes: Vec<_> = buckets
        .list_indexes()
        .await
        .map_err(failed)?
        .try_collect()
        .await
        .map_err(failed)?;
    let mut ttl = None;
    for index in indexes {
        let first = index.keys.keys().next().cloned().unwrap_or_default();
        let options = index.options.unwrap_or_default();
        if let Some(after) = options.expire_after {
            ttl = Some((first, after));
        } else {
            ensure(
                first == "tenant" || first == "_id",
                format!("an index on {first}"),
            )?;
        }
    }
    let wanted = ("expires_at".to_owned(), Duration::ZERO);
    same(&ttl, &Some(wanted), "the TTL index")
}

#[tokio::test(flavor = "multi_thread")]
async fn a2_buckets_stay_small_carry_a_date_and_begin_every_key_with_the_tenant() -> Checked {
    let Some(url) = server() else {
        return Ok(());
    };
    let server = Server::new(url);
    let limits = Limits {
        most_entries: 100,
        ..Limits::default()
    };
    let (memory, config) = server.memory(limits, 10).await?;
    let widest = "🌹".repeat(limits.longest_text + 1);
    for number in 0..300 {
        memory
            .append(TENANT, &said(number, &widest), fixture::NOW)
            .await?;
    }
    let buckets = shell(&config).await?;
    let found: Vec<Document> = buckets
        .find(doc! {})
        .await
        .map_err(failed)?
        .try_collect()
        .await
        .map_err(failed)?;
    same(
        &found.len(),
        &11,
        "100 entries, and the bucket that is making room",
    )?;
    for bucket in &found {
        let size = mongodb::bson::serialize_to_vec(bucket).map(|bytes| bytes.len());
        ensure(
            size.is_ok_and(|size| size < 1024 * 1024),
            "far below 16 MB with the longest texts",
        )?;
        let turns = bucket.get_array("turns").map(Vec::len);
        same(&turns.ok(), &Some(10), "turns of a bucket")?;
        let expiry = present(bucket.get("expires_at"), "an expiry")?;
        ensure(
            matches!(expiry, Bson::DateTime(_)),
            "it is a date, or no TTL would see it",
        )?;
    }
    indexes_fit(&buckets).await?;
    server.drop().await
}

/// Two processes tell the same turns and other ones, all at once, while buckets fill up and are left behind.
#[tokio::test(flavor = "multi_thread")]
async fn a2_two_writers_at_the_border_of_buckets_keep_every_turn_once() -> Checked {
    let Some(url) = server() else {
        return Ok(());
    };
    let server = Server::new(url);
    let (one, config) = server.memory(Limits::default(), 4).await?;
    let other = MongoMemory::connect(config.clone()).await?;
    for round in 0..5_u128 {
        let turns: Vec<Said> = (round * 30..round * 30 + 30)
            .map(|number| said(number, &format!("{number}")))
            .collect();
        let appends = [&one, &other]
            .into_iter()
            .flat_map(|memory| turns.iter().map(move |said| (memory, said)))
            .map(|(memory, said)| memory.append(TENANT, said, fixture::NOW));
        try_join_all(appends).await?;
    }
    let window = one
        .window(TENANT, ConversationId(7), 100_000, fixture::NOW)
        .await?;
    let mut numbers: Vec<u128> = window
        .iter()
        .filter_map(|entry| entry.text.parse().ok())
        .collect();
    numbers.sort_unstable();
    same(&numbers, &(0..150).collect(), "the turns")?;
    server.drop().await
}

#[tokio::test]
async fn a2_sizes_that_come_near_the_document_limit_are_refused() -> Checked {
    for (bucket, longest_text) in [(0, 10), (50, 1_000_000), (u16::MAX, 4_000)] {
        let limits = Limits {
            longest_text,
            ..Limits::default()
        };
        let config = MongoConfig::new("mongodb://127.0.0.1:1", "x8")
            .with_limits(limits)
            .with_bucket(bucket);
        refused(
            MongoMemory::connect(config).await,
            ErrorKind::Invalid,
            "these sizes",
        )?;
    }
    Ok(())
}

#[tokio::test]
async fn a2_a_mongodb_that_is_not_there_is_unavailable_and_its_password_unsaid() -> Checked {
    let mut config = MongoConfig::new("mongodb://x8:hidden-word@127.0.0.1:1", "x8");
    config.patience = Duration::from_millis(50);
    let memory = MongoMemory::connect(config).await?;
    let kept = memory.append(TENANT, &said(1, "hello"), fixture::NOW).await;
    let told = format!("{memory:?} {kept:?}");
    assert!(!told.contains("hidden-word"), "{told}");
    refused(kept, ErrorKind::Unavailable, "no server")?;
    let nonsense = MongoMemory::connect(MongoConfig::new("mango://x8:hidden-word@", "x8")).await;
    assert!(!format!("{nonsense:?}").contains("hidden-word"));
    refused(nonsense, ErrorKind::Invalid, "no address")
}
