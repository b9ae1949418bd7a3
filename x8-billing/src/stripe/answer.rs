//! Reads answers, and tells the refusals that are no failures.

use serde::de::DeserializeOwned;
use x8_core::{Error, Result};

use super::{
    client::Answer,
    error::{About, fault, lost, refused},
};
use crate::web::Lost;

/// The object in a successful answer.
pub(super) fn read<T: DeserializeOwned>(
    operation: &'static str,
    about: About,
    answer: Result<Answer, Lost>,
) -> Result<T> {
    let answer = answer.map_err(|why| lost(operation, why))?;
    if !answer.status.is_success() {
        return Err(refused(operation, about, &answer));
    }
    // A body that was cut short or came from a proxy is as good as none: the same call finds out what happened.
    serde_json::from_slice(&answer.body).map_err(|error| {
        Error::unavailable(operation, "Stripe's answer could not be read; try again")
            .with("status", answer.status.as_u16())
            .with("request_id", &answer.request_id)
            .caused_by(error)
    })
}

/// Stripe refuses to close what is not open with a plain 400; codes that say something else are something else.
pub(super) fn is_state(answer: &Answer) -> bool {
    let fault = fault(answer);
    fault.kind.as_deref() == Some("invalid_request_error")
        && !matches!(
            fault.code.as_deref(),
            Some("resource_missing" | "parameter_unknown" | "parameter_missing")
        )
}

/// The money went back already, by whomever.
pub(super) fn is_refunded(answer: &Answer) -> bool {
    !answer.status.is_success() && fault(answer).code.as_deref() == Some("charge_already_refunded")
}
