//! Every difference between the servers that speak this API, one test each.

use x8_assistant::{
    model::{Finish, Usage},
    openai::{Dialect, OpenAiConfig, OpenAiModel},
};
use x8_core::{ErrorKind, Result};

use super::{
    rig::{answer, answers, ask, ask_with, config, failed},
    server::{Answer, Server},
};

const ROSES: &str = r#"{"response":"We have roses."}"#;

#[tokio::test]
async fn a11_every_vendor_is_understood() -> Result<()> {
    let cost = |prompt_tokens, completion_tokens| {
        Some(Usage {
            prompt_tokens,
            completion_tokens,
        })
    };
    for (dialect, vendor, usage, model) in [
        (
            Dialect::OpenAi,
            "openai",
            cost(50, 12),
            "gpt-test-2026-01-01",
        ),
        (Dialect::Ollama, "ollama", cost(40, 10), "llama3.2"),
        (Dialect::Vllm, "vllm", cost(30, 8), "Qwen/Qwen3-8B"),
        // No usage at all, and a model's name of its own invention.
        (Dialect::LlamaCpp, "llamacpp", None, "gpt-3.5-turbo"),
    ] {
        let (output, _) = ask(dialect, answers(vendor, &["reply"])?).await?;
        let output = output?;
        assert_eq!(
            (output.text.as_str(), output.usage),
            (ROSES, usage),
            "{vendor}"
        );
        assert_eq!(
            (output.model.as_str(), output.finish),
            (model, Finish::Complete),
            "{vendor}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a11_thoughts_are_no_answer_wherever_they_stand() -> Result<()> {
    for (vendor, name, text, finish) in [
        ("vllm", "reasoning_only", "", Finish::Length),
        ("llamacpp", "thoughts_inside", ROSES, Finish::Complete),
        ("llamacpp", "thoughts_cut", "", Finish::Length),
        ("llamacpp", "parts", ROSES, Finish::Complete),
    ] {
        let (output, _) = ask(Dialect::Compatible, answers(vendor, &[name])?).await?;
        let output = output?;
        assert_eq!(
            (output.text.as_str(), output.finish),
            (text, finish),
            "{vendor}/{name}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a11_each_dialect_is_asked_as_it_understands() -> Result<()> {
    for (dialect, limit, format, choice) in [
        (
            Dialect::OpenAi,
            "max_completion_tokens",
            "json_schema",
            Some("auto"),
        ),
        // Ollama ignores `tool_choice` and the newer name of the limit.
        (Dialect::Ollama, "max_tokens", "", None),
        (Dialect::Vllm, "max_tokens", "", Some("auto")),
        (Dialect::LlamaCpp, "max_tokens", "", Some("auto")),
        (Dialect::Compatible, "max_tokens", "", None),
    ] {
        let (_, seen) = ask(dialect, answers("openai", &["reply"])?).await?;
        let body = seen[0].json();
        let text = |path: &str| body.pointer(path).and_then(serde_json::Value::as_str);
        assert_eq!(body[limit], 900, "{dialect:?}");
        let other = if limit == "max_tokens" {
            "max_completion_tokens"
        } else {
            "max_tokens"
        };
        assert!(body.get(other).is_none(), "{dialect:?}");
        // While a grammar binds the answer, no tool can be called: only OpenAI takes both.
        assert_eq!(
            text("/response_format/type").unwrap_or_default(),
            format,
            "{dialect:?}"
        );
        assert_eq!(text("/tool_choice"), choice, "{dialect:?}");
        assert_eq!(
            body["temperature"].to_string(),
            "0.2",
            "{dialect:?}: a server's own default differs"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a11_without_tools_the_contract_binds_the_answer() -> Result<()> {
    for (dialect, format) in [
        (Dialect::OpenAi, "json_schema"),
        (Dialect::Ollama, "json_schema"),
        (Dialect::Vllm, "json_schema"),
        (Dialect::LlamaCpp, "json_schema"),
        (Dialect::Compatible, "json_object"),
    ] {
        let no_tools = |config| OpenAiConfig {
            tool_rounds: 0,
            ..config
        };
        let (_, seen) = ask_with(dialect, answers("openai", &["reply"])?, no_tools).await?;
        let body = seen[0].json();
        assert_eq!(body["response_format"]["type"], format, "{dialect:?}");
        assert!(
            body.get("tools").is_none() && body.get("tool_choice").is_none(),
            "{dialect:?}"
        );
        let system = body["messages"][0]["content"].as_str().unwrap_or_default();
        assert_eq!(
            format == "json_object",
            system.contains("JSON"),
            "{dialect:?}: this mode needs the word"
        );
        if format == "json_schema" {
            let schema = &body["response_format"]["json_schema"];
            assert_eq!(
                (&schema["name"], &schema["strict"]),
                (&"reply".into(), &true.into())
            );
            assert_eq!(
                schema["schema"],
                x8_assistant::contract::Reply::json_schema()
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn a11_a_refused_format_is_left_out_for_good() -> Result<()> {
    for (dialect, vendor, refusals, kinds) in [
        (
            Dialect::OpenAi,
            "openai",
            vec!["no_schema", "no_object"],
            vec!["json_schema", "json_object", ""],
        ),
        (
            Dialect::LlamaCpp,
            "llamacpp",
            vec!["python_no_schema"],
            vec!["json_schema", "json_object"],
        ),
        (
            Dialect::LlamaCpp,
            "llamacpp",
            vec!["python_detail", "no_grammar"],
            vec!["json_schema", "json_object", "json_object"],
        ),
    ] {
        let mut script = answers(vendor, &refusals)?;
        script.extend(answers(vendor, &["reply", "reply"])?);
        let server = Server::start(script).await.map_err(failed)?;
        let config = OpenAiConfig {
            tool_rounds: 0,
            ..config(&server, dialect)
        };
        let model = OpenAiModel::new(config)?;
        let rig = super::rig::Rig::new()?;
        for _ in 0..2 {
            let output = x8_assistant::model::ChatModel::complete(&model, &rig.request()).await?;
            assert_eq!(output.text, ROSES);
        }
        let asked: Vec<String> = server
            .seen()
            .iter()
            .map(|seen| {
                seen.json()["response_format"]["type"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect();
        let mut wanted: Vec<&str> = kinds.clone();
        wanted.extend(kinds.last());
        assert_eq!(asked, wanted, "{vendor}: the second turn knows it already");
    }
    Ok(())
}

#[tokio::test]
async fn a11_llamacpp_takes_the_schema_beside_json_object() -> Result<()> {
    let script = [
        answers("llamacpp", &["python_no_schema"])?,
        answers("llamacpp", &["reply"])?,
    ]
    .concat();
    let no_tools = |config| OpenAiConfig {
        tool_rounds: 0,
        ..config
    };
    let (_, seen) = ask_with(Dialect::LlamaCpp, script, no_tools).await?;
    assert!(seen[1].json()["response_format"]["schema"].is_object());
    Ok(())
}

#[tokio::test]
async fn a11_servers_without_tools_are_asked_without_them() -> Result<()> {
    for (dialect, vendor) in [
        (Dialect::Ollama, "ollama"),
        (Dialect::Vllm, "vllm"),
        (Dialect::LlamaCpp, "llamacpp"),
    ] {
        let (output, seen) = ask(dialect, answers(vendor, &["no_tools", "reply"])?).await?;
        assert_eq!(output?.text, ROSES, "{vendor}");
        let bodies: Vec<_> = seen.iter().map(super::server::Seen::json).collect();
        assert!(
            bodies[0].get("tools").is_some() && bodies[1].get("tools").is_none(),
            "{vendor}"
        );
        assert_eq!(
            bodies[1]["response_format"]["type"], "json_schema",
            "{vendor}: nothing is in its way now"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a11_other_names_and_limits_are_learned() -> Result<()> {
    let (output, seen) = ask(
        Dialect::OpenAi,
        answers("openai", &["no_temperature", "no_max_completion", "reply"])?,
    )
    .await?;
    assert_eq!(output?.text, ROSES);
    let last = seen[2].json();
    assert!(last.get("temperature").is_none() && last.get("max_completion_tokens").is_none());
    assert_eq!(last["max_tokens"], 900);
    // And when the other name is refused too, that is the end.
    let (output, seen) = ask(
        Dialect::OpenAi,
        answers("openai", &["no_max_completion", "no_max_completion"])?,
    )
    .await?;
    assert_eq!(
        (output.unwrap_err().kind(), seen.len()),
        (ErrorKind::Invalid, 2)
    );
    Ok(())
}

#[tokio::test]
async fn a11_a_server_that_is_loading_or_busy_is_asked_again() -> Result<()> {
    for (vendor, name) in [("llamacpp", "loading"), ("ollama", "busy")] {
        let script = [answers(vendor, &[name])?, answers(vendor, &["reply"])?].concat();
        let (output, seen) = ask(Dialect::Compatible, script).await?;
        assert_eq!((output?.text.as_str(), seen.len()), (ROSES, 2), "{vendor}");
        let (output, seen) = ask(
            Dialect::Compatible,
            answers(vendor, &[name, name, name, "reply"])?,
        )
        .await?;
        assert_eq!(
            (output.unwrap_err().kind(), seen.len()),
            (ErrorKind::Unavailable, 3),
            "{vendor}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a11_too_long_conversations_are_shortened_once() -> Result<()> {
    for (vendor, name) in [
        ("openai", "too_long"),
        ("vllm", "too_long"),
        ("vllm", "too_long_older"),
        ("llamacpp", "too_long"),
    ] {
        let (output, seen) = ask(
            Dialect::Compatible,
            answers(vendor, &[name])?
                .into_iter()
                .chain(answers(vendor, &["reply"])?)
                .collect(),
        )
        .await?;
        assert_eq!(output?.text, ROSES, "{vendor}/{name}");
        let said = |at: usize| -> Vec<String> {
            let body = seen[at].json();
            let messages = body["messages"].as_array().cloned().unwrap_or_default();
            messages
                .iter()
                .skip(1)
                .map(|one| one["content"].as_str().unwrap_or_default().to_owned())
                .collect()
        };
        assert_eq!(said(0).len(), 5);
        assert_eq!(
            said(1),
            ["Are you open?", "We are.", "Do you have roses?"],
            "{vendor}/{name}: the older half went"
        );
        let (output, seen) = ask(
            Dialect::Compatible,
            answers(vendor, &[name, name, "reply"])?,
        )
        .await?;
        assert_eq!(
            (output.unwrap_err().kind(), seen.len()),
            (ErrorKind::TooLarge, 2),
            "{vendor}/{name}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a11_errors_are_read_in_every_form() -> Result<()> {
    for (vendor, name, kind, words) in [
        (
            "ollama",
            "native",
            ErrorKind::NotFound,
            "model 'test-model' not found",
        ),
        ("vllm", "no_model", ErrorKind::NotFound, "does not exist"),
        (
            "openai",
            "no_model",
            ErrorKind::NotFound,
            "do not have access",
        ),
        ("openai", "key", ErrorKind::Unauthenticated, ""),
        ("llamacpp", "key", ErrorKind::Unauthenticated, ""),
    ] {
        let (status, body) = answer(vendor, name)?;
        let (output, seen) = ask(Dialect::Compatible, vec![Answer::json(status, &body)]).await?;
        let error = output.unwrap_err();
        assert_eq!((error.kind(), seen.len()), (kind, 1), "{vendor}/{name}");
        assert!(error.to_string().contains(words), "{error}");
    }
    let page = Answer::Whole(
        502,
        vec![("content-type", "text/html".to_owned())],
        "<html>Bad Gateway</html>".to_owned(),
    );
    let (output, _) = ask(Dialect::Compatible, vec![page; 3]).await?;
    assert!(output.unwrap_err().to_string().contains("Bad Gateway"));
    Ok(())
}

#[test]
fn a11_dialects_have_names() {
    for dialect in Dialect::ALL {
        assert_eq!(
            Dialect::parse(&dialect.as_str().to_uppercase()),
            Some(dialect)
        );
        assert_eq!(serde_json::to_value(dialect).unwrap(), dialect.as_str());
    }
    assert_eq!(Dialect::parse("llama.cpp"), Some(Dialect::LlamaCpp));
    assert_eq!(Dialect::parse("gpt"), None);
}
