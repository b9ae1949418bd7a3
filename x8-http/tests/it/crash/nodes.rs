//! D4: several processes on one PostgreSQL database. Without a server in `X8_TEST_POSTGRES_URL` these say so and pass.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use reqwest::StatusCode;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use uuid::Uuid;
use x8_channels::testing::{FakeWaha, message};
use x8_core::Secret;

use super::{Outcome, Server, audit, bursts, counts, one_turn_per_burst, settled, shop};

const VARIABLE: &str = "X8_TEST_POSTGRES_URL";

/// An empty database of one test, owned by a role that row-level security binds.
struct Database {
    admin: String,
    name: String,
}

impl Database {
    async fn create() -> Outcome<Option<Self>> {
        let Ok(admin) = std::env::var(VARIABLE) else {
            println!(
                "SKIPPED: set {VARIABLE} to a server such as postgres://user:password@127.0.0.1:5432/x8"
            );
            return Ok(None);
        };
        let name = format!("x8_test_{}", Uuid::new_v4().simple());
        let made = Self { admin, name };
        let name = &made.name;
        made.run(&format!(
            "CREATE ROLE {name} LOGIN PASSWORD 'hidden' NOSUPERUSER NOBYPASSRLS"
        ))
        .await?;
        made.run(&format!("CREATE DATABASE {name} OWNER {name}"))
            .await?;
        Ok(Some(made))
    }

    async fn run(&self, sql: &str) -> Outcome<()> {
        let mut shell = PgConnection::connect(&self.admin).await?;
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut shell)
            .await?;
        Ok(())
    }

    /// As the existing application's configuration writes it.
    fn url(&self) -> Outcome<String> {
        let (_, place) = self
            .admin
            .rsplit_once('@')
            .ok_or("no user in the variable")?;
        let host = place.split('/').next().unwrap_or_default();
        Ok(format!(
            "postgresql+asyncpg://{0}:hidden@{host}/{0}",
            self.name
        ))
    }

    async fn remove(&self) -> Outcome<()> {
        let name = &self.name;
        self.run(&format!("DROP DATABASE {name} WITH (FORCE)"))
            .await?;
        self.run(&format!("DROP ROLE {name}")).await
    }
}

/// Numbers that nobody chose; the seed is told, so that a failure can be had again.
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let seed = u64::from(now.subsec_nanos()) | 1;
        println!("dice: {seed}");
        Self(seed)
    }

    fn below(&mut self, most: u64) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most).unwrap_or_default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a1_c4_two_servers_on_postgres_answer_each_burst_once_through_sigkill() -> Outcome<()> {
    let Some(database) = Database::create().await? else {
        return Ok(());
    };
    let waha = FakeWaha::start().await?;
    let first = Server::open(&waha, database.url()?, "50", "all").await?;
    let done = bursts(waha, first).await;
    database.remove().await?;
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn d4_two_servers_of_which_one_dies_at_random_answer_and_book_everything_once() -> Outcome<()>
{
    let Some(database) = Database::create().await? else {
        return Ok(());
    };
    let done = orders(database.url()?).await;
    database.remove().await?;
    done
}

const CUSTOMERS: usize = 4;

async fn orders(url: String) -> Outcome<()> {
    let waha = FakeWaha::start().await?;
    let mut dice = Dice::new();
    let mut servers = [
        Server::open(&waha, url.clone(), "50", "all").await?,
        Server::open(&waha, url.clone(), "50", "all").await?,
    ];
    let (token, company, session) = shop(&servers[0], &waha).await?;
    for customer in 0..CUSTOMERS {
        let wish = format!(
            "2 bouquets of 10 roses to Barcelona, my name is Ann Lee, my phone is +34 611 222 33{customer}"
        );
        let event = message(
            &session,
            &format!("3461122233{customer}@c.us"),
            &wish,
            &format!("O{customer}"),
        );
        let (unlucky, asked) = (dice.below(2), dice.below(2));
        let (_maybe, ()) = tokio::join!(servers[asked].deliver(&event), async {
            tokio::time::sleep(Duration::from_millis(20)).await;
        });
        servers[unlucky].kill()?;
        servers[1 - unlucky].deliver_surely(&event).await?;
        servers[unlucky].restart().await?;
    }
    let links = links(&waha, &mut servers, &mut dice).await?;
    for link in links.values() {
        // Pressed twice; the server whose page it is may be away.
        for _ in 0..2 {
            pay(&servers[0], link).await?;
        }
        servers[dice.below(2)].restart().await?;
    }
    booked(&servers[0], &token, company).await?;
    let (_, outbound) = settled(&servers[1], &token, company, CUSTOMERS).await?;
    let sent = waha.sent();
    let told = counts(sent.iter().map(|one| one.id.as_str()));
    assert!(told.values().all(|count| *count == 1), "{told:?}");
    let texts: Vec<String> = sent
        .iter()
        .map(|one| format!("{} {}", one.chat, one.text))
        .collect();
    let texts = counts(texts.iter().map(String::as_str));
    assert!(
        texts.values().all(|count| *count == 1),
        "nothing is said twice: {texts:?}"
    );
    assert_eq!(
        sent.len(),
        outbound.len(),
        "what was sent is what is stored"
    );
    one_turn_per_burst(&url, company, 1).await?;
    audit(&url)
}

/// The payment link of every customer, while one server or the other dies.
async fn links(
    waha: &FakeWaha,
    servers: &mut [Server; 2],
    dice: &mut Dice,
) -> Outcome<BTreeMap<String, String>> {
    let end = Instant::now() + Duration::from_secs(90);
    let mut deaths = 0;
    loop {
        let found: BTreeMap<String, String> = waha
            .sent()
            .into_iter()
            .filter_map(|one| {
                let link = one
                    .text
                    .split_whitespace()
                    .find(|word| word.contains("/sandbox/pay/"))?;
                Some((one.chat.clone(), link.to_owned()))
            })
            .collect();
        if found.len() == CUSTOMERS {
            return Ok(found);
        }
        if Instant::now() > end {
            return Err(format!("not every customer got a link: {:?}", waha.sent()).into());
        }
        if deaths < 3 {
            deaths += 1;
            servers[dice.below(2)].restart().await?;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

async fn pay(server: &Server, link: &str) -> Outcome<()> {
    for _ in 0..400 {
        let pressed = server.http.post(format!("{link}/pay")).send().await;
        if pressed
            .is_ok_and(|answer| answer.status().is_success() || answer.status().is_redirection())
        {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err("a payment page never answered".into())
}

/// Waits until every customer's one order is booked, once.
async fn booked(server: &Server, token: &str, company: i64) -> Outcome<()> {
    let end = Instant::now() + Duration::from_secs(90);
    loop {
        let orders = server
            .get(token, &format!("/api/v1/orders?company_id={company}"))
            .await?;
        let states: Vec<&str> = orders
            .as_array()
            .ok_or("no list")?
            .iter()
            .filter_map(|order| order["state"].as_str())
            .collect();
        if states == ["booked"; CUSTOMERS] {
            break;
        }
        assert!(Instant::now() < end, "not every order was booked: {orders}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let bookings = server
        .get(
            token,
            &format!("/api/v1/calendar/bookings?company_id={company}"),
        )
        .await?;
    let bookings = bookings.as_array().ok_or("no list")?;
    let of: BTreeSet<&str> = bookings
        .iter()
        .filter_map(|one| one["order_id"].as_str())
        .collect();
    assert_eq!(
        (bookings.len(), of.len()),
        (CUSTOMERS, CUSTOMERS),
        "{bookings:?}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn d4_an_api_runs_no_jobs_and_a_worker_serves_nothing_but_its_health() -> Outcome<()> {
    let Some(database) = Database::create().await? else {
        return Ok(());
    };
    let done = roles(database.url()?).await;
    database.remove().await?;
    done
}

async fn roles(url: String) -> Outcome<()> {
    let waha = FakeWaha::start().await?;
    let api = Server::open(&waha, url.clone(), "50", "api").await?;
    let (token, company, session) = shop(&api, &waha).await?;
    let hello = message(&session, "34611222333@c.us", "hello", "R1");
    api.deliver_surely(&hello).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(waha.sent().is_empty(), "nobody runs jobs yet");
    let store = x8_http::store::open(&Secret::new(url.as_str())).await?;
    let waits = store.next_job_at().await?;
    assert!(
        waits.is_some_and(|at| at < jiff::Timestamp::now()),
        "the job is long due"
    );
    let worker = Server::open(&waha, url, "50", "worker").await?;
    settled(&api, &token, company, 1).await?;
    assert_eq!(waha.sent().len(), 1);
    for (path, wanted) in [
        ("/health", StatusCode::OK),
        ("/ready", StatusCode::OK),
        ("/api/v1/companies", StatusCode::NOT_FOUND),
        ("/docs", StatusCode::NOT_FOUND),
    ] {
        let answer = worker
            .http
            .get(format!("{}{path}", worker.base))
            .send()
            .await?;
        assert_eq!(answer.status(), wanted, "{path}");
    }
    Ok(())
}
