//! What a turn costs besides its model and its store: understanding, planning, the guided words and the guard.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "it makes its own catalogue and tells what it measured"
)]

use std::sync::Arc;

use divan::Bencher;
use jiff::Timestamp;
use x8_assistant::{phrases::Phrases, pipeline::TurnPipeline, understand::Lexicon};
use x8_core::{
    catalog::Catalog,
    channel::Platform,
    conversation::{Author, Delivery, Flow, Identity, IdentityKind, Message, MessageType, Session},
    id::{CatalogId, CompanyId, ConversationId, MessageId, TurnId, UserId},
    order::PaymentStatus,
    port::{Assistant, TurnInput},
    tenant::{Company, CompanySettings, CompanyStatus, CompanyType},
    testing::shop::department_store,
    turn::TurnLimits,
};

fn main() {
    for rows in [10, 1_000, 5_000] {
        let catalog = catalog(rows);
        let (rows_bytes, lexicon) = (catalog.approx_bytes(), Lexicon::new(&catalog));
        let bytes = lexicon.approx_bytes();
        eprintln!("{rows} rows: {rows_bytes} bytes of rows, {bytes} bytes of lexicon");
    }
    divan::main();
}

const TEXTS: [&str; 4] = [
    "Hello, what do you have?",
    "Two red leather bags to Madrid please, Ana Ruiz, +34 600 000 001",
    "Хочу 2 кожаные сумки в Мадрид, есть подешевле?",
    "¿Cuánto cuesta la lámpara azul de cristal y hacéis envíos a Sevilla?",
];

#[divan::bench(args = [10, 1_000, 5_000], sample_count = 10)]
fn lexicon(bencher: Bencher<'_, '_>, rows: usize) {
    let catalog = catalog(rows);
    bencher.bench(|| Lexicon::new(&catalog));
}

#[divan::bench(args = [10, 1_000, 5_000], consts = [0, 1, 2, 3])]
fn turn<const TEXT: usize>(bencher: Bencher<'_, '_>, rows: usize) {
    let pipeline = TurnPipeline::guided(Arc::new(Phrases::new().unwrap()));
    let input = input(Arc::new(catalog(rows)), TEXTS.get(TEXT).unwrap());
    let once = || pollster::block_on(pipeline.answer(&input)).unwrap();
    let _read_the_version = once();
    bencher.bench(once);
}

fn catalog(rows: usize) -> Catalog {
    let rows = department_store(rows);
    Catalog::new(CatalogId(1), CompanyId(1), 1, String::new(), rows)
}

fn input(catalog: Arc<Catalog>, text: &str) -> TurnInput {
    let now = Timestamp::from_second(1_795_176_000).unwrap();
    let company = Company {
        id: CompanyId(1),
        public_id: "COMP001".to_owned(),
        name: "Store".to_owned(),
        owner: UserId(1),
        kind: CompanyType::Product,
        shop_type: None,
        status: CompanyStatus::Active,
        settings: CompanySettings::default(),
        created_at: now,
    };
    let message = Message {
        id: MessageId(1),
        conversation: ConversationId(1),
        flow: Flow::Inbound,
        author: Author::Customer,
        kind: MessageType::Type1,
        payment_status: PaymentStatus::NoPaymentLink,
        text: text.to_owned(),
        image: None,
        provider_id: None,
        at: now,
        delivery: Delivery::Received,
        problem: None,
        turn: None,
    };
    TurnInput {
        turn: TurnId(uuid::Uuid::nil()),
        company,
        conversation: ConversationId(1),
        platform: Platform::Telegram,
        sender: Identity::new(IdentityKind::Platform, "user-1"),
        token: "chat-1".to_owned(),
        instance_id: "store".to_owned(),
        burst: vec![message],
        history: Vec::new(),
        session: Session::default(),
        catalog,
        order: None,
        payment_status: PaymentStatus::NoPaymentLink,
        behaviour: Default::default(),
        now,
        limits: TurnLimits::default(),
    }
}
