//! PostgreSQL.

use std::sync::{Arc, Mutex};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use uuid::Uuid;
use x8_assistant::{
    memory::{
        ChatMemory, Limits,
        sql::{SqlConfig, SqlMemory},
    },
    testing::suite,
};
use x8_core::{
    Error, ErrorKind, Result,
    testing::{Checked, Failure, refused},
};

async fn run(url: &str, sql: String) -> Result<()> {
    let failed = |error| Error::internal("test.postgres", error);
    let mut shell = PgConnection::connect(url).await.map_err(failed)?;
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut shell).await;
    done.map(drop).map_err(failed)
}

/// Closes a memory and removes its schema.
async fn remove(url: &str, made: Option<(String, SqlMemory)>) -> Result<()> {
    let Some((schema, memory)) = made else {
        return Ok(());
    };
    memory.close().await;
    run(url, format!("DROP SCHEMA {schema} CASCADE")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a2_postgres_keeps_what_the_port_promises() -> Checked {
    let Some(url) = super::server(
        "X8_TEST_POSTGRES_URL",
        "postgres://user:password@127.0.0.1:5432/x8",
    ) else {
        return Ok(());
    };
    let made: Mutex<Option<(String, SqlMemory)>> = Mutex::default();
    let make = |limits: Limits| {
        let (url, made) = (&url, &made);
        async move {
            let schema = format!("x8_memory_{}", Uuid::new_v4().simple());
            run(url, format!("CREATE SCHEMA {schema}")).await?;
            let and = if url.contains('?') { '&' } else { '?' };
            let config = SqlConfig::new(format!("{url}{and}options[search_path]={schema}"));
            let memory = SqlMemory::postgres(&config.with_limits(limits)).await?;
            // A server has few connections for all: the memory of the case before is done with its own.
            let before = made
                .lock()
                .ok()
                .and_then(|mut made| made.replace((schema, memory.clone())));
            remove(url, before).await?;
            let memory: Arc<dyn ChatMemory> = Arc::new(memory);
            Ok(memory)
        }
    };
    let checked = suite::memory::all(&make).await;
    let last = made.into_inner().map_err(|_| Failure::new("poisoned"))?;
    remove(&url, last).await?;
    checked
}

#[tokio::test]
async fn a2_a_postgres_that_is_not_there_is_unavailable_and_its_password_unsaid() -> Checked {
    let config = SqlConfig::new("postgres://x8:hidden-word@127.0.0.1:1/x8");
    let opened = SqlMemory::postgres(&config).await;
    let said = format!("{config:?} {opened:?}");
    assert!(!said.contains("hidden-word"), "{said}");
    refused(opened, ErrorKind::Unavailable, "no server")?;
    let nonsense = SqlMemory::postgres(&SqlConfig::new("postgres://x8:hidden-word@[")).await;
    assert!(!format!("{nonsense:?}").contains("hidden-word"));
    refused(nonsense, ErrorKind::Invalid, "no address")
}
