//! Lenient JSON with strict errors: a field knows its path.

use jiff::Timestamp;
use serde_json::Value;
use x8_core::{Error, Result};

/// Longer identifiers than any provider hands out are refused before they reach an index.
const LONGEST_TEXT: usize = 512;

/// A place in a JSON body, present or not.
pub(super) struct Field<'a> {
    path: String,
    value: Option<&'a Value>,
}

impl<'a> Field<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self {
            path: String::new(),
            value: Some(value),
        }
    }

    pub(super) fn get(&self, key: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self {
            path: format!("{}{dot}{key}", self.path),
            value: self.value.and_then(|value| value.get(key)),
        }
    }

    pub(super) fn is_null(&self) -> bool {
        self.value.is_none_or(Value::is_null)
    }

    /// Non-empty text.
    pub(super) fn text(&self) -> Result<&'a str> {
        self.value
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty() && text.len() <= LONGEST_TEXT)
            .ok_or_else(|| self.wrong(&format!("text of 1 to {LONGEST_TEXT} bytes")))
    }

    /// Text, or nothing when absent or null.
    pub(super) fn optional_text(&self) -> Result<Option<String>> {
        if self.is_null() {
            return Ok(None);
        }
        self.text().map(|text| Some(text.to_owned()))
    }

    /// An id, as text or as the expanded object that carries it.
    pub(super) fn id(&self) -> Result<String> {
        match self.value {
            Some(Value::Object(_)) => self.get("id").text().map(str::to_owned),
            _plain => self.text().map(str::to_owned),
        }
    }

    pub(super) fn flag(&self) -> Result<bool> {
        self.value
            .and_then(Value::as_bool)
            .ok_or_else(|| self.wrong("true or false"))
    }

    pub(super) fn integer(&self) -> Result<i64> {
        self.value
            .and_then(Value::as_i64)
            .ok_or_else(|| self.wrong("an integer"))
    }

    pub(super) fn seconds(&self) -> Result<Timestamp> {
        let seconds = self.integer()?;
        Timestamp::from_second(seconds)
            .map_err(|_| self.unexpected(seconds.to_string(), "seconds since 1970"))
    }

    /// The field holds the wrong thing.
    pub(super) fn unexpected(&self, found: impl AsRef<str>, expected: &str) -> Error {
        let (path, found) = (&self.path, found.as_ref());
        Error::invalid(
            "event.read",
            format!("event field `{path}`: found {found}, expected {expected}"),
        )
    }

    fn wrong(&self, expected: &str) -> Error {
        let found = self
            .value
            .map_or_else(|| "nothing".to_owned(), |value| shown(&value.to_string()));
        self.unexpected(found, expected)
    }
}

/// The offending value, short enough for a log line.
pub(super) fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("`{short}`")
}
