//! What Stripe says about subscriptions, as far as it is read, and what it means here.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use x8_core::{
    Currency, Error, Result,
    id::UserId,
    plan::{Plan, Plans, ProviderState, ProviderSubscription},
    port::{PageState, SubscribePage},
};

use super::wire::Expandable;
use crate::amount;

/// Metadata of everything that is made here: the user's number.
pub(super) const USER: &str = "x8_user";
/// The plan's word.
pub(super) const PLAN: &str = "x8_plan";
/// E3: the end of the period in which a smaller plan was chosen, in seconds.
pub(super) const REDUCED_UNTIL: &str = "x8_reduced_until";
/// Channels agreed for SPECIAL; written by hand.
const CHANNELS: &str = "x8_channels";

/// A customer.
#[derive(Debug, Deserialize)]
pub(super) struct Customer {
    pub(super) id: String,
}

/// A checkout session of mode `subscription`.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    pub(super) id: String,
    status: String,
    url: Option<String>,
    subscription: Option<Expandable>,
}

/// A subscription.
#[derive(Debug, Deserialize)]
pub(super) struct Sold {
    id: String,
    customer: Expandable,
    status: String,
    #[serde(default)]
    items: Items,
    #[serde(default)]
    pub(super) cancel_at_period_end: bool,
    pub(super) cancel_at: Option<i64>,
    canceled_at: Option<i64>,
    ended_at: Option<i64>,
    start_date: Option<i64>,
    /// Where versions before 2025-03-31 have the period.
    current_period_start: Option<i64>,
    current_period_end: Option<i64>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
struct Items {
    #[serde(default)]
    data: Vec<Item>,
}

/// The line of a subscription.
#[derive(Debug, Deserialize)]
pub(super) struct Item {
    pub(super) id: String,
    price: Option<Price>,
    current_period_start: Option<i64>,
    current_period_end: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct Price {
    id: String,
    unit_amount: Option<i64>,
    currency: Option<String>,
}

impl Sold {
    /// The only line; a subscription of several was not made here.
    pub(super) fn item(&self) -> Option<&Item> {
        match self.items.data.as_slice() {
            [item] => Some(item),
            _none_or_several => None,
        }
    }

    /// Seconds.
    pub(super) fn period_end(&self) -> Option<i64> {
        let of_item = self
            .items
            .data
            .first()
            .and_then(|item| item.current_period_end);
        of_item.or(self.current_period_end)
    }

    fn period_start(&self) -> Option<i64> {
        let of_item = self
            .items
            .data
            .first()
            .and_then(|item| item.current_period_start);
        of_item.or(self.current_period_start)
    }

    pub(super) fn state(&self) -> ProviderState {
        match self.status.as_str() {
            "incomplete" => ProviderState::Incomplete,
            "incomplete_expired" => ProviderState::IncompleteExpired,
            "trialing" => ProviderState::Trialing,
            "active" => ProviderState::Active,
            "past_due" => ProviderState::PastDue,
            "unpaid" => ProviderState::Unpaid,
            "paused" => ProviderState::Paused,
            "canceled" => ProviderState::Cancelled,
            _unknown => ProviderState::Unknown,
        }
    }

    /// By its price, which is what is charged; else by the word it was opened with, unless that word's own price is listed.
    fn plan(&self, plans: &Plans) -> Option<Plan> {
        let price = self.items.data.first().and_then(|item| item.price.as_ref());
        let listed = price.and_then(|price| plans.by_price(&price.id));
        listed.or_else(|| {
            let word = self.metadata.get(PLAN).and_then(|word| Plan::parse(word))?;
            plans.terms(word).price_id.is_none().then_some(word)
        })
    }
}

/// The page in the port's words.
pub(super) fn page(operation: &'static str, page: Page) -> Result<SubscribePage> {
    let state = match (page.status.as_str(), page.subscription) {
        ("open", _) => PageState::Open,
        ("expired", _) => PageState::Expired,
        ("complete", Some(Expandable::Id(id) | Expandable::Object { id, .. })) => {
            PageState::Complete { subscription: id }
        }
        (other, _) => {
            let why = "Stripe's page is in a state that makes no sense; try again";
            return Err(Error::unavailable(operation, why)
                .with("state", other)
                .with("session", &page.id));
        }
    };
    Ok(SubscribePage {
        url: page.url.filter(|_| state == PageState::Open),
        session: page.id,
        state,
    })
}

/// The subscription in the core's words.
pub(super) fn latest(
    operation: &'static str,
    sold: Sold,
    plans: &Plans,
) -> Result<ProviderSubscription> {
    let time = |seconds: Option<i64>| -> Result<Option<Timestamp>> {
        let read = seconds.map(Timestamp::from_second).transpose();
        read.map_err(|error| Error::unavailable(operation, "Stripe names no time").caused_by(error))
    };
    let period_end = sold.period_end();
    let wish = if sold.cancel_at_period_end {
        sold.cancel_at.or(period_end)
    } else {
        sold.cancel_at
    };
    let price = sold.items.data.first().and_then(|item| item.price.as_ref());
    let price = price.and_then(|price| {
        let currency = Currency::parse(price.currency.as_deref()?)?;
        amount::from_provider(price.unit_amount?, currency).ok()
    });
    let number = |key: &str| sold.metadata.get(key);
    let (state, plan) = (sold.state(), sold.plan(plans));
    Ok(ProviderSubscription {
        user: number(USER).and_then(|user| user.parse().ok().map(UserId)),
        state,
        plan,
        price,
        channels: number(CHANNELS).and_then(|count| count.parse().ok()),
        started_at: time(sold.start_date)?,
        period_start: time(sold.period_start())?,
        period_end: time(period_end)?,
        ends_at: time(sold.ended_at.or(wish))?,
        cancelled_at: time(sold.canceled_at)?,
        reduced_until: time(number(REDUCED_UNTIL).and_then(|until| until.parse().ok()))?,
        customer: match sold.customer {
            Expandable::Id(id) | Expandable::Object { id, .. } => id,
        },
        id: sold.id,
    })
}
