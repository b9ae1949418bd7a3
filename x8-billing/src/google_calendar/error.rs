//! Google's refusals in the house's words. The reason decides, not the status: 403 is a rate limit as often as a right that
//! is missing.

use std::time::Duration;

use reqwest::StatusCode;
use x8_core::{Error, ErrorKind, Retry};

use super::{
    client::Answer,
    wire::{Fault, Reason, Refusal, TokenFault},
};
use crate::web::Lost;

/// Google names no time: a rate limit of a minute's window has eased by then.
const RATE: Duration = Duration::from_secs(30);
/// A limit of a day, or of calendar use, lasts for hours.
const QUOTA: Duration = Duration::from_secs(15 * 60);
/// An outage. The error says when to come again so that no write is ever given up for it.
const OUTAGE: Duration = Duration::from_secs(20);
/// The operator must mend the client's id or secret first.
const MISCONFIGURED: Duration = Duration::from_secs(5 * 60);

const AGAIN: &str = "Google refuses our access; connect the calendar again";

/// No answer came, or none that can be trusted. Every call may be repeated.
pub(super) fn lost(operation: &'static str, lost: Lost) -> Error {
    let error = Error::unavailable(operation, "Google did not answer; try again")
        .retrying(Retry::After(OUTAGE));
    match lost {
        Lost::Silent(source) => error.caused_by(source),
        Lost::Oversize => error.with("answer", "too large"),
    }
}

/// An answer that is cut, or not Google's.
pub(super) fn unreadable(operation: &'static str, answer: &Answer) -> Error {
    Error::unavailable(operation, "Google's answer could not be read; try again")
        .with("status", answer.status.as_u16())
        .retrying(Retry::After(OUTAGE))
}

/// The company has to connect (again).
pub(super) fn unauthenticated(operation: &'static str) -> Error {
    Error::new(ErrorKind::Unauthenticated, operation, AGAIN)
}

/// The error for an answer that is not a success.
pub(super) fn refused(operation: &'static str, answer: &Answer) -> Error {
    let fault = serde_json::from_slice::<Refusal>(&answer.body)
        .unwrap_or_default()
        .error;
    let Fault { message, errors } = fault;
    let first = errors.into_iter().next().unwrap_or_default();
    let (kind, public, wait) = meaning(answer.status, &first);
    let mut error = Error::new(kind, operation, public).with("status", answer.status.as_u16());
    for (key, word) in [("domain", &first.domain), ("reason", &first.reason)] {
        if !word.is_empty() {
            error = error.with(key, short(word));
        }
    }
    if let Some(message) = message {
        error = error.with("answer", short(&message));
    }
    match (kind, wait) {
        (ErrorKind::Unavailable, Some(wait)) => {
            error.retrying(Retry::After(answer.retry_after.unwrap_or(wait)))
        }
        // Nothing about these changes by waiting.
        (ErrorKind::Conflict, _) => error.retrying(Retry::Never),
        _ => error,
    }
}

type Meaning = (ErrorKind, &'static str, Option<Duration>);

fn meaning(status: StatusCode, reason: &Reason) -> Meaning {
    match reason.reason.as_str() {
        "rateLimitExceeded" | "userRateLimitExceeded" => busy(RATE),
        "quotaExceeded" | "dailyLimitExceeded" | "calendarUsageLimitsExceeded" => busy(QUOTA),
        "insufficientPermissions" | "ACCESS_TOKEN_SCOPE_INSUFFICIENT" => forbidden(
            "x8 was not given every right it needs; connect the calendar again and tick every box",
        ),
        "accessNotConfigured" => {
            forbidden("the Calendar API is switched off in the platform's Google project")
        }
        _other => by_status(status, reason),
    }
}

fn by_status(status: StatusCode, reason: &Reason) -> Meaning {
    match status {
        StatusCode::UNAUTHORIZED => (ErrorKind::Unauthenticated, AGAIN, None),
        StatusCode::FORBIDDEN if reason.domain == "usageLimits" => busy(RATE),
        StatusCode::FORBIDDEN => forbidden(
            "x8 may not write to the chosen calendar; choose another one or have it shared with the right to change events",
        ),
        StatusCode::NOT_FOUND | StatusCode::GONE => (
            ErrorKind::NotFound,
            "Google does not know the chosen calendar any more; choose another one",
            None,
        ),
        StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => (
            ErrorKind::Conflict,
            "the calendar event is another one than expected",
            None,
        ),
        StatusCode::TOO_MANY_REQUESTS => busy(RATE),
        _ if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => (
            ErrorKind::Unavailable,
            "Google failed; try again",
            Some(OUTAGE),
        ),
        _ if status.is_redirection() => (
            ErrorKind::Invalid,
            "Google redirects; its address must be the final one",
            None,
        ),
        _ => (ErrorKind::Invalid, "Google refuses the request", None),
    }
}

fn busy(wait: Duration) -> Meaning {
    let public = "Google asks us to slow down; try again later";
    (ErrorKind::Unavailable, public, Some(wait))
}

fn forbidden(public: &'static str) -> Meaning {
    (ErrorKind::Forbidden, public, None)
}

/// The token endpoint's refusal; `dead` is what `invalid_grant` means to the caller.
pub(super) fn token_refused(
    operation: &'static str,
    answer: &Answer,
    dead: (ErrorKind, &'static str),
) -> Error {
    let fault = serde_json::from_slice::<TokenFault>(&answer.body).unwrap_or_default();
    let error = match fault.error.as_str() {
        "invalid_grant" => Error::new(dead.0, operation, dead.1),
        "invalid_client" | "unauthorized_client" | "redirect_uri_mismatch" | "invalid_request"
        | "unsupported_grant_type" => Error::unavailable(
            operation,
            "Google refuses this server as a client; check GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET and GOOGLE_CALENDAR_REDIRECT_URI",
        )
        .retrying(Retry::After(MISCONFIGURED)),
        _other if answer.status.is_client_error() && answer.status != StatusCode::TOO_MANY_REQUESTS => {
            Error::invalid(operation, "Google refuses the request")
        }
        _other => {
            let wait = answer.retry_after.unwrap_or(OUTAGE);
            Error::unavailable(operation, "Google failed; try again").retrying(Retry::After(wait))
        }
    };
    let error = error.with("status", answer.status.as_u16());
    match (fault.error.as_str(), fault.error_description) {
        ("", _) => error,
        (word, None) => error.with("error", short(word)),
        (word, Some(more)) => error
            .with("error", short(word))
            .with("answer", short(&more)),
    }
}

/// Google's words for the log: short.
fn short(text: &str) -> String {
    text.chars().take(300).collect()
}
