//! What a turn costs besides its model and its store: understanding, planning, the guided words and the guard.
#![expect(
    clippy::unwrap_used,
    clippy::get_unwrap,
    clippy::print_stderr,
    reason = "it makes its own catalogue and tells what it measured"
)]

use std::sync::Arc;

use divan::Bencher;
use jiff::Timestamp;
use x8_assistant::{phrases::Phrases, pipeline::TurnPipeline, understand::Lexicon};
use x8_core::{
    Money,
    catalog::{Areas, Catalog, Fee, Kind, Offering},
    channel::Platform,
    conversation::{Author, Delivery, Flow, Identity, IdentityKind, Message, MessageType, Session},
    id::{CatalogId, CompanyId, ConversationId, MessageId, TurnId, UserId},
    order::PaymentStatus,
    port::{Assistant, TurnInput},
    tenant::{Company, CompanySettings, CompanyStatus, CompanyType},
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

/// Rows of many words, as a department store has them.
fn catalog(rows: usize) -> Catalog {
    const KINDS: [&str; 10] = [
        "leather bag",
        "glass lamp",
        "oak table",
        "wool scarf",
        "steel knife",
        "paper notebook",
        "cotton shirt",
        "clay vase",
        "silver ring",
        "bouquet of 10 roses",
    ];
    const COLOURS: [&str; 10] = [
        "red", "blue", "green", "white", "black", "yellow", "violet", "orange", "grey", "brown",
    ];
    const STYLES: [&str; 10] = [
        "classic", "modern", "rustic", "festive", "light", "heavy", "small", "large", "soft",
        "fine",
    ];
    let pick = |list: &[&'static str; 10], at: usize| *list.get(at % 10).unwrap();
    let row = |at: usize| {
        let (kind, colour) = (pick(&KINDS, at), pick(&COLOURS, at / 10));
        let (style, line) = (pick(&STYLES, at / 100), at / 1_000);
        let name = format!("{style} {colour} {kind} series {line}{}", at % 7);
        let mut row = Offering::new(
            format!("{}", 10_000 + at),
            Kind::Product,
            name,
            Money::eur(900 + i64::try_from(at).unwrap_or(0) * 7 % 90_000),
        );
        row.description =
            format!("A {colour} {kind} for home, garden and gifts. Made by hand.").into();
        row.category = Some(format!("{style} goods"));
        row.tags = vec![colour.to_owned(), "gift".to_owned()];
        row.areas = Areas::parse("Madrid, Barcelona, Valencia, Bilbao").unwrap();
        row.fee = Some(Fee {
            amount: Money::eur(5_00),
            free_from: Some(Money::eur(80_00)),
        });
        row
    };
    let offerings = (0..rows).map(row).collect();
    Catalog::new(CatalogId(1), CompanyId(1), 1, String::new(), offerings)
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
