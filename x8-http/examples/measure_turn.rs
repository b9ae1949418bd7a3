//! What a turn costs on SQLite besides its model: reading, understanding, planning, the guided words, the guard, the commit.
//!
//! `cargo run --release -p x8-http --example measure_turn -- 5000 1000`: rows of the catalogue, turns. Each line tells the
//! whole turn and its three parts, and the last one what the disk alone takes to keep as many bytes as a turn writes: no
//! turn can be faster than that. The file lies in the folder for temporary files (`TMPDIR`).
#![expect(
    clippy::print_stdout,
    reason = "it prints what it measured; nothing of it is in the library"
)]

use std::{
    fs::File,
    io::Write as _,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tracing_subscriber::{Layer, Registry, layer::SubscriberExt as _};
use x8_assistant::{phrases::Phrases, pipeline::TurnPipeline};
use x8_core::{
    channel::{ChannelEvent, Platform},
    conversation::{Identity, IdentityKind, Inbound},
    plan::{TRIAL, standing},
    port::{
        Accounts as _, Answer, Assistant, Catalogs as _, ChannelSignal, ChannelStore as _,
        Companies as _, FixedClock, InboundEvent, JobKind, NewChannel, NewUser, SequentialIds,
        TurnInput,
    },
    sqlite::SqliteStore,
    tenant::{CompanySettings, CompanyType, NewCompany, Role},
    testing::{
        fakes::{FakeCalendar, FakePayments, FakeSender},
        shop::department_store,
    },
    usecase::{Engine, Policy},
};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const TEXTS: [&str; 4] = [
    "Hello, what do you have?",
    "Two red leather bags to Madrid please, Ana Ruiz, +34 600 000 001",
    "Хочу 2 кожаные сумки в Мадрид, есть подешевле?",
    "¿Cuánto cuesta la lámpara azul de cristal y hacéis envíos a Sevilla?",
];

/// Turns that are looked at again, untimed, for what they say to the store.
const COUNTED: usize = 24;

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse());
    let rows: usize = numbers.next().transpose()?.unwrap_or(5_000);
    let turns: usize = numbers.next().transpose()?.unwrap_or(1_000);
    let folder = tempfile::tempdir()?;
    let path = format!("sqlite://{}/turns.db", folder.path().display());
    let store = SqliteStore::open(&path).await?;
    let now = Timestamp::now();
    let clock = Arc::new(FixedClock::at(now));
    shop(&store, rows, now).await?;
    let phrases = Arc::new(Phrases::new()?);
    let assistant = Arc::new(Timed {
        pipeline: TurnPipeline::guided(Arc::clone(&phrases)),
        last: Mutex::default(),
    });
    let engine = Engine {
        store: Arc::new(store.clone()),
        assistant: Arc::<Timed>::clone(&assistant),
        payments: Arc::new(FakePayments::default()),
        calendar: Arc::new(FakeCalendar::default()),
        senders: vec![Arc::new(FakeSender::default())],
        notices: phrases,
        clock: Arc::<FixedClock>::clone(&clock),
        ids: Arc::new(SequentialIds::default()),
        policy: Policy::default(),
    };
    let mut taken: Vec<Vec<Parts>> = vec![Vec::new(); TEXTS.len()];
    for number in 0..turns {
        let parts = turn(&engine, &assistant, &clock, number).await?;
        if let Some(times) = taken.get_mut(number % TEXTS.len()) {
            times.push(parts);
        }
    }
    // The first turn of a version reads it.
    if let Some(first) = taken.first().and_then(|times| times.first()) {
        println!("first turn: {:?}", first.whole());
    }
    println!(
        "{:>28}{:>16}{:>16}{:>16}",
        "turn", "reads", "assistant", "commit"
    );
    told("all", &taken.concat());
    for (text, times) in TEXTS.iter().zip(&taken) {
        told(text, times);
    }
    tracing::subscriber::set_global_default(Registry::default().with(Counter))?;
    let mut said = Parts::default();
    for number in turns..turns + COUNTED {
        let parts = turn(&engine, &assistant, &clock, number).await?;
        said.statements += parts.statements;
        said.bytes += parts.bytes;
    }
    let counted = u64::try_from(COUNTED)?;
    println!(
        "each turn: {} statements, {} bytes written",
        said.statements / counted,
        said.bytes / counted
    );
    disk(folder.path())
}

/// A turn in its parts.
#[derive(Clone, Copy, Default)]
struct Parts {
    reads: Duration,
    assistant: Duration,
    commit: Duration,
    statements: u64,
    bytes: u64,
}

impl Parts {
    fn whole(&self) -> Duration {
        self.reads + self.assistant + self.commit
    }
}

/// The assistant, and when it last began and ended.
struct Timed {
    pipeline: TurnPipeline,
    last: Mutex<Option<(Instant, Instant)>>,
}

#[async_trait]
impl Assistant for Timed {
    async fn answer(&self, input: &TurnInput) -> x8_core::Result<Answer> {
        let start = Instant::now();
        let answer = self.pipeline.answer(input).await;
        if let Ok(mut last) = self.last.lock() {
            *last = Some((start, Instant::now()));
        }
        answer
    }

    async fn remember(&self, input: &TurnInput, answer: &Answer) {
        self.pipeline.remember(input, answer).await;
    }
}

/// Statements that were said to the store since somebody counts them.
static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// Counts what is said to the store.
struct Counter;

impl Layer<Registry> for Counter {
    fn on_event(
        &self,
        event: &tracing::Event<'_>,
        _context: tracing_subscriber::layer::Context<'_, Registry>,
    ) {
        if event.metadata().target() == "sqlx::query" {
            STATEMENTS.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn told(name: &str, times: &[Parts]) {
    let both = |part: fn(&Parts) -> Duration| {
        let mut sorted: Vec<Duration> = times.iter().map(part).collect();
        sorted.sort();
        let at = |percent: usize| sorted.get((sorted.len() * percent / 100).min(sorted.len() - 1));
        let (half, most) = (at(50), at(99));
        format!("{:>6} {:>7}", micros(half), micros(most))
    };
    println!(
        "p50 p99 µs: {:>16}  {}  {}  {}  {name}",
        both(Parts::whole),
        both(|parts| parts.reads),
        both(|parts| parts.assistant),
        both(|parts| parts.commit),
    );
}

fn micros(time: Option<&Duration>) -> u128 {
    time.map_or(0, Duration::as_micros)
}

/// What the disk takes to keep some pages: no commit is durable sooner.
fn disk(folder: &Path) -> Outcome<()> {
    const TIMES: usize = 200;
    let mut file = File::create(folder.join("probe"))?;
    let mut took = Vec::new();
    for _ in 0..TIMES {
        file.write_all(&[1; 32 * 1024])?;
        let start = Instant::now();
        file.sync_data()?;
        took.push(start.elapsed());
    }
    took.sort();
    let (half, most) = (took.get(TIMES / 2), took.get(TIMES * 99 / 100));
    println!(
        "the disk alone, 32 KiB: p50 {} µs, p99 {} µs",
        micros(half),
        micros(most)
    );
    Ok(())
}

/// Bytes that this process has caused to be written so far, where the system tells them; else 0.
fn written() -> u64 {
    let told = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("wchar: "));
    line.and_then(|bytes| bytes.trim().parse().ok())
        .unwrap_or_default()
}

fn text(number: usize) -> &'static str {
    TEXTS.get(number % TEXTS.len()).copied().unwrap_or_default()
}

async fn turn(
    engine: &Engine,
    assistant: &Timed,
    clock: &FixedClock,
    number: usize,
) -> Outcome<Parts> {
    hear(engine, number, text(number)).await?;
    clock.advance(SignedDuration::from_secs(5));
    answer(engine, assistant).await
}

/// Runs the one answer that is due, and the time it took.
async fn answer(engine: &Engine, assistant: &Timed) -> Outcome<Parts> {
    let now = engine.clock.now();
    let mut parts = Parts::default();
    for job in engine
        .store
        .claim_jobs(now, SignedDuration::from_secs(60), 50)
        .await?
    {
        let is_turn = matches!(job.kind, JobKind::Answer { .. });
        let before = (written(), STATEMENTS.load(Ordering::SeqCst));
        let start = Instant::now();
        engine.run(&job).await?;
        let end = Instant::now();
        let spoke = assistant.last.lock().ok().and_then(|mut last| last.take());
        if let (true, Some((began, ended))) = (is_turn, spoke) {
            parts = Parts {
                reads: began - start,
                assistant: ended - began,
                commit: end - ended,
                statements: STATEMENTS.load(Ordering::SeqCst) - before.1,
                bytes: written() - before.0,
            };
        }
    }
    Ok(parts)
}

async fn hear(engine: &Engine, number: usize, text: &str) -> Outcome<()> {
    let phone = format!("3460{:07}", number / (2 * TEXTS.len()));
    let message = Inbound {
        provider_id: format!("m{number}"),
        address: format!("{phone}@c.us"),
        sender: Identity::new(IdentityKind::Phone, format!("+{phone}")),
        aliases: Vec::new(),
        sender_name: None,
        text: text.to_owned(),
        sent_at: engine.clock.now(),
    };
    let event = InboundEvent {
        session: "store-1".to_owned(),
        signal: ChannelSignal::Message(message),
    };
    engine.receive(Platform::Whatsapp, vec![event]).await?;
    Ok(())
}

/// One company with a linked channel and a department store's rows.
async fn shop(store: &SqliteStore, rows: usize, now: Timestamp) -> Outcome<()> {
    let owner = NewUser {
        email: "owner@example.com".to_owned(),
        password_hash: x8_core::Secret::new("-"),
        full_name: None,
        role: Role::Client,
        trial_ends_at: now + TRIAL,
        created_at: now,
    };
    let owner = store.create_user(owner).await?;
    let company = NewCompany {
        name: "Store".to_owned(),
        kind: CompanyType::Product,
        shop_type: None,
        settings: CompanySettings::default(),
    };
    let tenant = store.create_company(owner.id, company, now).await?.tenant();
    let catalog = department_store(rows);
    store.publish_catalog(tenant, "DB", &catalog, now).await?;
    let channel = NewChannel {
        platform: Platform::Whatsapp,
        session: "store-1".to_owned(),
        account: None,
    };
    let stands = standing(owner.trial_ends_at, None, now);
    let channel = store.reserve_channel(tenant, channel, stands, now).await?;
    let working = ChannelEvent::Working { account: None };
    store
        .apply_channel_event(tenant, channel.id, &working, now)
        .await?;
    Ok(())
}
