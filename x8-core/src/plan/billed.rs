//! What a user's subscription becomes when the provider's latest word about it is known (P2, E4).
//!
//! The provider is asked for the *latest* object whenever anything is said to have happened; an event is only a reason to ask.
//! [`follow`] makes the stored state from that object and the time, so events may come late, twice, in any order or never:
//! whoever asked last knows the same.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Plan, Plans, Subscription, SubscriptionStatus};
use crate::{id::UserId, money::Money};

/// The provider's own word for where a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderState {
    /// Its first payment has not been made: unlocks nothing.
    Incomplete,
    /// Its first payment was never made; over.
    IncompleteExpired,
    /// In a trial that the provider gives: counts as paid.
    Trialing,
    /// Paid.
    Active,
    /// A renewal could not be paid; the provider tries again.
    PastDue,
    /// The provider has given up trying.
    Unpaid,
    /// Stopped until somebody resumes it.
    Paused,
    /// Over.
    Cancelled,
    /// A word that this version does not know: unlocks nothing.
    Unknown,
}

impl ProviderState {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::Incomplete,
        Self::IncompleteExpired,
        Self::Trialing,
        Self::Active,
        Self::PastDue,
        Self::Unpaid,
        Self::Paused,
        Self::Cancelled,
        Self::Unknown,
    ];
}

/// A subscription as the provider has it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderSubscription {
    /// The provider's id.
    pub id: String,
    /// The provider's id of who pays.
    pub customer: String,
    /// The user it was opened for, when it was opened here.
    pub user: Option<UserId>,
    /// Where it stands.
    pub state: ProviderState,
    /// What was bought; `None` when its price is in no list.
    pub plan: Option<Plan>,
    /// What is charged per month.
    pub price: Option<Money>,
    /// Channels agreed for SPECIAL.
    pub channels: Option<u32>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// The running period, paid or not.
    pub period_start: Option<Timestamp>,
    /// Its end.
    pub period_end: Option<Timestamp>,
    /// When it will end, or has ended, on somebody's wish.
    pub ends_at: Option<Timestamp>,
    /// When somebody wished that.
    pub cancelled_at: Option<Timestamp>,
    /// E3: the end of the period in which a smaller plan was chosen.
    pub reduced_until: Option<Timestamp>,
}

/// A user's subscription as stored: a row of `subscriptions` with what that table lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Billed {
    /// What was bought.
    pub plan: Plan,
    /// E4. Never `Incomplete` nor `Trial`: those have no row.
    pub status: SubscriptionStatus,
    /// The provider's id; `None` in rows that no provider stands behind.
    pub subscription: Option<String>,
    /// The provider's id of who pays.
    pub customer: Option<String>,
    /// What is charged per month.
    pub price: Option<Money>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// Paid until.
    pub ends_at: Option<Timestamp>,
    /// When its end was asked for.
    pub cancelled_at: Option<Timestamp>,
    /// E4: counts until then although it is not paid for (yet).
    pub grace_until: Option<Timestamp>,
    /// Whether a renewal could not be paid.
    pub past_due: bool,
    /// E3: the end of the period in which a smaller plan was chosen.
    pub reduced_until: Option<Timestamp>,
    /// E3: how many channels that plan covers.
    pub reduced_to: Option<u32>,
    /// Channels agreed for SPECIAL.
    pub channels: Option<u32>,
}

impl From<&Billed> for Subscription {
    fn from(billed: &Billed) -> Self {
        Self {
            plan: billed.plan,
            status: billed.status,
            ends_at: billed.ends_at,
            channel_override: billed.channels,
            grace_until: billed.grace_until,
            reduced_until: billed.reduced_until,
            reduced_to: billed.reduced_to,
        }
    }
}

impl Billed {
    /// The status at a moment: what was cancelled or could not be renewed expires by itself, whether or not the provider
    /// said so yet.
    #[must_use]
    pub fn status_at(&self, now: Timestamp) -> SubscriptionStatus {
        let over = Subscription::from(self)
            .last_moment()
            .is_some_and(|end| end <= now);
        let lives = matches!(
            self.status,
            SubscriptionStatus::Active | SubscriptionStatus::Cancelled
        );
        if lives && over {
            SubscriptionStatus::Expired
        } else {
            self.status
        }
    }
}

/// What a change means for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BilledEffect {
    /// E4: it counts from now on.
    Began,
    /// E3: another plan counts from now on.
    Changed {
        /// The plan before.
        from: Plan,
    },
    /// A renewal could not be paid; grace runs.
    FellDue,
    /// What was due is paid.
    Recovered,
    /// It ends with its period.
    WillEnd,
    /// It goes on after all.
    Resumed,
    /// It is over.
    Ended,
    /// The provider names a price that no plan has, and nothing is known of it: somebody must mend the list of plans.
    UnknownPlan,
}

/// What to store, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The state to store; `None`: there is nothing to store, because nothing was ever paid for.
    pub next: Option<Billed>,
    /// What changed for people; empty when nothing did.
    pub effects: Vec<BilledEffect>,
}

/// E4, P2: the state after the provider's latest object. Total: every object has an answer. Following the same object twice
/// changes nothing more, and what is not understood unlocks nothing.
#[must_use]
pub fn follow(
    stored: Option<&Billed>,
    latest: &ProviderSubscription,
    plans: &Plans,
    now: Timestamp,
) -> Followed {
    let Some(plan) = latest.plan.or(stored.map(|billed| billed.plan)) else {
        let lives = !matches!(
            latest.state,
            ProviderState::Incomplete | ProviderState::IncompleteExpired | ProviderState::Cancelled
        );
        return Followed {
            next: None,
            effects: lives
                .then_some(BilledEffect::UnknownPlan)
                .into_iter()
                .collect(),
        };
    };
    if stored.is_none() && never_paid(latest.state) {
        return Followed {
            next: None,
            effects: Vec::new(),
        };
    }
    let (status, ends_at, grace_until) = term(latest, plans.grace);
    let mut next = Billed {
        plan,
        status,
        subscription: Some(latest.id.clone()),
        customer: Some(latest.customer.clone()),
        // Nothing to pay is kept as no price: the existing table has no other word for it.
        price: latest.price.filter(|price| !price.is_zero()),
        started_at: latest.started_at,
        ends_at,
        cancelled_at: latest.cancelled_at,
        grace_until,
        past_due: matches!(latest.state, ProviderState::PastDue | ProviderState::Unpaid),
        reduced_until: latest.reduced_until,
        reduced_to: None,
        channels: latest.channels,
    };
    if next.reduced_until.is_some() {
        next.reduced_to = Subscription::from(&next).channel_limit(plans).count();
    }
    next.status = next.status_at(now);
    let effects = effects(stored, &next);
    Followed {
        next: Some(next),
        effects,
    }
}

const fn never_paid(state: ProviderState) -> bool {
    matches!(
        state,
        ProviderState::Incomplete | ProviderState::IncompleteExpired
    )
}

/// Status, paid until, and the end of grace.
fn term(
    latest: &ProviderSubscription,
    grace: SignedDuration,
) -> (SubscriptionStatus, Option<Timestamp>, Option<Timestamp>) {
    let soonest = |end: Option<Timestamp>| match (end, latest.ends_at) {
        (Some(end), Some(wish)) => Some(end.min(wish)),
        (end, wish) => end.or(wish),
    };
    let longer = |end: Option<Timestamp>| end.map(|end| end.checked_add(grace).unwrap_or(end));
    match latest.state {
        ProviderState::Active | ProviderState::Trialing if latest.ends_at.is_some() => {
            (SubscriptionStatus::Cancelled, latest.ends_at, None)
        }
        ProviderState::Active | ProviderState::Trialing => (
            SubscriptionStatus::Active,
            latest.period_end,
            longer(latest.period_end),
        ),
        // The running period is the one that was not paid for.
        ProviderState::PastDue => (
            SubscriptionStatus::Active,
            latest.period_start,
            soonest(longer(latest.period_start)),
        ),
        ProviderState::Unpaid | ProviderState::Paused | ProviderState::Unknown => {
            (SubscriptionStatus::Expired, latest.period_start, None)
        }
        ProviderState::Cancelled => (
            SubscriptionStatus::Expired,
            latest.ends_at.or(latest.period_end),
            None,
        ),
        ProviderState::Incomplete | ProviderState::IncompleteExpired => {
            (SubscriptionStatus::Expired, None, None)
        }
    }
}

fn effects(stored: Option<&Billed>, next: &Billed) -> Vec<BilledEffect> {
    let lives = |billed: &Billed| billed.status != SubscriptionStatus::Expired;
    let before = stored.filter(|billed| lives(billed));
    let Some(before) = before else {
        return if lives(next) {
            vec![BilledEffect::Began]
        } else {
            Vec::new()
        };
    };
    if !lives(next) {
        return vec![BilledEffect::Ended];
    }
    let ends = |billed: &Billed| billed.status == SubscriptionStatus::Cancelled;
    let told = [
        (
            before.plan != next.plan,
            BilledEffect::Changed { from: before.plan },
        ),
        (!before.past_due && next.past_due, BilledEffect::FellDue),
        (before.past_due && !next.past_due, BilledEffect::Recovered),
        (!ends(before) && ends(next), BilledEffect::WillEnd),
        (ends(before) && !ends(next), BilledEffect::Resumed),
    ];
    told.into_iter()
        .filter_map(|(holds, effect)| holds.then_some(effect))
        .collect()
}
