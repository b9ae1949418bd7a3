//! From Stripe's accounts and balance transactions to the house's.

use jiff::Timestamp;
use x8_core::{Currency, Error, Money, Result};

use crate::{
    amount,
    connect::{AccountStatus, Due, Transaction},
    stripe::wire::{Account, Expandable, Movement},
};

impl From<Account> for AccountStatus {
    fn from(account: Account) -> Self {
        let wants = account.requirements.unwrap_or_default();
        let errors = wants.errors.unwrap_or_default();
        Self {
            id: account.id,
            country: account.country,
            charges_enabled: account.charges_enabled,
            payouts_enabled: account.payouts_enabled,
            details_submitted: account.details_submitted,
            card_payments: account.capabilities.get("card_payments").cloned(),
            currently_due: wants.currently_due.unwrap_or_default(),
            past_due: wants.past_due.unwrap_or_default(),
            eventually_due: wants.eventually_due.unwrap_or_default(),
            pending_verification: wants.pending_verification.unwrap_or_default(),
            errors: errors
                .into_iter()
                .map(|error| Due {
                    requirement: error.requirement,
                    reason: error.reason,
                })
                .collect(),
            deadline: wants
                .current_deadline
                .and_then(|at| Timestamp::from_second(at).ok()),
            disabled_reason: wants.disabled_reason,
        }
    }
}

impl TryFrom<Movement> for Transaction {
    type Error = Error;

    fn try_from(row: Movement) -> Result<Self> {
        let currency = Currency::parse(&row.currency)
            .ok_or_else(|| odd(&row.id, "currency", &row.currency))?;
        let time = |field, seconds: i64| {
            Timestamp::from_second(seconds).map_err(|_| odd(&row.id, field, &seconds.to_string()))
        };
        Ok(Self {
            amount: signed(row.amount, currency)?,
            fee: signed(row.fee, currency)?,
            net: signed(row.net, currency)?,
            created_at: time("created", row.created)?,
            available_on: time("available_on", row.available_on)?,
            id: row.id,
            kind: row.kind,
            status: row.status,
            source: row.source.map(|source| match source {
                Expandable::Id(id) | Expandable::Object { id, .. } => id,
            }),
            description: row.description,
        })
    }
}

/// What goes away is negative.
fn signed(wire: i64, currency: Currency) -> Result<Money> {
    let size = i64::try_from(wire.unsigned_abs())
        .map_err(|error| Error::internal("stripe.transactions", error))?;
    let money = amount::from_provider(size, currency)?;
    let minor = if wire < 0 {
        money.minor().saturating_neg()
    } else {
        money.minor()
    };
    Ok(Money::new(minor, currency))
}

fn odd(id: &str, field: &'static str, found: &str) -> Error {
    let found: String = found.chars().take(60).collect();
    Error::internal(
        "stripe.transactions",
        "a transaction could not be understood",
    )
    .with("transaction", id)
    .with("field", field)
    .with("found", found)
}
