//! Requests and answers as JSON. Every field of an answer is optional here, since somebody leaves it out.

use serde_json::{Map, Value, json};

use super::{
    config::OpenAiConfig,
    dialect::{Format, MaxTokens},
    error::Fault,
    shape::Shape,
};
use crate::{
    contract::Reply,
    model::{Finish, Usage},
    tool::tools,
};

/// Which part tools play in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tools {
    /// They may be called.
    Offered,
    /// They were called before and may not be called again.
    Over,
    /// They are not spoken of.
    Absent,
}

/// A call of a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) name: String,
    /// As the model wrote them.
    pub(super) arguments: String,
}

/// One answer of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Said {
    /// The message as it came, fit to be sent back.
    pub(super) message: Value,
    pub(super) text: String,
    pub(super) calls: Vec<Call>,
    pub(super) finish: Finish,
    pub(super) usage: Option<Usage>,
    pub(super) model: Option<String>,
}

/// How the answer of this request is bound.
pub(super) fn binding(shape: &Shape, tools: Tools) -> Format {
    if tools == Tools::Offered && !shape.can.format_with_tools {
        Format::Words
    } else {
        shape.format()
    }
}

/// The body of one request.
pub(super) fn request(
    config: &OpenAiConfig,
    shape: &Shape,
    messages: Vec<Value>,
    part: Tools,
) -> Value {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    put("model", config.model.clone().into());
    put("messages", messages.into());
    if let Some(format) = response_format(binding(shape, part)) {
        put("response_format", format);
    }
    let limit = match shape.max_tokens {
        MaxTokens::Completion => "max_completion_tokens",
        MaxTokens::Legacy => "max_tokens",
    };
    put(limit, config.max_tokens.into());
    if let Some(milli) = config.temperature_milli.filter(|_| shape.temperature) {
        put("temperature", thousandths(milli));
    }
    let declared = match part {
        Tools::Offered => Some("auto"),
        Tools::Over => shape.can.tool_choice.then_some("none"),
        Tools::Absent => None,
    };
    if let Some(choice) = declared {
        put("tools", tools().iter().map(declare).collect());
        if shape.can.tool_choice {
            put("tool_choice", choice.into());
        }
    }
    put("stream", config.stream.into());
    if config.stream && shape.stream_usage {
        put("stream_options", json!({ "include_usage": true }));
    }
    Value::Object(body)
}

fn response_format(format: Format) -> Option<Value> {
    match format {
        Format::Schema => Some(json!({
            "type": "json_schema",
            "json_schema": { "name": "reply", "strict": true, "schema": Reply::json_schema() },
        })),
        Format::ObjectWithSchema => {
            Some(json!({ "type": "json_object", "schema": Reply::json_schema() }))
        }
        Format::Object => Some(json!({ "type": "json_object" })),
        Format::Words => None,
    }
}

fn declare(tool: &crate::tool::Tool) -> Value {
    json!({
        "type": "function",
        "function": { "name": tool.name, "description": tool.description, "parameters": tool.parameters },
    })
}

/// `200` as the JSON number `0.2`, without any float on the way.
fn thousandths(milli: u16) -> Value {
    let text = format!("{}.{:03}", milli / 1000, milli % 1000);
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// Reads an answer.
///
/// # Errors
/// The server's fault when the answer holds one under a success status; an empty fault when it holds nothing at all.
pub(super) fn read(body: &Value) -> Result<Said, Fault> {
    if body.get("error").is_some_and(|error| !error.is_null()) {
        return Err(Fault::read(body));
    }
    let Some(choice) = body.pointer("/choices/0") else {
        return Err(Fault::plain("the answer holds no choice"));
    };
    let mut message = choice.get("message").cloned().unwrap_or_default();
    let calls = calls(&mut message);
    let refusal = message.get("refusal").and_then(Value::as_str);
    let mut finish = match choice.get("finish_reason").and_then(Value::as_str) {
        Some("length") => Finish::Length,
        Some("content_filter") => Finish::Refused,
        Some(_) | None => Finish::Complete,
    };
    let mut text = without_thoughts(content(&message));
    if let Some(why) = refusal.filter(|_| text.is_empty()) {
        finish = Finish::Refused;
        text = why.to_owned();
    }
    Ok(Said {
        message,
        text,
        calls,
        finish,
        usage: usage(body),
        model: body.get("model").and_then(Value::as_str).map(str::to_owned),
    })
}

/// The calls of a message. Sets right what others would refuse when it is sent back: missing ids and roles, arguments as
/// an object.
fn calls(message: &mut Value) -> Vec<Call> {
    let Some(keys) = message.as_object_mut() else {
        return Vec::new();
    };
    keys.insert("role".to_owned(), "assistant".into());
    let Some(Value::Array(listed)) = keys.get_mut("tool_calls") else {
        return Vec::new();
    };
    let mut calls = Vec::new();
    for (index, entry) in listed.iter_mut().enumerate() {
        let text = |path: &str| entry.pointer(path).and_then(Value::as_str);
        let name = text("/function/name").unwrap_or_default().to_owned();
        // Nine letters and digits: what Mistral's templates want.
        let id = text("/id").filter(|id| !id.is_empty());
        let id = id.map_or_else(|| format!("call{index:05}"), str::to_owned);
        let arguments = match entry.pointer("/function/arguments") {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => "{}".to_owned(),
            Some(object) => object.to_string(),
        };
        *entry = json!({
            "id": id,
            "type": "function",
            "function": { "name": name, "arguments": arguments },
        });
        calls.push(Call {
            id,
            name,
            arguments,
        });
    }
    calls
}

/// `null`, a text, or a list of parts.
fn content(message: &Value) -> String {
    match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => {
            let texts = parts.iter().filter_map(|part| part.get("text"));
            texts.filter_map(Value::as_str).collect()
        }
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => {
            String::new()
        }
    }
}

/// Thoughts that a server did not part from the answer (`<think>…</think>`) are no part of it.
fn without_thoughts(text: String) -> String {
    let Some(thoughts) = text.trim_start().strip_prefix("<think>") else {
        return text;
    };
    let answer = thoughts.split_once("</think>").map(|(_, answer)| answer);
    answer.unwrap_or_default().trim_start().to_owned()
}

fn usage(body: &Value) -> Option<Usage> {
    let count = |name: &str| body.pointer(name).and_then(Value::as_u64);
    let (read, written) = (
        count("/usage/prompt_tokens"),
        count("/usage/completion_tokens"),
    );
    (read.is_some() || written.is_some()).then(|| Usage {
        prompt_tokens: read.unwrap_or_default(),
        completion_tokens: written.unwrap_or_default(),
    })
}
