//! The port to whatever finds the words: a language model, the guided model, or a script.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use x8_core::{Error, Result, port::TurnInput};

use crate::agenda::Plan;

/// What a model is asked.
#[derive(Clone, Copy, Debug)]
pub struct ModelRequest<'a> {
    /// The turn; its session already holds what this burst told.
    pub input: &'a TurnInput,
    /// What code decided: what is known, what is missing, what to answer.
    pub plan: &'a Plan,
    /// The prompt, for models that read one; empty for those that do not.
    pub prompt: &'a str,
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

/// What a model answered: text that should hold a reply contract object, and is not trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelOutput {
    /// The output as it came.
    pub text: String,
    /// What it cost, when the model says so.
    pub usage: Option<Usage>,
}

/// Proposes a reply to one turn.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// A short name for logs: `guided`, a model's own name.
    fn name(&self) -> &str;

    /// Proposes a reply as a JSON text of the reply contract.
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
            Some(Ok(text)) => Ok(ModelOutput { text, usage: None }),
            Some(Err(reason)) => Err(Error::unavailable("model.complete", reason)),
            None => Err(Error::unavailable("model.complete", "the script is over")),
        }
    }
}
