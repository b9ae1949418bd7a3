//! A customer's side of a conversation: keeps history, session and the newest order between turns.

use std::sync::Arc;

use jiff::Timestamp;
use x8_assistant::{phrases::Phrases, pipeline::TurnPipeline};
use x8_core::{
    Error, Money, Result,
    behaviour::Behaviour,
    catalog::Catalog,
    channel::Platform,
    conversation::{Author, Delivery, Flow, Identity, IdentityKind, Message, MessageType, Session},
    id::{CompanyId, ConversationId, CustomerId, MessageId, OrderId, TurnId, UserId},
    order::{Area, Checkout, Order, OrderState, PaymentStatus, Trail},
    port::{Answer, Assistant, Decision, Draft, TurnInput},
    tenant::{Company, CompanySettings, CompanyStatus, CompanyType},
    turn::{Try, TurnLimits},
};

pub(crate) use super::shops::catalog;

/// A conversation under way.
pub(crate) struct Talk {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) platform: Platform,
    pub(crate) sender: Identity,
    pub(crate) session: Session,
    pub(crate) history: Vec<Message>,
    pub(crate) order: Option<Order>,
    pub(crate) behaviour: Behaviour,
    pub(crate) settings: CompanySettings,
    pub(crate) kind: CompanyType,
    pub(crate) pipeline: TurnPipeline,
    now: Timestamp,
}

impl Talk {
    pub(crate) fn new(catalog: Catalog, platform: Platform) -> Result<Self> {
        let sender = if platform == Platform::Whatsapp {
            Identity::new(IdentityKind::Phone, "+34611222333")
        } else {
            Identity::new(IdentityKind::Platform, "user-77")
        };
        Ok(Self {
            catalog: Arc::new(catalog),
            platform,
            sender,
            session: Session::default(),
            history: Vec::new(),
            order: None,
            behaviour: Behaviour::default(),
            settings: CompanySettings::default(),
            kind: CompanyType::Hybrid,
            pipeline: TurnPipeline::guided(Arc::new(Phrases::new()?)),
            now: Timestamp::from_second(1_795_176_000).unwrap_or(Timestamp::UNIX_EPOCH),
        })
    }

    pub(crate) fn status(&self) -> PaymentStatus {
        self.order
            .as_ref()
            .map_or(PaymentStatus::NoPaymentLink, Order::payment_status)
    }

    pub(crate) fn input(&self, texts: &[&str]) -> TurnInput {
        TurnInput {
            turn: TurnId(number_id(self.history.len())),
            company: Company {
                kind: self.kind,
                ..company(self.now, self.settings.clone())
            },
            conversation: ConversationId(1),
            platform: self.platform,
            sender: self.sender.clone(),
            token: "chat-1".to_owned(),
            instance_id: "session-1".to_owned(),
            burst: texts
                .iter()
                .map(|text| self.message(text, Flow::Inbound))
                .collect(),
            history: self.history.clone(),
            session: self.session.clone(),
            catalog: Arc::clone(&self.catalog),
            order: self.order.clone(),
            payment_status: self.status(),
            behaviour: self.behaviour.clone(),
            now: self.now,
            limits: TurnLimits::default(),
        }
    }

    /// One turn: the customer writes, the answer is applied as the use cases would.
    pub(crate) fn say(&mut self, texts: &[&str]) -> Result<Answer> {
        let input = self.input(texts);
        let answer = pollster::block_on(self.pipeline.answer(&input))?;
        self.replay(&input, &answer)?;
        self.history.extend(input.burst);
        let reply = self.message(&answer.text, Flow::Outbound);
        self.history.push(reply);
        self.session = answer.session.clone();
        match &answer.decision {
            Decision::Inform | Decision::ChooseTime(_) | Decision::DeclineTimes => {}
            Decision::Cancel => self.set_state(OrderState::Cancelled),
            Decision::Checkout(draft) => self.order = Some(self.open(draft)?),
        }
        Ok(answer)
    }

    /// Every turn of every dialogue can be computed again from what is stored of it.
    fn replay(&self, input: &TurnInput, answer: &Answer) -> Result<()> {
        let broken = |error: serde_json::Error| Error::internal("turn.replay", error);
        let stored = serde_json::to_string(input).map_err(broken)?;
        let tries = serde_json::to_string(&answer.tries).map_err(broken)?;
        let mut read: TurnInput = serde_json::from_str(&stored).map_err(broken)?;
        read.catalog = Arc::clone(&self.catalog);
        let tries: Vec<Try> = serde_json::from_str(&tries).map_err(broken)?;
        let again = pollster::block_on(self.pipeline.replay(&read, &tries))?;
        let text = |answer: &Answer| serde_json::to_string(answer).map_err(broken);
        assert_eq!(text(&again)?, text(answer)?, "a turn and its replay");
        Ok(())
    }

    pub(crate) fn set_state(&mut self, state: OrderState) {
        if let Some(order) = &mut self.order {
            order.state = state;
        }
    }

    /// The money arrived and the time is in the calendar: tomorrow at eleven, Madrid.
    pub(crate) fn book(&mut self) -> Result<()> {
        let starts_at = "2026-11-21T10:00:00Z"
            .parse()
            .map_err(|error| x8_core::Error::internal("test.book", error))?;
        self.set_state(OrderState::Booked);
        if let Some(order) = &mut self.order {
            order.slot = Some(x8_core::booking::Slot {
                resource: "delivery".to_owned(),
                starts_at,
                ends_at: starts_at + jiff::SignedDuration::from_hours(1),
                seat: 0,
                cell_minutes: 0,
            });
        }
        Ok(())
    }

    fn open(&self, draft: &Draft) -> Result<Order> {
        let placed = matches!(draft.area, Area::Place(_));
        let priced = x8_core::cart::price(&self.catalog, &draft.cart, placed)
            .map_err(|refusal| x8_core::Error::invalid("test.open", refusal.to_string()))?;
        let free = priced.totals.total == Money::eur(0);
        Ok(Order {
            id: OrderId(number_id(7)),
            company: CompanyId(1),
            customer: CustomerId(1),
            conversation: ConversationId(1),
            version: 1,
            state: if free {
                OrderState::Confirmed
            } else {
                OrderState::AwaitingPayment
            },
            lines: priced.lines,
            area: draft.area.clone(),
            totals: priced.totals,
            client_name: draft.client_name.clone(),
            recipient_phone: draft.recipient_phone.clone(),
            language: draft.language.clone(),
            reminder_hours: priced.reminder_hours,
            slot: None,
            checkout: (!free).then(|| Checkout {
                session: "cs_1".to_owned(),
                url: "https://pay.example.com/cs_1".to_owned(),
                expires_at: self.now,
                created_at: self.now,
            }),
            payment: None,
            problem: None,
            trail: Trail::default(),
            reminded_at: None,
            offer: None,
            created_at: self.now,
            updated_at: self.now,
        })
    }

    fn message(&self, text: &str, flow: Flow) -> Message {
        let inbound = flow == Flow::Inbound;
        Message {
            id: MessageId(i64::try_from(self.history.len()).unwrap_or(0) + 1),
            conversation: ConversationId(1),
            flow,
            author: if inbound {
                Author::Customer
            } else {
                Author::Assistant
            },
            kind: MessageType::Type1,
            payment_status: self.status(),
            text: text.to_owned(),
            image: None,
            provider_id: None,
            at: self.now,
            delivery: if inbound {
                Delivery::Received
            } else {
                Delivery::Sent
            },
            problem: None,
            turn: None,
        }
    }
}

fn number_id(number: usize) -> uuid::Uuid {
    uuid::Uuid::from_u128(u128::try_from(number).unwrap_or(0) + 1)
}

fn company(now: Timestamp, settings: CompanySettings) -> Company {
    Company {
        id: CompanyId(1),
        public_id: "COMP001".to_owned(),
        name: "Example".to_owned(),
        owner: UserId(1),
        kind: CompanyType::Hybrid,
        shop_type: None,
        status: CompanyStatus::Active,
        settings,
        created_at: now,
    }
}
