//! Answers that come piece by piece.

use serde_json::json;
use x8_assistant::{
    model::{Finish, Usage},
    openai::{Dialect, OpenAiConfig},
};
use x8_core::{ErrorKind, Result};

use super::{
    rig::{answer, ask_with},
    server::{Answer, Seen},
};

fn streamed(config: OpenAiConfig) -> OpenAiConfig {
    OpenAiConfig {
        stream: true,
        ..config
    }
}

async fn hear(
    dialect: Dialect,
    answers: Vec<Answer>,
) -> Result<(Result<x8_assistant::model::ModelOutput>, Vec<Seen>)> {
    ask_with(dialect, answers, streamed).await
}

const WORDS: &str = r#": ping

data: {"id":"c","object":"chat.completion.chunk","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

: ping

event: message
data: {"choices":[{"index":0,"delta":{"content":"{\"response\":\"Есть "},"finish_reason":null}]}

data: {"choices":[{"index":0,"delta":{"content":"розы 🌹\"}"}}]}

data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}

data: [DONE]

"#;

#[tokio::test]
async fn a11_pieces_become_the_whole_however_they_are_cut() -> Result<()> {
    for size in [1, 2, 3, 7, 64, 10_000] {
        for text in [WORDS.to_owned(), WORDS.replace('\n', "\r\n")] {
            let (output, seen) = hear(Dialect::LlamaCpp, vec![Answer::events(&text, size)]).await?;
            let output = output?;
            assert_eq!(
                output.text, r#"{"response":"Есть розы 🌹"}"#,
                "pieces of {size}"
            );
            assert_eq!(
                output.usage,
                Some(Usage {
                    prompt_tokens: 7,
                    completion_tokens: 5
                })
            );
            assert_eq!(
                (output.model.as_str(), output.finish),
                ("m-1", Finish::Complete)
            );
            let body = seen[0].json();
            assert_eq!(
                (&body["stream"], &body["stream_options"]),
                (&true.into(), &json!({ "include_usage": true }))
            );
        }
    }
    Ok(())
}

/// The pieces of two calls, mixed; id and name come once.
const CALLS: &str = r#"data: {"choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"search_offerings","arguments":""}}]}}]}

data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"query\":"}}]}}]}

data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"get_session","arguments":"{}"}}]}}]}

data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"roses\"}"}}]}}]}

data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

data: [DONE]

"#;

/// Whole calls that all say index 0, as Ollama sends them, without the end mark.
const OLLAMA_CALLS: &str = r#"data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"","tool_calls":[{"id":"call_a","index":0,"type":"function","function":{"name":"search_offerings","arguments":"{\"query\":\"roses\"}"}}]},"finish_reason":null}]}

data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"","tool_calls":[{"id":"call_b","index":0,"type":"function","function":{"name":"get_session","arguments":"{}"}}]},"finish_reason":null}]}

data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop"}]}
"#;

#[tokio::test]
async fn a11_calls_in_pieces_are_put_together() -> Result<()> {
    for (dialect, calls) in [(Dialect::OpenAi, CALLS), (Dialect::Ollama, OLLAMA_CALLS)] {
        let (output, seen) = hear(
            dialect,
            vec![Answer::events(calls, 11), Answer::events(WORDS, 50)],
        )
        .await?;
        assert!(output?.text.contains("розы"));
        let messages = seen[1].json()["messages"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let called = &messages[messages.len() - 3]["tool_calls"];
        assert_eq!(
            called[0]["function"],
            json!({ "name": "search_offerings", "arguments": "{\"query\":\"roses\"}" })
        );
        assert_eq!(
            (&called[1]["id"], &called[1]["function"]["name"]),
            (&"call_b".into(), &"get_session".into())
        );
        assert_eq!(
            (
                &messages[messages.len() - 2]["tool_call_id"],
                &messages[messages.len() - 1]["tool_call_id"]
            ),
            (&"call_a".into(), &"call_b".into())
        );
    }
    Ok(())
}

#[tokio::test]
async fn a11_an_error_in_the_middle_is_an_error() -> Result<()> {
    let begin = "data: {\"choices\":[{\"delta\":{\"content\":\"{\\\"response\\\":\"}}]}\n\n";
    for (line, kind) in [
        (
            "data: {\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\",\"code\":null}}\n\n",
            ErrorKind::Unavailable,
        ),
        (
            "data: {\"object\":\"error\",\"message\":\"gone\",\"code\":500}\n\n",
            ErrorKind::Unavailable,
        ),
        (
            "error: {\"code\":500,\"message\":\"slot unavailable\"}\n\n",
            ErrorKind::Unavailable,
        ),
        (
            "data: {\"error\":{\"message\":\"no money\",\"code\":\"insufficient_quota\"}}\n\n",
            ErrorKind::PaymentRequired,
        ),
    ] {
        let events = Answer::events(&format!("{begin}{line}"), 20);
        let (output, seen) = hear(Dialect::LlamaCpp, vec![events; 3]).await?;
        let error = output.unwrap_err();
        assert_eq!(error.kind(), kind, "{line}");
        assert_eq!(
            seen.len(),
            if kind == ErrorKind::Unavailable { 3 } else { 1 },
            "{line}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a11_half_an_answer_is_none() -> Result<()> {
    let half: String = WORDS
        .lines()
        .take(9)
        .map(|line| format!("{line}\n"))
        .collect();
    let pieces = vec![half.into_bytes()];
    for broken in [Answer::CutStream(pieces.clone()), Answer::Stream(pieces)] {
        let (output, seen) = hear(
            Dialect::OpenAi,
            vec![broken.clone(), Answer::events(WORDS, 99)],
        )
        .await?;
        assert!(
            output?.text.contains("розы") && seen.len() == 2,
            "{broken:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a11_a_server_that_does_not_stream_is_understood() -> Result<()> {
    let (status, body) = answer("ollama", "reply")?;
    let (output, _) = hear(Dialect::Ollama, vec![Answer::json(status, &body)]).await?;
    assert_eq!(output?.text, r#"{"response":"We have roses."}"#);
    Ok(())
}

#[tokio::test]
async fn a11_a_server_without_stream_options_is_asked_without_them() -> Result<()> {
    let refusal = json!({ "error": { "message": "Unknown parameter: 'stream_options'", "param": "stream_options", "code": "unknown_parameter" } });
    let (output, seen) = hear(
        Dialect::OpenAi,
        vec![Answer::json(400, &refusal), Answer::events(WORDS, 99)],
    )
    .await?;
    assert!(output.is_ok() && seen[1].json().get("stream_options").is_none());
    Ok(())
}
