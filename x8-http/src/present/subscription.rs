//! Plans and subscriptions as JSON.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;
use x8_core::{
    Money,
    plan::{self, Plan, Plans, Standing, SubscriptionStatus},
    port::SubscriptionRecord,
    usecase,
};

use super::Channel;

/// A subscription, by the names of the existing application's columns.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SubscriptionOut)]
pub struct Subscription {
    /// Key; absent in the trial.
    pub id: Option<i64>,
    /// Whose.
    pub user_id: i64,
    /// What was bought; `FREE` in the trial.
    #[schema(value_type = String, example = "GROWTH")]
    pub plan: Plan,
    /// E4: `TRIAL`, `ACTIVE`, `CANCELLED` or `EXPIRED`.
    #[schema(value_type = String, example = "ACTIVE")]
    pub status: SubscriptionStatus,
    /// The provider's id.
    pub stripe_subscription_id: Option<String>,
    /// The provider's id of who pays.
    pub stripe_customer_id: Option<String>,
    /// Per month; 0 when nothing is charged or nothing is known.
    #[schema(value_type = f64, example = 49.99)]
    pub amount: Number,
    /// ISO 4217.
    pub currency: String,
    /// When it began.
    pub start_date: Option<Timestamp>,
    /// Paid until; the end of the trial in the trial.
    pub end_date: Option<Timestamp>,
    /// When its end was asked for.
    pub cancelled_at: Option<Timestamp>,
    /// Whether a renewal could not be paid.
    pub past_due: bool,
    /// E4: counts until then although it is not paid for.
    pub grace_until: Option<Timestamp>,
    /// Whether it ends with its period instead of being renewed.
    pub cancel_at_period_end: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

impl Subscription {
    /// A stored subscription as it is at `now`.
    #[must_use]
    pub fn at(record: SubscriptionRecord, now: Timestamp) -> Self {
        let billed = record.billed;
        let status = match billed.status_at(now) {
            // Never paid for: there is no word for it in the existing application.
            SubscriptionStatus::Incomplete => SubscriptionStatus::Expired,
            SubscriptionStatus::Trial => SubscriptionStatus::Trial,
            SubscriptionStatus::Active => SubscriptionStatus::Active,
            SubscriptionStatus::Cancelled => SubscriptionStatus::Cancelled,
            SubscriptionStatus::Expired => SubscriptionStatus::Expired,
        };
        Self {
            id: Some(record.id),
            user_id: record.user.0,
            plan: billed.plan,
            status,
            amount: amount(billed.price),
            currency: currency(billed.price),
            stripe_subscription_id: billed.subscription,
            stripe_customer_id: billed.customer,
            start_date: billed.started_at,
            end_date: billed.ends_at,
            cancelled_at: billed.cancelled_at,
            past_due: billed.past_due,
            grace_until: billed.grace_until.filter(|_| billed.past_due),
            cancel_at_period_end: status == SubscriptionStatus::Cancelled,
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }

    /// The trial, running or over, of a user who has bought nothing.
    fn trial(user: &x8_core::tenant::User, standing: Standing) -> Self {
        let runs = matches!(standing, Standing::Trial { .. });
        Self {
            id: None,
            user_id: user.id.0,
            plan: Plan::Free,
            status: if runs {
                SubscriptionStatus::Trial
            } else {
                SubscriptionStatus::Expired
            },
            stripe_subscription_id: None,
            stripe_customer_id: None,
            amount: amount(None),
            currency: currency(None),
            start_date: Some(user.created_at),
            end_date: user.trial_ends_at,
            cancelled_at: None,
            past_due: false,
            grace_until: None,
            cancel_at_period_end: false,
            created_at: user.created_at,
            updated_at: user.created_at,
        }
    }
}

fn amount(price: Option<Money>) -> Number {
    price.map_or_else(|| 0.into(), Money::to_json_number)
}

fn currency(price: Option<Money>) -> String {
    let currency = price.map_or(x8_core::Currency::USD, Money::currency);
    currency.code().to_owned()
}

/// What is beyond the plan (E3).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OverLimitOut)]
pub struct OverLimit {
    /// How many channels must be disconnected.
    pub by: u32,
    /// Until when all of them go on working.
    pub disconnect_by: Option<Timestamp>,
    /// Whether that moment has come: then the channels named here receive, and are not answered automatically.
    pub must_disconnect: bool,
    /// Which ones, unless others are disconnected: the newest.
    pub channels: Vec<Channel>,
}

/// What the plan gives and what is used of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = EntitlementOut)]
pub struct Entitlement {
    /// `trial`, `subscribed` or `lapsed`: then nothing works but reading (E1).
    pub standing: &'static str,
    /// How many channels take a place.
    pub channels_used: u32,
    /// How many may; absent: as many as they like.
    pub channels_limit: Option<u32>,
    /// Whether one more may be connected.
    pub can_connect: bool,
    /// E3: what is beyond the plan.
    pub over_limit: Option<OverLimit>,
    /// Why nothing more can be connected, and what to do.
    pub reason: Option<String>,
}

impl From<&usecase::Account> for Entitlement {
    fn from(account: &usecase::Account) -> Self {
        let refusal = account.standing.may_connect(account.used()).err();
        Self {
            standing: match account.standing {
                Standing::Trial { .. } => "trial",
                Standing::Subscribed { .. } => "subscribed",
                Standing::Lapsed => "lapsed",
            },
            channels_used: account.used(),
            channels_limit: account.standing.channel_limit().count(),
            can_connect: refusal.is_none(),
            over_limit: account.over.as_ref().map(|over| over_limit(account, over)),
            reason: refusal.map(|refusal| refusal.to_string()),
        }
    }
}

fn over_limit(account: &usecase::Account, over: &plan::OverLimit) -> OverLimit {
    let named = |channel: &&x8_core::channel::Channel| over.channels.contains(&channel.id);
    let channels = account.connected.iter().filter(named);
    OverLimit {
        by: over.by,
        disconnect_by: over.disconnect_by,
        must_disconnect: over.due,
        channels: channels.cloned().map(Into::into).collect(),
    }
}

/// What the user has now: a subscription or the trial, and what it gives.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ActiveSubscription {
    #[serde(flatten)]
    subscription: Subscription,
    #[serde(flatten)]
    entitlement: Entitlement,
    /// E1.
    trial_ends_at: Option<Timestamp>,
}

impl ActiveSubscription {
    /// A user's account. While the trial runs, what was bought before and is over is not shown.
    #[must_use]
    pub fn of(user: &x8_core::tenant::User, account: &usecase::Account) -> Self {
        let bought = match account.standing {
            Standing::Trial { .. } => None,
            Standing::Subscribed { .. } | Standing::Lapsed => account.record.clone(),
        };
        Self {
            entitlement: Entitlement::from(account),
            subscription: bought.map_or_else(
                || Subscription::trial(user, account.standing),
                |record| Subscription::at(record, account.at),
            ),
            trial_ends_at: user.trial_ends_at,
        }
    }
}

/// A plan of the price list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanOffer {
    /// `SINGLE`, …
    #[schema(value_type = String, example = "SINGLE")]
    id: Plan,
    /// The same word, for people.
    name: &'static str,
    /// Per month; absent: agreed with each customer.
    #[schema(value_type = Option<f64>, example = 9.99)]
    price: Option<Number>,
    /// Minor units: 999.
    price_minor: Option<i64>,
    /// ISO 4217.
    currency: String,
    /// How many channels; absent: as many as they like.
    channels: Option<u32>,
    /// Whether it can be bought here.
    available: bool,
}

impl PlanOffer {
    /// Every plan of a list; `sells` says which a provider here can sell.
    #[must_use]
    pub fn all(plans: &Plans, sells: impl Fn(&plan::Terms) -> bool) -> Vec<Self> {
        let offer = |id: Plan| {
            let terms = plans.terms(id);
            Self {
                id,
                name: id.as_str(),
                price: terms.price.map(Money::to_json_number),
                price_minor: terms.price.map(Money::minor),
                currency: currency(terms.price),
                channels: terms.channels.count(),
                available: id != Plan::Free && terms.price.is_some() && sells(terms),
            }
        };
        Plan::ALL.map(offer).into()
    }
}
