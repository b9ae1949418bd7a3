//! A house of business for one journey: one company with one channel, every port of tests around a real store.

use std::{cell::Cell, future::Future, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use tokio::runtime::{Builder, Runtime};
use x8_core::{
    Money, Secret,
    booking::{Booking, BookingStatus},
    catalog::{Areas, Fee, Kind, Offering},
    channel::{Channel, ChannelEvent, Platform},
    conversation::{Conversation, Identity, IdentityKind, Inbound},
    memory::MemoryStore,
    order::{Area, CartLine, Order},
    plan::{TRIAL, standing},
    port::*,
    sqlite::SqliteStore,
    tenant::{CompanySettings, CompanyType, NewCompany, Role, Tenant, User},
    testing::{
        fakes::{FakeCalendar, FakePayments, FakeSender, PlainNotices, ScriptedAssistant},
        faults::{Faults, Faulty},
    },
    usecase::{Engine, Policy},
};

/// A page that holds everything of one journey.
pub(super) const ALL: Page = Page {
    limit: 200,
    after: None,
};

/// Which of two workers that run the same job is slow: its claim was lost when it comes to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Slow {
    /// One worker is quick enough.
    #[default]
    Nobody,
    /// The one that works first.
    First,
    /// The one that works last.
    Last,
}

/// Everything around one company. The clock moves only by [`House::work`].
pub(super) struct House {
    runtime: Runtime,
    pub(super) engine: Engine,
    pub(super) faults: Arc<Faults>,
    pub(super) assistant: Arc<ScriptedAssistant>,
    pub(super) payments: Arc<FakePayments>,
    pub(super) calendar: Arc<FakeCalendar>,
    pub(super) sender: Arc<FakeSender>,
    pub(super) clock: Arc<FixedClock>,
    pub(super) owner: User,
    pub(super) channel: Channel,
    pub(super) tenant: Tenant,
    pub(super) slow: Cell<Slow>,
    events: Cell<u32>,
}

pub(super) fn start() -> Timestamp {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

pub(super) fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

/// A bouquet that is delivered to two cities, dear or free.
pub(super) fn roses(sku: &str, price: i64) -> Offering {
    let name = format!("Bouquet {sku}");
    let mut row = Offering::new(sku, Kind::Product, name, Money::eur(price));
    row.fee = (price > 0).then_some(Fee {
        amount: Money::eur(5_00),
        free_from: Some(Money::eur(80_00)),
    });
    row.areas = Areas::parse("Barcelona, Madrid").unwrap();
    row
}

async fn open_company(store: &dyn Store) -> x8_core::Result<(User, Tenant, Channel)> {
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
    let company = NewCompany {
        name: "Flowers".into(),
        kind: CompanyType::Product,
        shop_type: None,
        settings: CompanySettings::default(),
    };
    let tenant = store
        .create_company(user.id, company, start())
        .await?
        .tenant();
    let rows = [roses("1", 29_90), roses("2", 0)];
    store.publish_catalog(tenant, "DB", &rows, start()).await?;
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
    Ok((user, tenant, channel))
}

impl House {
    pub(super) fn in_memory() -> Self {
        Self::on(|_| Arc::new(MemoryStore::default()))
    }

    pub(super) fn on_sqlite() -> Self {
        Self::on(|runtime| Arc::new(runtime.block_on(SqliteStore::open_in_memory()).unwrap()))
    }

    fn on(store: impl Fn(&Runtime) -> Arc<dyn Store>) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let faults = Arc::new(Faults::default());
        let store = Arc::new(Faulty::around(store(&runtime), Arc::clone(&faults)));
        let (owner, tenant, channel) = runtime.block_on(open_company(&*store)).unwrap();
        let assistant = Arc::new(ScriptedAssistant::default());
        let payments = Arc::new(FakePayments::default());
        let calendar = Arc::new(FakeCalendar::default());
        let sender = Arc::new(FakeSender::default());
        let clock = Arc::new(FixedClock::at(start()));
        let engine = Engine {
            store,
            assistant: Arc::<ScriptedAssistant>::clone(&assistant),
            payments: Arc::<FakePayments>::clone(&payments),
            calendar: Arc::<FakeCalendar>::clone(&calendar),
            senders: vec![Arc::<FakeSender>::clone(&sender)],
            notices: Arc::new(PlainNotices),
            clock: Arc::<FixedClock>::clone(&clock),
            ids: Arc::new(SequentialIds::default()),
            policy: Policy::default(),
        };
        Self {
            runtime,
            engine,
            faults,
            assistant,
            payments,
            calendar,
            sender,
            clock,
            owner,
            channel,
            tenant,
            slow: Cell::default(),
            events: Cell::default(),
        }
    }

    /// Runs a call to its end.
    pub(super) fn wait<T>(&self, call: impl Future<Output = T>) -> T {
        self.runtime.block_on(call)
    }

    pub(super) fn store(&self) -> &dyn Store {
        &*self.engine.store
    }

    /// New rows take the place of the old ones.
    pub(super) fn sell(&self, rows: &[Offering]) {
        let now = self.clock.now();
        self.wait(self.store().publish_catalog(self.tenant, "DB", rows, now))
            .unwrap();
    }

    /// What a customer writes, as the platform reports it.
    pub(super) fn inbound(&self, id: &str, text: &str) -> Inbound {
        Inbound {
            provider_id: id.into(),
            address: "34600111222@c.us".into(),
            sender: Identity::new(IdentityKind::Phone, "+34600111222"),
            aliases: vec![],
            sender_name: Some("Customer".into()),
            text: text.into(),
            sent_at: self.clock.now(),
        }
    }

    /// The platform calls until it is heard.
    pub(super) fn signal(&self, signal: &ChannelSignal) {
        loop {
            let event = InboundEvent {
                session: self.channel.session.clone(),
                signal: signal.clone(),
            };
            match self.wait(self.engine.receive(Platform::Whatsapp, vec![event])) {
                Ok(_) => return,
                Err(error) => assert!(self.faults.died(), "{error}"),
            }
        }
    }

    /// The customer writes; ids are the caller's, so that doubles can be sent.
    pub(super) fn receive(&self, id: &str, text: &str) {
        self.signal(&ChannelSignal::Message(self.inbound(id, text)));
    }

    /// The customer asks for `quantity` of `sku` and has told everything else.
    pub(super) fn ask(&self, id: &str, sku: &str, quantity: u32) {
        let words = format!("{quantity} of {sku}");
        let draft = Decision::Checkout(draft(sku, quantity));
        self.assistant.when(&words, draft);
        self.receive(id, &words);
    }

    /// The customer asks for one of each.
    pub(super) fn ask_all(&self, id: &str, skus: &[&str]) {
        let cart = skus.iter().map(|sku| CartLine {
            sku: (*sku).into(),
            quantity: 1,
        });
        let draft = Draft {
            cart: cart.collect(),
            ..draft("1", 1)
        };
        self.assistant
            .when("one of each", Decision::Checkout(draft));
        self.receive(id, "one of each");
    }

    /// The same for a wished local start, with the work that follows.
    pub(super) fn order_for(&self, id: &str, sku: &str, wish: &str) -> Order {
        let words = format!("{sku} for {wish}");
        let draft = draft(sku, 1);
        let wished_start = Some(wish.parse().unwrap());
        self.assistant.when(
            &words,
            Decision::Checkout(Draft {
                wished_start,
                ..draft
            }),
        );
        self.receive(id, &words);
        self.work(seconds(20));
        self.newest()
    }

    /// Another customer asks for one of sku 1 for this moment.
    pub(super) fn other_asks(&self, id: &str, number: u32, at: Timestamp) {
        let zone = jiff::tz::TimeZone::get("Europe/Madrid").unwrap();
        let words = format!("other {number} at {at}");
        let wished_start = Some(at.to_zoned(zone).datetime());
        let draft = Draft {
            wished_start,
            ..draft("1", 1)
        };
        self.assistant.when(&words, Decision::Checkout(draft));
        let phone = format!("3469000{number:04}");
        self.signal(&ChannelSignal::Message(Inbound {
            address: format!("{phone}@c.us"),
            sender: Identity::new(IdentityKind::Phone, format!("+{phone}")),
            ..self.inbound(id, &words)
        }));
    }

    /// Another customer orders one of sku 1 for this moment, and pays.
    pub(super) fn other_orders(&self, number: u32, at: Timestamp) {
        self.other_asks(&format!("other-{number}"), number, at);
        self.work(seconds(20));
        let order = self.newest();
        self.pay(&order);
        assert_eq!(self.newest().slot.map(|slot| slot.starts_at), Some(at));
    }

    pub(super) fn oldest(&self) -> Order {
        self.orders().pop().unwrap()
    }

    /// The owner changes settings.
    pub(super) fn settings(&self, change: impl Fn(&mut CompanySettings)) {
        let company = self.wait(self.store().company_for_work(self.tenant.company()));
        let mut company = company.unwrap();
        change(&mut company.settings);
        let caller = x8_core::tenant::Caller::from(&self.owner);
        let (id, status) = (company.id, company.status);
        let changed = self
            .store()
            .update_company(caller, id, "Flowers", status, &company.settings);
        self.wait(changed).unwrap();
    }

    /// Runs due jobs one by one, moving the clock, until this holds.
    pub(super) fn until(&self, holds: impl Fn() -> bool) {
        for _ in 0..100 {
            if holds() {
                return;
            }
            if !self.run_due() {
                self.clock.advance(seconds(1));
            }
        }
        assert!(holds(), "it never came to that");
    }

    /// Somebody asks for this to be done now.
    pub(super) fn enqueue(&self, kind: JobKind) {
        let now = self.clock.now();
        let changes = Changes {
            jobs: vec![NewJob::new(kind, now)],
            ..Changes::at(now)
        };
        self.wait(self.store().commit(self.tenant, changes))
            .unwrap();
    }

    /// The customer orders, and the work that follows is done.
    pub(super) fn order(&self, id: &str, sku: &str, quantity: u32) -> Order {
        self.ask(id, sku, quantity);
        self.work(seconds(20));
        self.newest()
    }

    /// Runs every job that comes due within `span`, moving the clock. A killed process leaves its jobs claimed until
    /// their leases run out.
    pub(super) fn work(&self, span: SignedDuration) {
        let until = self.clock.now() + span;
        for _ in 0..5_000 {
            if self.run_due() {
                continue;
            }
            let now = self.clock.now();
            match self.wait(self.store().next_job_at()).unwrap() {
                Some(at) if at > now && at <= until => self.clock.advance(now.duration_until(at)),
                Some(_) | None => break,
            }
        }
        let rest = self.clock.now().duration_until(until);
        self.clock.advance(rest.max(SignedDuration::ZERO));
    }

    /// Runs what is due now; `false` when nothing was.
    fn run_due(&self) -> bool {
        let (now, lease) = (self.clock.now(), seconds(30));
        let jobs = match self.wait(self.store().claim_jobs(now, lease, 10)) {
            Ok(jobs) => jobs,
            Err(error) => {
                assert!(self.faults.died(), "{error}");
                return true;
            }
        };
        for job in &self.with_doubles(&jobs) {
            let Err(error) = self.wait(self.engine.run(job)) else {
                continue;
            };
            if self.faults.died() {
                break;
            }
            if let Err(error) = self.wait(self.engine.fail(job, &error)) {
                assert!(self.faults.died(), "{error}");
                break;
            }
        }
        !jobs.is_empty()
    }

    /// With a slow worker: its leases run out, another claims the same jobs, and both do the work.
    fn with_doubles(&self, jobs: &[Job]) -> Vec<Job> {
        let slow = self.slow.get();
        if slow == Slow::Nobody {
            return jobs.to_vec();
        }
        self.clock.advance(seconds(31));
        let claim = self.store().claim_jobs(self.clock.now(), seconds(30), 10);
        let again = self.wait(claim).unwrap();
        match slow {
            Slow::Nobody | Slow::First => [jobs, &again].concat(),
            Slow::Last => [&again, jobs].concat(),
        }
    }

    pub(super) fn orders(&self) -> Vec<Order> {
        self.wait(self.store().orders(self.tenant, None, Page::first(200)))
            .unwrap()
    }

    pub(super) fn newest(&self) -> Order {
        self.orders().remove(0)
    }

    pub(super) fn cancel(&self, order: &Order) -> x8_core::Result<Order> {
        self.wait(self.engine.cancel_order(self.tenant, order.id))
    }

    /// The provider's webhook says this, and everything that follows is done.
    pub(super) fn event(&self, fact: PaymentFact) {
        self.events.set(self.events.get() + 1);
        self.event_named(&format!("evt_{}", self.events.get()), fact);
        self.work(seconds(5));
    }

    /// The provider calls until it is heard.
    pub(super) fn event_named(&self, id: &str, fact: PaymentFact) {
        let event = ProviderEvent {
            id: id.into(),
            account: "acct".into(),
            kind: "test".into(),
            created_at: self.clock.now(),
            fact: Some(fact),
        };
        while let Err(error) = self.wait(self.engine.record_payment_event(&event, b"{}")) {
            assert!(self.faults.died(), "{error}");
        }
    }

    /// The customer pays, the provider says so, and everything that follows is done.
    pub(super) fn pay(&self, order: &Order) {
        assert!(self.payments.pay(&session(order)));
        self.event(paid(order));
    }

    /// What the clock shows.
    pub(super) fn clock_now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn audit(&self) {
        let late = self.clock.now() + SignedDuration::from_hours(1);
        assert_eq!(self.wait(self.store().audit(late)).unwrap(), vec![]);
    }

    pub(super) fn conversation(&self) -> Conversation {
        self.wait(self.store().conversations(self.tenant, ALL))
            .unwrap()
            .remove(0)
    }

    pub(super) fn bookings(&self) -> Vec<Booking> {
        self.wait(
            self.store()
                .bookings(self.tenant, None, None, Page::first(200)),
        )
        .unwrap()
    }

    pub(super) fn standing_bookings(&self) -> usize {
        self.bookings()
            .iter()
            .filter(|booking| booking.status == BookingStatus::Booked)
            .count()
    }

    /// The texts that reached the customer and begin so.
    pub(super) fn heard(&self, beginning: &str) -> usize {
        let texts = self.sender.texts();
        texts
            .iter()
            .filter(|text| text.starts_with(beginning))
            .count()
    }
}

fn draft(sku: &str, quantity: u32) -> Draft {
    Draft {
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
    }
}

pub(super) fn session(order: &Order) -> String {
    order.checkout.clone().unwrap().session
}

/// What the provider says when this order's link is paid.
pub(super) fn paid(order: &Order) -> PaymentFact {
    let session = session(order);
    PaymentFact::Paid {
        reference: format!("pi_{session}"),
        session,
        amount: order.totals.total,
    }
}
