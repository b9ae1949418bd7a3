//! A turn, a model at our own server, and the answers vendors document.

use std::time::Duration;

use serde_json::Value;
use x8_assistant::{
    agenda::{Plan, hear, plan},
    model::{ChatModel, ModelOutput, ModelRequest},
    openai::{Dialect, OpenAiConfig, OpenAiModel, RetryPolicy},
    prompt::{Prompt, PromptMessage, Role},
    understand::Lexicon,
};
use x8_core::{Error, Result, Secret, channel::Platform, port::TurnInput};

use super::server::{Answer, Seen, Server};
use crate::guided::driver::{Talk, catalog};

const ANSWERS: [(&str, &str); 4] = [
    ("openai", include_str!("answers/openai.json")),
    ("ollama", include_str!("answers/ollama.json")),
    ("vllm", include_str!("answers/vllm.json")),
    ("llamacpp", include_str!("answers/llamacpp.json")),
];

pub(super) const KEY: &str = "test-token-1";

pub(super) fn failed(error: impl std::fmt::Display) -> Error {
    Error::invalid("test", error.to_string())
}

/// A documented answer: its status and body.
pub(super) fn answer(vendor: &str, name: &str) -> Result<(u16, Value)> {
    let (_, text) = ANSWERS
        .iter()
        .find(|(known, _)| *known == vendor)
        .ok_or_else(|| failed(vendor))?;
    let all: Value = serde_json::from_str(text).map_err(failed)?;
    let found = all
        .get(name)
        .cloned()
        .ok_or_else(|| failed(format!("{vendor}/{name}")))?;
    let status = found.get("status").and_then(Value::as_u64).unwrap_or(200);
    let body = found.get("body").cloned().unwrap_or_default();
    Ok((u16::try_from(status).map_err(failed)?, body))
}

pub(super) fn answers(vendor: &str, names: &[&str]) -> Result<Vec<Answer>> {
    let one = |name: &&str| answer(vendor, name).map(|(status, body)| Answer::json(status, &body));
    names.iter().map(one).collect()
}

/// One turn to answer.
pub(super) struct Rig {
    pub(super) input: TurnInput,
    pub(super) plan: Plan,
    pub(super) prompt: Prompt,
}

impl Rig {
    pub(super) fn new() -> Result<Self> {
        let input =
            Talk::new(catalog("flowers")?, Platform::Whatsapp)?.input(&["Do you have roses?"]);
        let lexicon = Lexicon::new(&input.catalog);
        let plan = plan(&input, &lexicon, &hear(&input, &lexicon));
        let say = |role, text: &str| PromptMessage::new(role, text);
        let prompt = Prompt {
            version: "test/1".to_owned(),
            system: "You sell flowers.".to_owned(),
            messages: vec![
                say(Role::User, "Hello"),
                say(Role::Assistant, "Good day!"),
                say(Role::User, "Are you open?"),
                say(Role::Assistant, "We are."),
                say(Role::User, "Do you have roses?"),
            ],
        };
        Ok(Self {
            input,
            plan,
            prompt,
        })
    }

    pub(super) fn request(&self) -> ModelRequest<'_> {
        ModelRequest {
            input: &self.input,
            plan: &self.plan,
            prompt: &self.prompt,
            repair: None,
        }
    }
}

/// A model of this dialect that waits for nobody.
pub(super) fn config(server: &Server, dialect: Dialect) -> OpenAiConfig {
    OpenAiConfig {
        retry: RetryPolicy {
            first_wait: Duration::ZERO,
            ..RetryPolicy::default()
        },
        ..OpenAiConfig::new(&server.url, "test-model", dialect).with_key(Secret::new(KEY))
    }
}

/// One answer of a model, and what the server was asked.
pub(super) async fn ask_with(
    dialect: Dialect,
    answers: Vec<Answer>,
    change: impl FnOnce(OpenAiConfig) -> OpenAiConfig,
) -> Result<(Result<ModelOutput>, Vec<Seen>)> {
    let server = Server::start(answers).await.map_err(failed)?;
    let model = OpenAiModel::new(change(config(&server, dialect)))?;
    let rig = Rig::new()?;
    let output = model.complete(&rig.request()).await;
    Ok((output, server.seen()))
}

pub(super) async fn ask(
    dialect: Dialect,
    answers: Vec<Answer>,
) -> Result<(Result<ModelOutput>, Vec<Seen>)> {
    ask_with(dialect, answers, |config| config).await
}
