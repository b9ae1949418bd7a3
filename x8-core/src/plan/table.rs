//! The price list: plans as data. The defaults are those of the plans themselves; a file changes them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{ChannelLimit, Plan, Standing, Subscription};
use crate::{
    error::{Error, Result},
    money::{Currency, Money},
};

/// How long an unpaid renewal goes on counting, unless the list says otherwise.
const GRACE: SignedDuration = SignedDuration::from_hours(3 * 24);

/// The most days of grace a list may give.
const MOST_GRACE_DAYS: u32 = 60;

/// What a plan costs and gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Per month; `None` is agreed per customer.
    pub price: Option<Money>,
    /// How many channels.
    pub channels: ChannelLimit,
    /// The provider's id of its monthly price; a plan without one cannot be bought there.
    pub price_id: Option<String>,
}

/// The price list.
///
/// ```
/// use x8_core::plan::{ChannelLimit, Plan, Plans};
/// let list = Plans::from_json(r#"{
///     "grace_days": 5,
///     "plans": {
///         "GROWTH": {"price_minor": 5999, "channels": 5, "price_id": "price_growth"},
///         "SPECIAL": {"channels": "unlimited"}
///     }
/// }"#)?;
/// assert_eq!(list.terms(Plan::Growth).channels, ChannelLimit::AtMost(5));
/// assert_eq!(list.terms(Plan::Single), Plans::default().terms(Plan::Single), "what is not named stays");
/// assert_eq!(list.by_price("price_growth"), Some(Plan::Growth));
/// # Ok::<(), x8_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plans {
    /// In the order of [`Plan::ALL`].
    terms: [Terms; 6],
    /// E4: how long after the paid period an unpaid renewal still counts.
    pub grace: SignedDuration,
}

impl Default for Plans {
    fn default() -> Self {
        Self {
            terms: Plan::ALL.map(|plan| Terms {
                price: plan.monthly_price(),
                channels: plan.channels(),
                price_id: None,
            }),
            grace: GRACE,
        }
    }
}

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    grace_days: Option<u32>,
    #[serde(default)]
    plans: BTreeMap<Plan, Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    price_minor: Option<PriceWord>,
    currency: Option<String>,
    channels: Option<ChannelWord>,
    price_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum PriceWord {
    Minor(i64),
    Word(Custom),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Custom {
    Custom,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum ChannelWord {
    Count(u32),
    Word(Unlimited),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unlimited {
    Unlimited,
}

impl Plans {
    /// Reads a list: `{"grace_days": 3, "plans": {"GROWTH": {"price_minor": 4999, "currency": "USD", "channels": 4,
    /// "price_id": "price_…"}}}`. What is not named keeps its default; `"channels": "unlimited"` and
    /// `"price_minor": "custom"` are the words for none.
    ///
    /// # Errors
    /// `Invalid`, naming the plan and what is wrong: unknown words, a negative price, one price id for two plans, or any
    /// change of FREE, which is the trial (E1).
    pub fn from_json(text: &str) -> Result<Self> {
        let list: List = serde_json::from_str(text)
            .map_err(|error| refused(format!("the list of plans cannot be read: {error}")))?;
        let mut plans = Self::default();
        if let Some(days) = list.grace_days {
            if days > MOST_GRACE_DAYS {
                return Err(refused(format!(
                    "grace_days: {days} is more than {MOST_GRACE_DAYS}"
                )));
            }
            plans.grace = SignedDuration::from_hours(i64::from(days) * 24);
        }
        for (plan, entry) in list.plans {
            plans.change(plan, entry)?;
        }
        plans.check()
    }

    fn change(&mut self, plan: Plan, entry: Entry) -> Result<()> {
        if plan == Plan::Free {
            return Err(refused(
                "FREE is the trial: 7 days and one channel, free of charge".to_owned(),
            ));
        }
        let terms = self.terms_mut(plan);
        let listed = terms.price.map_or(Currency::USD, Money::currency);
        let currency = match &entry.currency {
            Some(code) => Currency::parse(code)
                .ok_or_else(|| refused(format!("{plan}: currency `{code}` is not a code")))?,
            None => listed,
        };
        terms.price = match entry.price_minor {
            Some(PriceWord::Minor(minor)) if minor < 0 => {
                return Err(refused(format!("{plan}: price_minor {minor} is negative")));
            }
            Some(PriceWord::Minor(minor)) => Some(Money::new(minor, currency)),
            Some(PriceWord::Word(Custom::Custom)) => None,
            None => terms.price.map(|price| Money::new(price.minor(), currency)),
        };
        match entry.channels {
            Some(ChannelWord::Count(count)) => terms.channels = ChannelLimit::AtMost(count),
            Some(ChannelWord::Word(Unlimited::Unlimited)) => {
                terms.channels = ChannelLimit::Unlimited;
            }
            None => {}
        }
        if let Some(id) = entry.price_id {
            terms.price_id = Some(id).filter(|id| !id.trim().is_empty());
        }
        Ok(())
    }

    /// A price that two plans share could not be told apart when the provider names it.
    fn check(self) -> Result<Self> {
        for plan in Plan::ALL {
            let Some(id) = &self.terms(plan).price_id else {
                continue;
            };
            if let Some(other) = self.by_price(id).filter(|other| *other != plan) {
                return Err(refused(format!(
                    "price_id `{id}` belongs to both {other} and {plan}"
                )));
            }
        }
        Ok(self)
    }

    /// What a plan costs and gives.
    #[must_use]
    pub const fn terms(&self, plan: Plan) -> &Terms {
        let [free, single, double, growth, special, enterprise] = &self.terms;
        match plan {
            Plan::Free => free,
            Plan::Single => single,
            Plan::Double => double,
            Plan::Growth => growth,
            Plan::Special => special,
            Plan::Enterprise => enterprise,
        }
    }

    const fn terms_mut(&mut self, plan: Plan) -> &mut Terms {
        let [free, single, double, growth, special, enterprise] = &mut self.terms;
        match plan {
            Plan::Free => free,
            Plan::Single => single,
            Plan::Double => double,
            Plan::Growth => growth,
            Plan::Special => special,
            Plan::Enterprise => enterprise,
        }
    }

    /// The plan that the provider knows by this price.
    #[must_use]
    pub fn by_price(&self, price_id: &str) -> Option<Plan> {
        Plan::ALL
            .into_iter()
            .find(|plan| self.terms(*plan).price_id.as_deref() == Some(price_id))
    }

    /// E3: whether going from one plan to another takes something away: fewer channels, or as many for less money.
    #[must_use]
    pub fn is_downgrade(&self, from: Plan, to: Plan) -> bool {
        // No number is more than any number.
        let size = |plan| self.terms(plan).channels.count().unwrap_or(u32::MAX);
        let cost = |plan| self.terms(plan).price.map_or(i64::MAX, Money::minor);
        (size(to), cost(to)) < (size(from), cost(from))
    }

    /// E1, E4: where a user stands at `now`, by these limits. The subscription decides; without one, the trial does.
    #[must_use]
    pub fn standing(
        &self,
        trial_ends_at: Option<Timestamp>,
        subscription: Option<&Subscription>,
        now: Timestamp,
    ) -> Standing {
        if let Some(bought) = subscription.filter(|bought| bought.counts_at(now)) {
            return Standing::Subscribed {
                plan: bought.plan,
                limit: bought.channel_limit(self),
            };
        }
        match trial_ends_at {
            Some(ends_at) if now < ends_at => Standing::Trial { ends_at },
            _over => Standing::Lapsed,
        }
    }
}

fn refused(message: String) -> Error {
    Error::invalid("plans.read", message)
}
