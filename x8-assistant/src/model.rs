//! The port to whatever finds the words: a language model, the guided model, or a script.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use x8_core::{Error, Result, port::TurnInput};

use crate::{agenda::Plan, prompt::Prompt};

/// What a model is asked.
#[derive(Clone, Copy, Debug)]
pub struct ModelRequest<'a> {
    /// The turn; its session already holds what this burst told.
    pub input: &'a TurnInput,
    /// What code decided: what is known, what is missing, what to answer.
    pub plan: &'a Plan,
    /// The prompt, for models that read one; empty for those that do not.
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

/// A model that says what it was told to, in order; for tests and replays.
///
/// An `Err` entry makes it fail with that public message; after the last entry it is unavailable.
#[derive(Debug, Default)]
pub struct ScriptedModel {
    lines: Mutex<VecDeque<Result<String, String>>>,
}

impl ScriptedModel {
    /// A model with these outputs.
    #[must_use]
    pub fn new(lines: impl IntoIterator<Item = Result<String, String>>) -> Self {
        Self {
            lines: Mutex::new(lines.into_iter().collect()),
        }
    }
}

#[async_trait]
impl ChatModel for ScriptedModel {
    fn name(&self) -> &'static str {
        "scripted"
    }

    async fn complete(&self, _request: &ModelRequest<'_>) -> Result<ModelOutput> {
        let line = self
            .lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front();
        match line {
            Some(Ok(text)) => Ok(ModelOutput::free(self.name(), text)),
            Some(Err(reason)) => Err(Error::unavailable("model.complete", reason)),
            None => Err(Error::unavailable("model.complete", "the script is over")),
        }
    }
}
