//! Principle 3, with the real binary: SIGKILL at any moment, restart, and nothing is lost or doubled.

use std::{
    collections::BTreeMap,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use x8_channels::testing::{FakeWaha, message, status};
use x8_core::{Secret, id::CompanyId, port::Page, tenant::Tenant};

mod model;
mod nodes;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Rows of a small shop; the header is in English, the prices are unambiguous.
const ROWS: &str = "product_name,sku,description,unit,price_eur,logistics_price_eur,free_delivery,cities\n\
    Bouquet of 10 roses,1,Ten red roses,bouquet,29.90,5.00,80.00,\"Barcelona, Madrid\"\n";

/// The server as a process, on one database and one port, that can be killed and started again.
struct Server {
    child: Option<Child>,
    base: String,
    /// Its address.
    database: String,
    role: &'static str,
    waha: String,
    /// How long a burst must be quiet, in milliseconds.
    quiet: &'static str,
    /// Of a language model's server; the guided model answers without one.
    model: Option<String>,
    http: Client,
}

impl Server {
    fn spawn(&self) -> Outcome<Child> {
        let base = &self.base;
        let child = Command::new(env!("CARGO_BIN_EXE_x8"))
            .args(["serve", "--role", self.role])
            .env("DATABASE_URL", &self.database)
            .env("X8_LISTEN", base.trim_start_matches("http://"))
            .env("X8_PUBLIC_URL", base)
            .env("SECRET_KEY", "a key of the crash test, long enough to sign")
            .env("WAHA_API_URL", &self.waha)
            .env("WAHA_API_KEY", FakeWaha::API_KEY)
            .env("WAHA_WEBHOOK_URL", format!("{base}/api/v1/webhooks/waha"))
            .env("WAHA_WEBHOOK_SECRET", FakeWaha::HMAC_KEY)
            .env("X8_BURST_QUIET_MS", self.quiet)
            .env("RUST_LOG", "error")
            .envs(self.model.iter().map(|url| ("X8_MODEL_URL", url)))
            .envs(self.model.iter().map(|_| ("X8_MODEL_NAME", "slow")))
            .stdout(Stdio::null())
            .spawn()?;
        Ok(child)
    }

    async fn start(waha: &FakeWaha, name: &str) -> Outcome<Self> {
        let database = std::env::temp_dir().join(format!("x8-{name}-{}.db", std::process::id()));
        let _old = std::fs::remove_file(&database);
        let url = format!("sqlite://{}", database.display());
        Self::open(waha, url, "50", "all").await
    }

    /// On this database, which another may be serving too.
    async fn open(
        waha: &FakeWaha,
        database: String,
        quiet: &'static str,
        role: &'static str,
    ) -> Outcome<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?
            .local_addr()?
            .port();
        let base = format!("http://127.0.0.1:{port}");
        let http = Client::builder().timeout(Duration::from_secs(10)).build()?;
        let mut server = Self {
            child: None,
            base,
            database,
            role,
            waha: waha.url().to_owned(),
            quiet,
            model: None,
            http,
        };
        server.child = Some(server.spawn()?);
        server.wait_until_up().await?;
        Ok(server)
    }

    async fn wait_until_up(&self) -> Outcome<()> {
        let end = Instant::now() + Duration::from_secs(20);
        while Instant::now() < end {
            if self
                .http
                .get(format!("{}/health", self.base))
                .send()
                .await
                .is_ok()
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err("the server did not come up".into())
    }

    fn kill(&mut self) -> Outcome<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    async fn restart(&mut self) -> Outcome<()> {
        self.kill()?;
        self.child = Some(self.spawn()?);
        self.wait_until_up().await
    }

    async fn post(&self, token: &str, path: &str, body: &Value) -> Outcome<Value> {
        let request = self
            .http
            .post(format!("{}{path}", self.base))
            .bearer_auth(token)
            .json(body);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    async fn get(&self, token: &str, path: &str) -> Outcome<Value> {
        let request = self
            .http
            .get(format!("{}{path}", self.base))
            .bearer_auth(token);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// One try to deliver a webhook; `false` when the server was not there to acknowledge it.
    async fn deliver(&self, event: &Value) -> bool {
        let webhook = FakeWaha::webhook(event);
        let mut request = self
            .http
            .post(format!("{}/api/v1/webhooks/waha", self.base));
        for (name, value) in webhook.headers {
            request = request.header(name, value);
        }
        matches!(request.body(webhook.body).send().await, Ok(answer) if answer.status() == StatusCode::OK)
    }

    /// As WAHA does: tries again until acknowledged.
    async fn deliver_surely(&self, event: &Value) -> Outcome<()> {
        for _ in 0..400 {
            if self.deliver(event).await {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        Err("a webhook was never acknowledged".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _already_gone = self.kill();
        let Some(file) = self.database.strip_prefix("sqlite://") else {
            return;
        };
        for end in ["", "-wal", "-shm"] {
            let _absent = std::fs::remove_file(format!("{file}{end}"));
        }
    }
}

/// An owner, a company with a catalogue, and a linked WhatsApp session.
async fn shop(server: &Server, waha: &FakeWaha) -> Outcome<(String, i64, String)> {
    let owner = json!({ "email": "owner@example.com", "password": "a long password" });
    server
        .http
        .post(format!("{}/api/v1/auth/register", server.base))
        .json(&owner)
        .send()
        .await?
        .error_for_status()?;
    let login = server
        .http
        .post(format!("{}/api/v1/auth/login", server.base))
        .json(&owner)
        .send()
        .await?;
    let tokens: Value = login.error_for_status()?.json().await?;
    let token = tokens["access_token"]
        .as_str()
        .ok_or("no token")?
        .to_owned();
    let company = server
        .post(
            &token,
            "/api/v1/companies",
            &json!({ "name": "Roses", "company_type": "Product" }),
        )
        .await?;
    let id = company["id"].as_i64().ok_or("no company id")?;
    let file = reqwest::multipart::Part::text(ROWS).file_name("roses.csv");
    let form = reqwest::multipart::Form::new()
        .text("company_id", id.to_string())
        .part("file", file);
    let upload = server
        .http
        .post(format!("{}/api/v1/knowledge-base/upload-csv", server.base))
        .bearer_auth(&token);
    upload.multipart(form).send().await?.error_for_status()?;
    let connect = json!({ "company_id": id, "phone_number": "+34600000001" });
    let channel = server
        .post(&token, "/api/v1/integrations/whatsapp/connect", &connect)
        .await?;
    let session = channel["session"].as_str().ok_or("no session")?.to_owned();
    waha.scan(&session, "34600000001");
    server.deliver_surely(&status(&session, "WORKING")).await?;
    Ok((token, id, session))
}

/// All messages of all conversations, by direction.
async fn stored(server: &Server, token: &str, company: i64) -> Outcome<(Vec<String>, Vec<Value>)> {
    let mut inbound = Vec::new();
    let mut outbound = Vec::new();
    let threads = server
        .get(
            token,
            &format!("/api/v1/conversations?company_id={company}&limit=200"),
        )
        .await?;
    for thread in threads.as_array().ok_or("no list")? {
        let path = format!(
            "/api/v1/conversations/{}/messages?company_id={company}&limit=200",
            thread["id"]
        );
        for one in server
            .get(token, &path)
            .await?
            .as_array()
            .ok_or("no list")?
        {
            match one["direction"].as_str() {
                Some("inbound") => {
                    inbound.push(one["text"].as_str().unwrap_or_default().to_owned());
                }
                _outbound => outbound.push(one.clone()),
            }
        }
    }
    Ok((inbound, outbound))
}

fn counts<'a>(items: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    items.fold(BTreeMap::new(), |mut counted, item| {
        *counted.entry(item).or_default() += 1;
        counted
    })
}

/// Numbered messages of many customers stream in, each webhook doubled, while the server is killed again and again.
#[tokio::test(flavor = "multi_thread")]
async fn h1_h2_sigkill_loses_and_doubles_nothing() -> Outcome<()> {
    const MESSAGES: usize = 60;
    const CUSTOMERS: usize = 10;
    let waha = FakeWaha::start().await?;
    let mut server = Server::start(&waha, "crash").await?;
    let (token, company, session) = shop(&server, &waha).await?;
    for number in 0..MESSAGES {
        // Many customers, so that turns, sends and webhooks overlap when the kill comes.
        let event = message(
            &session,
            &format!("346111000{:02}@c.us", number % CUSTOMERS),
            &format!("message {number}"),
            &format!("M{number:04}"),
        );
        let unlucky = number % 12 == 7;
        if unlucky {
            // Mid-flight: the acknowledgement of this one may never come.
            let _maybe = tokio::join!(server.deliver(&event), server.deliver(&event));
            server.restart().await?;
        }
        server.deliver_surely(&event).await?;
        server.deliver_surely(&event).await?;
    }
    let (inbound, outbound) = settled(&server, &token, company, CUSTOMERS).await?;
    let seen = counts(inbound.iter().map(String::as_str));
    assert_eq!(seen.len(), MESSAGES, "every message is stored");
    assert!(
        seen.values().all(|count| *count == 1),
        "none is stored twice: {seen:?}"
    );
    assert!(
        outbound
            .iter()
            .all(|one| one["delivery"] == "sent" || one["delivery"] == "delivered"),
        "{outbound:?}"
    );
    assert_eq!(
        waha.sent().len(),
        outbound.len(),
        "each reply reached the phone exactly once"
    );
    Ok(())
}

/// Waits until at least so many replies are there, every one is sent and no new one comes. What a killed server was doing
/// is taken over only after its lease, which is longer than a quiet moment.
async fn settled(
    server: &Server,
    token: &str,
    company: i64,
    least: usize,
) -> Outcome<(Vec<String>, Vec<Value>)> {
    let end = Instant::now() + Duration::from_secs(90);
    let mut last = usize::MAX;
    while Instant::now() < end {
        let (inbound, outbound) = stored(server, token, company).await?;
        let waiting = outbound
            .iter()
            .any(|one| one["delivery"] == "queued" || one["delivery"] == "sending");
        if !waiting && outbound.len() >= least && outbound.len() == last {
            return Ok((inbound, outbound));
        }
        last = if waiting { usize::MAX } else { outbound.len() };
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    Err("the replies never settled".into())
}

/// Bursts stream into two servers on one file, one of which is killed inside a burst and again inside its answer: every
/// burst is answered once, whole, by whoever is there; a human's answer silences both.
#[tokio::test(flavor = "multi_thread")]
async fn a1_c4_two_servers_answer_each_burst_once_through_sigkill() -> Outcome<()> {
    let waha = FakeWaha::start().await?;
    let first = Server::start(&waha, "bursts").await?;
    bursts(waha, first).await
}

async fn bursts(waha: FakeWaha, mut first: Server) -> Outcome<()> {
    const CUSTOMERS: usize = 4;
    const FRAGMENTS: usize = 5;
    let (token, company, session) = shop(&first, &waha).await?;
    // Long enough that a slow machine does not cut a burst in two.
    first.quiet = "4000";
    first.restart().await?;
    let second = Server::open(&waha, first.database.clone(), "4000", "all").await?;
    for fragment in 0..FRAGMENTS {
        for customer in 0..CUSTOMERS {
            let event = message(
                &session,
                &format!("3461110020{customer}@c.us"),
                &format!("part {fragment} of {customer}"),
                &format!("B{customer}-{fragment}"),
            );
            let server = if (fragment + customer) % 2 == 0 {
                &first
            } else {
                &second
            };
            if !server.deliver(&event).await {
                second.deliver_surely(&event).await?;
            }
        }
        if fragment == 2 {
            first.kill()?;
        }
    }
    // The last customer is answered by a human before the burst is due.
    let threads = format!("/api/v1/conversations?company_id={company}&limit=200");
    let threads = second.get(&token, &threads).await?;
    let thread = &threads[0]["id"];
    let by_hand = json!({ "text": "I am a human" });
    let path = format!("/api/v1/conversations/{thread}/messages?company_id={company}");
    second.post(&token, &path, &by_hand).await?;
    first.restart().await?;
    // Whoever of the two answers first is cut off, or not: both must be safe.
    while waha.sent().len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    first.restart().await?;
    let (inbound, outbound) = settled(&second, &token, company, CUSTOMERS).await?;
    let seen = counts(inbound.iter().map(String::as_str));
    assert_eq!(seen.len(), CUSTOMERS * FRAGMENTS);
    assert!(seen.values().all(|count| *count == 1), "{seen:?}");
    assert_eq!(outbound.len(), CUSTOMERS, "{outbound:?}");
    assert_eq!(waha.sent().len(), CUSTOMERS, "each reached the phone once");
    let human = |one: &&Value| one["text"] == "I am a human";
    assert_eq!(outbound.iter().filter(human).count(), 1);
    one_turn_per_burst(&first.database, company, FRAGMENTS).await
}

/// Every conversation was answered by one turn for all its messages, or by a human and no turn.
async fn one_turn_per_burst(database: &str, company: i64, fragments: usize) -> Outcome<()> {
    let store = x8_http::store::open(&Secret::new(database)).await?;
    let tenant = Tenant::assume(CompanyId(company));
    for thread in store.conversations(tenant, Page::first(200)).await? {
        let turns = store.turns_of(tenant, thread.id, Page::first(200)).await?;
        if thread.taken_over {
            assert!(turns.is_empty(), "the human answered");
            continue;
        }
        let bursts: Vec<usize> = turns
            .iter()
            .filter_map(|turn| turn.input.as_ref().map(|input| input.burst.len()))
            .collect();
        assert_eq!(bursts, [fragments], "one turn for the whole burst");
    }
    Ok(())
}

/// An order is agreed and paid while the server dies between every step; one booking comes out.
#[tokio::test(flavor = "multi_thread")]
async fn p5_sigkill_between_the_steps_of_an_order_still_books_it_once() -> Outcome<()> {
    let waha = FakeWaha::start().await?;
    let mut server = Server::start(&waha, "order").await?;
    let (token, company, session) = shop(&server, &waha).await?;
    let wish =
        "2 bouquets of 10 roses to Barcelona, my name is Ann Lee, my phone is +34 611 222 333";
    server
        .deliver_surely(&message(&session, "34611222333@c.us", wish, "ORDER"))
        .await?;
    server.restart().await?;
    let link = link(&waha).await?;
    server.restart().await?;
    server
        .http
        .post(format!("{link}/pay"))
        .send()
        .await?
        .error_for_status()?;
    server.restart().await?;
    let end = Instant::now() + Duration::from_secs(40);
    loop {
        let orders = server
            .get(&token, &format!("/api/v1/orders?company_id={company}"))
            .await?;
        if orders[0]["state"] == "booked" {
            break;
        }
        assert!(Instant::now() < end, "the order was never booked: {orders}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let bookings = server
        .get(
            &token,
            &format!("/api/v1/calendar/bookings?company_id={company}"),
        )
        .await?;
    assert_eq!(bookings.as_array().map(Vec::len), Some(1));
    audit(&server.database)
}

/// Principle 2: `x8 audit` finds nothing.
fn audit(database: &str) -> Outcome<()> {
    let audit = Command::new(env!("CARGO_BIN_EXE_x8"))
        .arg("audit")
        .env("DATABASE_URL", database)
        .output()?;
    let told = String::from_utf8_lossy(&audit.stdout);
    assert!(audit.status.success(), "{told}");
    Ok(())
}

async fn link(waha: &FakeWaha) -> Outcome<String> {
    let end = Instant::now() + Duration::from_secs(40);
    while Instant::now() < end {
        for sent in waha.sent() {
            if let Some(link) = sent
                .text
                .split_whitespace()
                .find(|word| word.contains("/sandbox/pay/"))
            {
                return Ok(link.to_owned());
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(format!("no payment link was sent: {:?}", waha.sent()).into())
}
