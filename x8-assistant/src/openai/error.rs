//! What a server's refusal says, whoever made the server, and what it means here.

use reqwest::StatusCode;
use serde_json::Value;
use x8_core::{Error, ErrorKind, Retry, Secret};

use super::client::{Lost, Refusal};

/// Letters of a server's words that are kept.
const LONGEST: usize = 300;

/// A server's own description of what went wrong; every part may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) message: String,
    /// `type`.
    kind: String,
    /// Text at OpenAI, a number at vLLM and llama.cpp, `null` at Ollama.
    code: String,
    param: String,
}

impl Fault {
    /// Reads `{"error": {…}}`, `{"error": "text"}`, the bare object of older vLLM, and FastAPI's `{"detail": …}`.
    pub(super) fn read(body: &Value) -> Self {
        let inner = body.get("error").unwrap_or(body);
        if let Value::String(text) = inner {
            return Self::plain(text);
        }
        let part = |name: &str| match inner.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {
                String::new()
            }
        };
        let message = match part("message") {
            text if !text.is_empty() => text,
            _nothing => match inner.get("detail") {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            },
        };
        Self {
            message: shorten(&message),
            kind: part("type"),
            code: part("code"),
            param: part("param"),
        }
    }

    /// Words without any structure: a proxy's page, an old server.
    pub(super) fn plain(text: &str) -> Self {
        Self {
            message: shorten(text.trim()),
            ..Self::default()
        }
    }

    /// The status a fault inside a stream would have had; some servers say it as `code`.
    pub(super) fn status(&self) -> StatusCode {
        let code = self
            .code
            .parse()
            .ok()
            .filter(|code| (400..600).contains(code));
        code.and_then(|code| StatusCode::from_u16(code).ok())
            .unwrap_or(StatusCode::BAD_GATEWAY)
    }

    /// The account behind the key has no money: waiting does not help.
    pub(super) fn is_quota(&self) -> bool {
        let words = [
            "insufficient_quota",
            "billing_hard_limit_reached",
            "billing_not_active",
            "insufficient_balance",
        ];
        words.contains(&self.code.as_str()) || words.contains(&self.kind.as_str())
    }

    /// The conversation is longer than the model can read.
    pub(super) fn is_too_long(&self) -> bool {
        self.code == "context_length_exceeded"
            || self.kind == "exceed_context_size_error"
            || self.says(&[
                "maximum context length",
                "context length exceeded",
                "context size",
                "context window",
                "prompt is too long",
            ])
    }

    /// Something in the request that this server cannot do, by name.
    pub(super) fn is_unfit(&self) -> bool {
        self.names_format() || self.names_tools()
    }

    /// It does not take our `response_format`.
    pub(super) fn names_format(&self) -> bool {
        self.param.starts_with("response_format")
            || self.says(&[
                "response_format",
                "json_schema",
                "json_object",
                "grammar",
                "guided",
            ])
    }

    /// It does not take tools.
    pub(super) fn names_tools(&self) -> bool {
        self.param.starts_with("tool")
            || self.says(&[
                "support tools",
                "tool choice",
                "tool_choice",
                "tool-call-parser",
                "tools param",
                "function calling",
                "tool use",
            ])
    }

    /// It takes no temperature, or no other than its own.
    pub(super) fn names_temperature(&self) -> bool {
        self.param == "temperature" || self.says(&["temperature"])
    }

    /// It calls the limit otherwise.
    pub(super) fn names_max_tokens(&self) -> bool {
        let named = ["max_tokens", "max_completion_tokens"];
        (named.contains(&self.param.as_str()) || self.says(&named))
            && (self.code == "unsupported_parameter"
                || self.says(&[
                    "unsupported",
                    "not supported",
                    "extra",
                    "unknown",
                    "unrecognized",
                ]))
    }

    /// It cannot end a stream with the usage.
    pub(super) fn names_stream_options(&self) -> bool {
        self.param.starts_with("stream_options") || self.says(&["stream_options"])
    }

    fn says(&self, any: &[&str]) -> bool {
        let text = self.message.to_lowercase();
        any.iter().any(|words| text.contains(words))
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// The error for a call that got no answer.
pub(super) fn lost(operation: &'static str, lost: Lost) -> Error {
    match lost {
        Lost::Silent(source) => {
            Error::unavailable(operation, "the model server cannot be reached").caused_by(source)
        }
        Lost::Late(source) => {
            Error::unavailable(operation, "the model server did not answer in time")
                .caused_by(source)
        }
        Lost::Oversize => Error::unavailable(operation, "the model server's answer is no answer")
            .with("answer", "too large"),
    }
}

/// The error for an answer that is not a success. The key is struck out: some servers repeat it.
pub(super) fn refused(operation: &'static str, refusal: &Refusal, key: Option<&Secret>) -> Error {
    let (kind, public) = meaning(refusal);
    let mut error = Error::new(kind, operation, public).with("status", refusal.status.as_u16());
    let mut words = refusal.fault.message.clone();
    if let Some(key) = key {
        words = words.replace(key.expose().trim(), "***");
    }
    // A refused key is repeated in parts ("sk-ab…yz"); what else there is to know, the status says.
    if !words.is_empty() && kind != ErrorKind::Unauthenticated {
        error = error.with("answer", words);
    }
    if let Some(id) = &refusal.request_id {
        error = error.with("request_id", id);
    }
    match refusal.wait {
        Some(wait) if matches!(kind, ErrorKind::RateLimited | ErrorKind::Unavailable) => {
            error.retrying(Retry::After(wait))
        }
        _ => error,
    }
}

fn meaning(refusal: &Refusal) -> (ErrorKind, &'static str) {
    let status = refusal.status;
    if refusal.fault.is_quota() || status == StatusCode::PAYMENT_REQUIRED {
        return (
            ErrorKind::PaymentRequired,
            "the model account has no credit left",
        );
    }
    if refusal.fault.is_too_long() {
        return (
            ErrorKind::TooLarge,
            "the conversation is too long for the model",
        );
    }
    match status {
        StatusCode::UNAUTHORIZED => (
            ErrorKind::Unauthenticated,
            "the model server refuses the key",
        ),
        StatusCode::FORBIDDEN => (ErrorKind::Forbidden, "the key may not use this model"),
        StatusCode::NOT_FOUND => (
            ErrorKind::NotFound,
            "the model server knows no such model or address",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            ErrorKind::TooLarge,
            "the request is too large for the model server",
        ),
        StatusCode::TOO_MANY_REQUESTS => (
            ErrorKind::RateLimited,
            "too many requests to the model server",
        ),
        _ if status.is_server_error()
            || status == StatusCode::REQUEST_TIMEOUT
            || status == StatusCode::CONFLICT =>
        {
            (ErrorKind::Unavailable, "the model server failed")
        }
        _ if status.is_redirection() => (
            ErrorKind::Invalid,
            "the model server redirects; base_url must name its final address",
        ),
        _ => (ErrorKind::Invalid, "the model server refuses the request"),
    }
}
