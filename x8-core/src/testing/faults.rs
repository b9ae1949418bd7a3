//! A store that fails when told: between any two of its writes, as a killed process would, or at one method for good.
//!
//! To prove that a crash changes nothing, run a story once undisturbed and count its [writes](Faults::writes); then run it
//! again for every write and both [sides](Side) of it, with a worker that goes on where a restarted process would.
//!
//! ```
//! use std::sync::Arc;
//! use x8_core::{ErrorKind, memory::MemoryStore, port::Jobs, testing::{faults::{Faults, Faulty, Side}, fixture::NOW}};
//! let faults = Arc::new(Faults::default());
//! let store = Faulty::around(Arc::new(MemoryStore::default()), Arc::clone(&faults));
//! faults.crash_at(0, Side::Before);
//! let lease = jiff::SignedDuration::from_secs(30);
//! let killed = pollster::block_on(store.claim_jobs(NOW, lease, 1));
//! assert_eq!(killed.map_err(|error| error.kind()), Err(ErrorKind::Unavailable));
//! assert!(faults.died());
//! assert!(pollster::block_on(store.claim_jobs(NOW, lease, 1)).is_ok());
//! ```

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    Error, Result,
    booking::{Booking, Hold},
    catalog::{Catalog, Offering},
    channel::{Channel, ChannelEvent, Platform},
    conversation::{Conversation, Delivery, Inbound, Message},
    id::{
        BookingId, CatalogId, ChannelId, CompanyId, ConversationId, CustomerId, MessageId, OrderId,
        TurnId, UserId,
    },
    order::Order,
    plan::{Billed, Standing, Subscription},
    port::{
        Accepted, Accounts, AuditFinding, Catalogs, Changes, ChannelStore, Claim, Companies,
        Documents, Forgotten, Inbox, Job, Jobs, Ledger, NewChannel, NewUser, Page, Pending,
        ProviderEvent, Recorded, RefreshToken, Store, SubscriptionEvent, SubscriptionRecord,
        Subscriptions, TurnRecord, TurnState, Turns,
    },
    tenant::{Caller, Company, CompanySettings, CompanyStatus, NewCompany, Tenant, User},
    turn::{Call, ModelUsage},
};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// On which side of a write the process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It left no trace.
    Before,
    /// It was committed, and nobody heard so.
    After,
}

/// What is to go wrong, and what was seen.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Plan>);

#[derive(Debug, Default)]
struct Plan {
    writes: usize,
    crash: Option<(usize, Side)>,
    crashed: bool,
    deaths: usize,
    broken: Option<&'static str>,
    alerts: Vec<&'static str>,
    once: Vec<String>,
}

impl Faults {
    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The process dies at the `nth` write from now, counted from 0.
    pub fn crash_at(&self, nth: usize, side: Side) {
        let mut plan = self.plan();
        plan.crash = Some((plan.writes + nth, side));
    }

    /// Whether the process has died since this was last asked.
    #[must_use]
    pub fn died(&self) -> bool {
        std::mem::take(&mut self.plan().crashed)
    }

    /// How often the process died.
    #[must_use]
    pub fn deaths(&self) -> usize {
        self.plan().deaths
    }

    /// How many writes there were.
    #[must_use]
    pub fn writes(&self) -> usize {
        self.plan().writes
    }

    /// This method fails from now on; `None`: none does.
    pub fn break_method(&self, name: Option<&'static str>) {
        self.plan().broken = name;
    }

    /// The codes of all alerts that were committed.
    #[must_use]
    pub fn alerts(&self) -> Vec<&'static str> {
        self.plan().alerts.clone()
    }

    /// The keys of all alerts that were to be raised once.
    #[must_use]
    pub fn once(&self) -> Vec<String> {
        self.plan().once.clone()
    }

    fn check(&self, name: &str) -> Result<()> {
        if self.plan().broken == Some(name) {
            return Err(
                Error::unavailable("store.call", "the store is broken").with("method", name)
            );
        }
        Ok(())
    }

    /// Counts a write and says on which side of it to die.
    fn next_write(&self) -> Option<Side> {
        let mut plan = self.plan();
        let number = plan.writes;
        plan.writes += 1;
        plan.crash
            .filter(|(nth, _)| *nth == number)
            .map(|(_, side)| side)
    }

    fn die(&self) -> Error {
        let mut plan = self.plan();
        plan.crashed = true;
        plan.deaths += 1;
        Error::unavailable("store.call", "the process was killed")
    }
}

/// A store behind [`Faults`].
pub struct Faulty {
    inner: Arc<dyn Store>,
    faults: Arc<Faults>,
}

impl fmt::Debug for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faulty")
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

impl Faulty {
    /// A store that does what another does, but for what is to go wrong.
    #[must_use]
    pub fn around(inner: Arc<dyn Store>, faults: Arc<Faults>) -> Self {
        Self { inner, faults }
    }

    async fn read<T>(&self, name: &str, call: impl Future<Output = Result<T>> + Send) -> Result<T> {
        self.faults.check(name)?;
        call.await
    }

    async fn write<T>(
        &self,
        name: &str,
        call: impl Future<Output = Result<T>> + Send,
    ) -> Result<T> {
        self.faults.check(name)?;
        match self.faults.next_write() {
            None => call.await,
            Some(Side::Before) => Err(self.faults.die()),
            Some(Side::After) => {
                call.await?;
                Err(self.faults.die())
            }
        }
    }
}

/// Every method passes through `read` or `write`.
macro_rules! pass {
    ($port:ident { $($how:ident $name:ident($($arg:ident: $kind:ty),*) -> $out:ty;)+ }) => {
        #[async_trait]
        impl $port for Faulty {
            $(
                async fn $name(&self, $($arg: $kind),*) -> Result<$out> {
                    self.$how(stringify!($name), self.inner.$name($($arg),*)).await
                }
            )+
        }
    };
}

pass!(Accounts {
    read create_user(user: NewUser) -> User;
    read user_by_email(email: &str) -> Option<User>;
    read user(id: UserId) -> User;
    read assign_manager(client: UserId, manager: Option<UserId>) -> ();
    read subscription(user: UserId) -> Option<Subscription>;
    read rotate_refresh(replaces: Option<Uuid>, token: RefreshToken, now: Timestamp) -> ();
    read revoke_refresh(user: UserId) -> ();
});

pass!(Subscriptions {
    read subscriptions(user: UserId) -> Vec<SubscriptionRecord>;
    read save_subscription(user: UserId, billed: &Billed, expected: u32, now: Timestamp) -> SubscriptionRecord;
    read subscriber(subscription: &str, customer: Option<&str>) -> Option<UserId>;
    read billing_customer(user: UserId) -> Option<String>;
    read keep_billing_customer(user: UserId, customer: &str) -> String;
    read record_subscription_event(event: &SubscriptionEvent, body: &[u8], now: Timestamp) -> Recorded;
    read due_subscription_events(now: Timestamp, limit: u32) -> Vec<SubscriptionEvent>;
    read settle_subscription_event(id: &str, again_at: Option<Timestamp>) -> ();
});

pass!(Companies {
    read create_company(owner: UserId, company: NewCompany, now: Timestamp) -> Company;
    read companies(caller: Caller) -> Vec<Company>;
    read company(caller: Caller, id: CompanyId) -> Company;
    read company_for_work(id: CompanyId) -> Company;
    read update_company(caller: Caller, id: CompanyId, name: &str, status: CompanyStatus, settings: &CompanySettings) -> Company;
});

pass!(ChannelStore {
    read reserve_channel(tenant: Tenant, channel: NewChannel, standing: Standing, now: Timestamp) -> Channel;
    read channels(tenant: Tenant) -> Vec<Channel>;
    read channel(tenant: Tenant, id: ChannelId) -> Channel;
    read channel_by_session(platform: Platform, session: &str) -> Channel;
    read apply_channel_event(tenant: Tenant, id: ChannelId, event: &ChannelEvent, now: Timestamp) -> Channel;
});

pass!(Catalogs {
    read publish_catalog(tenant: Tenant, name: &str, offerings: &[Offering], now: Timestamp) -> Arc<Catalog>;
    read revise_catalog(tenant: Tenant, expected: u32, name: &str, offerings: &[Offering], now: Timestamp) -> Arc<Catalog>;
    read live_catalog(tenant: Tenant) -> Arc<Catalog>;
    read catalog(tenant: Tenant, id: CatalogId) -> Arc<Catalog>;
    read catalog_versions(tenant: Tenant) -> Vec<(Catalog, bool)>;
    read restore_catalog(tenant: Tenant, id: CatalogId) -> Arc<Catalog>;
});

pass!(Documents {
    read document(space: &str, key: &str) -> Option<(serde_json::Value, u32)>;
    read put_document(space: &str, key: &str, value: &serde_json::Value, expected: u32) -> ();
    write delete_document(space: &str, key: &str) -> ();
    read documents(space: &str) -> Vec<(String, serde_json::Value)>;
});

pass!(Turns {
    read turn(id: TurnId) -> (Tenant, TurnRecord);
    read turns_of(tenant: Tenant, conversation: ConversationId, page: Page<TurnId>) -> Vec<TurnRecord>;
    write record_call(tenant: Tenant, call: &Call) -> ();
    write forget_turns(tenant: Tenant, customer: Option<CustomerId>) -> Forgotten;
    read model_usage(tenant: Tenant, from: Timestamp, to: Timestamp) -> Vec<ModelUsage>;
    read model_cost(tenant: Tenant, from: Timestamp, to: Timestamp) -> u64;
});

pass!(Inbox {
    write accept(channel: &Channel, messages: &[Inbound], wait: Pending, now: Timestamp) -> Accepted;
    write accept_echo(channel: &Channel, message: &Inbound, by_human: bool, now: Timestamp) -> ();
    read turn_state(tenant: Tenant, conversation: ConversationId, history: u32) -> TurnState;
    read conversation(tenant: Tenant, id: ConversationId) -> Conversation;
    read conversations(tenant: Tenant, page: Page) -> Vec<Conversation>;
    read messages(tenant: Tenant, conversation: ConversationId, page: Page) -> Vec<Message>;
    write begin_send(tenant: Tenant, id: MessageId) -> (Message, Delivery);
    write mark(tenant: Tenant, id: Option<MessageId>, provider_id: Option<&str>, delivery: Delivery, problem: Option<&str>, now: Timestamp) -> ();
});

pass!(Jobs {
    write claim_jobs(now: Timestamp, lease: SignedDuration, limit: u32) -> Vec<Job>;
    write renew_job(claim: Claim, until: Timestamp) -> bool;
    write finish_job(claim: Claim) -> ();
    write fail_job(claim: Claim, at: Option<Timestamp>, error: &str) -> ();
    read dead_jobs(limit: u32) -> Vec<Job>;
    read next_job_at() -> Option<Timestamp>;
});

#[async_trait]
impl Ledger for Faulty {
    async fn commit(&self, tenant: Tenant, changes: Changes) -> Result<Vec<MessageId>> {
        let codes: Vec<&'static str> = changes.alerts.iter().map(|alert| alert.code).collect();
        let keys: Vec<String> = changes.once.iter().map(|(key, _)| key.clone()).collect();
        let committed = self
            .write("commit", self.inner.commit(tenant, changes))
            .await?;
        let mut seen = self.faults.plan();
        seen.alerts.extend(codes);
        seen.once.extend(keys);
        drop(seen);
        Ok(committed)
    }

    async fn order(&self, tenant: Tenant, id: OrderId) -> Result<Order> {
        self.read("order", self.inner.order(tenant, id)).await
    }

    async fn orders(
        &self,
        tenant: Tenant,
        customer: Option<CustomerId>,
        page: Page<OrderId>,
    ) -> Result<Vec<Order>> {
        self.read("orders", self.inner.orders(tenant, customer, page))
            .await
    }

    async fn holds(
        &self,
        tenant: Tenant,
        resource: Option<&str>,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Hold>> {
        self.read("holds", self.inner.holds(tenant, resource, from, to))
            .await
    }

    async fn bookings(
        &self,
        tenant: Tenant,
        order: Option<OrderId>,
        booking: Option<BookingId>,
        page: Page<BookingId>,
    ) -> Result<Vec<Booking>> {
        self.read(
            "bookings",
            self.inner.bookings(tenant, order, booking, page),
        )
        .await
    }

    async fn record_event(
        &self,
        event: &ProviderEvent,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Recorded> {
        self.write("record_event", self.inner.record_event(event, body, now))
            .await
    }

    async fn event(
        &self,
        account: &str,
        id: &str,
    ) -> Result<(ProviderEvent, Option<(Tenant, OrderId)>)> {
        self.read("event", self.inner.event(account, id)).await
    }

    async fn audit(&self, now: Timestamp) -> Result<Vec<AuditFinding>> {
        self.read("audit", self.inner.audit(now)).await
    }
}
