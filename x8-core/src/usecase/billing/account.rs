//! Where a user stands: plan, limit, and what is beyond it (E1–E4).

use jiff::Timestamp;

use super::Billing;
use crate::{
    channel::{Channel, ChannelStatus},
    error::{ErrorKind, Result},
    plan::{Billed, OverLimit, Plan, Standing, Subscription, SubscriptionStatus, over_limit},
    port::SubscriptionRecord,
    tenant::{Caller, User},
};

/// What a user bought and uses.
#[derive(Clone, Debug)]
pub struct Account {
    /// What the user may do.
    pub standing: Standing,
    /// The subscription that decides it, or the newest one that does not count any more.
    pub record: Option<SubscriptionRecord>,
    /// The channels that take a place in the plan, of all the user's companies, oldest first.
    pub connected: Vec<Channel>,
    /// E3: what is beyond the plan.
    pub over: Option<OverLimit>,
    /// When this was true.
    pub at: Timestamp,
}

impl Account {
    /// How many channels take a place.
    #[must_use]
    pub fn used(&self) -> u32 {
        u32::try_from(self.connected.len()).unwrap_or(u32::MAX)
    }
}

impl Billing {
    /// Where a user stands now. A stored subscription whose time has passed is asked about at the provider first, so that a
    /// lost event costs nobody their plan; when the provider does not answer, the clock decides.
    ///
    /// *Tenancy*: the user's own companies only, whatever else the user may see.
    ///
    /// # Errors
    /// Storage failures only.
    pub async fn account(&self, user: &User) -> Result<Account> {
        let now = self.clock.now();
        let mut records = self.store.subscriptions(user.id).await?;
        if self.heal(user, &records, now).await {
            records = self.store.subscriptions(user.id).await?;
        }
        let bought = self.store.subscription(user.id).await?;
        let standing = self
            .plans
            .standing(user.trial_ends_at, bought.as_ref(), now);
        let mut connected = Vec::new();
        for company in self.store.companies(Caller::from(user)).await? {
            if company.owner == user.id {
                let channels = self.store.channels(company.tenant()).await?;
                connected.extend(channels.into_iter().filter(takes_a_place));
            }
        }
        connected.sort_by_key(|channel| channel.id);
        let ids: Vec<_> = connected.iter().map(|channel| channel.id).collect();
        let record = counting(&records, now).or(records.first()).cloned();
        Ok(Account {
            over: over_limit(standing, bought.as_ref(), &ids, now),
            standing,
            record,
            connected,
            at: now,
        })
    }

    /// Asks about what should be over by the clock; whether anything was stored.
    async fn heal(&self, user: &User, records: &[SubscriptionRecord], now: Timestamp) -> bool {
        let mut stored = false;
        for record in records {
            let billed = &record.billed;
            if billed.status_at(now) == billed.status {
                continue;
            }
            let Some(id) = &billed.subscription else {
                continue;
            };
            stored |= match self.refresh(user.id, id).await {
                Ok(_) => true,
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    self.bury(record, now).await.is_ok()
                }
                Err(_silent) => false,
            };
        }
        stored
    }

    /// The provider knows nothing of it, and its time is over: it is not asked about again.
    async fn bury(&self, record: &SubscriptionRecord, now: Timestamp) -> Result<()> {
        let over = Billed {
            status: SubscriptionStatus::Expired,
            ..record.billed.clone()
        };
        self.store
            .save_subscription(record.user, &over, record.version, now)
            .await
            .map(drop)
    }
}

/// E2: every channel that is not disconnected.
fn takes_a_place(channel: &Channel) -> bool {
    channel.status != ChannelStatus::Disconnected
}

/// The record that counts now; of several the one that counts longest.
pub(super) fn counting(
    records: &[SubscriptionRecord],
    now: Timestamp,
) -> Option<&SubscriptionRecord> {
    let counts = |record: &&SubscriptionRecord| {
        let status = record.billed.status_at(now);
        record.billed.plan != Plan::Free
            && matches!(
                status,
                SubscriptionStatus::Active | SubscriptionStatus::Cancelled
            )
    };
    records.iter().filter(counts).max_by_key(|record| {
        let end = Subscription::from(&record.billed).last_moment();
        (end.unwrap_or(Timestamp::MAX), record.id)
    })
}
