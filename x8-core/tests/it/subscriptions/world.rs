//! A provider that plays what it is told (simulated), and a user in front of it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use x8_core::{
    Error, Result,
    id::UserId,
    memory::MemoryStore,
    plan::{Plan, Plans, ProviderState, ProviderSubscription},
    port::{
        AboutSubscription, Accounts as _, Clock, FixedClock, PageState, SubscribePage,
        SubscribeRequest, SubscriptionEvent, SubscriptionProvider, SubscriptionWish,
    },
    tenant::{Role, User},
    testing::fixture,
    usecase::Billing,
};

use super::{at, growth};

/// What the provider has.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) subscriptions: BTreeMap<String, ProviderSubscription>,
    pages: BTreeMap<String, (String, Plan, SubscribePage)>,
    changes: BTreeMap<String, SubscriptionWish>,
    /// How many calls fail from now on.
    pub(super) down: u32,
    pub(super) customers: u32,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Scripted(pub(super) Arc<Mutex<Book>>);

impl Scripted {
    pub(super) fn put(&self, latest: ProviderSubscription) {
        let mut book = self.0.lock().unwrap();
        book.subscriptions.insert(latest.id.clone(), latest);
    }

    pub(super) fn change(&self, id: &str, step: impl FnOnce(&mut ProviderSubscription)) {
        let mut book = self.0.lock().unwrap();
        step(book.subscriptions.get_mut(id).unwrap());
    }

    /// The user pays on the page.
    pub(super) fn pay(&self, session: &str, state: ProviderState) -> String {
        let mut book = self.0.lock().unwrap();
        let (customer, plan, page) = book.pages.get_mut(session).unwrap();
        assert_eq!(page.state, PageState::Open);
        let id = format!("sub_of_{session}");
        let (customer, plan) = (customer.clone(), *plan);
        page.url = None;
        page.state = PageState::Complete {
            subscription: id.clone(),
        };
        let bought = ProviderSubscription {
            id: id.clone(),
            customer,
            plan: Some(plan),
            ..growth(state)
        };
        book.subscriptions.insert(id.clone(), bought);
        id
    }

    pub(super) fn open_pages(&self) -> usize {
        let book = self.0.lock().unwrap();
        let open = |page: &SubscribePage| page.state == PageState::Open;
        book.pages.values().filter(|(.., page)| open(page)).count()
    }

    fn up(&self) -> Result<std::sync::MutexGuard<'_, Book>> {
        let mut book = self.0.lock().unwrap();
        if book.down > 0 {
            book.down -= 1;
            return Err(Error::unavailable("scripted.call", "down"));
        }
        Ok(book)
    }
}

#[async_trait]
impl SubscriptionProvider for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    async fn customer(&self, user: UserId, _email: &str) -> Result<String> {
        self.up()?.customers += 1;
        Ok(format!("cus_{user}"))
    }

    async fn open(&self, request: &SubscribeRequest) -> Result<SubscribePage> {
        let mut book = self.up()?;
        let session = format!("cs_{}", request.idempotency_key);
        let page = book.pages.entry(session.clone()).or_insert_with(|| {
            let page = SubscribePage {
                url: Some(format!("https://pay.example/{session}")),
                session: session.clone(),
                state: PageState::Open,
            };
            (request.customer.clone(), request.plan, page)
        });
        assert_eq!(page.1, request.plan, "one key, one content");
        Ok(page.2.clone())
    }

    async fn page(&self, session: &str) -> Result<SubscribePage> {
        let found = self.up()?.pages.get(session).map(|(.., page)| page.clone());
        found.ok_or_else(|| Error::not_found("scripted.page", "no such page"))
    }

    async fn close(&self, session: &str) -> Result<SubscribePage> {
        let mut book = self.up()?;
        let (.., page) = book.pages.get_mut(session).unwrap();
        if page.state == PageState::Open {
            page.state = PageState::Expired;
        }
        Ok(page.clone())
    }

    async fn change(
        &self,
        id: &str,
        wish: &SubscriptionWish,
        key: &str,
    ) -> Result<ProviderSubscription> {
        let mut book = self.up()?;
        if let Some(before) = book.changes.insert(key.to_owned(), wish.clone()) {
            assert_eq!(&before, wish, "one key, one content");
        }
        let found = book.subscriptions.get_mut(id).unwrap();
        match wish {
            SubscriptionWish::Change { plan, reduces } => {
                found.plan = Some(*plan);
                found.reduced_until = found.period_end.filter(|_| *reduces);
                (found.ends_at, found.cancelled_at) = (None, None);
            }
            SubscriptionWish::CancelAtPeriodEnd => {
                (found.ends_at, found.cancelled_at) = (found.period_end, Some(at(1)));
            }
        }
        Ok(found.clone())
    }

    async fn latest(&self, id: &str) -> Result<ProviderSubscription> {
        let found = self.up()?.subscriptions.get(id).cloned();
        found.ok_or_else(|| Error::not_found("scripted.latest", "no such subscription"))
    }

    fn read_event(
        &self,
        _signature: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<SubscriptionEvent> {
        let text = String::from_utf8_lossy(body);
        let (id, subscription) = text.split_once(' ').unwrap();
        Ok(SubscriptionEvent {
            id: id.to_owned(),
            kind: "customer.subscription.updated".to_owned(),
            created_at: now,
            about: Some(AboutSubscription {
                subscription: subscription.to_owned(),
                customer: None,
            }),
        })
    }
}

pub(super) struct World {
    pub(super) store: Arc<MemoryStore>,
    pub(super) provider: Scripted,
    pub(super) clock: Arc<FixedClock>,
    pub(super) billing: Billing,
    pub(super) user: User,
}

impl World {
    pub(super) async fn new() -> Self {
        let store = Arc::new(MemoryStore::default());
        let provider = Scripted::default();
        let clock = Arc::new(FixedClock::at(at(0)));
        let user = store
            .create_user(fixture::new_user("ana@example.com", Role::Client))
            .await
            .unwrap();
        let billing = Billing {
            store: Arc::<MemoryStore>::clone(&store),
            provider: Some(Arc::new(provider.clone())),
            clock: Arc::<FixedClock>::clone(&clock),
            plans: Arc::new(Plans::default()),
        };
        Self {
            store,
            provider,
            clock,
            billing,
            user,
        }
    }

    pub(super) fn hours(&self, hours: i64) {
        self.clock.advance(SignedDuration::from_hours(hours));
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// An event about a subscription arrives.
    pub(super) async fn event(&self, id: &str, subscription: &str) {
        let body = format!("{id} {subscription}");
        self.billing.record("", body.as_bytes()).await.unwrap();
    }
}
