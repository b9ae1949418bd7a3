//! The PostgreSQL store, against the server that `X8_TEST_POSTGRES_URL` names; without it these tests say so and pass.
//!
//! Each test has a database of its own, and works in it as a role that row-level security binds: the user of the variable
//! must be allowed to make both.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, postgres::PgQueryResult};
use x8_core::{
    channel::Channel,
    conversation::Conversation,
    order::Order,
    port::{
        Accounts as _, Changes, ChannelStore as _, Companies as _, Inbox as _, Ledger as _,
        OrderWrite, Pending,
    },
    postgres::PostgresStore,
    tenant::{Role, Tenant},
    testing::{Failure, fixture, present},
};

mod conformance;
mod existing_app;
mod isolation;
mod nodes;
mod rules;

const VARIABLE: &str = "X8_TEST_POSTGRES_URL";

const WAIT: Pending = Pending {
    quiet: jiff::SignedDuration::from_secs(3),
    longest: jiff::SignedDuration::from_secs(10),
};

/// The server, or a word about what is not tested.
#[expect(
    clippy::disallowed_methods,
    reason = "only whoever runs the tests knows of a server"
)]
fn server() -> Option<String> {
    let url = std::env::var(VARIABLE).ok();
    if url.is_none() {
        println!(
            "SKIPPED: set {VARIABLE} to a server such as postgres://user:password@127.0.0.1:5432/x8"
        );
    }
    url
}

/// A database of one test, and the role that owns it.
struct Database {
    admin: String,
    name: String,
    schemas: AtomicU32,
    stores: Mutex<Vec<PostgresStore>>,
}

impl Database {
    /// `None` without a server.
    async fn create() -> Result<Option<Self>, Failure> {
        let Some(admin) = server() else {
            return Ok(None);
        };
        let mut shell = connect(&admin).await?;
        let random = "SELECT 'x8_test_' || replace(gen_random_uuid()::text, '-', '')";
        let name = text(&mut shell, random).await?;
        let role = format!("CREATE ROLE {name} LOGIN PASSWORD 'hidden' NOSUPERUSER NOBYPASSRLS");
        run(&mut shell, &role).await?;
        run(&mut shell, &format!("CREATE DATABASE {name} OWNER {name}")).await?;
        Ok(Some(Self {
            admin,
            name,
            schemas: AtomicU32::new(0),
            stores: Mutex::default(),
        }))
    }

    /// As the role that row-level security binds.
    fn url(&self) -> String {
        let (_, place) = self.admin.rsplit_once('@').unwrap();
        let host = place.split('/').next().unwrap();
        format!("postgres://{0}:hidden@{host}/{0}", self.name)
    }

    /// As the user of the variable, usually a superuser.
    fn admin_url(&self) -> String {
        let (user, place) = self.admin.rsplit_once('@').unwrap();
        let host = place.split('/').next().unwrap();
        format!("{user}@{host}/{}", self.name)
    }

    /// A node: a store of its own on the one database.
    async fn node(&self) -> Result<Arc<PostgresStore>, Failure> {
        let store = PostgresStore::open(&self.url()).await?;
        self.stores.lock().unwrap().push(store.clone());
        Ok(Arc::new(store))
    }

    /// An empty store in a schema of its own, which nothing else uses.
    async fn fresh(&self) -> x8_core::Result<PostgresStore> {
        let failed = |failure: Failure| x8_core::Error::internal("test", failure.to_string());
        let old = std::mem::take(&mut *self.stores.lock().unwrap());
        for store in old {
            store.close().await;
        }
        let schema = format!("s{}", self.schemas.fetch_add(1, Ordering::Relaxed));
        let mut shell = connect(&self.url()).await.map_err(failed)?;
        let make = format!("CREATE SCHEMA {schema}");
        run(&mut shell, &make).await.map_err(failed)?;
        let url = format!("{}?options[search_path]={schema}", self.url());
        let store = PostgresStore::open_with(&url, 8).await?;
        self.stores.lock().unwrap().push(store.clone());
        Ok(store)
    }

    /// A plain connection that knows nothing of x8, as the role that row-level security binds.
    async fn shell(&self) -> Result<PgConnection, Failure> {
        connect(&self.url()).await
    }

    /// A shell that says it may see everything.
    async fn seeing(&self, company: &str) -> Result<PgConnection, Failure> {
        let mut shell = self.shell().await?;
        let say = format!("SELECT set_config('x8.company', '{company}', false)");
        run(&mut shell, &say).await?;
        Ok(shell)
    }

    /// Closes every store and leaves nothing on the server.
    async fn remove(self) -> Result<(), Failure> {
        let stores = std::mem::take(&mut *self.stores.lock().unwrap());
        for store in stores {
            store.close().await;
        }
        let mut shell = connect(&self.admin).await?;
        let name = &self.name;
        run(&mut shell, &format!("DROP DATABASE {name} WITH (FORCE)")).await?;
        run(&mut shell, &format!("DROP ROLE {name}")).await?;
        Ok(())
    }
}

/// Runs a test on a database of its own, and removes the database whatever became of the test.
macro_rules! on_server {
    ($(#[$note:meta])* async fn $name:ident($database:ident) $body:block) => {
        $(#[$note])*
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() -> x8_core::testing::Checked {
            let Some(database) = $crate::postgres_store::Database::create().await? else {
                return Ok(());
            };
            let checked = {
                let $database = &database;
                let test = async move { $body };
                let checked: x8_core::testing::Checked = test.await;
                checked
            };
            database.remove().await?;
            checked
        }
    };
}
pub(crate) use on_server;

/// One company, one channel and one customer.
struct Shop {
    store: Arc<PostgresStore>,
    tenant: Tenant,
    channel: Channel,
    conversation: Conversation,
}

impl Shop {
    async fn open(database: &Database) -> Result<Self, Failure> {
        let store = database.node().await?;
        Self::another(&store, "owner@example.com", "main").await
    }

    async fn another(
        store: &Arc<PostgresStore>,
        email: &str,
        session: &str,
    ) -> Result<Self, Failure> {
        let user = fixture::new_user(email, Role::Client);
        let owner = store.create_user(user).await?;
        let company = store
            .create_company(owner.id, fixture::new_company("Rosas"), fixture::NOW)
            .await?;
        let tenant = company.tenant();
        let new = fixture::new_channel(session);
        let channel = store
            .reserve_channel(tenant, new, fixture::subscribed(9), fixture::NOW)
            .await?;
        let hello = [fixture::inbound("m0", "+34600000001", "hello")];
        let accepted = store.accept(&channel, &hello, WAIT, fixture::NOW).await?;
        let (id, _) = *present(accepted.stored.first(), "the message is stored")?;
        let conversation = store.conversation(tenant, id).await?;
        Ok(Self {
            store: Arc::clone(store),
            tenant,
            channel,
            conversation,
        })
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

async fn connect(url: &str) -> Result<PgConnection, Failure> {
    PgConnection::connect(url)
        .await
        .map_err(|error| Failure::new(error.to_string()))
}

/// Runs SQL as a person in a database shell would.
async fn run(shell: &mut PgConnection, sql: &str) -> Result<PgQueryResult, Failure> {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(shell)
        .await
        .map_err(|error| Failure::new(format!("{error}: {sql:.80}")))
}

/// One number.
async fn number(shell: &mut PgConnection, sql: &str) -> Result<i64, Failure> {
    sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(shell)
        .await
        .map_err(|error| Failure::new(format!("{error}: {sql:.80}")))
}

/// One text.
async fn text(shell: &mut PgConnection, sql: &str) -> Result<String, Failure> {
    sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(shell)
        .await
        .map_err(|error| Failure::new(format!("{error}: {sql:.80}")))
}

/// The database's own words when it refuses.
async fn refusal(shell: &mut PgConnection, sql: &str) -> Result<String, Failure> {
    match run(shell, sql).await {
        Err(failure) => Ok(failure.to_string()),
        Ok(_) => Err(Failure::new(format!("it was allowed: {sql}"))),
    }
}

/// Returns when so many wait for locks, after a while with an error.
async fn waiting(watcher: &mut PgConnection, count: i64) -> Result<(), Failure> {
    let blocked = "SELECT count(*) FROM pg_stat_activity
                   WHERE wait_event_type = 'Lock' AND datname = current_database()";
    for _ in 0..1_000 {
        if number(watcher, blocked).await? >= count {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    Err(Failure::new("nobody waited"))
}
