//! The SQLite store: the conformance suite in memory and on file, and what only a real database can show.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection, sqlite::SqliteQueryResult};
use tempfile::TempDir;
use x8_core::{
    channel::Channel,
    conversation::Conversation,
    order::Order,
    port::{
        Accounts as _, Changes, ChannelStore as _, Companies as _, Inbox as _, Ledger as _,
        OrderWrite, Pending,
    },
    sqlite::SqliteStore,
    tenant::{Role, Tenant},
    testing::{Failure, fixture, present},
};

mod conformance;
mod existing_app;
mod file;
mod rules;

/// A database file with one company, one channel and one customer.
struct Shop {
    dir: TempDir,
    store: Arc<SqliteStore>,
    tenant: Tenant,
    channel: Channel,
    conversation: Conversation,
}

const WAIT: Pending = Pending {
    quiet: jiff::SignedDuration::from_secs(3),
    longest: jiff::SignedDuration::from_secs(10),
};

impl Shop {
    async fn open() -> Result<Self, Failure> {
        let dir = TempDir::new().map_err(|error| Failure::new(error.to_string()))?;
        let store = SqliteStore::open(&url(&dir)).await?;
        let owner = store
            .create_user(fixture::new_user("owner@example.com", Role::Client))
            .await?;
        let company = store
            .create_company(owner.id, fixture::new_company("Rosas"), fixture::NOW)
            .await?;
        let tenant = company.tenant();
        let channel = store
            .reserve_channel(
                tenant,
                fixture::new_channel("main"),
                fixture::subscribed(9),
                fixture::NOW,
            )
            .await?;
        let hello = [fixture::inbound("m0", "+34600000001", "hello")];
        let accepted = store.accept(&channel, &hello, WAIT, fixture::NOW).await?;
        let (id, _) = *present(accepted.stored.first(), "the message is stored")?;
        let conversation = store.conversation(tenant, id).await?;
        Ok(Self {
            dir,
            store: Arc::new(store),
            tenant,
            channel,
            conversation,
        })
    }

    /// A second store on the same file, as another process would have it.
    async fn beside(&self) -> Result<Arc<SqliteStore>, Failure> {
        Ok(Arc::new(SqliteStore::open(&url(&self.dir)).await?))
    }

    /// A plain connection that knows nothing of x8 but the file.
    async fn shell(&self) -> Result<SqliteConnection, Failure> {
        connect(&self.dir).await
    }

    async fn put(&self, order: &Order) -> Result<Order, Failure> {
        let changes = Changes {
            orders: vec![OrderWrite {
                order: order.clone(),
            }],
            ..Changes::at(fixture::NOW)
        };
        self.store.commit(self.tenant, changes).await?;
        Ok(self.store.order(self.tenant, order.id).await?)
    }

    fn cart(&self, number: u128) -> Order {
        fixture::cart(number, self.tenant, &self.conversation, 29_90)
    }

    async fn paid(&self, number: u128) -> Result<Order, Failure> {
        let session = format!("cs_{number}");
        let waiting = self
            .put(&fixture::awaiting(&self.cart(number), &session))
            .await?;
        self.put(&fixture::paid(&waiting, &session)).await
    }
}

fn url(dir: &TempDir) -> String {
    format!("sqlite://{}", dir.path().join("x8.db").display())
}

async fn connect(dir: &TempDir) -> Result<SqliteConnection, Failure> {
    SqliteConnection::connect(&format!("{}?mode=rwc", url(dir)))
        .await
        .map_err(|error| Failure::new(error.to_string()))
}

/// Runs SQL as a person in a database shell would.
async fn run(shell: &mut SqliteConnection, sql: &str) -> Result<SqliteQueryResult, Failure> {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(shell)
        .await
        .map_err(|error| Failure::new(format!("{error}: {sql:.80}")))
}

/// One number.
async fn number(shell: &mut SqliteConnection, sql: &str) -> Result<i64, Failure> {
    sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(shell)
        .await
        .map_err(|error| Failure::new(format!("{error}: {sql:.80}")))
}

/// The database's own words when it refuses.
async fn refusal(shell: &mut SqliteConnection, sql: &str) -> Result<String, Failure> {
    match run(shell, sql).await {
        Err(failure) => Ok(failure.to_string()),
        Ok(_) => Err(Failure::new(format!("it was allowed: {sql}"))),
    }
}
