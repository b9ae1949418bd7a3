//! Durable jobs: written in one transaction with what caused them, run at least once (D3).

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    error::Result,
    id::{BookingId, ConversationId, JobId, MessageId, OrderId},
    tenant::Tenant,
};

/// What is to be done. Handlers are idempotent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum JobKind {
    /// Answer the pending messages of a conversation (A1).
    Answer {
        /// The thread.
        conversation: ConversationId,
    },
    /// Answer messages again that got no more than a holding line (A11).
    AnswerHeld {
        /// The thread.
        conversation: ConversationId,
    },
    /// Deliver an outgoing message (H3).
    Send {
        /// The message.
        message: MessageId,
    },
    /// Open a payment link and send it (P4).
    OpenCheckout {
        /// The order.
        order: OrderId,
    },
    /// Make a link unpayable at the provider (O9, P6).
    ExpireCheckout {
        /// The order.
        order: OrderId,
    },
    /// The link's time is up.
    CheckoutDue {
        /// The order.
        order: OrderId,
    },
    /// Apply a stored provider event (P5).
    ApplyPayment {
        /// Provider's account and event id.
        account: String,
        /// Provider's event id.
        event: String,
    },
    /// Make the booking of a paid or free order (B1).
    Book {
        /// The order.
        order: OrderId,
    },
    /// Bring the company's calendar in line with a booking (B5).
    WriteCalendar {
        /// The booking.
        booking: BookingId,
    },
    /// Send the money back (O12).
    Refund {
        /// The order.
        order: OrderId,
    },
    /// Nobody chose one of the offered times (B4).
    OfferDue {
        /// The order.
        order: OrderId,
    },
    /// Remind of an open link (O14).
    Remind {
        /// The order.
        order: OrderId,
    },
    /// Ask the provider where an open link stands (P9).
    Reconcile {
        /// The order.
        order: OrderId,
    },
    /// Send back money that came for an order beside its own payment (P6).
    ReturnPayment {
        /// The order.
        order: OrderId,
        /// Provider's payment id.
        reference: String,
    },
}

impl JobKind {
    /// Two jobs with the same key are one: enqueueing the second moves the first.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Answer { conversation } => format!("answer:{conversation}"),
            Self::AnswerHeld { conversation } => format!("answer_held:{conversation}"),
            Self::Send { message } => format!("send:{message}"),
            Self::OpenCheckout { order } => format!("open_checkout:{order}"),
            Self::ExpireCheckout { order } => format!("expire_checkout:{order}"),
            Self::CheckoutDue { order } => format!("checkout_due:{order}"),
            Self::ApplyPayment { account, event } => format!("apply_payment:{account}:{event}"),
            Self::Book { order } => format!("book:{order}"),
            Self::WriteCalendar { booking } => format!("write_calendar:{booking}"),
            Self::Refund { order } => format!("refund:{order}"),
            Self::OfferDue { order } => format!("offer_due:{order}"),
            Self::Remind { order } => format!("remind:{order}"),
            Self::Reconcile { order } => format!("reconcile:{order}"),
            Self::ReturnPayment { order, reference } => {
                format!("return_payment:{order}:{reference}")
            }
        }
    }
}

/// A job to be enqueued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// What.
    pub kind: JobKind,
    /// Not before.
    pub run_at: Timestamp,
    /// Jobs of one lane run one at a time, oldest first; an earlier one that waits for its retry holds the later ones.
    pub lane: Option<String>,
}

impl NewJob {
    /// A job without a lane.
    #[must_use]
    pub const fn new(kind: JobKind, run_at: Timestamp) -> Self {
        Self {
            kind,
            run_at,
            lane: None,
        }
    }

    /// In this lane.
    #[must_use]
    pub fn in_lane(mut self, lane: impl Into<String>) -> Self {
        self.lane = Some(lane.into());
        self
    }
}

/// A claimed or listed job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Proof of the claim.
    pub claim: Claim,
    /// Whose; `None` for a provider event whose tenant is not known yet.
    pub tenant: Option<Tenant>,
    /// What.
    pub kind: JobKind,
    /// Tries so far, this one included.
    pub attempts: u32,
    /// The last failure.
    pub last_error: Option<String>,
}

/// Names one claim of one job: once the lease is over and somebody else has claimed it, this one is worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// The job.
    pub job: JobId,
    /// Grows whenever the job is claimed. An enqueue while it runs leaves the claim good; its finish runs the job again.
    pub generation: u32,
}

/// The queue.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Claims up to `limit` due jobs until `now + lease`.
    ///
    /// - A job is claimed by one claimer at a time; a claim whose lease is over can be taken again.
    /// - Of one lane, only the oldest unfinished job can be claimed.
    ///
    /// # Errors
    /// Storage failures only.
    async fn claim_jobs(
        &self,
        now: Timestamp,
        lease: SignedDuration,
        limit: u32,
    ) -> Result<Vec<Job>>;

    /// Prolongs a lease; `false` when the claim is worth nothing any more.
    ///
    /// # Errors
    /// Storage failures only.
    async fn renew_job(&self, claim: Claim, until: Timestamp) -> Result<bool>;

    /// Removes a finished job; one that was moved by an enqueue meanwhile waits for its new time instead.
    ///
    /// - A worthless claim changes nothing.
    ///
    /// # Errors
    /// Storage failures only.
    async fn finish_job(&self, claim: Claim) -> Result<()>;

    /// Puts a failed job back until `at`, or (`None`) among the dead letters.
    ///
    /// # Errors
    /// Storage failures only.
    async fn fail_job(&self, claim: Claim, at: Option<Timestamp>, error: &str) -> Result<()>;

    /// The dead letters, oldest first.
    ///
    /// # Errors
    /// Storage failures only.
    async fn dead_jobs(&self, limit: u32) -> Result<Vec<Job>>;

    /// When the next job can be claimed, if any waits; so that workers can sleep.
    ///
    /// # Errors
    /// Storage failures only.
    async fn next_job_at(&self) -> Result<Option<Timestamp>>;
}
