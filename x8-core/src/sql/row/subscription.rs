//! Subscriptions: the existing application's row, and what x8 keeps beside it.

use serde::{Deserialize, Serialize};

use super::{Columns, Row, corrupt};
use crate::{
    error::Result,
    id::UserId,
    money::{Currency, Money},
    plan::{Billed, Plan, SubscriptionStatus},
    port::SubscriptionRecord,
};

/// What the existing table has no column for.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in super::super) struct Extra {
    grace_until: Option<jiff::Timestamp>,
    reduced_until: Option<jiff::Timestamp>,
    reduced_to: Option<u32>,
    past_due: bool,
    channels: Option<u32>,
}

impl From<&Billed> for Extra {
    fn from(billed: &Billed) -> Self {
        Self {
            grace_until: billed.grace_until,
            reduced_until: billed.reduced_until,
            reduced_to: billed.reduced_to,
            past_due: billed.past_due,
            channels: billed.channels,
        }
    }
}

/// A row of `subscriptions` with `amount_text`, and `version` and `body` of `x8_subscriptions`, NULL when x8 never wrote it.
/// What cannot be understood unlocks nothing (E4).
pub(in super::super) fn subscription(row: &Row) -> Result<SubscriptionRecord> {
    let plan: String = row.read("plan")?;
    let plan = Plan::parse(&plan);
    let status: String = row.read("status")?;
    let extra: Extra = match row.read::<Option<String>>("body")? {
        Some(_) => row.json("body")?,
        None => Extra::default(),
    };
    let version = row.read::<Option<i64>>("version")?.unwrap_or_default();
    let created_at = row.datetime_if("created_at")?.unwrap_or_default();
    Ok(SubscriptionRecord {
        id: row.read("id")?,
        user: UserId(row.read("user_id")?),
        version: u32::try_from(version).map_err(|error| corrupt("version", error))?,
        billed: Billed {
            plan: plan.unwrap_or(Plan::Free),
            status: match plan {
                Some(_) => status_of(&status),
                None => SubscriptionStatus::Incomplete,
            },
            subscription: row.read("stripe_subscription_id")?,
            customer: row.read("stripe_customer_id")?,
            price: price(row)?,
            started_at: row.datetime_if("start_date")?,
            ends_at: row.datetime_if("end_date")?,
            cancelled_at: row.datetime_if("cancelled_at")?,
            grace_until: extra.grace_until,
            past_due: extra.past_due,
            reduced_until: extra.reduced_until,
            reduced_to: extra.reduced_to,
            channels: extra.channels,
        },
        created_at,
        updated_at: row.datetime_if("updated_at")?.unwrap_or(created_at),
    })
}

/// Nothing to pay is no price. The amount as the database writes it in decimal digits: it never becomes a binary fraction here.
fn price(row: &Row) -> Result<Option<Money>> {
    let digits: Option<String> = row.read("amount_text")?;
    let code: Option<String> = row.read("currency")?;
    let currency = code.as_deref().and_then(Currency::parse);
    Ok(digits.zip(currency).and_then(|(digits, currency)| {
        let (whole, cents) = digits.split_once('.').unwrap_or((&digits, ""));
        let width = usize::try_from(currency.exponent()).unwrap_or_default();
        let cents: String = cents
            .chars()
            .chain(std::iter::repeat('0'))
            .take(width)
            .collect();
        let minor = format!("{whole}{cents}").parse().ok()?;
        Some(Money::new(minor, currency)).filter(|price| !price.is_zero())
    }))
}

fn status_of(text: &str) -> SubscriptionStatus {
    match text.trim().to_ascii_uppercase().as_str() {
        "ACTIVE" => SubscriptionStatus::Active,
        "CANCELLED" | "CANCELED" => SubscriptionStatus::Cancelled,
        "EXPIRED" => SubscriptionStatus::Expired,
        "TRIAL" | "TRIALING" => SubscriptionStatus::Trial,
        _unknown => SubscriptionStatus::Incomplete,
    }
}
