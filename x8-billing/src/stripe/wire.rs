//! What Stripe sends back, as far as it is read; unknown keys and words are let through.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A checkout session.
#[derive(Debug, Deserialize)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) status: String,
    pub(super) payment_status: String,
    pub(super) url: Option<String>,
    pub(super) amount_total: Option<i64>,
    pub(super) currency: Option<String>,
    pub(super) payment_intent: Option<Expandable>,
    #[serde(default)]
    pub(super) metadata: BTreeMap<String, String>,
}

/// An id, or the object in its place.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Expandable {
    Id(String),
    Object { id: String, status: Option<String> },
}

/// A refund.
#[derive(Debug, Deserialize)]
pub(super) struct Refund {
    pub(super) id: String,
    pub(super) status: Option<String>,
}

/// The body of a refusal.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Refusal {
    #[serde(default)]
    pub(super) error: Fault,
}

/// Why Stripe refused.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Fault {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) code: Option<String>,
    pub(super) param: Option<String>,
    pub(super) decline_code: Option<String>,
    pub(super) message: Option<String>,
}

/// Which world an event is from.
#[derive(Debug, Deserialize)]
pub(super) struct World {
    pub(super) livemode: Option<bool>,
}

/// A connected account.
#[derive(Debug, Deserialize)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) deleted: Option<bool>,
    pub(super) country: Option<String>,
    #[serde(default)]
    pub(super) charges_enabled: bool,
    #[serde(default)]
    pub(super) payouts_enabled: bool,
    #[serde(default)]
    pub(super) details_submitted: bool,
    #[serde(default)]
    pub(super) capabilities: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) requirements: Option<Requirements>,
}

/// What Stripe wants to know.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Requirements {
    pub(super) currently_due: Option<Vec<String>>,
    pub(super) past_due: Option<Vec<String>>,
    pub(super) eventually_due: Option<Vec<String>>,
    pub(super) pending_verification: Option<Vec<String>>,
    pub(super) errors: Option<Vec<Rejected>>,
    pub(super) current_deadline: Option<i64>,
    pub(super) disabled_reason: Option<String>,
}

/// What Stripe did not take.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Rejected {
    pub(super) requirement: String,
    pub(super) reason: String,
}

/// An account link, or a login link.
#[derive(Debug, Deserialize)]
pub(super) struct Link {
    pub(super) url: String,
    pub(super) expires_at: Option<i64>,
}

/// A page of a list.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
    #[serde(default)]
    pub(super) has_more: bool,
}

/// A balance transaction.
#[derive(Debug, Deserialize)]
pub(super) struct Movement {
    pub(super) id: String,
    pub(super) amount: i64,
    #[serde(default)]
    pub(super) fee: i64,
    pub(super) net: i64,
    pub(super) currency: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) source: Option<Expandable>,
    pub(super) description: Option<String>,
    pub(super) created: i64,
    pub(super) available_on: i64,
}
