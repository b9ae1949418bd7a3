//! A turn as its company may look at it.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use x8_core::{port::TurnRecord, turn::Try};

/// What came of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The model's first answer was sent.
    Answered,
    /// Its second was, after the first failed or was refused.
    Repaired,
    /// The guided model answered in its place (A11).
    FellBack,
    /// A holding line was sent and a human called (A11).
    Held,
    /// Nobody kept it.
    Unknown,
}

impl Outcome {
    fn of(record: &TurnRecord) -> Self {
        let Some(answer) = &record.answer else {
            return Self::Unknown;
        };
        let is = |key: &str| answer.get(key).and_then(Value::as_bool).unwrap_or_default();
        match (is("held"), is("fell_back"), record.tries.len()) {
            (true, ..) => Self::Held,
            (false, true, _) => Self::FellBack,
            (false, false, 0 | 1) => Self::Answered,
            (false, false, _) => Self::Repaired,
        }
    }

    /// The word of the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Repaired => "repaired",
            Self::FellBack => "fell_back",
            Self::Held => "held",
            Self::Unknown => "unknown",
        }
    }
}

/// One call of a model in a turn.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Asked {
    /// By its own name; `guided` is the model without a language model.
    pub model: String,
    /// Which prompt in which version it read: `product/1`.
    pub prompt: Option<String>,
    /// Why it gave no answer.
    pub error: Option<String>,
    /// Tokens read.
    pub prompt_tokens: Option<u64>,
    /// Tokens written.
    pub completion_tokens: Option<u64>,
    /// Millionths of the operator's currency.
    pub cost_micros: u64,
}

impl From<&Try> for Asked {
    fn from(one: &Try) -> Self {
        Self {
            model: one.model.clone(),
            prompt: one.prompt.clone(),
            error: one.said.as_ref().err().cloned(),
            prompt_tokens: one.tokens.map(|tokens| tokens.prompt),
            completion_tokens: one.tokens.map(|tokens| tokens.completion),
            cost_micros: one.cost,
        }
    }
}

/// A turn: who was asked, what it took, what the guard found and what came of it. The words are in the messages.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TurnOut)]
pub struct Turn {
    /// Key, for `x8 replay`.
    pub turn_id: Uuid,
    /// The thread.
    pub conversation_id: i64,
    /// When.
    pub created_at: Timestamp,
    /// What came of it.
    pub outcome: Outcome,
    /// How often the guard found something in the answer that was sent.
    pub findings: usize,
    /// Calls of models, in order.
    pub tries: Vec<Asked>,
    /// Whether `x8 replay` can compute it again.
    pub replayable: bool,
}

impl From<&TurnRecord> for Turn {
    fn from(record: &TurnRecord) -> Self {
        let findings = record.findings.get("findings").and_then(Value::as_array);
        Self {
            turn_id: record.id.0,
            conversation_id: record.conversation.0,
            created_at: record.at,
            outcome: Outcome::of(record),
            findings: findings.map_or(0, Vec::len),
            tries: record.tries.iter().map(Asked::from).collect(),
            replayable: record.input.is_some()
                && record.answer.is_some()
                && record.catalog.is_some(),
        }
    }
}
