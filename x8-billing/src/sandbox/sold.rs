//! A stored page and a stored subscription with their moves; pure.

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::json;
use x8_core::{
    Error, Money, Result, Retry,
    id::UserId,
    plan::{Plan, Plans, ProviderState, ProviderSubscription},
    port::{PageState, SubscribePage, SubscribeRequest, SubscriptionWish},
};

use super::SandboxConfig;

/// Renewals that are looked at in one go; more months than anybody lets pass in a trial.
const MOST_RENEWALS: u32 = 1_200;

/// A page on which a plan is bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) user: UserId,
    pub(super) customer: String,
    pub(super) plan: Plan,
    pub(super) price: Money,
    pub(super) state: PageState,
}

impl Session {
    pub(super) fn open(id: &str, request: &SubscribeRequest, price: Money) -> Self {
        Self {
            id: id.to_owned(),
            user: request.user,
            customer: request.customer.clone(),
            plan: request.plan,
            price,
            state: PageState::Open,
        }
    }

    /// Whether a repeated request asks for this very page.
    pub(super) fn answers(&self, fresh: &Self) -> bool {
        let of = |page: &Self| (page.user, page.customer.clone(), page.plan);
        of(self) == of(fresh)
    }

    pub(super) fn page(&self, config: &SandboxConfig) -> SubscribePage {
        SubscribePage {
            session: self.id.clone(),
            url: (self.state == PageState::Open).then(|| config.subscribe_url(&self.id)),
            state: self.state.clone(),
        }
    }

    /// The page once it was confirmed, and what came of it.
    pub(super) fn confirmed(&self, now: Timestamp) -> Result<(Self, Sold)> {
        let id = self.id.replacen("cs_", "sub_", 1);
        let done = Self {
            state: PageState::Complete {
                subscription: id.clone(),
            },
            ..self.clone()
        };
        let subscription = ProviderSubscription {
            id,
            customer: self.customer.clone(),
            user: Some(self.user),
            state: ProviderState::Active,
            plan: Some(self.plan),
            price: Some(self.price),
            channels: None,
            started_at: Some(now),
            period_start: Some(now),
            period_end: Some(months_after(now, 1)?),
            ends_at: None,
            cancelled_at: None,
            reduced_until: None,
        };
        let sold = Sold {
            subscription,
            card_works: true,
            months: 0,
            revision: 1,
            told: 0,
        };
        Ok((done, sold))
    }
}

/// A subscription that was sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sold {
    pub(super) subscription: ProviderSubscription,
    card_works: bool,
    /// Renewals so far: periods are counted from the start, so that they keep their day of the month.
    months: u32,
    /// Counts changes; each is told by an event of its number.
    revision: u32,
    /// The last one that was acknowledged.
    told: u32,
}

impl Sold {
    fn is_over(&self) -> bool {
        self.subscription.state == ProviderState::Cancelled
    }

    /// Lets time pass: periods end, and are paid, not paid, or the last.
    pub(super) fn tick(&mut self, now: Timestamp) -> Result<()> {
        for _ in 0..MOST_RENEWALS {
            let end = self.subscription.period_end;
            let Some(end) = end.filter(|end| *end <= now && !self.is_over()) else {
                return Ok(());
            };
            // Wished for, or unpaid for a whole period.
            let unpaid = self.subscription.state == ProviderState::PastDue;
            if self.subscription.ends_at.is_some() || unpaid {
                self.subscription.state = ProviderState::Cancelled;
                self.subscription.ends_at.get_or_insert(end);
                return Ok(());
            }
            self.months = self.months.saturating_add(1);
            let start = self.subscription.started_at.unwrap_or(end);
            self.subscription.period_start = Some(end);
            self.subscription.period_end =
                Some(months_after(start, self.months.saturating_add(1))?);
            if !self.card_works {
                self.subscription.state = ProviderState::PastDue;
            }
        }
        Ok(())
    }

    pub(super) fn set_card_works(&mut self, works: bool, now: Timestamp) {
        self.card_works = works;
        let due = self.subscription.state == ProviderState::PastDue;
        if works && due && self.subscription.period_end.is_some_and(|end| now < end) {
            self.subscription.state = ProviderState::Active;
        }
    }

    pub(super) fn grant(
        &mut self,
        wish: &SubscriptionWish,
        plans: &Plans,
        now: Timestamp,
    ) -> Result<()> {
        const OPERATION: &str = "sandbox.change_plan";
        if self.is_over() {
            let why = "the subscription is not running and cannot be changed";
            return Err(Error::conflict(OPERATION, why).retrying(Retry::Never));
        }
        let sold = &mut self.subscription;
        match wish {
            SubscriptionWish::CancelAtPeriodEnd => {
                if sold.ends_at.is_none() {
                    (sold.ends_at, sold.cancelled_at) = (sold.period_end, Some(now));
                }
            }
            SubscriptionWish::Change { plan, reduces } => {
                let price = plans.terms(*plan).price.filter(|price| price.minor() > 0);
                let Some(price) = price else {
                    let why = "this plan has no price and cannot be bought here";
                    return Err(Error::invalid(OPERATION, why).with("plan", plan));
                };
                (sold.plan, sold.price) = (Some(*plan), Some(price));
                sold.reduced_until = sold.period_end.filter(|_| *reduces);
                (sold.ends_at, sold.cancelled_at) = (None, None);
            }
        }
        Ok(())
    }

    /// A change since `before` is one more to tell.
    pub(super) fn count_changes(&mut self, before: &Self) {
        if self.subscription != before.subscription {
            self.revision = before.revision.saturating_add(1);
        }
    }

    pub(super) fn acknowledge(&mut self, event: &str) {
        let number = event.rsplit('_').next().and_then(|word| word.parse().ok());
        let told = number.unwrap_or_default();
        self.told = self.told.max(told).min(self.revision);
    }

    /// The newest change as an event, if it was not acknowledged: what came between is told with it.
    pub(super) fn event(&self) -> Option<(String, String)> {
        if self.told >= self.revision {
            return None;
        }
        let sold = &self.subscription;
        let id = format!("{}_{}", sold.id.replacen("sub_", "evt_", 1), self.revision);
        let kind = match (self.revision, sold.state) {
            (1, _) => "customer.subscription.created",
            (_, ProviderState::Cancelled) => "customer.subscription.deleted",
            _changed => "customer.subscription.updated",
        };
        let at = sold.cancelled_at.or(sold.period_start).unwrap_or_default();
        let body = json!({
            "id": id,
            "object": "event",
            "created": at.as_second(),
            "data": { "object": { "id": sold.id, "object": "subscription", "customer": sold.customer } },
            "livemode": false,
            "type": kind,
        });
        Some((id, body.to_string()))
    }
}

/// The same day of a later month, or its last.
fn months_after(start: Timestamp, months: u32) -> Result<Timestamp> {
    let later = start
        .to_zoned(TimeZone::UTC)
        .checked_add(i64::from(months).months());
    later
        .map(|time| time.timestamp())
        .map_err(|error| Error::internal("sandbox.renew", error))
}
