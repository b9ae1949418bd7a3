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
    Object { id: String },
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
