//! One store, driven by small numbers.

use std::sync::Arc;

use jiff::SignedDuration;
use uuid::Uuid;
use x8_core::{
    Money, Result,
    booking::{Booking, BookingStatus},
    channel::Channel,
    conversation::{Delivery, Outgoing, Session},
    id::{ConversationId, MessageId, OrderId},
    order::{Order, OrderState, PaymentStatus},
    port::{
        Changes, Claim, ConversationUpdate, Job, JobKind, NewJob, OrderWrite, Page, PaymentFact,
        Store,
    },
    tenant::{Role, Tenant},
    testing::fixture,
};

use super::super::WAIT;

const PAGE: Page = Page {
    limit: 200,
    after: None,
};

/// One call: which, and three small numbers to make its arguments of.
pub(super) type Step = (u8, u8, u8, u8);

/// A store with two customers, and the claims it gave out.
pub(super) struct Rig {
    store: Arc<dyn Store>,
    tenant: Tenant,
    channel: Channel,
    claims: Vec<Claim>,
}

/// What a caller can tell apart: the value, or the kind of the refusal.
fn told<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result {
        Ok(value) => format!("{value:?}"),
        Err(error) => format!("{:?}", error.kind()),
    }
}

/// A job without its claim, whose numbers are the store's own affair.
fn job(job: &Job) -> String {
    format!(
        "{:?} {:?} {} {:?}",
        job.kind, job.tenant, job.attempts, job.last_error
    )
}

fn order_id(number: u8) -> OrderId {
    OrderId(Uuid::from_u128(u128::from(number % 4)))
}

impl Rig {
    pub(super) async fn new(store: Arc<dyn Store>) -> Result<Self> {
        let owner = store
            .create_user(fixture::new_user("owner@example.com", Role::Client))
            .await?;
        let company = store
            .create_company(owner.id, fixture::new_company("Rosas"), fixture::NOW)
            .await?;
        let tenant = company.tenant();
        let channel = store
            .reserve_channel(
                tenant,
                fixture::new_channel("main"),
                fixture::subscribed(9),
                fixture::NOW,
            )
            .await?;
        let hello =
            [1, 2].map(|who| fixture::inbound(&format!("hello-{who}"), phone(who), "hello"));
        store.accept(&channel, &hello, WAIT, fixture::NOW).await?;
        Ok(Self {
            store,
            tenant,
            channel,
            claims: Vec::new(),
        })
    }

    pub(super) async fn step(&mut self, (call, a, b, c): Step, at: i64) -> String {
        match call % 16 {
            0 => self.hear(a, b, at).await,
            1 => self.echo(a, b, c, at).await,
            2..=4 => self.order(a, b, c, at).await,
            5 => self.seat(a, b, c, at).await,
            6 => self.book(a, b, c, at).await,
            7 => self.claim(a, at).await,
            8 => self.finish(a, b, c, at).await,
            9 => self.enqueue(a, b, at).await,
            10 => self.send(a, b, c, at).await,
            11 => self.mark(a, b, c, at).await,
            12 => self.event(a, b, at).await,
            13 => self.thread(a, b, c, at).await,
            14 => self.fail(a, b, at).await,
            _ => self.document(a, b).await,
        }
    }

    async fn hear(&self, a: u8, b: u8, at: i64) -> String {
        let mut message = fixture::inbound(&format!("m{}", b % 9), phone(a % 3), "and");
        message.sent_at = fixture::after(at - i64::from(b % 5));
        let now = fixture::after(at);
        told(
            self.store
                .accept(&self.channel, &[message], WAIT, now)
                .await,
        )
    }

    async fn echo(&self, a: u8, b: u8, c: u8, at: i64) -> String {
        let text = format!("text {}", b % 3);
        let echo = fixture::inbound(&format!("p{}", b % 9), phone(a % 3), &text);
        let (human, now) = (c.is_multiple_of(2), fixture::after(at));
        told(
            self.store
                .accept_echo(&self.channel, &echo, human, now)
                .await,
        )
    }

    /// Moves an order to any state with any link and any money, now and then from a version that is not the last.
    async fn order(&self, a: u8, b: u8, c: u8, at: i64) -> String {
        let who = ConversationId(i64::from(a % 2) + 1);
        let Ok(conversation) = self.store.conversation(self.tenant, who).await else {
            return "no conversation".to_owned();
        };
        let cents = if a.is_multiple_of(3) { 0 } else { 29_90 };
        let cart = fixture::cart(u128::from(a % 4), self.tenant, &conversation, cents);
        let mut order = match self.store.order(self.tenant, cart.id).await {
            Ok(known) => known,
            Err(_) => cart,
        };
        order.state = OrderState::ALL[usize::from(b) % OrderState::ALL.len()];
        let standing = self.standing(order.id).await;
        if standing && !order.state.payment_status(true).eq(&PaymentStatus::Paid) {
            // Only the database refuses to make a booked order unpaid; the order machine never asks for it.
            return "not asked".to_owned();
        }
        order.updated_at = fixture::after(at);
        let session = format!("cs_{}_{}", a % 4, c % 2);
        if c % 8 < 6 {
            order = fixture::paid(&order, &session);
            order.state = OrderState::ALL[usize::from(b) % OrderState::ALL.len()];
        }
        if c.is_multiple_of(3) {
            order.checkout = Some(fixture::checkout(&session));
        }
        if c % 16 == 5 && order.version == 0 {
            order.payment = order.payment.map(|paid| x8_core::order::Payment {
                amount: Money::eur(1),
                ..paid
            });
        }
        if c % 16 == 7 {
            order.version += 1;
        }
        let id = order.id;
        let done = told(self.store.commit(self.tenant, orders(order, at)).await);
        format!("{done} {}", told(self.store.order(self.tenant, id).await))
    }

    async fn standing(&self, order: OrderId) -> bool {
        let bookings = self
            .store
            .bookings(self.tenant, Some(order), None, Page::first(200));
        let known = bookings.await.unwrap();
        known.iter().any(|one| one.status == BookingStatus::Booked)
    }

    async fn seat(&self, a: u8, b: u8, c: u8, at: i64) -> String {
        let mut changes = Changes::at(fixture::after(at));
        if c.is_multiple_of(4) {
            changes.release.push(order_id(a));
        } else {
            changes.take.push(x8_core::booking::Hold {
                order: order_id(a),
                slot: fixture::slot("delivery", i64::from(b % 3) + 24, u32::from(c % 2)),
                expires_at: Some(fixture::after(at + 40)),
            });
        }
        told(self.store.commit(self.tenant, changes).await)
    }

    async fn book(&self, a: u8, b: u8, c: u8, at: i64) -> String {
        let id = order_id(a);
        let Ok(order) = self.store.order(self.tenant, id).await else {
            return "no order".to_owned();
        };
        let slot = fixture::slot("delivery", i64::from(b % 3) + 24, u32::from(c % 2));
        let booking = Booking {
            status: if c.is_multiple_of(3) {
                BookingStatus::Cancelled
            } else {
                BookingStatus::Booked
            },
            ..fixture::booking(u128::from(b % 5) + 50, &order, slot)
        };
        let changes = Changes {
            bookings: vec![booking],
            ..Changes::at(fixture::after(at))
        };
        told(self.store.commit(self.tenant, changes).await)
    }

    async fn claim(&mut self, a: u8, at: i64) -> String {
        let lease = SignedDuration::from_secs(i64::from(a % 40));
        let claimed = self
            .store
            .claim_jobs(fixture::after(at), lease, u32::from(a % 3) + 1)
            .await;
        let jobs = claimed.unwrap();
        self.claims.extend(jobs.iter().map(|job| job.claim));
        jobs.iter().map(job).collect::<Vec<_>>().join("; ")
    }

    fn claimed(&self, a: u8) -> Option<Claim> {
        let count = self.claims.len().max(1);
        self.claims.get(usize::from(a) % count).copied()
    }

    async fn finish(&self, a: u8, b: u8, c: u8, at: i64) -> String {
        let Some(claim) = self.claimed(a) else {
            return "no claim".to_owned();
        };
        let now = fixture::after(at);
        match b % 3 {
            0 => told(self.store.finish_job(claim).await),
            1 => told(
                self.store
                    .renew_job(claim, fixture::after(at + i64::from(c % 60)))
                    .await,
            ),
            _ => {
                let changes = Changes {
                    finish: Some(claim),
                    ..Changes::at(now)
                };
                told(self.store.commit(self.tenant, changes).await)
            }
        }
    }

    async fn fail(&self, a: u8, b: u8, at: i64) -> String {
        let Some(claim) = self.claimed(a) else {
            return "no claim".to_owned();
        };
        let again = (!b.is_multiple_of(3)).then(|| fixture::after(at + i64::from(b % 50)));
        told(self.store.fail_job(claim, again, "broken").await)
    }

    async fn enqueue(&self, a: u8, b: u8, at: i64) -> String {
        let kind = JobKind::Remind { order: order_id(a) };
        let job = NewJob::new(kind, fixture::after(at + i64::from(b % 60)));
        let changes = Changes {
            jobs: vec![if b.is_multiple_of(2) {
                job.in_lane("shared")
            } else {
                job
            }],
            ..Changes::at(fixture::after(at))
        };
        told(self.store.commit(self.tenant, changes).await)
    }

    async fn send(&self, a: u8, b: u8, c: u8, at: i64) -> String {
        if c.is_multiple_of(2) {
            let id = MessageId(i64::from(b % 20));
            return told(self.store.begin_send(self.tenant, id).await);
        }
        let who = ConversationId(i64::from(a % 4));
        let Ok(conversation) = self.store.conversation(self.tenant, who).await else {
            return "no conversation".to_owned();
        };
        let message = Outgoing {
            fence: c.is_multiple_of(3).then_some(conversation.fence),
            ..fixture::outgoing(&conversation, &format!("text {}", b % 3))
        };
        let changes = Changes {
            messages: vec![message],
            ..Changes::at(fixture::after(at))
        };
        told(self.store.commit(self.tenant, changes).await)
    }

    async fn mark(&self, a: u8, b: u8, c: u8, at: i64) -> String {
        let id = (!c.is_multiple_of(4)).then(|| MessageId(i64::from(a % 20)));
        let name = format!("p{}", b % 9);
        let provider = b.is_multiple_of(2).then_some(name.as_str());
        let delivery = Delivery::ALL[usize::from(c) % Delivery::ALL.len()];
        let problem = c.is_multiple_of(5).then_some("why");
        let now = fixture::after(at);
        let marked = self
            .store
            .mark(self.tenant, id, provider, delivery, problem, now);
        told(marked.await)
    }

    async fn event(&self, a: u8, b: u8, at: i64) -> String {
        let session = format!("cs_{}_{}", a % 4, b % 2);
        let reference = format!("pay_{session}");
        let event = match b % 3 {
            0 => fixture::money_came(&format!("evt{}", b % 7), &session, 29_90),
            1 => fixture::event(
                &format!("evt{}", b % 7),
                Some(PaymentFact::Refunded { reference }),
            ),
            _ => fixture::event(&format!("evt{}", b % 7), None),
        };
        let recorded = self
            .store
            .record_event(&event, b"{}", fixture::after(at))
            .await;
        let found = self.store.event("acct_1", &event.id).await;
        format!("{} {}", told(recorded), told(found))
    }

    async fn thread(&self, a: u8, b: u8, c: u8, at: i64) -> String {
        let who = ConversationId(i64::from(a % 4));
        let Ok(conversation) = self.store.conversation(self.tenant, who).await else {
            return "no conversation".to_owned();
        };
        let update = ConversationUpdate {
            id: who,
            expected_version: conversation.version + u32::from(b.is_multiple_of(5)),
            session: Session {
                name: Some(format!("name {b}")),
                ..Session::default()
            },
            answered_through: (!c.is_multiple_of(3)).then(|| MessageId(1 + i64::from(b % 3))),
            taken_over: [None, Some(true), Some(false)][usize::from(c) % 3],
        };
        let changes = Changes {
            conversation: Some(update),
            ..Changes::at(fixture::after(at))
        };
        let done = told(self.store.commit(self.tenant, changes).await);
        let state = self
            .store
            .turn_state(self.tenant, who, u32::from(b % 6))
            .await;
        format!("{done} {}", told(state))
    }

    async fn document(&self, a: u8, b: u8) -> String {
        let value = serde_json::json!({ "a": a });
        let key = format!("key {}", a % 2);
        let put = self
            .store
            .put_document("space", &key, &value, u32::from(b % 4));
        let done = told(put.await);
        format!("{done} {}", told(self.store.documents("space").await))
    }

    /// Everything that can be read.
    pub(super) async fn picture(&self) -> Vec<String> {
        let (store, tenant) = (&self.store, self.tenant);
        let mut seen = vec![
            told(store.next_job_at().await),
            told(store.orders(tenant, None, Page::first(200)).await),
            told(store.bookings(tenant, None, None, Page::first(200)).await),
            told(
                store
                    .holds(
                        tenant,
                        Some("delivery"),
                        fixture::NOW,
                        fixture::after(1_000_000),
                    )
                    .await,
            ),
        ];
        let dead = store.dead_jobs(100).await.unwrap();
        seen.extend(dead.iter().map(job));
        for conversation in store.conversations(tenant, PAGE).await.unwrap() {
            seen.push(format!("{conversation:?}"));
            seen.push(told(store.messages(tenant, conversation.id, PAGE).await));
        }
        seen
    }
}

fn phone(who: u8) -> &'static str {
    ["+34600000000", "+34600000001", "+34600000002"][usize::from(who)]
}

fn orders(order: Order, at: i64) -> Changes {
    Changes {
        orders: vec![OrderWrite { order }],
        ..Changes::at(fixture::after(at))
    }
}
