//! Plans and what they entitle to: pure decisions with typed reasons (E1–E5).

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money};

mod billed;
mod surplus;
mod table;

pub use billed::{Billed, BilledEffect, Followed, ProviderState, ProviderSubscription, follow};
pub use surplus::{OverLimit, over_limit};
pub use table::{Plans, Terms};

/// Length of the trial of a new user (E1).
pub const TRIAL: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A subscription plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Plan {
    /// The trial.
    Free,
    /// One channel.
    Single,
    /// Two channels.
    Double,
    /// Four channels.
    Growth,
    /// Configurable.
    Special,
    /// Unlimited.
    Enterprise,
}

impl Plan {
    /// Every plan.
    pub const ALL: [Self; 6] = [
        Self::Free,
        Self::Single,
        Self::Double,
        Self::Growth,
        Self::Special,
        Self::Enterprise,
    ];

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Free => "FREE",
            Self::Single => "SINGLE",
            Self::Double => "DOUBLE",
            Self::Growth => "GROWTH",
            Self::Special => "SPECIAL",
            Self::Enterprise => "ENTERPRISE",
        }
    }

    /// Reads a plan in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|plan| plan.as_str().eq_ignore_ascii_case(text.trim()))
    }

    /// The default monthly price; `None` is agreed per customer. Prices are data: these are only the defaults.
    #[must_use]
    pub fn monthly_price(self) -> Option<Money> {
        let usd = |cents| Some(Money::new(cents, Currency::USD));
        match self {
            Self::Free => usd(0),
            Self::Single => usd(9_99),
            Self::Double => usd(19_99),
            Self::Growth => usd(49_99),
            Self::Special => usd(29_99),
            Self::Enterprise => None,
        }
    }

    /// The account tier that the existing application derives from a plan, kept for its readers.
    #[must_use]
    pub fn tier(self) -> &'static str {
        match self {
            Self::Free => "TRIAL",
            Self::Single | Self::Double => "BASIC",
            Self::Growth | Self::Special => "PRO",
            Self::Enterprise => "ENTERPRISE",
        }
    }

    /// The default number of channels.
    #[must_use]
    pub fn channels(self) -> ChannelLimit {
        match self {
            Self::Free | Self::Single => ChannelLimit::AtMost(1),
            Self::Double | Self::Special => ChannelLimit::AtMost(2),
            Self::Growth => ChannelLimit::AtMost(4),
            Self::Enterprise => ChannelLimit::Unlimited,
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How many channels may be connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelLimit {
    /// This many.
    AtMost(u32),
    /// As many as they like.
    Unlimited,
}

impl ChannelLimit {
    /// Whether one more fits beside `connected`.
    #[must_use]
    pub fn admits(self, connected: u32) -> bool {
        match self {
            Self::AtMost(limit) => connected < limit,
            Self::Unlimited => true,
        }
    }

    /// The number behind it; `None` is as many as they like.
    #[must_use]
    pub const fn count(self) -> Option<u32> {
        match self {
            Self::AtMost(limit) => Some(limit),
            Self::Unlimited => None,
        }
    }
}

/// The state of a subscription (E4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SubscriptionStatus {
    /// In the trial.
    Trial,
    /// Paid.
    Active,
    /// Ends with the period; until then it counts.
    Cancelled,
    /// Over.
    Expired,
    /// Created and never paid: unlocks nothing.
    Incomplete,
}

/// A user's subscription, as far as entitlements need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// What was bought.
    pub plan: Plan,
    /// E4.
    pub status: SubscriptionStatus,
    /// Paid until; `None`: open-ended.
    pub ends_at: Option<Timestamp>,
    /// Channels agreed for SPECIAL, instead of the plan's default.
    pub channel_override: Option<u32>,
    /// E4: an active subscription goes on counting until then although its period was not paid for (yet).
    pub grace_until: Option<Timestamp>,
    /// E3: a downgrade was made; from then on what is beyond the new limit must be disconnected.
    pub reduced_until: Option<Timestamp>,
    /// E3: how many channels the smaller plan covers.
    pub reduced_to: Option<u32>,
}

impl Subscription {
    /// A subscription without grace, agreed numbers or a downgrade.
    ///
    /// ```
    /// use x8_core::plan::{Plan, Standing, Subscription, SubscriptionStatus, standing};
    /// let bought = Subscription::new(Plan::Growth, SubscriptionStatus::Incomplete, None);
    /// assert_eq!(standing(None, Some(&bought), Default::default()), Standing::Lapsed, "never paid");
    /// ```
    #[must_use]
    pub const fn new(plan: Plan, status: SubscriptionStatus, ends_at: Option<Timestamp>) -> Self {
        Self {
            plan,
            status,
            ends_at,
            channel_override: None,
            grace_until: None,
            reduced_until: None,
            reduced_to: None,
        }
    }

    /// The subscription that decides among all a user ever had: one that counts before one that does not, then the one that
    /// counts longest, then the newest.
    ///
    /// An unpaid or expired one never hides one that is paid for. `rows` are given oldest first.
    pub fn decisive(rows: impl IntoIterator<Item = Self>) -> Option<Self> {
        rows.into_iter().max_by_key(|row| {
            let open_ended = row.status == SubscriptionStatus::Active;
            let last = row.last_moment().or(open_ended.then_some(Timestamp::MAX));
            let lives = matches!(
                row.status,
                SubscriptionStatus::Active | SubscriptionStatus::Cancelled
            ) && row.plan != Plan::Free;
            (lives, lives.then_some(last).flatten())
        })
    }

    /// Until when it counts, grace included; `None`: no end is known.
    #[must_use]
    pub fn last_moment(&self) -> Option<Timestamp> {
        let grace = self
            .grace_until
            .filter(|_| self.status == SubscriptionStatus::Active);
        self.ends_at
            .map(|end| grace.map_or(end, |grace| grace.max(end)))
    }

    /// E4: whether it entitles to anything at `now`. FREE is the trial's plan and never outlives the trial; a cancelled
    /// subscription without a known end has no period left to run.
    fn counts_at(&self, now: Timestamp) -> bool {
        let open_ended = match self.status {
            SubscriptionStatus::Active => true,
            SubscriptionStatus::Cancelled => false,
            SubscriptionStatus::Trial
            | SubscriptionStatus::Expired
            | SubscriptionStatus::Incomplete => return false,
        };
        self.plan != Plan::Free && self.last_moment().map_or(open_ended, |end| now < end)
    }

    /// The plan's number of channels; only SPECIAL is agreed per customer.
    fn channel_limit(&self, plans: &Plans) -> ChannelLimit {
        match (self.plan, self.channel_override) {
            (Plan::Special, Some(agreed)) => ChannelLimit::AtMost(agreed),
            (plan, _) => plans.terms(plan).channels,
        }
    }
}

/// What a user may do at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In the trial: one channel.
    Trial {
        /// E1: the end of the seventh day.
        ends_at: Timestamp,
    },
    /// Subscribed.
    Subscribed {
        /// What was bought.
        plan: Plan,
        /// How many channels.
        limit: ChannelLimit,
    },
    /// E1: reading stays possible, nothing else.
    Lapsed,
}

/// Why something is refused by the plan; HTTP 402.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanRefusal {
    /// E1, E4.
    #[error("the trial is over and there is no active subscription; choose a plan to go on")]
    Lapsed,
    /// E2.
    #[error(
        "the plan covers {limit} channel(s) and {connected} are connected; disconnect {} or choose a larger plan",
        surplus::to_go(*limit, *connected)
    )]
    ChannelLimit {
        /// Allowed.
        limit: u32,
        /// In use.
        connected: u32,
    },
}

impl From<PlanRefusal> for crate::Error {
    fn from(refusal: PlanRefusal) -> Self {
        Self::new(
            crate::ErrorKind::PaymentRequired,
            "plan.check",
            refusal.to_string(),
        )
    }
}

/// E1, E4: where a user stands at `now`, by the default limits; [`Plans::standing`] takes the configured ones.
///
/// The subscription decides; without one, the trial does.
///
/// ```
/// use jiff::Timestamp;
/// use x8_core::plan::{Standing, TRIAL, standing};
/// let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
/// let end = start + TRIAL;
/// assert_eq!(standing(Some(end), None, start), Standing::Trial { ends_at: end });
/// assert_eq!(standing(Some(end), None, end), Standing::Lapsed, "exactly seven days");
/// ```
#[must_use]
pub fn standing(
    trial_ends_at: Option<Timestamp>,
    subscription: Option<&Subscription>,
    now: Timestamp,
) -> Standing {
    Plans::default().standing(trial_ends_at, subscription, now)
}

impl Standing {
    /// How many channels may be connected now.
    #[must_use]
    pub fn channel_limit(self) -> ChannelLimit {
        match self {
            Self::Trial { .. } => Plan::Free.channels(),
            Self::Subscribed { limit, .. } => limit,
            Self::Lapsed => ChannelLimit::AtMost(0),
        }
    }

    /// E1: whether messages may be sent and answered automatically.
    ///
    /// # Errors
    /// [`PlanRefusal::Lapsed`].
    pub fn may_work(self) -> Result<(), PlanRefusal> {
        match self {
            Self::Trial { .. } | Self::Subscribed { .. } => Ok(()),
            Self::Lapsed => Err(PlanRefusal::Lapsed),
        }
    }

    /// E2: whether one more channel may be connected beside `connected`. Stores call this inside the transaction that
    /// inserts the channel.
    ///
    /// # Errors
    /// [`PlanRefusal`] with the numbers.
    pub fn may_connect(self, connected: u32) -> Result<(), PlanRefusal> {
        self.may_work()?;
        match self.channel_limit() {
            ChannelLimit::AtMost(limit) if connected >= limit => {
                Err(PlanRefusal::ChannelLimit { limit, connected })
            }
            ChannelLimit::AtMost(_) | ChannelLimit::Unlimited => Ok(()),
        }
    }

    /// E3: how many channels must go before the account is within its plan again.
    #[must_use]
    pub fn over_limit_by(self, connected: u32) -> u32 {
        match self.channel_limit() {
            ChannelLimit::AtMost(limit) => connected.saturating_sub(limit),
            ChannelLimit::Unlimited => 0,
        }
    }
}
