//! Whole journeys through the use cases on the reference store: messages in, money, bookings, messages out.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use pollster::block_on;
use proptest::prelude::*;
use x8_core::{
    Money, Result, Secret,
    catalog::{Areas, Fee, Kind, Offering},
    channel::{Channel, ChannelEvent, Platform},
    conversation::{Identity, IdentityKind, Inbound},
    memory::MemoryStore,
    order::{Area, CartLine, Order, OrderState},
    plan::{TRIAL, standing},
    port::*,
    tenant::{CompanySettings, CompanyType, NewCompany, Role, Tenant},
    testing::fakes::{
        FakeCalendar, FakePayments, FakeSender, PlainNotices, ScriptedAssistant, SendFault,
    },
    usecase::{Engine, Policy},
};

/// One company with one channel, every port in memory, and a clock that moves only by `House::work`.
struct House {
    engine: Engine,
    store: MemoryStore,
    assistant: Arc<ScriptedAssistant>,
    payments: Arc<FakePayments>,
    calendar: Arc<FakeCalendar>,
    sender: Arc<FakeSender>,
    clock: Arc<FixedClock>,
    channel: Channel,
    tenant: Tenant,
    events: std::cell::Cell<u32>,
}

fn start() -> Timestamp {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

fn roses(sku: &str, price: i64) -> Offering {
    let mut row = Offering::new(
        sku,
        Kind::Product,
        format!("Bouquet {sku}"),
        Money::eur(price),
    );
    row.fee = (price > 0).then_some(Fee {
        amount: Money::eur(5_00),
        free_from: Some(Money::eur(80_00)),
    });
    row.areas = Areas::parse("Barcelona, Madrid").unwrap();
    row
}

impl House {
    fn new() -> Self {
        block_on(Self::build()).unwrap()
    }

    async fn build() -> Result<Self> {
        let store = MemoryStore::default();
        let (assistant, payments) = (
            Arc::new(ScriptedAssistant::default()),
            Arc::new(FakePayments::default()),
        );
        let (calendar, sender) = (
            Arc::new(FakeCalendar::default()),
            Arc::new(FakeSender::default()),
        );
        let clock = Arc::new(FixedClock::at(start()));
        let user = store
            .create_user(NewUser {
                email: "owner@example.com".into(),
                password_hash: Secret::new("-"),
                full_name: None,
                role: Role::Client,
                trial_ends_at: start() + TRIAL,
                created_at: start(),
            })
            .await?;
        let settings = CompanySettings::default();
        let company = NewCompany {
            name: "Flowers".into(),
            kind: CompanyType::Product,
            shop_type: None,
            settings,
        };
        let tenant = store
            .create_company(user.id, company, start())
            .await?
            .tenant();
        store
            .publish_catalog(
                tenant,
                "DB Product Flowers",
                &[roses("1", 29_90), roses("2", 0)],
                start(),
            )
            .await?;
        let channel = NewChannel {
            platform: Platform::Whatsapp,
            session: "flowers-1".into(),
            account: None,
        };
        let stands = standing(user.trial_ends_at, None, start());
        let channel = store
            .reserve_channel(tenant, channel, stands, start())
            .await?;
        let working = ChannelEvent::Working {
            account: Some("+34600000001".into()),
        };
        let channel = store
            .apply_channel_event(tenant, channel.id, &working, start())
            .await?;
        let engine = Engine {
            store: Arc::new(store.clone()),
            assistant: assistant.clone(),
            payments: payments.clone(),
            calendar: calendar.clone(),
            senders: vec![sender.clone()],
            notices: Arc::new(PlainNotices),
            clock: clock.clone(),
            ids: Arc::new(SequentialIds::default()),
            policy: Policy::default(),
        };
        Ok(Self {
            engine,
            store,
            assistant,
            payments,
            calendar,
            sender,
            clock,
            channel,
            tenant,
            events: 0.into(),
        })
    }

    /// The customer writes; ids are the caller's, so that doubles can be sent.
    fn receive(&self, id: &str, text: &str) {
        let message = Inbound {
            provider_id: id.into(),
            address: "34600111222@c.us".into(),
            sender: Identity::new(IdentityKind::Phone, "+34600111222"),
            aliases: vec![],
            sender_name: Some("Customer".into()),
            text: text.into(),
            sent_at: self.clock.now(),
        };
        let event = InboundEvent {
            session: self.channel.session.clone(),
            signal: ChannelSignal::Message(message),
        };
        block_on(self.engine.receive(Platform::Whatsapp, vec![event])).unwrap();
    }

    /// The customer orders `quantity` of `sku`, and the work that follows is done.
    fn order(&self, id: &str, sku: &str, quantity: u32) -> Order {
        self.assistant.decide(Decision::Checkout(Draft {
            cart: vec![CartLine {
                sku: sku.into(),
                quantity,
            }],
            area: Area::Place("Barcelona".into()),
            client_name: "Ana".into(),
            recipient_phone: "+34600111222".into(),
            wished_start: None,
            language: "en".into(),
            remind: true,
        }));
        self.receive(id, "an order");
        self.work(SignedDuration::from_secs(20));
        self.orders().remove(0)
    }

    /// Runs every job that comes due within `span`, moving the clock.
    fn work(&self, span: SignedDuration) {
        let until = self.clock.now() + span;
        for _ in 0..500 {
            let now = self.clock.now();
            let jobs = block_on(
                self.store
                    .claim_jobs(now, SignedDuration::from_secs(30), 10),
            )
            .unwrap();
            for job in &jobs {
                if let Err(error) = block_on(self.engine.run(job)) {
                    block_on(self.engine.fail(job, &error)).unwrap();
                }
            }
            if !jobs.is_empty() {
                continue;
            }
            match block_on(self.store.next_job_at()).unwrap() {
                Some(at) if at > now && at <= until => self.clock.advance(now.duration_until(at)),
                Some(_) | None => break,
            }
        }
        self.clock.advance(self.clock.now().duration_until(until));
    }

    fn orders(&self) -> Vec<Order> {
        block_on(self.store.orders(
            self.tenant,
            None,
            Page {
                limit: 200,
                after: None,
            },
        ))
        .unwrap()
    }

    /// The provider's webhook says this, and everything that follows is done.
    fn event(&self, fact: PaymentFact) {
        self.events.set(self.events.get() + 1);
        self.event_named(&format!("evt_{}", self.events.get()), fact);
        self.work(SignedDuration::from_secs(5));
    }

    fn event_named(&self, id: &str, fact: PaymentFact) {
        let (account, kind) = ("acct".to_owned(), "test".to_owned());
        let event = ProviderEvent {
            id: id.into(),
            account,
            kind,
            created_at: self.clock.now(),
            fact: Some(fact),
        };
        block_on(self.engine.record_payment_event(&event, b"{}")).unwrap();
    }

    fn paid(&self, order: &Order) -> PaymentFact {
        let session = order.checkout.clone().unwrap().session;
        PaymentFact::Paid {
            reference: format!("pi_{session}"),
            session,
            amount: order.totals.total,
        }
    }

    fn pay(&self, order: &Order) {
        assert!(self.payments.pay(&order.checkout.clone().unwrap().session));
        self.event(self.paid(order));
    }

    fn audit(&self) {
        let late = self.clock.now() + SignedDuration::from_hours(1);
        assert_eq!(block_on(self.store.audit(late)).unwrap(), vec![]);
    }

    fn standing_bookings(&self) -> usize {
        let page = Page {
            limit: 200,
            after: None,
        };
        let all = block_on(self.store.bookings(self.tenant, None, None, page)).unwrap();
        all.iter()
            .filter(|booking| booking.status == x8_core::booking::BookingStatus::Booked)
            .count()
    }
}

#[test]
fn p5_a_chat_becomes_a_paid_booked_order() {
    let house = House::new();
    let order = house.order("m1", "1", 2);
    assert_eq!(order.state, OrderState::AwaitingPayment);
    assert_eq!(order.totals.total, Money::eur(64_80));
    house.pay(&order);
    assert_eq!(house.orders().remove(0).state, OrderState::Booked);
    assert_eq!(house.calendar.events().len(), 1);
    let texts = house.sender.texts();
    assert_eq!(texts.len(), 4, "{texts:?}");
    assert!(
        texts[0].starts_with("answer to") && texts[1].starts_with("link"),
        "{texts:?}"
    );
    assert!(
        texts[2].starts_with("received 64.80") && texts[3].starts_with("booked"),
        "{texts:?}"
    );
    house.audit();
}

#[test]
fn h2_the_same_message_many_times_is_answered_once() {
    let house = House::new();
    for _ in 0..50 {
        house.receive("m1", "hello");
    }
    house.work(SignedDuration::from_mins(1));
    assert_eq!(house.sender.texts(), vec!["answer to: hello"]);
}

#[test]
fn a1_a_burst_is_answered_once_and_a_lone_message_soon() {
    let house = House::new();
    house.receive("m1", "one");
    house.clock.advance(SignedDuration::from_millis(400));
    house.receive("m2", "two");
    house.work(SignedDuration::from_secs(2));
    assert_eq!(house.sender.texts(), vec!["answer to: one\ntwo"]);
    house.receive("m3", "three");
    house.work(SignedDuration::from_millis(1_500));
    assert_eq!(
        house.sender.texts().len(),
        2,
        "a lone message waits at most 1.5 s"
    );
}

#[test]
fn a1_a_long_burst_waits_at_most_ten_seconds() {
    let house = House::new();
    for index in 0..25 {
        house.receive(&format!("m{index}"), "more");
        house.work(SignedDuration::from_millis(500));
    }
    assert!(
        !house.sender.texts().is_empty(),
        "12.5 s of uninterrupted writing have been answered"
    );
}

#[test]
fn o7_a_free_order_is_booked_without_a_link() {
    let house = House::new();
    let order = house.order("m1", "2", 1);
    assert_eq!(
        (order.state, order.checkout.is_none()),
        (OrderState::Booked, true)
    );
    assert!(house.payments.sessions().is_empty());
    house.audit();
}

#[test]
fn o9_a_new_order_expires_the_old_link_before_the_new_one_is_sent() {
    let house = House::new();
    let old = house.order("m1", "1", 1);
    house.payments.fail(3);
    let new = house.order("m2", "1", 2);
    assert!(new.checkout.is_some(), "the provider came back");
    let sessions = house.payments.sessions();
    assert_eq!(
        sessions[&old.checkout.unwrap().session],
        CheckoutState::Expired
    );
    assert_eq!(
        sessions[&new.checkout.unwrap().session],
        CheckoutState::Open
    );
    assert_eq!(house.orders()[1].state, OrderState::Superseded);
}

#[test]
fn o12_money_for_a_superseded_order_goes_back_once_and_the_customer_hears() {
    let house = House::new();
    let old = house.order("m1", "1", 1);
    assert!(
        house.payments.pay(&old.checkout.clone().unwrap().session),
        "paid just before it was superseded"
    );
    let new = house.order("m2", "1", 2);
    house.event(house.paid(&old));
    house.event(house.paid(&old));
    assert_eq!(house.orders()[1].state, OrderState::Refunded);
    assert_eq!(
        house
            .payments
            .refunds()
            .values()
            .copied()
            .collect::<Vec<_>>(),
        vec![1]
    );
    assert_eq!(
        house
            .sender
            .texts()
            .iter()
            .filter(|text| text.starts_with("refund"))
            .count(),
        1
    );
    house.pay(&new);
    assert_eq!(
        (house.orders()[0].state, house.standing_bookings()),
        (OrderState::Booked, 1)
    );
    house.audit();
}

#[test]
fn o13_an_event_that_comes_before_its_link_is_kept_and_applied() {
    let house = House::new();
    let probe = House::new().order("m1", "1", 1);
    house.event(house.paid(&probe));
    assert!(house.orders().is_empty());
    let order = house.order("m1", "1", 1);
    assert_eq!(
        order.checkout.map(|link| link.session),
        probe.checkout.map(|link| link.session),
        "the same keys"
    );
    house.work(SignedDuration::from_secs(5));
    assert_eq!(house.orders()[0].state, OrderState::Booked);
    house.audit();
}

#[test]
fn o14_one_reminder_then_the_link_runs_out() {
    let house = House::new();
    let mut rows = vec![roses("1", 29_90)];
    rows[0].reminder_hours = Some(3);
    block_on(
        house
            .store
            .publish_catalog(house.tenant, "DB", &rows, start()),
    )
    .unwrap();
    house.order("m1", "1", 1);
    house.work(SignedDuration::from_hours(30));
    let texts = house.sender.texts();
    assert_eq!(
        texts
            .iter()
            .filter(|text| text.starts_with("reminder"))
            .count(),
        1,
        "{texts:?}"
    );
    assert_eq!(texts.last().map(String::as_str), Some("expired"));
    assert_eq!(house.orders()[0].state, OrderState::Expired);
}

#[test]
fn b4_a_lost_slot_is_replaced_and_said() {
    let house = House::new();
    let mut rows = vec![roses("1", 29_90)];
    rows[0].reminder_hours = Some(20);
    block_on(
        house
            .store
            .publish_catalog(house.tenant, "DB", &rows, start()),
    )
    .unwrap();
    let order = house.order("m1", "1", 1);
    let slot = order.slot.clone().unwrap();
    // The link lives for 21 hours; the held time of the same morning does not.
    house.work(SignedDuration::from_hours(8));
    assert!(house.payments.pay(&order.checkout.clone().unwrap().session));
    house.event(house.paid(&order));
    let booked = house.orders().remove(0);
    assert_eq!(booked.state, OrderState::Booked);
    assert_ne!(
        booked.slot.unwrap().starts_at,
        slot.starts_at,
        "that time is over"
    );
    assert!(
        house
            .sender
            .texts()
            .iter()
            .any(|text| text.ends_with("moved=true"))
    );
    house.audit();
}

#[test]
fn h3_a_send_whose_answer_is_lost_is_not_repeated() {
    let house = House::new();
    house.sender.fault(SendFault::AnswerLost);
    house.receive("m1", "hello");
    house.work(SignedDuration::from_mins(1));
    assert_eq!(house.sender.texts(), vec!["answer to: hello"]);
}

#[test]
fn h3_messages_of_one_conversation_keep_their_order_when_the_channel_is_down() {
    let house = House::new();
    house.sender.fault(SendFault::Down);
    house.sender.fault(SendFault::Down);
    house.order("m1", "1", 1);
    house.work(SignedDuration::from_mins(1));
    let texts = house.sender.texts();
    assert!(
        texts[0].starts_with("answer to") && texts[1].starts_with("link"),
        "{texts:?}"
    );
}

#[test]
fn h6_messages_wait_for_a_channel_however_long_it_is_away() {
    let house = House::new();
    let session = |event| {
        block_on(house.store.apply_channel_event(
            house.tenant,
            house.channel.id,
            &event,
            house.clock.now(),
        ))
        .unwrap();
    };
    session(ChannelEvent::Stopped);
    house.order("m1", "1", 1);
    house.work(SignedDuration::from_mins(30));
    assert_eq!(house.sender.texts(), Vec::<String>::new());
    session(ChannelEvent::Working { account: None });
    house.work(SignedDuration::from_mins(2));
    let texts = house.sender.texts();
    assert!(
        texts[0].starts_with("answer to") && texts[1].starts_with("link"),
        "{texts:?}"
    );
    assert_eq!(block_on(house.store.dead_jobs(10)).unwrap(), Vec::new());
}

#[test]
fn c4_a_human_reply_fences_the_bot() {
    let house = House::new();
    house.receive("m1", "hello");
    let page = Page {
        limit: 10,
        after: None,
    };
    let conversation = block_on(house.store.conversations(house.tenant, page))
        .unwrap()
        .remove(0)
        .id;
    block_on(
        house
            .engine
            .send_human_reply(house.tenant, conversation, "I am here"),
    )
    .unwrap();
    house.receive("m2", "thanks");
    house.work(SignedDuration::from_mins(1));
    assert_eq!(house.sender.texts(), vec!["I am here"]);
    block_on(house.engine.set_takeover(house.tenant, conversation, false)).unwrap();
    house.receive("m3", "and now?");
    house.work(SignedDuration::from_mins(1));
    assert_eq!(house.sender.texts().len(), 2);
}

#[test]
fn e1_after_the_trial_nothing_is_answered_and_nothing_is_lost() {
    let house = House::new();
    house.clock.advance(TRIAL);
    house.receive("m1", "hello");
    house.work(SignedDuration::from_mins(1));
    assert!(house.sender.texts().is_empty());
    let page = Page {
        limit: 10,
        after: None,
    };
    let conversation = block_on(house.store.conversations(house.tenant, page))
        .unwrap()
        .remove(0)
        .id;
    assert_eq!(
        block_on(house.store.messages(house.tenant, conversation, page))
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn p7_cancelling_a_booked_order_refunds_it_and_clears_the_calendar() {
    let house = House::new();
    let order = house.order("m1", "1", 1);
    house.pay(&order);
    block_on(house.engine.cancel_order(house.tenant, order.id)).unwrap();
    house.work(SignedDuration::from_mins(1));
    assert_eq!(house.orders()[0].state, OrderState::Refunded);
    assert_eq!(
        (house.standing_bookings(), house.calendar.events().len()),
        (0, 0)
    );
    assert_eq!(house.payments.refunds().len(), 1);
    house.audit();
}

/// What may happen to two orders, in any order and any number of times.
#[derive(Clone, Copy, Debug)]
enum News {
    Paid(usize),
    Expired(usize),
    NewOrder,
    Cancel(usize),
    Hours(i64),
}

fn news() -> impl Strategy<Value = News> {
    prop_oneof![
        3 => (0..3_usize).prop_map(News::Paid),
        1 => (0..3_usize).prop_map(News::Expired),
        2 => Just(News::NewOrder),
        1 => (0..3_usize).prop_map(News::Cancel),
        1 => (0..3_i64).prop_map(News::Hours),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// P5, O12, B1: whatever happens in whatever order, every payment ends in one booking or one refund, and the audit is clean.
    #[test]
    fn p5_any_news_in_any_order_loses_no_money_and_books_nothing_twice(story in prop::collection::vec(news(), 1..12)) {
        let house = House::new();
        house.order("m0", "1", 1);
        for (index, step) in story.into_iter().enumerate() {
            let order = |index: usize| house.orders().into_iter().nth(index);
            match step {
                News::NewOrder => drop(house.order(&format!("n{index}"), "1", 2)),
                News::Paid(which) => if let Some(order) = order(which).filter(|order| order.checkout.is_some()) {
                    let session = order.checkout.clone().unwrap().session;
                    let paid = house.payments.pay(&session)
                        || matches!(house.payments.sessions()[&session], CheckoutState::Paid { .. });
                    if paid {
                        house.event(house.paid(&order));
                    }
                },
                News::Expired(which) => if let Some(link) = order(which).and_then(|order| order.checkout) {
                    if house.payments.sessions()[&link.session] != CheckoutState::Open { continue; }
                    block_on(house.payments.expire(house.tenant, &link.session)).unwrap();
                    house.event(PaymentFact::Expired { session: link.session });
                },
                News::Cancel(which) => if let Some(order) = order(which) {
                    // A refusal is fine; a half-done one is not.
                    let _refused = block_on(house.engine.cancel_order(house.tenant, order.id));
                    house.work(SignedDuration::from_secs(5));
                },
                News::Hours(hours) => house.work(SignedDuration::from_hours(hours)),
            }
        }
        house.work(SignedDuration::from_hours(30));
        let sessions = house.payments.sessions();
        let refunds: BTreeMap<String, usize> = house.payments.refunds();
        for order in house.orders() {
            let paid = order.checkout.as_ref().is_some_and(|link| matches!(sessions[&link.session], CheckoutState::Paid { .. }));
            let refunded = order.payment.as_ref().and_then(|money| refunds.get(&money.reference)).copied().unwrap_or(0);
            prop_assert!(refunded <= 1);
            match order.state {
                OrderState::Booked => prop_assert!(paid && refunded == 0),
                OrderState::Refunded => prop_assert!(paid && refunded == 1),
                state => prop_assert!(!paid && order.payment.is_none(), "{state:?} holds money"),
            }
        }
        let booked = house.orders().iter().filter(|order| order.state == OrderState::Booked).count();
        prop_assert_eq!(house.standing_bookings(), booked);
        prop_assert_eq!(house.calendar.events().len(), booked);
        prop_assert_eq!(block_on(house.store.audit(house.clock.now())).unwrap(), vec![]);
    }
}
