//! The way an order went, kept with it (P8), and what became of its link and money on the way.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::OrderState;
use crate::money::Money;

/// What is remembered of an order beside its present state; stored in its body. Orders of before have none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Trail {
    /// Every move and every note, oldest first.
    pub steps: Vec<Step>,
    /// How often the link was replaced by a new one; each has a key of its own at the provider.
    pub renewals: u32,
    /// When the present link was asked for, if it is not the first one.
    pub renewed_at: Option<Timestamp>,
    /// The customer is done with the page and the money is on its way: the link is neither payable nor paid.
    pub processing: bool,
    /// What went back so far while the order stands: a partial refund made at the provider (P7).
    pub returned: Option<Money>,
    /// The last dispute about its payment (P7).
    pub dispute: Option<Dispute>,
}

/// One line of the status history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// The state from then on.
    pub state: OrderState,
    /// What happened, for people, when the state does not say it. Never a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The customer's bank takes a payment back, perhaps for good (P7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// The provider's id of it.
    pub id: String,
    /// Where it stands.
    pub state: DisputeState,
    /// Whether the money shall go back even if the dispute is won: a refund was wanted beside it.
    pub refund: bool,
}

/// Where a dispute stands. It only moves on from [`Open`](Self::Open), whatever the order of its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeState {
    /// A question of the bank: the money is still there.
    Inquiry,
    /// The bank has the money.
    Open,
    /// The company keeps the money.
    Won,
    /// The money is gone.
    Lost,
}
