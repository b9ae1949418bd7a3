//! What is known of an account.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What an account is opened with. Everything else the company tells the provider itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewAccount {
    /// ISO 3166 code of the company's country; it cannot be changed later. `None`: the platform's.
    pub country: Option<String>,
    /// Where the provider reaches the company.
    pub email: Option<String>,
}

/// An address that works once and for minutes: redirect to it at once, never store or send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTimeLink {
    /// Where.
    pub url: String,
    /// Until when, if the provider says.
    pub expires_at: Option<Timestamp>,
}

/// Something the provider did not accept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The provider's name of what is wanted.
    pub requirement: String,
    /// Why what was given is not enough.
    pub reason: String,
}

/// Where an account stands at the provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountStatus {
    /// The provider's id of it.
    pub id: String,
    /// ISO 3166 code.
    pub country: Option<String>,
    /// Whether it may take payments.
    pub charges_enabled: bool,
    /// Whether it is paid out.
    pub payouts_enabled: bool,
    /// Whether the company has told what was asked at first.
    pub details_submitted: bool,
    /// Where payments by card stand: `active`, `pending`, `inactive`; absent when they were never asked for.
    pub card_payments: Option<String>,
    /// Wanted now.
    pub currently_due: Vec<String>,
    /// Wanted some time ago.
    pub past_due: Vec<String>,
    /// Wanted one day.
    pub eventually_due: Vec<String>,
    /// Being checked.
    pub pending_verification: Vec<String>,
    /// Given and not accepted.
    pub errors: Vec<Due>,
    /// When what is due now begins to stop something.
    pub deadline: Option<Timestamp>,
    /// Why something is stopped, in the provider's words.
    pub disabled_reason: Option<String>,
}

/// An account in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// There is none.
    NotConnected,
    /// The company has not told everything yet.
    Onboarding,
    /// The provider stopped something, or checks what it was told.
    Restricted,
    /// Customers can pay.
    Ready,
}

impl Standing {
    /// `not_connected`, `onboarding`, `restricted` or `ready`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotConnected => "not_connected",
            Self::Onboarding => "onboarding",
            Self::Restricted => "restricted",
            Self::Ready => "ready",
        }
    }
}

impl AccountStatus {
    /// Whether customers can pay to it and the company is paid out.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let card = self.card_payments.as_deref() == Some("active");
        self.charges_enabled && self.payouts_enabled && card
    }

    /// In one word.
    #[must_use]
    pub fn standing(&self) -> Standing {
        if self.is_ready() {
            Standing::Ready
        } else if self.details_submitted {
            Standing::Restricted
        } else {
            Standing::Onboarding
        }
    }
}
