//! Billing: a user buys, changes and ends a plan; what the provider says becomes what is stored (P2, E1–E4).
//!
//! ```text
//! begin ─ page at the provider ─ the user pays
//!                                      │ signed event: stored with its body, then acknowledged
//! apply_due ─ asks for the *latest* object ─ plan::follow ─ save at the version that was read
//! ```
//!
//! An event is never believed, only answered by asking. Asking happens between reading the stored version and writing the
//! next, so what is written is at least as new as what it replaces: late, doubled and shuffled events end in the same state.

use std::{fmt, sync::Arc};

use crate::{
    error::{Error, ErrorKind, Result},
    id::UserId,
    plan::{BilledEffect, Plan, Plans, follow},
    port::{Clock, Store, SubscriptionProvider, SubscriptionRecord, SubscriptionWish},
    tenant::User,
};

mod account;
mod begin;
mod events;

pub use account::Account;
pub use events::Applied;

/// Lost races before a call gives up.
const TRIES: u32 = 16;

/// The ports of subscriptions, joined. Cheap to clone; holds no state of its own.
#[derive(Clone)]
pub struct Billing {
    /// The system of record.
    pub store: Arc<dyn Store>,
    /// Who takes the money; `None`: nothing can be bought here, and what was bought before still counts.
    pub provider: Option<Arc<dyn SubscriptionProvider>>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The price list.
    pub plans: Arc<Plans>,
}

impl fmt::Debug for Billing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Billing")
            .field(
                "provider",
                &self.provider.as_ref().map(|provider| provider.name()),
            )
            .field("plans", &self.plans)
            .finish_non_exhaustive()
    }
}

/// A subscription as stored after asking, and what changed for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refreshed {
    pub(super) record: Option<SubscriptionRecord>,
    pub(super) effects: Vec<BilledEffect>,
}

impl Billing {
    /// E3: another plan, at once; also takes a cancellation back. Choosing the present plan again changes nothing.
    ///
    /// *Idempotency*: may be repeated after a crash.
    ///
    /// # Errors
    /// `PaymentRequired` without a running subscription or while a renewal is unpaid, `Invalid` for a plan that cannot be
    /// bought, `Unsupported` without a provider, `Unavailable` (retry).
    pub async fn change(&self, user: &User, plan: Plan) -> Result<SubscriptionRecord> {
        self.buyable(plan)?;
        let (id, record) = self.running(user, false).await?;
        if record.billed.past_due {
            return Err(Error::new(
                ErrorKind::PaymentRequired,
                "subscription.change",
                "the last renewal could not be paid; pay it first, then change the plan",
            ));
        }
        let ends = record.billed.cancelled_at.is_some();
        if record.billed.plan == plan && !ends {
            return Ok(record);
        }
        let wish = SubscriptionWish::Change {
            plan,
            reduces: self.plans.is_downgrade(record.billed.plan, plan),
        };
        let key = format!("change:{id}:{}:{plan}", record.version);
        self.wish(user.id, &id, &wish, &key).await
    }

    /// Ends the subscription with its running period; until then it counts. One whose renewal is unpaid can be ended too, so
    /// that another can be begun. Repeating it changes nothing.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    pub async fn cancel(&self, user: &User) -> Result<SubscriptionRecord> {
        let (id, record) = self.running(user, true).await?;
        if record.billed.cancelled_at.is_some() {
            return Ok(record);
        }
        let key = format!("cancel:{id}:{}", record.version);
        self.wish(user.id, &id, &SubscriptionWish::CancelAtPeriodEnd, &key)
            .await
    }

    async fn wish(
        &self,
        user: UserId,
        id: &str,
        wish: &SubscriptionWish,
        key: &str,
    ) -> Result<SubscriptionRecord> {
        // What comes back may be older than what an event has told meanwhile: asked again, under the stored version.
        self.provider()?.change(id, wish, key).await?;
        let refreshed = self.refresh(user, id).await?;
        refreshed
            .record
            .ok_or_else(|| Error::conflict("subscription.change", "the subscription is gone"))
    }

    /// The subscription that counts now, or (`owing`) the one whose renewal is unpaid, as the provider has it, with the
    /// provider's id.
    async fn running(&self, user: &User, owing: bool) -> Result<(String, SubscriptionRecord)> {
        let records = self.store.subscriptions(user.id).await?;
        let owes = |record: &&SubscriptionRecord| owing && record.billed.past_due;
        let found = account::counting(&records, self.clock.now());
        let Some(record) = found.or_else(|| records.iter().find(owes)) else {
            return Err(Error::new(
                ErrorKind::PaymentRequired,
                "subscription.change",
                "there is no running subscription; choose a plan first",
            ));
        };
        let Some(id) = record.billed.subscription.clone() else {
            return Err(Error::conflict(
                "subscription.change",
                "this subscription was agreed by hand and cannot be changed here; ask us",
            ));
        };
        let refreshed = self.refresh(user.id, &id).await?;
        let record = refreshed.record.unwrap_or_else(|| record.clone());
        Ok((id, record))
    }

    /// Asks the provider how a subscription is and stores the answer, unless somebody stored another meanwhile: then it asks
    /// again. Asking twice stores once.
    pub(super) async fn refresh(&self, user: UserId, id: &str) -> Result<Refreshed> {
        let provider = self.provider()?;
        for _ in 0..TRIES {
            let records = self.store.subscriptions(user).await?;
            let stored = records
                .into_iter()
                .find(|record| record.billed.subscription.as_deref() == Some(id));
            let latest = provider.latest(id).await?;
            let before = stored.as_ref().map(|record| &record.billed);
            let now = self.clock.now();
            let followed = follow(before, &latest, &self.plans, now);
            if followed.effects.contains(&BilledEffect::UnknownPlan) {
                return Err(Error::invalid(
                    "subscription.follow",
                    "the subscription has a price that no plan has; add its price_id to the list of plans",
                )
                .with("subscription", id));
            }
            let Some(next) = followed.next else {
                return Ok(Refreshed {
                    record: None,
                    effects: Vec::new(),
                });
            };
            let version = stored.as_ref().map_or(0, |record| record.version);
            if let Some(record) = stored.filter(|record| record.billed == next) {
                return Ok(Refreshed {
                    record: Some(record),
                    effects: Vec::new(),
                });
            }
            match self
                .store
                .save_subscription(user, &next, version, now)
                .await
            {
                Ok(record) => {
                    return Ok(Refreshed {
                        record: Some(record),
                        effects: followed.effects,
                    });
                }
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                Err(error) => return Err(error),
            }
        }
        Err(
            Error::unavailable("subscription.follow", "the subscription is busy; try again")
                .with("subscription", id),
        )
    }

    /// Plans that are sold by themselves.
    fn buyable(&self, plan: Plan) -> Result<()> {
        let why = match (plan, self.plans.terms(plan).price) {
            (Plan::Free, _) => "FREE is the trial and cannot be bought; choose another plan",
            (_, None) => "the price of this plan is agreed with each customer; ask us",
            (_, Some(_)) => return Ok(()),
        };
        Err(Error::invalid("subscription.choose", why).with("plan", plan))
    }

    fn provider(&self) -> Result<&Arc<dyn SubscriptionProvider>> {
        self.provider.as_ref().ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                "subscription.provider",
                "subscriptions cannot be bought here: no payment provider is configured",
            )
        })
    }
}
