//! Whole turns with a language model behind them (A11).

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::json;
use x8_assistant::{
    agenda::Plan,
    model::{ChatModel, CompanyModels, Directory},
    openai::{Dialect, OpenAiModel},
    phrases::Phrases,
    pipeline::TurnPipeline,
    prompt::{Prompt, PromptMessage, PromptWriter, Role},
};
use x8_core::{
    Error, Result,
    port::{Assistant, TurnInput},
    tenant::Tenant,
};

use super::{
    rig::{Rig, answer, config, failed},
    server::{Answer, Server},
};

struct Brief;

impl PromptWriter for Brief {
    fn write(&self, input: &TurnInput, _plan: &Plan, window: &[PromptMessage]) -> Result<Prompt> {
        let mut messages = window.to_vec();
        messages.push(PromptMessage::new(Role::User, input.customer_text()));
        Ok(Prompt {
            version: "test/1".to_owned(),
            system: "You sell.".to_owned(),
            messages,
        })
    }
}

fn says(text: &str) -> Answer {
    let content = json!({ "response": text }).to_string();
    Answer::json(
        200,
        &json!({ "model": "m-1", "choices": [{ "message": { "content": content } }], "usage": { "prompt_tokens": 9, "completion_tokens": 4 } }),
    )
}

async fn turn(script: Vec<Answer>) -> Result<(x8_core::port::Answer, Vec<super::server::Seen>)> {
    let server = Server::start(script).await.map_err(failed)?;
    let model = OpenAiModel::new(config(&server, Dialect::OpenAi))?;
    let pipeline =
        TurnPipeline::new(Arc::new(model), Arc::new(Phrases::new()?)).with_prompts(Arc::new(Brief));
    let answer = pipeline.answer(&Rig::new()?.input).await?;
    Ok((answer, server.seen()))
}

#[tokio::test]
async fn a11_what_the_guard_refuses_is_repaired_with_its_findings() -> Result<()> {
    let (answer, seen) = turn(vec![says("3.33 EUR!"), says("We have roses.")]).await?;
    assert_eq!((answer.text.as_str(), seen.len()), ("We have roses.", 2));
    let body = seen[1].json();
    let system = body["messages"][0]["content"].as_str().unwrap_or_default();
    assert!(
        system.contains("refused by the checker") && system.contains("G4"),
        "{system}"
    );
    let tries = &answer.findings["tries"];
    assert_eq!(
        (&tries[0]["refused"], &tries[1]["model"]),
        (&true.into(), &"m-1".into())
    );
    Ok(())
}

#[tokio::test]
async fn a11_whatever_a_server_does_the_customer_is_answered() -> Result<()> {
    let (status, quota) = answer("openai", "quota")?;
    for (name, one) in [
        ("no credit", Answer::json(status, &quota)),
        ("a page", Answer::Whole(200, vec![], "<html>".to_owned())),
        ("nothing", Answer::Cut),
        ("bare words that break a rule", says("50% off today")),
        ("an empty text", says("")),
        ("no choice", Answer::json(200, &json!({ "choices": [] }))),
    ] {
        let (answer, _) = turn(vec![one; 6]).await?;
        assert!(
            answer.text.contains("29.90 EUR") && !answer.held,
            "{name}: {}",
            answer.text
        );
    }
    Ok(())
}

/// A directory in which somebody has a model, somebody has none, and somebody's cannot be found out.
struct Three(Arc<dyn ChatModel>);

#[async_trait]
impl Directory for Three {
    async fn model_for(&self, tenant: Tenant) -> Result<Option<Arc<dyn ChatModel>>> {
        match tenant.company().0 {
            1 => Ok(Some(Arc::clone(&self.0))),
            2 => Ok(None),
            _ => Err(Error::internal("test.model", "its key does not open")),
        }
    }
}

#[tokio::test]
async fn t3_each_company_is_answered_by_its_own_model() -> Result<()> {
    let server = Server::start([says("We have roses.")])
        .await
        .map_err(failed)?;
    let own = OpenAiModel::new(config(&server, Dialect::OpenAi))?;
    let phrases = Arc::new(Phrases::new()?);
    let models = CompanyModels::new(Arc::new(Three(Arc::new(own))), Arc::clone(&phrases));
    let pipeline = TurnPipeline::new(Arc::new(models), phrases).with_prompts(Arc::new(Brief));
    for (company, model, words) in [
        (1, "m-1", "We have roses."),
        (2, "guided", "29.90 EUR"),
        (3, "guided", "29.90 EUR"),
    ] {
        let mut input = Rig::new()?.input;
        input.company.id = x8_core::id::CompanyId(company);
        let answer = pipeline.answer(&input).await?;
        assert!(answer.text.contains(words), "{company}: {}", answer.text);
        let tries = answer.findings["tries"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        assert_eq!(
            tries.last().map(|last| last["model"].clone()),
            Some(model.into()),
            "{company}"
        );
    }
    assert_eq!(server.seen().len(), 1, "nobody else was asked");
    Ok(())
}
