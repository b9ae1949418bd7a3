//! The language model: rounds of asking and looking up, until it answers.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use reqwest::{Response, header::CONTENT_TYPE};
use serde_json::Value;
use x8_core::{Error, Result};

use super::{
    client::{Api, Failure, Refusal, body},
    config::OpenAiConfig,
    error::Fault,
    shape::Shape,
    stream,
    talk::Talk,
    wire::{self, Said, Tools},
};
use crate::{
    model::{ChatModel, ModelOutput, ModelRequest, Usage},
    tool::Toolbox,
};

const OPERATION: &str = "model.complete";

/// A language model behind an OpenAI-compatible server. See the [module documentation](super).
///
/// Build one and keep it: it holds the connections, and what it learned of the server.
#[derive(Debug)]
pub struct OpenAiModel {
    api: Api,
    config: OpenAiConfig,
    /// What the server was found to take.
    shape: Mutex<Shape>,
}

impl OpenAiModel {
    /// A model behind this server. Nothing is called yet.
    ///
    /// # Errors
    /// `Invalid` when the configuration could not work or leads where it may not.
    pub fn new(config: OpenAiConfig) -> Result<Self> {
        Ok(Self {
            api: Api::new(&config)?,
            shape: Mutex::new(Shape::new(&config)),
            config,
        })
    }

    fn shape(&self) -> Shape {
        *self.shape.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks once, leaving out what the server refuses and, once, the older half of the conversation.
    async fn ask(&self, talk: &mut Talk, part: Tools, salt: u32) -> Result<Said> {
        let mut trimmed = false;
        loop {
            let shape = self.shape();
            let part = if shape.tools { part } else { Tools::Absent };
            let refusal = match self.once(talk, &shape, part, salt).await? {
                Ok(said) => return Ok(said),
                Err(refusal) => refusal,
            };
            if let Some(next) = shape.without(&refusal) {
                *self.shape.lock().unwrap_or_else(PoisonError::into_inner) = next;
            } else if refusal.fault.is_too_long() && !trimmed && talk.trim() {
                trimmed = true;
            } else {
                return Err(self.api.error(OPERATION, &refusal));
            }
        }
    }

    async fn once(
        &self,
        talk: &Talk,
        shape: &Shape,
        part: Tools,
        salt: u32,
    ) -> Result<Result<Said, Box<Refusal>>> {
        let messages = talk.messages(wire::binding(shape, part));
        let request = wire::request(&self.config, shape, messages, part);
        let build = |http: reqwest::RequestBuilder| Ok(http.json(&request));
        self.api
            .call(["chat", "completions"], salt, build, read)
            .await
    }

    /// Rounds of looking things up, then the answer.
    async fn rounds(&self, request: &ModelRequest<'_>) -> Result<ModelOutput> {
        let mut talk = Talk::new(request);
        let toolbox = Toolbox::new(request.input);
        let salt = request.input.turn.0.as_fields().0;
        // A repair mends words, and is short of time.
        let rounds = if request.repair.is_some() {
            0
        } else {
            self.config.tool_rounds
        };
        let mut cost: Option<Usage> = None;
        let mut looked = false;
        for round in 0..=rounds {
            let part = match (round < rounds, looked) {
                (true, _) => Tools::Offered,
                (false, true) => Tools::Over,
                (false, false) => Tools::Absent,
            };
            let said = self.ask(&mut talk, part, salt).await?;
            if let Some(usage) = said.usage {
                cost = Some(cost.unwrap_or_default().plus(usage));
            }
            // Some say `stop` and call all the same: the calls count, not the reason.
            if part != Tools::Offered || said.calls.is_empty() || !self.shape().tools {
                return Ok(self.output(said, cost));
            }
            looked = true;
            talk.look_up(&said, |name, arguments| toolbox.call(name, arguments));
        }
        Err(Error::unavailable(OPERATION, "the model never answered"))
    }

    fn output(&self, said: Said, usage: Option<Usage>) -> ModelOutput {
        ModelOutput {
            text: said.text,
            usage,
            model: said.model.unwrap_or_else(|| self.config.model.clone()),
            finish: said.finish,
        }
    }
}

/// Reads a successful answer, streamed or whole: some servers do not stream when asked to.
async fn read(response: Response) -> Result<Said, Failure> {
    let kind = response.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let answer = if kind.starts_with("text/event-stream") {
        stream::whole(response).await?
    } else {
        let bytes = body(response).await?;
        serde_json::from_slice::<Value>(&bytes)
            .map_err(|_| broken(Fault::plain("the answer is not JSON")))?
    };
    wire::read(&answer).map_err(broken)
}

/// A fault that came under a success status.
fn broken(fault: Fault) -> Failure {
    Failure::Refused(Box::new(Refusal::inside(fault)))
}

#[async_trait]
impl ChatModel for OpenAiModel {
    fn name(&self) -> &str {
        &self.config.model
    }

    /// Beside the port's: `TooLarge` when even the shortened conversation does not fit, `NotFound` for an unknown model.
    async fn complete(&self, request: &ModelRequest<'_>) -> Result<ModelOutput> {
        if request.prompt.is_empty() {
            return Err(Error::invalid(
                OPERATION,
                "a language model needs a prompt; give the pipeline a prompt writer",
            ));
        }
        self.rounds(request).await
    }
}
