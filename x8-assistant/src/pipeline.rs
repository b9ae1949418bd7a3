//! The turn pipeline: understand → plan → model → guard → answer (A11).
//!
//! Given the same [`TurnInput`] and the same tries of models, a turn yields the same [`Answer`]: nothing here reads a clock,
//! a random number or a store. [`TurnPipeline::replay`] computes a stored turn again.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use x8_core::{
    Result,
    conversation::Flow,
    port::{Answer, Assistant, Forgotten, TurnInput},
    tenant::Tenant,
    turn::{Prices, Try},
};

use self::{
    ask::Live,
    judge::{Judged, Source},
};
use crate::{
    agenda::{Plan, hear, plan},
    guided::GuidedModel,
    model::ChatModel,
    phrases::Phrases,
    prompt::PromptWriter,
};

mod ask;
mod conclude;
mod context;
mod judge;
mod recall;
mod shelf;
mod time;

pub use recall::Recall;
pub(crate) use time::Countdown;
pub use time::Timer;

/// An [`Assistant`] made of a model, the guard, and the guided model to fall back on.
pub struct TurnPipeline {
    model: Arc<dyn ChatModel>,
    prompts: Option<Arc<dyn PromptWriter>>,
    memory: Option<Arc<dyn Recall>>,
    timer: Option<Arc<dyn Timer>>,
    prices: Prices,
    guided: GuidedModel,
    phrases: Arc<Phrases>,
    shelf: shelf::Shelf,
}

impl fmt::Debug for TurnPipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TurnPipeline")
            .field("model", &self.model.name())
            .finish_non_exhaustive()
    }
}

impl TurnPipeline {
    /// A pipeline around a model.
    #[must_use]
    pub fn new(model: Arc<dyn ChatModel>, phrases: Arc<Phrases>) -> Self {
        Self {
            model,
            prompts: None,
            memory: None,
            timer: None,
            prices: Prices::default(),
            guided: GuidedModel::new(Arc::clone(&phrases)),
            phrases,
            shelf: shelf::Shelf::new(),
        }
    }

    /// A pipeline that needs no language model.
    #[must_use]
    pub fn guided(phrases: Arc<Phrases>) -> Self {
        Self::new(Arc::new(GuidedModel::new(Arc::clone(&phrases))), phrases)
    }

    /// Gives the model a prompt.
    #[must_use]
    pub fn with_prompts(mut self, prompts: Arc<dyn PromptWriter>) -> Self {
        self.prompts = Some(prompts);
        self
    }

    /// Takes the window of a conversation from a memory instead of the stored messages, and tells it every turn.
    #[must_use]
    pub fn with_memory(mut self, memory: Arc<dyn Recall>) -> Self {
        self.memory = Some(memory);
        self
    }

    /// Ends calls of the model in time (A11); without a timer the model's own limits are the only ones.
    #[must_use]
    pub fn with_timer(mut self, timer: Arc<dyn Timer>) -> Self {
        self.timer = Some(timer);
        self
    }

    /// What models ask for their tokens, for the company's account.
    #[must_use]
    pub fn with_prices(mut self, prices: Prices) -> Self {
        self.prices = prices;
        self
    }

    /// Computes a stored turn again from its input and the tries that were made then; no model is called.
    ///
    /// `input` holds the catalogue version the turn read. The answer equals the stored one, unless the code that plans and
    /// checks has changed since.
    ///
    /// # Errors
    /// `Internal` when the holding line cannot be rendered.
    pub async fn replay(&self, input: &TurnInput, tries: &[Try]) -> Result<Answer> {
        let version = self.shelf.version(&input.catalog);
        let (plan, told) = prepare(input, &version);
        let judged = judge::judge(&version.guard, &told, &plan, Source::Stored(tries.iter()));
        self.conclude(&told, &plan, judged.await)
    }

    fn conclude(&self, told: &TurnInput, plan: &Plan, judged: Judged) -> Result<Answer> {
        match judged.accepted {
            Some(accepted) => conclude::answer(told, plan, accepted, judged.tried),
            None => conclude::holding(told, &self.phrases, judged.tried),
        }
    }
}

#[async_trait]
impl Assistant for TurnPipeline {
    async fn answer(&self, input: &TurnInput) -> Result<Answer> {
        let version = self.shelf.version(&input.catalog);
        let (plan, told) = prepare(input, &version);
        let live = Live::prepare(self, &told, &plan).await;
        let judged = judge::judge(&version.guard, &told, &plan, Source::Live(live)).await;
        self.conclude(&told, &plan, judged)
    }

    async fn remember(&self, input: &TurnInput, answer: &Answer) {
        if let Some(memory) = &self.memory {
            memory.keep(input, answer).await;
        }
    }

    async fn forget(&self, tenant: Tenant, whom: Option<&Forgotten>) -> Result<()> {
        match &self.memory {
            Some(memory) => memory.forget(tenant, whom).await,
            None => Ok(()),
        }
    }
}

/// What the turn is to do, and the input as the burst left it.
fn prepare(input: &TurnInput, version: &shelf::Version) -> (Plan, TurnInput) {
    let heard = hear(input, &version.lexicon);
    let plan = plan(input, &version.lexicon, &heard);
    let told = TurnInput {
        session: plan.session.clone(),
        ..input.clone()
    };
    (plan, told)
}

/// Whether anything was said to this customer before.
fn is_first(input: &TurnInput) -> bool {
    !input
        .history
        .iter()
        .any(|message| message.flow == Flow::Outbound)
}
