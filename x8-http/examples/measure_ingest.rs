//! How fast payment events become durable: `record_event` on SQLite and on PostgreSQL, and the same statements through
//! `pgbench`, which is what the server can do without us.
//!
//! `cargo run --release -p x8-http --features postgres --example measure_ingest -- 2000 16`: events, writers at once. The server is the one of
//! `X8_TEST_POSTGRES_URL`; without it, or without `pgbench`, those lines are left out. Ratios, not rates, can be compared
//! between machines. On a server with `fsync` off no commit is durable, and the line says so.
#![expect(
    clippy::print_stdout,
    reason = "it prints what it measured; nothing of it is in the library"
)]

use std::{
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::task::JoinSet;
use uuid::Uuid;
use x8_core::{
    port::{Ledger, Recorded},
    postgres::PostgresStore,
    sqlite::SqliteStore,
    testing::fixture,
};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What `record_event` says to the server, statement by statement.
const STATEMENTS: &str = r"\set n random(1, 2000000000)
\set c :client_id
BEGIN;
SELECT set_config('x8.company', '*', true), set_config('x8.queue', 'on', true);
SELECT pg_advisory_xact_lock(hashtextextended('x8 payment cs_' || {ID}, 0));
INSERT INTO x8_payment_events (account, id, kind, fact, key, event, body, recorded_at)
VALUES ('bench', 'evt_' || {ID}, 'checkout.session.completed', 'paid', 'cs_' || {ID}, '{EVENT}', '\x7b7d', 0)
ON CONFLICT (account, id) DO NOTHING;
INSERT INTO x8_jobs (company_id, key, lane, kind, run_at) VALUES (NULL, 'apply_payment/bench/evt_' || {ID}, NULL, '{KIND}', 0)
ON CONFLICT (key) DO UPDATE SET dead = FALSE,
    run_at = CASE WHEN x8_jobs.leased_until IS NULL THEN excluded.run_at ELSE x8_jobs.run_at END,
    again_at = CASE WHEN x8_jobs.leased_until IS NULL THEN NULL ELSE excluded.run_at END;
COMMIT;
";

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse());
    let events: u64 = numbers.next().transpose()?.unwrap_or(2_000);
    let writers: u64 = numbers.next().transpose()?.unwrap_or(16).max(1);
    let folder = tempfile::tempdir()?;
    let path = format!("sqlite://{}/events.db", folder.path().display());
    let sqlite = SqliteStore::open(&path).await?;
    let embedded = record(Arc::new(sqlite), events, writers).await?;
    println!("sqlite      {embedded} durable commits/s, {writers} writers");
    let Ok(url) = std::env::var("X8_TEST_POSTGRES_URL") else {
        println!("postgresql  left out: X8_TEST_POSTGRES_URL names no server");
        return Ok(());
    };
    let schema = format!("x8_bench_{}", Uuid::new_v4().simple());
    run(&url, &format!("CREATE SCHEMA {schema}")).await?;
    let done = on_server(&url, &schema, folder.path(), (events, writers), embedded).await;
    run(&url, &format!("DROP SCHEMA {schema} CASCADE")).await?;
    done
}

async fn on_server(
    url: &str,
    schema: &str,
    folder: &Path,
    (events, writers): (u64, u64),
    embedded: u64,
) -> Outcome<()> {
    let and = if url.contains('?') { '&' } else { '?' };
    let connections = u32::try_from(writers)?;
    let store = format!("{url}{and}options[search_path]={schema}");
    let store = PostgresStore::open_with(&store, connections).await?;
    let before = busy();
    let server = record(Arc::new(store.clone()), events, writers).await?;
    let each = before
        .zip(busy())
        .map(|(before, after)| (after - before) / events.max(1));
    let paced = at_half(Arc::new(store.clone()), server / 2, events).await?;
    store.close().await;
    let mut shell = PgConnection::connect(url).await?;
    let fsync: String = sqlx::query_scalar("SHOW fsync")
        .fetch_one(&mut shell)
        .await?;
    println!(
        "postgresql  {server} commits/s, fsync {fsync}; {} of sqlite",
        ratio(server, embedded)
    );
    println!("            {paced}");
    if let Some(micros) = each {
        println!("            {micros} µs of this process's processor time for each");
    }
    let bare = match pgbench(url, schema, folder, events / writers, writers) {
        Ok(bare) => bare,
        Err(why) => {
            println!("pgbench     left out: {why}");
            return Ok(());
        }
    };
    println!(
        "pgbench     {bare} commits/s of the same statements; postgresql is {} of it",
        ratio(server, bare)
    );
    Ok(())
}

/// Events that are all new, by so many writers at once; commits per second.
async fn record(store: Arc<dyn Ledger>, events: u64, writers: u64) -> Outcome<u64> {
    let now = Timestamp::now();
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for writer in 0..writers {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            for number in 0..events / writers {
                let name = format!("{writer}_{number}");
                let event =
                    fixture::money_came(&format!("evt_{name}"), &format!("cs_{name}"), 29_90);
                if store.record_event(&event, b"{}", now).await? != Recorded::New {
                    return Err("an event was there already".into());
                }
            }
            Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let millis = u64::try_from(start.elapsed().as_millis())?.max(1);
    Ok(events / writers * writers * 1_000 / millis)
}

/// Events that come evenly at this rate, whether or not earlier ones are done: how long each takes until it is durable.
async fn at_half(store: Arc<dyn Ledger>, rate: u64, events: u64) -> Outcome<String> {
    let (now, start) = (Timestamp::now(), Instant::now());
    let mut tasks = JoinSet::new();
    for number in 0..events {
        let due = Duration::from_micros(number * 1_000_000 / rate.max(1));
        tokio::time::sleep(due.saturating_sub(start.elapsed())).await;
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            let begun = Instant::now();
            let (id, session) = (format!("evt_half_{number}"), format!("cs_half_{number}"));
            let event = fixture::money_came(&id, &session, 29_90);
            store.record_event(&event, b"{}", now).await?;
            Ok::<_, x8_core::Error>(begun.elapsed())
        });
    }
    let mut took = Vec::new();
    while let Some(done) = tasks.join_next().await {
        took.push(done??);
    }
    took.sort_unstable();
    let part = |percent: usize| took.get(took.len() * percent / 100).copied();
    let (half, most) = (part(50).unwrap_or_default(), part(99).unwrap_or_default());
    Ok(format!(
        "at {rate} a second: p50 {} µs, p99 {} µs",
        half.as_micros(),
        most.as_micros()
    ))
}

/// Microseconds of processor time that this process has used, where the system tells them (in hundredths of a second).
fn busy() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, behind) = told.rsplit_once(')')?;
    let mut words = behind.split_whitespace().skip(11);
    let user: u64 = words.next()?.parse().ok()?;
    let system: u64 = words.next()?.parse().ok()?;
    Some((user + system) * 10_000)
}

/// The same through the server's own load generator.
fn pgbench(url: &str, schema: &str, folder: &Path, each: u64, writers: u64) -> Outcome<u64> {
    let event = fixture::money_came("evt_0_0", "cs_0_0", 29_90);
    let kind = r#"{"kind":"apply_payment","account":"bench","event":"evt_0_0"}"#;
    // A colon before a letter is a variable to it, in texts too.
    let plain = |json: &str| json.replace(':', ": ");
    let script = STATEMENTS
        .replace("{EVENT}", &plain(&serde_json::to_string(&event)?))
        .replace("{KIND}", &plain(kind))
        .replace("{ID}", "CAST(:c AS BIGINT) || '_' || CAST(:n AS BIGINT)");
    let file = folder.join("ingest.sql");
    std::fs::write(&file, script)?;
    let output = Command::new("pgbench")
        .args([
            "-n",
            "-M",
            "prepared",
            "-c",
            &writers.to_string(),
            "-j",
            "2",
        ])
        .args(["-t", &each.to_string(), "-f"])
        .arg(&file)
        .arg(url)
        .env("PGOPTIONS", format!("-c search_path={schema}"))
        .output()?;
    let told = String::from_utf8_lossy(&output.stdout);
    let tps = told.lines().find_map(|line| {
        line.strip_prefix("tps = ")?
            .split(['.', ' '])
            .next()?
            .parse()
            .ok()
    });
    tps.ok_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned().into())
}

/// Two rates, with two decimals.
fn ratio(ours: u64, theirs: u64) -> String {
    let hundredths = ours * 100 / theirs.max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

async fn run(url: &str, sql: &str) -> Outcome<()> {
    let mut shell = PgConnection::connect(url).await?;
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut shell)
        .await?;
    Ok(())
}
