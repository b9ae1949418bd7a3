//! A model that was told what to say.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use x8_core::{Error, Result};

use super::{ChatModel, ModelOutput, ModelRequest};

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
