//! A question as a turn, because models are asked in turns: of nobody's company, with the entries for a catalogue.

use std::sync::Arc;

use jiff::Timestamp;
use x8_core::{
    behaviour::Behaviour,
    catalog::Catalog,
    channel::Platform,
    conversation::{Author, Delivery, Flow, Identity, IdentityKind, Message, MessageType, Session},
    id::{CompanyId, ConversationId, MessageId, TurnId, UserId},
    order::PaymentStatus,
    port::TurnInput,
    tenant::{Company, CompanySettings, CompanyStatus, CompanyType},
    turn::TurnLimits,
};

pub(super) fn of(question: &str, language: &str, catalog: Catalog) -> TurnInput {
    let now = Timestamp::UNIX_EPOCH;
    let payment_status = PaymentStatus::NoPaymentLink;
    let message = Message {
        id: MessageId(0),
        conversation: ConversationId(0),
        flow: Flow::Inbound,
        author: Author::Customer,
        kind: MessageType::Type1,
        payment_status,
        text: question.to_owned(),
        image: None,
        provider_id: None,
        at: now,
        delivery: Delivery::Received,
        problem: None,
        turn: None,
    };
    TurnInput {
        turn: TurnId(uuid::Uuid::nil()),
        company: platform(now),
        conversation: ConversationId(0),
        platform: Platform::Facebook,
        sender: Identity::new(IdentityKind::Api, "faq"),
        token: String::new(),
        instance_id: String::new(),
        burst: vec![message],
        history: Vec::new(),
        session: Session {
            language: Some(language.to_owned()),
            ..Session::default()
        },
        catalog: Arc::new(catalog),
        order: None,
        payment_status,
        behaviour: Behaviour::default(),
        now,
        limits: TurnLimits::default(),
    }
}

/// No company has the number 0.
fn platform(now: Timestamp) -> Company {
    Company {
        id: CompanyId(0),
        public_id: String::new(),
        name: "x8".to_owned(),
        owner: UserId(0),
        kind: CompanyType::Service,
        shop_type: None,
        status: CompanyStatus::Active,
        settings: CompanySettings::default(),
        created_at: now,
    }
}
