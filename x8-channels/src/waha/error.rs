//! What an answer other than success means, for a call that may be repeated and for a send.

use reqwest::StatusCode;
use serde_json::Value;
use x8_core::{Error, ErrorKind, Retry};

use super::api::{Answer, Lost};

/// What a call does, which decides what a lost answer means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Repeating it changes nothing.
    Repeatable,
    /// It sends a message: repeating it may send two.
    Send,
}

/// The error for a call that got no answer.
pub(super) fn lost(operation: &'static str, effect: Effect, lost: Lost) -> Error {
    let (kind, public) = match (&lost, effect) {
        (Lost::NeverLeft(_), _) => (ErrorKind::Unavailable, "WhatsApp cannot be reached"),
        (Lost::Unknown(_) | Lost::Oversize, Effect::Repeatable) => {
            (ErrorKind::Unavailable, "WhatsApp did not answer")
        }
        (Lost::Unknown(_) | Lost::Oversize, Effect::Send) => (
            ErrorKind::UnknownOutcome,
            "WhatsApp did not answer; the message may have gone",
        ),
    };
    let error = Error::new(kind, operation, public);
    match lost {
        Lost::NeverLeft(source) | Lost::Unknown(source) => error.caused_by(source),
        Lost::Oversize => error.with("answer", "too large"),
    }
}

/// The error for an answer that is not a success.
///
/// A server error says nothing about a send: WAHA answers 500 for faults *after* the engine took the message too, and
/// a proxy answers 502 or 504 for whatever happened behind it. Only [`gate`] proves that nothing went.
pub(super) fn refused(operation: &'static str, effect: Effect, answer: &Answer) -> Error {
    let (kind, public) = meaning(effect, answer);
    let mut error = Error::new(kind, operation, public).with("status", answer.status.as_u16());
    if let Some(words) = words(answer) {
        error = error.with("answer", words);
    }
    match answer.retry_after {
        Some(wait) if matches!(kind, ErrorKind::RateLimited | ErrorKind::Unavailable) => {
            error.retrying(Retry::After(wait))
        }
        _ => error,
    }
}

fn meaning(effect: Effect, answer: &Answer) -> (ErrorKind, &'static str) {
    if let Some(kind) = gated(effect, answer) {
        return (kind, "the WhatsApp session is not in the state this needs");
    }
    let status = answer.status;
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => (
            ErrorKind::Unauthenticated,
            "the WhatsApp server refuses our key",
        ),
        StatusCode::NOT_FOUND => (ErrorKind::NotFound, "the WhatsApp server does not know it"),
        StatusCode::TOO_MANY_REQUESTS => (ErrorKind::RateLimited, "too many requests to WhatsApp"),
        StatusCode::NOT_IMPLEMENTED => (
            ErrorKind::Unsupported,
            "the engine of the WhatsApp server cannot do this",
        ),
        // A request that timed out on its way in or in a proxy is as unknown as one that timed out here.
        _ if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => match effect {
            Effect::Repeatable => (ErrorKind::Unavailable, "the WhatsApp server failed"),
            Effect::Send => (
                ErrorKind::UnknownOutcome,
                "the WhatsApp server failed; the message may have gone",
            ),
        },
        _ if status.is_redirection() => (
            ErrorKind::Invalid,
            "the WhatsApp server redirects; base_url must name its final address",
        ),
        _ => (
            ErrorKind::Invalid,
            "the WhatsApp server refuses the request",
        ),
    }
}

fn gated(effect: Effect, answer: &Answer) -> Option<ErrorKind> {
    gate(answer)?;
    Some(match effect {
        Effect::Repeatable => ErrorKind::Conflict,
        // It surely did not go, and it will once the session works again.
        Effect::Send => ErrorKind::Unavailable,
    })
}

/// The state a session is in, when the answer says that another one was expected: the check comes before any work.
pub(super) fn gate(answer: &Answer) -> Option<&str> {
    let body = answer.body.as_ref()?;
    body.get("expected")?.as_array()?;
    body.get("status")?.as_str()
}

/// The server's words for the log. A 500 echoes the whole request, so nothing but its message is taken.
fn words(answer: &Answer) -> Option<String> {
    let body = answer.body.as_ref()?;
    let text = ["/message", "/message/0", "/exception/message", "/error"]
        .into_iter()
        .find_map(|path| body.pointer(path).and_then(Value::as_str))?;
    Some(text.chars().take(200).collect())
}
