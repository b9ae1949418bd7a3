//! What a turn costs on SQLite besides its model: reading, understanding, planning, the guided words, the guard, the commit.
//!
//! `cargo run --release -p x8-http --example measure_turn -- 5000 1000`: rows of the catalogue, turns.
#![expect(
    clippy::print_stdout,
    reason = "it prints what it measured; nothing of it is in the library"
)]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use x8_assistant::{phrases::Phrases, pipeline::TurnPipeline};
use x8_core::{
    channel::{ChannelEvent, Platform},
    conversation::{Identity, IdentityKind, Inbound},
    plan::{TRIAL, standing},
    port::{
        Accounts as _, Catalogs as _, ChannelSignal, ChannelStore as _, Companies as _, FixedClock,
        InboundEvent, JobKind, NewChannel, NewUser, SequentialIds,
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
    let engine = Engine {
        store: Arc::new(store.clone()),
        assistant: Arc::new(TurnPipeline::guided(Arc::clone(&phrases))),
        payments: Arc::new(FakePayments::default()),
        calendar: Arc::new(FakeCalendar::default()),
        senders: vec![Arc::new(FakeSender::default())],
        notices: phrases,
        clock: Arc::<FixedClock>::clone(&clock),
        ids: Arc::new(SequentialIds::default()),
        policy: Policy::default(),
    };
    let mut taken: Vec<Vec<Duration>> = vec![Vec::new(); TEXTS.len()];
    for number in 0..turns {
        let kind = number % TEXTS.len();
        let text = TEXTS.get(kind).copied().unwrap_or_default();
        hear(&engine, number, text).await?;
        clock.advance(SignedDuration::from_secs(5));
        let time = answer(&engine).await?;
        if let Some(times) = taken.get_mut(kind) {
            times.push(time);
        }
    }
    let mut all: Vec<Duration> = taken.concat();
    // The first turn of a version reads it.
    if let Some(first) = taken.first().and_then(|times| times.first()) {
        println!("first turn: {first:?}");
    }
    told("all", &mut all);
    for (text, times) in TEXTS.iter().zip(&mut taken) {
        told(text, times);
    }
    Ok(())
}

fn told(name: &str, times: &mut [Duration]) {
    times.sort();
    let at = |percent: usize| times.get((times.len() * percent / 100).min(times.len() - 1));
    println!("p50 {:?}  p99 {:?}  {name}", at(50), at(99));
}

/// Runs the one answer that is due, and the time it took.
async fn answer(engine: &Engine) -> Outcome<Duration> {
    let now = engine.clock.now();
    let mut took = Duration::ZERO;
    for job in engine
        .store
        .claim_jobs(now, SignedDuration::from_secs(60), 50)
        .await?
    {
        let is_turn = matches!(job.kind, JobKind::Answer { .. });
        let start = Instant::now();
        engine.run(&job).await?;
        if is_turn {
            took = start.elapsed();
        }
    }
    Ok(took)
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
