//! The use cases: verbs that join the ports. One message's way through the house is
//! [receive](Engine::receive) → [answer](Engine::run) → checkout → settle → book → deliver.
//!
//! Each step reads, decides with pure functions, and ends in **one** [`Ledger::commit`](crate::port::Ledger::commit) that
//! also enqueues the next step and completes its own job. A crash between steps repeats a step; a repeated step finds
//! its work done. No step holds anything in memory that the next one needs.

use std::{fmt, sync::Arc};

use jiff::SignedDuration;

use crate::{
    channel::Platform,
    error::{Error, Result},
    port::{
        Assistant, Calendar, Clock, IdSource, Job, JobKind, NoticeWriter, PaymentProvider, Pending,
        Sender, Store,
    },
};

mod answer;
mod behave;
mod billing;
mod book;
mod cancel;
mod checkout;
mod converse;
mod deliver;
mod dispute;
mod expire;
mod fail;
mod find;
mod forget;
mod hold;
mod limits;
mod money;
mod moves;
mod news;
mod offer;
mod rebook;
mod receive;
mod reconcile;
mod refund;
mod remind;
mod renew;
mod settle;
mod surplus;
mod sync_calendar;
mod takeover;
mod times;

pub use billing::{Account, Applied, Billing};
pub use find::FoundOrders;
pub use receive::Received;
pub use sync_calendar::Rewrite;
pub use times::{Grid, Times};

/// Timing and sizes that are the operator's choice.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// A1: quiet time after each message, and the longest wait of a burst.
    pub burst: Pending,
    /// How many earlier messages a turn is given.
    pub history: u32,
    /// A11: how long after its burst is due a customer has an answer, if only a holding line.
    pub answer_within: SignedDuration,
    /// A job that failed this often goes to the dead letters and calls a human.
    pub max_attempts: u32,
    /// P9: how old an open link is when the provider is asked about it, and again after each such time.
    pub reconcile_after: SignedDuration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            burst: Pending {
                quiet: SignedDuration::from_millis(1_200),
                longest: SignedDuration::from_secs(10),
            },
            history: 20,
            answer_within: SignedDuration::from_secs(20),
            max_attempts: 12,
            reconcile_after: SignedDuration::from_mins(15),
        }
    }
}

/// The ports, joined. Cheap to clone; holds no state of its own.
#[derive(Clone)]
pub struct Engine {
    /// The system of record.
    pub store: Arc<dyn Store>,
    /// Computes turns.
    pub assistant: Arc<dyn Assistant>,
    /// Opens, expires and refunds payment links.
    pub payments: Arc<dyn PaymentProvider>,
    /// Companies' calendars.
    pub calendar: Arc<dyn Calendar>,
    /// One per platform that can send.
    pub senders: Vec<Arc<dyn Sender>>,
    /// Words of the system's own messages.
    pub notices: Arc<dyn NoticeWriter>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Fresh keys.
    pub ids: Arc<dyn IdSource>,
    /// Timing and sizes.
    pub policy: Policy,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("payments", &self.payments.name())
            .field("policy", &self.policy)
            .finish()
    }
}

impl Engine {
    /// Runs one claimed job to its end. On success the job is finished; on failure the caller puts it back with
    /// [`fail`](Self::fail).
    ///
    /// *Idempotency*: running a job twice does its work once.
    ///
    /// # Errors
    /// What the step met; see [`Error::retry`].
    pub async fn run(&self, job: &Job) -> Result<()> {
        if let JobKind::ApplyPayment { account, event } = &job.kind {
            return self.apply_payment(job, account, event).await;
        }
        let tenant = job
            .tenant
            .ok_or_else(|| Error::internal("job.run", "a job of this kind names its tenant"))?;
        match &job.kind {
            JobKind::Answer { conversation } => self.answer(job, tenant, *conversation).await,
            JobKind::AnswerHeld { conversation } => {
                self.answer_held(job, tenant, *conversation).await
            }
            JobKind::Send { message } => self.deliver(job, tenant, *message).await,
            JobKind::OpenCheckout { order } => self.open_checkout(job, tenant, *order).await,
            JobKind::ExpireCheckout { order } => self.expire_checkout(job, tenant, *order).await,
            JobKind::CheckoutDue { order } => self.checkout_due(job, tenant, *order).await,
            JobKind::Book { order } => self.book(job, tenant, *order).await,
            JobKind::WriteCalendar { booking } => self.write_calendar(job, tenant, *booking).await,
            JobKind::SyncCalendar { booking } => self.sync_calendar(job, tenant, *booking).await,
            JobKind::Refund { order } => self.refund(job, tenant, *order).await,
            JobKind::OfferDue { order } => self.offer_due(job, tenant, *order).await,
            JobKind::Remind { order } => self.remind(job, tenant, *order).await,
            JobKind::Reconcile { order } => self.reconcile(job, tenant, *order).await,
            JobKind::ReturnPayment { order, reference } => {
                self.return_payment(job, tenant, *order, reference).await
            }
            JobKind::ApplyPayment { .. } => Ok(()),
        }
    }

    fn sender(&self, platform: Platform) -> Result<&Arc<dyn Sender>> {
        self.senders
            .iter()
            .find(|sender| sender.platform() == platform)
            .ok_or_else(|| {
                Error::new(
                    crate::ErrorKind::Unsupported,
                    "message.send",
                    "this channel cannot send yet",
                )
                .with("platform", platform)
            })
    }

    /// A step found nothing to do.
    async fn done(&self, job: &Job) -> Result<()> {
        self.store.finish_job(job.claim).await
    }
}
