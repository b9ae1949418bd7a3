//! The store's suite: every adapter of the [store ports](crate::port::Store) runs [`all`] on stores it makes.
//!
//! Each rule is checked on a store of its own, and a failure names the rule. Parallel checks join many futures over one
//! store: an adapter that hands work to threads or a server thereby runs them at once.
//!
//! ```
//! use std::sync::Arc;
//! use x8_core::{memory::MemoryStore, port::Store, testing::suite};
//!
//! let make = || async {
//!     let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
//!     Ok(store)
//! };
//! pollster::block_on(suite::store::accounts(&make))?;
//! # Ok::<(), x8_core::testing::Failure>(())
//! ```

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;

use super::super::{Checked, Failure, fixture, present};
use crate::{
    channel::Channel,
    conversation::{Conversation, Inbound},
    error::Result,
    id::MessageId,
    order::Order,
    port::{Changes, OrderWrite, Page, Pending, Store},
    tenant::{Company, Role, Tenant, User},
};

/// Runs each case on a world of its own and names the rule of the first that fails.
macro_rules! cases {
    ($make:expr; $($rule:literal => $case:path),+ $(,)?) => {{
        $(
            let checked = async {
                let world = $crate::testing::suite::store::World::new($make).await?;
                $case(&world).await
            };
            Box::pin(checked)
                .await
                .map_err(|failure: $crate::testing::Failure| failure.under($rule))?;
        )+
        Ok(())
    }};
}

mod accounts;
mod audit;
mod bookings;
mod catalogs;
mod cells;
mod channels;
mod companies;
mod documents;
mod inbox;
mod jobs;
mod lanes;
mod ledger;
mod outbox;
mod payments;
mod records;
mod slots;
mod subscriptions;
mod turns;

pub use accounts::accounts;
pub use audit::audit;
pub use catalogs::catalogs;
pub use channels::channels;
pub use companies::companies;
pub use documents::documents;
pub use inbox::inbox;
pub use jobs::jobs;
pub use lanes::lanes;
pub use ledger::ledger;
pub use outbox::outbox;
pub use payments::payments;
pub use records::records;
pub use slots::slots;
pub use subscriptions::subscriptions;

/// Makes empty stores. Every `Fn() -> impl Future<Output = Result<Arc<dyn Store>>>` is one.
#[async_trait]
pub trait Fresh: Sync {
    /// An empty store that nothing else uses.
    ///
    /// # Errors
    /// Whatever keeps the adapter from making one.
    async fn fresh(&self) -> Result<Arc<dyn Store>>;
}

#[async_trait]
impl<F, Made> Fresh for F
where
    F: Fn() -> Made + Sync,
    Made: Future<Output = Result<Arc<dyn Store>>> + Send,
{
    async fn fresh(&self) -> Result<Arc<dyn Store>> {
        self().await
    }
}

/// Runs every group.
///
/// # Errors
/// The first rule that does not hold.
pub async fn all(make: &dyn Fresh) -> Checked {
    accounts(make).await?;
    companies(make).await?;
    channels(make).await?;
    catalogs(make).await?;
    documents(make).await?;
    inbox(make).await?;
    outbox(make).await?;
    jobs(make).await?;
    lanes(make).await?;
    ledger(make).await?;
    slots(make).await?;
    payments(make).await?;
    records(make).await?;
    subscriptions(make).await?;
    audit(make).await
}

/// The quiet time and longest wait the suite uses, in seconds.
const QUIET: i64 = 3;
const LONGEST: i64 = 10;

/// A store with one owner, one company and one channel.
struct World {
    store: Arc<dyn Store>,
    owner: User,
    company: Company,
    tenant: Tenant,
    channel: Channel,
}

impl World {
    async fn new(make: &dyn Fresh) -> Result<Self, Failure> {
        let store = make.fresh().await?;
        let owner = store
            .create_user(fixture::new_user("owner@example.com", Role::Client))
            .await?;
        let (company, channel) = Self::found(&store, &owner, "main").await?;
        let tenant = company.tenant();
        Ok(Self {
            store,
            owner,
            company,
            tenant,
            channel,
        })
    }

    /// A company of `owner` with one channel.
    async fn found(
        store: &Arc<dyn Store>,
        owner: &User,
        session: &str,
    ) -> Result<(Company, Channel), Failure> {
        let company = store
            .create_company(owner.id, fixture::new_company("Rosas"), fixture::NOW)
            .await?;
        let channel = store
            .reserve_channel(
                company.tenant(),
                fixture::new_channel(session),
                fixture::subscribed(100),
                fixture::NOW,
            )
            .await?;
        Ok((company, channel))
    }

    /// Somebody else's company with one channel.
    async fn stranger(&self) -> Result<(User, Company, Channel), Failure> {
        let user = self
            .store
            .create_user(fixture::new_user("stranger@example.com", Role::Client))
            .await?;
        let (company, channel) = Self::found(&self.store, &user, "foreign").await?;
        Ok((user, company, channel))
    }

    /// Accepts one message at `seconds` and returns its conversation and key.
    async fn hear(
        &self,
        message: &Inbound,
        seconds: i64,
    ) -> Result<(Conversation, MessageId), Failure> {
        let accepted = self
            .store
            .accept(
                &self.channel,
                std::slice::from_ref(message),
                wait(),
                fixture::after(seconds),
            )
            .await?;
        let (id, message) = *present(accepted.stored.first(), "the message is stored")?;
        Ok((self.store.conversation(self.tenant, id).await?, message))
    }

    /// A conversation with one customer, its `Answer` job taken away.
    async fn customer(&self, number: &str) -> Result<Conversation, Failure> {
        let message = fixture::inbound(&format!("hello {number}"), number, "hello");
        let (conversation, _) = self.hear(&message, 0).await?;
        self.drain_jobs().await?;
        Ok(conversation)
    }

    /// Claims and finishes everything that waits.
    async fn drain_jobs(&self) -> Checked {
        let far = fixture::after(1_000_000);
        loop {
            let jobs = self
                .store
                .claim_jobs(far, SignedDuration::from_secs(60), 100)
                .await?;
            if jobs.is_empty() {
                return Ok(());
            }
            for job in jobs {
                self.store.finish_job(job.claim).await?;
            }
        }
    }

    /// Commits one order and returns it as stored.
    async fn put(&self, order: &Order) -> Result<Order, Failure> {
        self.store.commit(self.tenant, write([order])).await?;
        Ok(self.store.order(self.tenant, order.id).await?)
    }

    /// A paid order of the conversation's customer: cart, link, money.
    async fn paid(&self, number: u128, conversation: &Conversation) -> Result<Order, Failure> {
        let session = format!("cs_{number}");
        let cart = fixture::cart(number, self.tenant, conversation, 29_90);
        let waiting = self.put(&fixture::awaiting(&cart, &session)).await?;
        self.put(&fixture::paid(&waiting, &session)).await
    }
}

/// A commit of these orders at [`fixture::NOW`].
fn write<'a>(orders: impl IntoIterator<Item = &'a Order>) -> Changes {
    Changes {
        orders: orders
            .into_iter()
            .map(|order| OrderWrite {
                order: order.clone(),
            })
            .collect(),
        ..Changes::at(fixture::NOW)
    }
}

const fn wait() -> Pending {
    Pending {
        quiet: SignedDuration::from_secs(QUIET),
        longest: SignedDuration::from_secs(LONGEST),
    }
}

const fn page<K>(limit: u32, after: Option<K>) -> Page<K> {
    Page { limit, after }
}
