//! Turns as stored facts: what a model was asked to do, what it cost, and what may be spent.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// Tokens of one call of a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tokens {
    /// Read.
    pub prompt: u64,
    /// Written.
    pub completion: u64,
}

/// What a model asks for its tokens: millionths of the operator's currency per million tokens, so 0.15 per million tokens
/// is 150 000.
///
/// ```
/// use x8_core::turn::{TokenPrice, Tokens};
/// let price = TokenPrice { prompt: 150_000, completion: 600_000 };
/// let cost = price.of(Tokens { prompt: 3_000, completion: 200 });
/// assert_eq!(cost, 570, "millionths: 450 for reading and 120 for writing");
/// assert_eq!(price.of(Tokens { prompt: 1, completion: 0 }), 1, "never less than it costs");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TokenPrice {
    /// For a million tokens read.
    pub prompt: u64,
    /// For a million tokens written.
    pub completion: u64,
}

impl TokenPrice {
    /// What these tokens cost, in millionths of the currency, rounded up.
    #[must_use]
    pub fn of(self, tokens: Tokens) -> u64 {
        let read = tokens.prompt.saturating_mul(self.prompt);
        let written = tokens.completion.saturating_mul(self.completion);
        read.saturating_add(written).div_ceil(1_000_000)
    }
}

/// Prices by the models' own names; `*` is for all others. Who is in no list is free.
///
/// ```
/// use x8_core::turn::{Prices, TokenPrice};
/// let prices: Prices = serde_json::from_str(r#"{"small-1": {"prompt": 150000, "completion": 600000}}"#)?;
/// assert_eq!(prices.of("small-1").prompt, 150_000);
/// assert_eq!(prices.of("guided"), TokenPrice::default());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Prices(BTreeMap<String, TokenPrice>);

impl Prices {
    /// What this model asks.
    #[must_use]
    pub fn of(&self, model: &str) -> TokenPrice {
        let found = self.0.get(model).or_else(|| self.0.get("*"));
        found.copied().unwrap_or_default()
    }
}

impl FromIterator<(String, TokenPrice)> for Prices {
    fn from_iter<I: IntoIterator<Item = (String, TokenPrice)>>(prices: I) -> Self {
        Self(prices.into_iter().collect())
    }
}

/// One try of a turn: a call of a model, or what kept one from being called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// Who was asked: a model by its own name, `guided`, or `prompt` when no prompt could be written.
    pub model: String,
    /// The raw output, or why there is none.
    pub said: Result<String, String>,
    /// Tokens, when the model says so.
    pub tokens: Option<Tokens>,
    /// What they cost, in millionths of the currency (see [`TokenPrice`]); 0 when nothing is known of a price.
    pub cost: u64,
    /// Which prompt in which version it read (`product/1`); `None`: it read none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
}

impl Try {
    /// A try that cost nothing.
    #[must_use]
    pub fn free(model: impl Into<String>, said: Result<String, String>) -> Self {
        Self {
            model: model.into(),
            said,
            tokens: None,
            cost: 0,
            prompt: None,
        }
    }
}

/// What a turn may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnLimits {
    /// A11: when the customer must have an answer; `None`: nobody waits.
    pub answer_by: Option<Timestamp>,
    /// The company has spent what it may spend on models in this period: only what is free may answer.
    pub budget_spent: bool,
}

/// What a call of a model was for, where no record of a turn tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An answer of the FAQ bot (A13).
    Faq,
    /// The words of a voice note (A6).
    Voice,
    /// A try of a turn whose record was deleted.
    Turn,
}

impl Purpose {
    /// The word it is stored under: `faq`, `voice`, `turn`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Faq => "faq",
            Self::Voice => "voice",
            Self::Turn => "turn",
        }
    }
}

/// A call of a model outside of turns, for the company's account; the words are not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// What for.
    pub purpose: Purpose,
    /// Who was asked, by its own name.
    pub model: String,
    /// Why nothing came of it.
    pub error: Option<String>,
    /// Tokens, when the model says so.
    pub tokens: Option<Tokens>,
    /// What they cost, in millionths of the currency (see [`TokenPrice`]).
    pub cost: u64,
    /// When; kept in whole milliseconds.
    pub at: Timestamp,
}

/// What one model cost a company on one day, out of stored tries and calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelUsage {
    /// In UTC.
    pub day: Date,
    /// By its own name.
    pub model: String,
    /// Tries, failed ones included.
    pub calls: u64,
    /// Tries without an output.
    pub failures: u64,
    /// Tokens, as far as the model told.
    pub tokens: Tokens,
    /// Millionths of the currency.
    pub cost: u64,
}
