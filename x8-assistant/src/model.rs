//! The port to whatever finds the words: a language model, the guided model, or a script.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use x8_core::{Result, port::TurnInput, turn::Tokens};

use crate::{agenda::Plan, prompt::Prompt};

mod directory;
mod scripted;

pub use directory::{CompanyModels, Directory};
pub use scripted::ScriptedModel;

/// What a model is asked.
#[derive(Clone, Copy, Debug)]
pub struct ModelRequest<'a> {
    /// The turn; its session already holds what this burst told.
    pub input: &'a TurnInput,
    /// What code decided: what is known, what is missing, what to answer.
    pub plan: &'a Plan,
    /// The prompt, for models that [read one](ChatModel::reads_prompt); empty for those that do not.
    pub prompt: &'a Prompt,
    /// Why the previous output of this turn was refused, for one repair attempt (A11).
    pub repair: Option<&'a str>,
}

/// Tokens used, for the company's account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens read.
    pub prompt_tokens: u64,
    /// Tokens written.
    pub completion_tokens: u64,
}

impl Usage {
    /// Both together: one answer may take several calls.
    #[must_use]
    pub fn plus(self, more: Self) -> Self {
        Self {
            prompt_tokens: self.prompt_tokens.saturating_add(more.prompt_tokens),
            completion_tokens: self
                .completion_tokens
                .saturating_add(more.completion_tokens),
        }
    }
}

impl From<Usage> for Tokens {
    fn from(usage: Usage) -> Self {
        Self {
            prompt: usage.prompt_tokens,
            completion: usage.completion_tokens,
        }
    }
}

/// Why a model stopped writing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// It had said everything.
    #[default]
    Complete,
    /// It ran out of tokens: the text is cut.
    Length,
    /// It, or its filter, would not answer; the text says why, or is empty.
    Refused,
}

/// What a model answered: text that should hold a reply contract object, and is not trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelOutput {
    /// The output as it came.
    pub text: String,
    /// What it cost over all calls of this answer, when the model says so.
    pub usage: Option<Usage>,
    /// Which model wrote it, by its own name; it may differ from what was asked for.
    pub model: String,
    /// Why it stopped.
    pub finish: Finish,
}

impl ModelOutput {
    /// A complete output of this model that cost nothing.
    #[must_use]
    pub fn free(model: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            model: model.into(),
            ..Self::default()
        }
    }
}

/// Proposes a reply to one turn.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// A short name for logs: `guided`, a model's own name.
    fn name(&self) -> &str;

    /// Whether it will read [`ModelRequest::prompt`] in this turn; where not, none is written, which saves its time.
    async fn reads_prompt(&self, _input: &TurnInput) -> bool {
        true
    }

    /// Proposes a reply as a JSON text of the reply contract.
    ///
    /// - Dropping the future ends the call; nothing of it happens later. The deadline of a turn is the caller's.
    /// - Changes nothing anywhere, so it may be called again.
    ///
    /// # Errors
    /// `Unavailable`, `RateLimited`, `PaymentRequired`, `Unauthenticated`, `Invalid`: the pipeline tries once more, then
    /// falls back (A11).
    async fn complete(&self, request: &ModelRequest<'_>) -> Result<ModelOutput>;
}
