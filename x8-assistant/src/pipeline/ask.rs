//! Asking models: the company's own, once more to mend, then the guided one (A11).

use std::time::Duration;

use x8_core::{
    port::TurnInput,
    turn::{Tokens, Try},
};

use super::{
    TurnPipeline,
    time::{Countdown, budget},
};
use crate::{
    agenda::Plan,
    model::{ChatModel, ModelOutput, ModelRequest},
    prompt::{self, Prompt},
};

/// Which try comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The model, with most of the time.
    First,
    /// The model again, with what was wrong.
    Repair,
    /// The guided model, which takes no time.
    Guided,
    /// Nobody is left.
    Over,
}

/// A turn in which models are really called.
pub(super) struct Live<'a> {
    pipeline: &'a TurnPipeline,
    input: &'a TurnInput,
    plan: &'a Plan,
    prompt: Prompt,
    /// Why there is no prompt: then the model would know nothing, and the guided one needs none.
    unwritten: Option<String>,
    place: Place,
    /// Share of the first try, and the whole.
    time: Option<(Duration, Countdown<'a>)>,
}

impl<'a> Live<'a> {
    pub(super) async fn prepare(
        pipeline: &'a TurnPipeline,
        input: &'a TurnInput,
        plan: &'a Plan,
    ) -> Self {
        let spent = input.limits.budget_spent;
        let mut live = Self {
            pipeline,
            input,
            plan,
            prompt: Prompt::default(),
            unwritten: None,
            place: if spent { Place::Guided } else { Place::First },
            time: None,
        };
        if spent {
            return live;
        }
        live.time = pipeline.timer.as_deref().map(|timer| {
            let budget = budget(input);
            // A third is left for the repair.
            let share = budget.saturating_sub(budget / 3);
            (share, Countdown::start(timer, budget))
        });
        if let Some(prompts) = &pipeline.prompts
            && pipeline.model.reads_prompt(input).await
        {
            let window = live.window().await;
            match prompts.write(input, plan, &window) {
                Ok(prompt) => live.prompt = prompt,
                Err(error) => live.unwritten = Some(error.to_string()),
            }
        }
        live
    }

    /// What the memory remembers, else the stored messages.
    async fn window(&mut self) -> Vec<prompt::PromptMessage> {
        let stored = || prompt::window(&self.input.history);
        let Some(memory) = &self.pipeline.memory else {
            return stored();
        };
        let asked = memory.window(self.input);
        let remembered = match &mut self.time {
            Some((share, countdown)) => countdown.run(asked, Some(*share / 4)).await,
            None => Some(asked.await),
        };
        remembered.and_then(Result::ok).unwrap_or_else(stored)
    }

    /// The next try; `None` when nobody is left to ask.
    pub(super) async fn next(&mut self, repair: Option<&str>) -> Option<Try> {
        if let Some(why) = self.unwritten.take() {
            self.place = Place::Guided;
            return Some(Try::free("prompt", Err(why)));
        }
        let place = self.place;
        self.place = match place {
            Place::First => Place::Repair,
            Place::Repair => Place::Guided,
            Place::Guided | Place::Over => Place::Over,
        };
        match place {
            Place::First | Place::Repair => Some(self.own(place, repair).await),
            Place::Guided => Some(self.guided(repair)),
            Place::Over => None,
        }
    }

    fn request<'r>(&'r self, repair: Option<&'r str>) -> ModelRequest<'r> {
        ModelRequest {
            input: self.input,
            plan: self.plan,
            prompt: &self.prompt,
            repair,
        }
    }

    async fn own(&mut self, place: Place, repair: Option<&str>) -> Try {
        let mut time = self.time.take();
        let model = self.pipeline.model.as_ref();
        let request = self.request(repair);
        let call = model.complete(&request);
        let called = match &mut time {
            Some((share, countdown)) => {
                let share = (place == Place::First).then_some(*share);
                countdown.run(call, share).await
            }
            None => Some(call.await),
        };
        self.time = time;
        let tried = match called {
            Some(Ok(output)) => self.charged(model, output),
            Some(Err(error)) => Try::free(model.name(), Err(error.to_string())),
            None => Try::free(model.name(), Err("no answer in time".to_owned())),
        };
        Try {
            prompt: Some(self.prompt.version.clone()).filter(|version| !version.is_empty()),
            ..tried
        }
    }

    fn charged(&self, model: &dyn ChatModel, output: ModelOutput) -> Try {
        let name = if output.model.is_empty() {
            model.name().to_owned()
        } else {
            output.model
        };
        let tokens = output.usage.map(Tokens::from);
        let price = self.pipeline.prices.of(&name);
        Try {
            cost: tokens.map_or(0, |tokens| price.of(tokens)),
            tokens,
            ..Try::free(name, Ok(output.text))
        }
    }

    fn guided(&self, repair: Option<&str>) -> Try {
        let guided = &self.pipeline.guided;
        let said = guided.reply(&self.request(repair));
        Try::free(guided.name(), said.map_err(|error| error.to_string()))
    }
}
