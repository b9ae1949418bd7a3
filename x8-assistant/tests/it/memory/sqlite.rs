//! SQLite, on files.

use std::sync::{Arc, Mutex};

use tempfile::TempDir;
use x8_assistant::{
    memory::{
        ChatMemory, Entry, Limits, Said,
        sql::{SqlConfig, SqlMemory},
    },
    prompt::Role,
    testing::suite,
};
use x8_core::{
    Error, Result,
    conversation::{Identity, IdentityKind},
    id::{CompanyId, ConversationId},
    port::Documents as _,
    sqlite::SqliteStore,
    tenant::Tenant,
    testing::{Checked, Failure, fixture, same},
};

fn folder() -> Result<TempDir> {
    TempDir::new().map_err(|error| Error::internal("test.folder", error))
}

fn url(dir: &TempDir) -> String {
    format!("sqlite://{}", dir.path().join("x8.db").display())
}

#[tokio::test(flavor = "multi_thread")]
async fn a2_sqlite_keeps_what_the_port_promises() -> Checked {
    let folders = Mutex::new(Vec::new());
    let make = |limits: Limits| {
        let made = folder();
        let folders = &folders;
        async move {
            let dir = made?;
            let memory = SqlMemory::sqlite(&SqlConfig::new(url(&dir)).with_limits(limits)).await?;
            if let Ok(mut folders) = folders.lock() {
                folders.push(dir);
            }
            let memory: Arc<dyn ChatMemory> = Arc::new(memory);
            Ok(memory)
        }
    };
    suite::memory::all(&make).await
}

fn said(number: u128) -> Said {
    Said {
        conversation: ConversationId(7),
        person: Identity::new(IdentityKind::Phone, "+34600000001"),
        turn: fixture::turn(number),
        entries: vec![Entry::new(Role::User, format!("{number}"), fixture::NOW)],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a2_a_memory_in_the_stores_own_file_outlives_the_process_and_leaves_the_store_alone()
-> Result<(), Failure> {
    let dir = folder()?;
    let tenant = Tenant::assume(CompanyId(1));
    let store = SqliteStore::open(&url(&dir)).await?;
    let config = SqlConfig::new(url(&dir));
    // Two openers at once, as two processes would be.
    let (one, other) = tokio::join!(SqlMemory::sqlite(&config), SqlMemory::sqlite(&config));
    let (one, other) = (one?, other?);
    for number in 0..40_u128 {
        let memory = if number % 2 == 0 { &one } else { &other };
        let key = number.to_string();
        let value = serde_json::json!(1);
        let said = said(number);
        let (kept, written) = tokio::join!(
            memory.append(tenant, &said, fixture::NOW),
            store.put_document("notes", &key, &value, 0)
        );
        kept?;
        written?;
    }
    one.close().await;
    other.close().await;
    let memory = SqlMemory::sqlite(&config).await?;
    let window = memory
        .window(tenant, ConversationId(7), 10_000, fixture::NOW)
        .await?;
    same(&window.len(), &40, "entries after reopening")?;
    same(
        &store.documents("notes").await?.len(),
        &40,
        "documents of the store",
    )?;
    // The store still opens a file that holds the memory's tables.
    store.close().await;
    SqliteStore::open(&url(&dir)).await.map(drop)?;
    Ok(())
}
