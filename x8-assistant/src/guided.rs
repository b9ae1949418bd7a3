//! The guided model: sells from a catalogue without a language model, in English, Russian and Spanish.
//!
//! It puts the decided [`Plan`](crate::agenda::Plan) into words from [`Phrases`] and answers with a reply contract object,
//! so that the guard treats it like any other model. It is the embedded default and the fallback of A11. Texts of the
//! catalogue appear as the owner wrote them; it cannot translate them.

use std::sync::Arc;

use async_trait::async_trait;
use x8_core::{Result, port::TurnInput};

use crate::{
    model::{ChatModel, ModelOutput, ModelRequest},
    phrases::Phrases,
};

mod answers;
mod delivery;
mod lists;
mod orders;
mod reply;
mod speak;

/// The model without a model. See the [module documentation](self).
#[derive(Clone, Debug)]
pub struct GuidedModel {
    phrases: Arc<Phrases>,
}

impl GuidedModel {
    /// Its name in records of turns.
    pub const NAME: &'static str = "guided";

    /// A guided model with these phrases.
    #[must_use]
    pub fn new(phrases: Arc<Phrases>) -> Self {
        Self { phrases }
    }

    /// The reply contract object for a turn, without any waiting.
    ///
    /// # Errors
    /// `Internal` when a phrase cannot be rendered.
    pub fn reply(&self, request: &ModelRequest<'_>) -> Result<String> {
        let speaker = speak::Speaker::new(&self.phrases, request.input, request.plan);
        let text = speaker.text()?;
        reply::assemble(request.input, request.plan, text)
    }
}

#[async_trait]
impl ChatModel for GuidedModel {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn reads_prompt(&self, _input: &TurnInput) -> bool {
        false
    }

    async fn complete(&self, request: &ModelRequest<'_>) -> Result<ModelOutput> {
        Ok(ModelOutput::free(self.name(), self.reply(request)?))
    }
}
