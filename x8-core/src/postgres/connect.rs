//! Opening the database: connections, their settings, and the schema.

use std::{str::FromStr, sync::Arc, time::Duration};

use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, PgPool,
    migrate::Migrator,
    pool::PoolConnectionMetadata,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{
    PostgresStore,
    dialect::{Glance, Tx},
    ports::{Faults, Scope},
};
use crate::{
    catalog::VersionCache,
    error::{Error, Result},
};

const OPEN: &str = "store.open";

/// Connections of one node, unless told otherwise.
const CONNECTIONS: u32 = 16;

/// How long work waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(10);

/// A connection that rested longer is asked whether it still lives.
const RESTED: Duration = Duration::from_secs(5);

/// What every session is told: how long a writer waits for another, and that a transaction whose node died or forgot it
/// does not keep others waiting for ever.
const SESSION: &str = "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'";

/// The oldest server whose views obey row-level security.
const OLDEST: u32 = 150_000;

impl PostgresStore {
    /// Connects to `postgres://user:password@host/database` and brings its tables, in the first schema of the search path,
    /// up to date.
    ///
    /// - Tables of the existing application are left as they are (D2).
    /// - Opening twice, also at the same moment from two nodes, changes nothing more.
    /// - The role must be allowed to create tables; on a database of the existing application it must own its tables.
    ///
    /// # Errors
    /// `Invalid` for a URL that is none or that the server refuses, `Unavailable` when the server cannot be reached,
    /// `Unsupported` when it is older than PostgreSQL 15, `Internal` when its tables were made by a newer version.
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_with(url, CONNECTIONS).await
    }

    /// [`open`](Self::open) with at most this many connections; all nodes together must stay below the server's limit.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_with(url: &str, connections: u32) -> Result<Self> {
        let options = PgConnectOptions::from_str(url).map_err(|_carries_password| {
            Error::invalid(
                OPEN,
                "the database URL is not like postgres://user:password@host/database",
            )
        })?;
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE)
            .test_before_acquire(false)
            .after_connect(|session, _| {
                Box::pin(async { session.execute(SESSION).await.map(drop) })
            })
            .before_acquire(|session, rest| Box::pin(alive(session, rest)))
            .after_release(|session, _| Box::pin(at_rest(session)))
            .connect_with(options.application_name("x8"))
            .await
            .map_err(refused)?;
        require_version(&pool).await?;
        migrate(&pool).await?;
        let versions = Arc::new(VersionCache::new(Self::CATALOG_BYTES));
        Ok(Self { pool, versions })
    }

    /// Waits for running work and closes the connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Whether row-level security binds the role of this store: `false` for a superuser and for `BYPASSRLS`. The store works
    /// either way, since every statement names its company too.
    ///
    /// # Errors
    /// `Unavailable` when the server cannot be reached.
    pub async fn is_isolated(&self) -> Result<bool> {
        let exempt: bool = sqlx::query_scalar(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user",
        )
        .fetch_one(&self.pool)
        .await
        .of("store.is_isolated")?;
        Ok(!exempt)
    }

    /// A transaction that sees what it may and keeps out whoever else would write for the same company or account. Each of
    /// its statements sees what was committed before it began.
    pub(super) async fn write(
        &self,
        scope: impl Into<Scope>,
        operation: &'static str,
    ) -> Result<Tx> {
        let scope = scope.into();
        let begin = format!("BEGIN; {}{}", sight(scope), only_writer(scope));
        self.begin(begin, operation).await
    }

    /// A transaction that sees one state of the database.
    pub(super) async fn read(
        &self,
        scope: impl Into<Scope>,
        operation: &'static str,
    ) -> Result<Tx> {
        let sight = sight(scope.into());
        let begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {sight}");
        self.begin(begin, operation).await
    }

    /// For one statement that only reads.
    pub(super) async fn glance(
        &self,
        scope: impl Into<Scope>,
        operation: &'static str,
    ) -> Result<Glance> {
        let begin = format!("BEGIN READ ONLY; {}", sight(scope.into()));
        self.begin(begin, operation).await
    }

    /// `sql` is made of our own words and of numbers.
    async fn begin(&self, sql: String, operation: &'static str) -> Result<Tx> {
        self.pool.begin_with(AssertSqlSafe(sql)).await.of(operation)
    }
}

/// Says to the policies what this transaction may see. `x8.queue` lets x8 itself, whoever it works for, reach the jobs that
/// belong to no company.
fn sight(scope: Scope) -> String {
    let company = match scope {
        Scope::Company(id) => id.to_string(),
        Scope::User(_) => "none".to_owned(),
        Scope::Platform => "*".to_owned(),
    };
    format!(
        "SELECT set_config('x8.company', '{company}', true), set_config('x8.queue', 'on', true)"
    )
}

/// Waits until nobody else writes for the same company or account; the lock ends with the transaction.
fn only_writer(scope: Scope) -> String {
    match scope {
        Scope::Company(id) => {
            format!(", pg_advisory_xact_lock(hashtextextended('x8 company {id}', 0))")
        }
        Scope::User(id) => format!(", pg_advisory_xact_lock(hashtextextended('x8 user {id}', 0))"),
        Scope::Platform => String::new(),
    }
}

/// A server that was restarted is noticed here, not by a customer.
async fn alive(session: &mut PgConnection, rest: PoolConnectionMetadata) -> sqlx::Result<bool> {
    if rest.idle_for < RESTED {
        return Ok(true);
    }
    Ok(session.ping().await.is_ok())
}

/// Work that was dropped while its transaction began leaves one behind, and its locks, of which the driver knows nothing.
/// Outside of any this does nothing; inside a failed one it fails, and the connection is given up.
async fn at_rest(session: &mut PgConnection) -> sqlx::Result<bool> {
    session.execute("BEGIN; ROLLBACK").await?;
    Ok(true)
}

/// Refusals of the address are the operator's to mend.
fn refused(error: sqlx::Error) -> Error {
    let code = error.as_database_error().and_then(|told| told.code());
    // Wrong password or user; no such database.
    if code.is_some_and(|code| code.starts_with("28") || code.starts_with("3D")) {
        return Error::invalid(
            OPEN,
            "the server refuses the user, password or database name",
        )
        .caused_by(error);
    }
    match Err::<(), _>(error).of(OPEN) {
        Err(error) => error,
        Ok(()) => Error::internal(OPEN, "no error"),
    }
}

async fn require_version(pool: &PgPool) -> Result<()> {
    let version: i32 = sqlx::query_scalar("SELECT current_setting('server_version_num')::integer")
        .fetch_one(pool)
        .await
        .of(OPEN)?;
    if u32::try_from(version).is_ok_and(|version| version < OLDEST) {
        let told = "the server is older than PostgreSQL 15";
        return Err(Error::new(crate::ErrorKind::Unsupported, OPEN, told).with("version", version));
    }
    Ok(())
}

/// Runs the missing migrations in one transaction, one node at a time.
async fn migrate(pool: &PgPool) -> Result<()> {
    let mut migrator: Migrator = sqlx::migrate!("migrations/postgres");
    // The name keeps clear of other users of the same database.
    migrator.dangerous_set_table_name("x8_migrations");
    migrator.set_locking(false);
    let mut tx = pool.begin().await.of(OPEN)?;
    tx.execute("SET LOCAL lock_timeout = '5min'; SELECT pg_advisory_xact_lock(hashtextextended('x8 migrations', 0))")
        .await
        .of(OPEN)?;
    migrator
        .run_direct(None, &mut *tx, false)
        .await
        .map_err(|error| Error::internal("store.migrate", error))?;
    tx.commit().await.of(OPEN)
}
