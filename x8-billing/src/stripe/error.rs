//! Stripe's refusals in the house's words.

use reqwest::StatusCode;
use x8_core::{Error, ErrorKind, Retry};

use super::{
    client::Answer,
    wire::{Fault, Refusal},
};
use crate::web::Lost;

const NOT_CONNECTED: &str = "the company's Stripe account is not connected; connect it again";

/// What a call is about, which decides what "missing" means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Opening a link: what is missing is something the request named.
    Opening,
    /// A link that exists.
    Link,
    /// A payment that exists.
    Payment,
    /// A connected account.
    Account,
    /// A subscription that exists.
    Subscription,
}

impl About {
    fn missing(self) -> (ErrorKind, &'static str) {
        match self {
            Self::Opening => (
                ErrorKind::Invalid,
                "Stripe does not know something the payment link names",
            ),
            Self::Link => (ErrorKind::NotFound, "no such payment session"),
            Self::Payment => (ErrorKind::NotFound, "no such payment"),
            Self::Account => (ErrorKind::PaymentRequired, NOT_CONNECTED),
            Self::Subscription => (ErrorKind::NotFound, "no such subscription"),
        }
    }
}

/// No answer came, or none that can be trusted. The same call with the same key is safe.
pub(super) fn lost(operation: &'static str, lost: Lost) -> Error {
    let error = Error::unavailable(operation, "Stripe did not answer; try again");
    match lost {
        Lost::Silent(source) => error.caused_by(source),
        Lost::Oversize => error.with("answer", "too large"),
    }
}

/// The fault in an answer; an empty one when the body is not Stripe's.
pub(super) fn fault(answer: &Answer) -> Fault {
    serde_json::from_slice::<Refusal>(&answer.body)
        .unwrap_or_default()
        .error
}

/// The error for an answer that is not a success.
pub(super) fn refused(operation: &'static str, about: About, answer: &Answer) -> Error {
    let fault = fault(answer);
    let (kind, public) = meaning(about, answer.status, &fault);
    let mut error = Error::new(kind, operation, public)
        .with("status", answer.status.as_u16())
        .with("request_id", &answer.request_id);
    for (key, word) in [
        ("type", fault.kind),
        ("code", fault.code),
        ("decline_code", fault.decline_code),
        ("param", fault.param),
        ("answer", fault.message),
    ] {
        if let Some(word) = word {
            error = error.with(key, words(&word));
        }
    }
    if answer.replayed {
        error = error.with("replayed", true);
    }
    match (kind, answer.retry_after) {
        (ErrorKind::Unavailable, Some(wait)) => error.retrying(Retry::After(wait)),
        // Nothing about these changes by waiting.
        (ErrorKind::Conflict, _) => error.retrying(Retry::Never),
        _ => error,
    }
}

/// By code and type first: Stripe uses one status for many things.
fn meaning(about: About, status: StatusCode, fault: &Fault) -> (ErrorKind, &'static str) {
    let code = fault.code.as_deref().unwrap_or_default();
    match (code, fault.kind.as_deref().unwrap_or_default()) {
        ("idempotency_key_in_use" | "lock_timeout" | "rate_limit", _) => {
            (ErrorKind::Unavailable, "Stripe is busy; try again")
        }
        (_, "idempotency_error") if status != StatusCode::CONFLICT => (
            ErrorKind::Conflict,
            "the idempotency key was used for a call with other content; use a new key",
        ),
        ("account_invalid" | "account_closed", _) => (ErrorKind::PaymentRequired, NOT_CONNECTED),
        ("resource_missing", _) => about.missing(),
        ("charge_disputed", _) => (
            ErrorKind::Conflict,
            "the payment is disputed and cannot be refunded",
        ),
        ("amount_too_small", _) => (ErrorKind::Invalid, "the amount is too small to be charged"),
        ("amount_too_large", _) => (ErrorKind::Invalid, "the amount is too large to be charged"),
        _other if about == About::Opening && fault.param.as_deref() == Some("expires_at") => (
            ErrorKind::Invalid,
            "a new link must expire 30 minutes to 24 hours from now",
        ),
        _other => by_status(about, status),
    }
}

fn by_status(about: About, status: StatusCode) -> (ErrorKind, &'static str) {
    match status {
        StatusCode::UNAUTHORIZED => (ErrorKind::Unauthenticated, "Stripe refuses our key"),
        StatusCode::FORBIDDEN => (
            ErrorKind::Forbidden,
            "our Stripe key lacks a permission this needs",
        ),
        StatusCode::NOT_FOUND => about.missing(),
        StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS => {
            (ErrorKind::Unavailable, "Stripe is busy; try again")
        }
        _ if status.is_server_error()
            || status == StatusCode::REQUEST_TIMEOUT
            || status == StatusCode::FAILED_DEPENDENCY =>
        {
            (ErrorKind::Unavailable, "Stripe failed; try again")
        }
        _ if status.is_redirection() => (
            ErrorKind::Invalid,
            "Stripe redirects; base_url must name its final address",
        ),
        _ => (ErrorKind::Invalid, "Stripe refuses the request"),
    }
}

/// Stripe's words for the log: short, and without anything that looks like a key.
fn words(text: &str) -> String {
    let shown = |word: &str| {
        let bare = word.trim_start_matches(|letter: char| !letter.is_ascii_alphanumeric());
        if ["sk_", "rk_", "pk_", "whsec_"]
            .into_iter()
            .any(|prefix| bare.starts_with(prefix))
        {
            "***".to_owned()
        } else {
            word.to_owned()
        }
    };
    let words: Vec<String> = text.split_whitespace().map(shown).collect();
    words.join(" ").chars().take(300).collect()
}
