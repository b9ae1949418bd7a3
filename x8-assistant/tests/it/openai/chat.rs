//! What is asked, and what an answer becomes.

use x8_assistant::{
    model::{ChatModel, Finish},
    openai::{Dialect, OpenAiConfig, OpenAiModel},
    prompt::Prompt,
};
use x8_core::{ErrorKind, Result, Secret};

use super::{
    rig::{KEY, Rig, answers, ask, ask_with, config, failed},
    server::{Answer, Server},
};

#[tokio::test]
async fn a12_the_prompt_goes_out_as_it_is() -> Result<()> {
    let (_, seen) = ask(Dialect::OpenAi, answers("openai", &["reply"])?).await?;
    let body = seen[0].json();
    assert_eq!(body["model"], "test-model");
    let messages = body["messages"].as_array().cloned().unwrap_or_default();
    let roles: Vec<_> = messages
        .iter()
        .filter_map(|one| one["role"].as_str())
        .collect();
    assert_eq!(
        roles,
        ["system", "user", "assistant", "user", "assistant", "user"]
    );
    assert_eq!(
        (
            messages[0]["content"].as_str(),
            messages[5]["content"].as_str()
        ),
        (Some("You sell flowers."), Some("Do you have roses?"))
    );
    Ok(())
}

#[tokio::test]
async fn h6_the_key_is_sent_and_never_told() -> Result<()> {
    let echo = serde_json::json!({ "error": { "message": format!("bad request with {KEY}"), "code": "bad" } });
    let server = Server::start([Answer::json(400, &echo)])
        .await
        .map_err(failed)?;
    let model = OpenAiModel::new(config(&server, Dialect::OpenAi))?;
    let error = model.complete(&Rig::new()?.request()).await.unwrap_err();
    assert_eq!(
        server.seen()[0].headers["authorization"],
        format!("Bearer {KEY}")
    );
    for told in [
        format!("{model:?}"),
        format!("{error:?}"),
        error.to_string(),
        error.public().to_owned(),
    ] {
        assert!(!told.contains(KEY), "{told}");
    }
    assert!(error.to_string().contains("bad request with ***"));
    Ok(())
}

#[tokio::test]
async fn a11_a_local_server_needs_no_key() -> Result<()> {
    let no_key = |config| OpenAiConfig {
        api_key: None,
        ..config
    };
    let (output, seen) = ask_with(Dialect::Ollama, answers("ollama", &["reply"])?, no_key).await?;
    assert!(output.is_ok() && !seen[0].headers.contains_key("authorization"));
    Ok(())
}

#[tokio::test]
async fn a11_the_path_is_found_from_every_form_of_the_address() -> Result<()> {
    for (form, path) in [
        ("", "/v1/chat/completions"),
        ("/", "/v1/chat/completions"),
        ("/v1", "/v1/chat/completions"),
        ("/v1/", "/v1/chat/completions"),
        ("/v1/chat/completions", "/v1/chat/completions"),
        ("/openai/v2", "/openai/v2/chat/completions"),
    ] {
        let server = Server::start(answers("openai", &["reply"])?)
            .await
            .map_err(failed)?;
        let base_url = server.url.replace("/v1", form);
        let model = OpenAiModel::new(OpenAiConfig {
            base_url,
            ..config(&server, Dialect::OpenAi)
        })?;
        model.complete(&Rig::new()?.request()).await?;
        assert_eq!(server.seen()[0].path, path, "{form}");
    }
    Ok(())
}

#[test]
fn a11_what_cannot_work_is_refused_before_the_first_turn() {
    let good = || OpenAiConfig::new("https://api.openai.com/v1", "gpt", Dialect::OpenAi);
    assert!(good().check().is_ok());
    for bad in [
        OpenAiConfig {
            base_url: "api.openai.com".to_owned(),
            ..good()
        },
        OpenAiConfig {
            base_url: "ftp://api.openai.com".to_owned(),
            ..good()
        },
        OpenAiConfig {
            base_url: "https://me:word@api.openai.com".to_owned(),
            ..good()
        },
        OpenAiConfig {
            base_url: "https://api.openai.com/v1?key=1".to_owned(),
            ..good()
        },
        OpenAiConfig {
            model: " ".to_owned(),
            ..good()
        },
        OpenAiConfig {
            max_tokens: 0,
            ..good()
        },
        OpenAiConfig {
            temperature_milli: Some(2001),
            ..good()
        },
        good().with_key(Secret::new("")),
        good().with_key(Secret::new("line\nbreak")),
    ] {
        let error = OpenAiModel::new(bad).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    }
}

#[tokio::test]
async fn a11_a_model_that_will_not_or_cannot_finish_says_so() -> Result<()> {
    for (name, finish, text) in [
        (
            "refusal",
            Finish::Refused,
            "I'm sorry, I cannot help with that.",
        ),
        ("cut", Finish::Length, "{\"response\":\"We have ro"),
    ] {
        let (output, _) = ask(Dialect::OpenAi, answers("openai", &[name])?).await?;
        let output = output?;
        assert_eq!((output.finish, output.text.as_str()), (finish, text));
    }
    Ok(())
}

#[tokio::test]
async fn a11_a_repair_tells_what_was_wrong_and_looks_nothing_up() -> Result<()> {
    let server = Server::start(answers("vllm", &["reply"])?)
        .await
        .map_err(failed)?;
    let model = OpenAiModel::new(config(&server, Dialect::Vllm))?;
    let rig = Rig::new()?;
    let mut request = rig.request();
    request.repair = Some("G4: 19 EUR is no price");
    model.complete(&request).await?;
    let body = server.seen()[0].json();
    let system = body["messages"][0]["content"].as_str().unwrap_or_default();
    assert!(system.starts_with("You sell flowers.") && system.contains("G4: 19 EUR is no price"));
    assert!(body.get("tools").is_none() && body["response_format"]["type"] == "json_schema");
    Ok(())
}

#[tokio::test]
async fn a11_without_a_prompt_nothing_is_asked() -> Result<()> {
    let server = Server::start([]).await.map_err(failed)?;
    let model = OpenAiModel::new(config(&server, Dialect::OpenAi))?;
    let rig = Rig::new()?;
    let empty = Prompt::default();
    let mut request = rig.request();
    request.prompt = &empty;
    assert_eq!(
        model.complete(&request).await.unwrap_err().kind(),
        ErrorKind::Invalid
    );
    assert!(server.seen().is_empty());
    Ok(())
}
