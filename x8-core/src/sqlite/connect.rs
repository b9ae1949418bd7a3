//! Opening the database: connections, their settings, and the schema.

use std::{
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use sqlx::{
    SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    SqliteStore,
    dialect::{Glance, Tx},
    ports::{Faults, Scope},
};
use crate::{
    catalog::VersionCache,
    error::{Error, Result},
};

/// How long a writer waits for another process.
const BUSY: Duration = Duration::from_secs(10);

/// How often, and how long each time, an opener waits for another to turn a fresh file to WAL.
const TURNS: u32 = 200;
const TURN: Duration = Duration::from_millis(10);

/// Readers beside the one writer.
const READERS: u32 = 4;

/// Commits after which the log is carried over into the file: about as many pages as SQLite itself waits for.
const COMMITS: u32 = 64;

/// Pages of the log at which the writer carries them over itself, in the middle of somebody's commit, because nobody did.
const MOST_PAGES: &str = "4000";

impl SqliteStore {
    /// Opens the database behind `url` (`sqlite://x8.db`, or a path), makes it when it is absent, and brings its tables up
    /// to date.
    ///
    /// - Tables of the existing application are left as they are (D2).
    /// - Opening twice, also at the same moment from two processes, changes nothing more.
    ///
    /// # Errors
    /// `Invalid` for a URL that is none, `Unavailable` when the file cannot be opened, `Internal` when its tables were made
    /// by a newer version.
    pub async fn open(url: &str) -> Result<Self> {
        let options = SqliteConnectOptions::from_str(url).map_err(|error| {
            Error::invalid("store.open", "the database URL is not like sqlite://x8.db")
                .caused_by(error)
        })?;
        if url.contains(":memory:") || url.contains("mode=memory") {
            return Self::in_memory(options).await;
        }
        let options = configured(options).create_if_missing(true);
        let carrier = connect(carrier(), &options).await?;
        let writing = options.clone().pragma("wal_autocheckpoint", MOST_PAGES);
        let writer = connect(
            relieved(pool().max_connections(1), carrier.clone()),
            &writing,
        )
        .await?;
        migrate(&writer).await?;
        let readers = pool().max_connections(READERS);
        let readers = connect(readers, &options.pragma("query_only", "ON")).await?;
        Ok(Self::over(writer, readers, Some(carrier)))
    }

    /// Opens a database that lives as long as the store; for tests and trials.
    ///
    /// # Errors
    /// `Internal` when SQLite itself fails.
    pub async fn open_in_memory() -> Result<Self> {
        Self::open("sqlite::memory:").await
    }

    /// Waits for running work and closes the file.
    pub async fn close(&self) {
        if let Some(carrier) = &self.carrier {
            carrier.close().await;
        }
        self.readers.close().await;
        self.writer.close().await;
    }

    /// A database in memory is its one connection: it must never be closed for being idle or old.
    async fn in_memory(options: SqliteConnectOptions) -> Result<Self> {
        let writer = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(configured(options))
            .await
            .of("store.open")?;
        migrate(&writer).await?;
        Ok(Self::over(writer.clone(), writer, None))
    }

    fn over(writer: SqlitePool, readers: SqlitePool, carrier: Option<SqlitePool>) -> Self {
        let versions = Arc::new(VersionCache::new(Self::CATALOG_BYTES));
        Self {
            writer,
            readers,
            carrier,
            versions,
        }
    }

    /// A transaction that holds the write lock from its start, so that what it read cannot change under it. There is one
    /// writer for everybody, whoever it works for.
    pub(super) async fn write(
        &self,
        _for: impl Into<Scope>,
        operation: &'static str,
    ) -> Result<Tx> {
        self.writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .of(operation)
    }

    /// A transaction that sees one state of the database.
    pub(super) async fn read(&self, _for: impl Into<Scope>, operation: &'static str) -> Result<Tx> {
        self.readers.begin().await.of(operation)
    }

    /// For one statement that only reads: it needs no transaction to see one state.
    pub(super) async fn glance(
        &self,
        _for: impl Into<Scope>,
        operation: &'static str,
    ) -> Result<Glance> {
        self.readers.acquire().await.of(operation)
    }
}

fn pool() -> SqlitePoolOptions {
    // There is no network that could have gone.
    SqlitePoolOptions::new().test_before_acquire(false)
}

/// The connection that carries the log over into the file, each time that it was taken and is given back: that happens in
/// the background, and nobody's commit waits for it. Writers go on meanwhile, and readers too.
///
/// What is durable does not change: a commit is on disk in the log before it is acknowledged, whoever carries it over.
fn carrier() -> SqlitePoolOptions {
    let one = pool().min_connections(1).max_connections(1);
    let kept = one.idle_timeout(None).max_lifetime(None);
    kept.after_release(|connection, _age| {
        Box::pin(async move {
            sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
                .execute(connection)
                .await?;
            Ok(true)
        })
    })
}

/// Has the log carried over after every so many commits.
fn relieved(writer: SqlitePoolOptions, carrier: SqlitePool) -> SqlitePoolOptions {
    let commits = Arc::new(AtomicU32::new(0));
    writer.after_release(move |_connection, _age| {
        let commit = commits.fetch_add(1, Ordering::Relaxed);
        // Busy with an earlier round: the next one will do.
        let due = commit % COMMITS == COMMITS - 1;
        drop(due.then(|| carrier.try_acquire()));
        Box::pin(async { Ok(true) })
    })
}

fn configured(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .journal_mode(SqliteJournalMode::Wal)
        // What was acknowledged survives a power cut (principle 3).
        .synchronous(SqliteSynchronous::Full)
        // KiB per connection; the process is meant for small machines.
        .pragma("cache_size", "-1024")
}

/// Connects, patiently: while the first opener of a fresh file turns it to WAL, SQLite refuses the others at once instead of
/// letting them wait as it does everywhere else.
async fn connect(pool: SqlitePoolOptions, options: &SqliteConnectOptions) -> Result<SqlitePool> {
    for _ in 0..TURNS {
        match pool.clone().connect_with(options.clone()).await {
            // Opening happens once, at start, and this lasts milliseconds: not worth a timer of a runtime.
            Err(error) if is_busy(&error) => std::thread::sleep(TURN),
            done => return done.of("store.open"),
        }
    }
    pool.connect_with(options.clone()).await.of("store.open")
}

/// `SQLITE_BUSY` and its extended codes.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| code % 256 == 5)
}

/// Runs the missing migrations in one transaction, so that two processes that start together do not meet halfway.
async fn migrate(pool: &SqlitePool) -> Result<()> {
    let mut migrator: Migrator = sqlx::migrate!("migrations/sqlite");
    // The name keeps clear of other users of the same database.
    migrator.dangerous_set_table_name("x8_migrations");
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.of("store.open")?;
    migrator
        .run_direct(None, &mut *tx, false)
        .await
        .map_err(|error| Error::internal("store.migrate", error))?;
    tx.commit().await.of("store.open")
}
