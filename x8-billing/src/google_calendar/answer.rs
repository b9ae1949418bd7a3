//! Reads answers.

use serde::de::DeserializeOwned;
use x8_core::{Error, Result};

use super::{
    client::Answer,
    error::{refused, unreadable},
};

/// The object in a successful answer.
pub(super) fn read<T: DeserializeOwned>(operation: &'static str, answer: &Answer) -> Result<T> {
    if !answer.status.is_success() {
        return Err(refused(operation, answer));
    }
    // A body that was cut short or came from a proxy is as good as none: the same call finds out what happened.
    serde_json::from_slice(&answer.body)
        .map_err(|error| unreadable(operation, answer).caused_by(error))
}

/// A moment that Google tells.
pub(super) fn moment(operation: &'static str, text: &str) -> Result<jiff::Timestamp> {
    text.parse().map_err(|error: jiff::Error| {
        Error::unavailable(operation, "Google tells a time that cannot be read").caused_by(error)
    })
}
