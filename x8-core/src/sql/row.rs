//! How values travel between rows and types: the one place that knows the conventions of both families of tables.
//!
//! The existing application's tables hold datetimes in the database's own way and enums by their upper-case names; x8's own
//! hold milliseconds and the words that serde writes.

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{Column, Row, dialect};
use crate::error::{Error, Result};

mod account;
mod channel;
mod ledger;
mod message;
mod subscription;

pub(super) use account::{company, user};
pub(super) use channel::channel;
pub(super) use ledger::{booking, hold, job, order};
pub(super) use message::{conversation, message};
pub(super) use subscription::{Extra, subscription};

/// The operation named by errors about rows that cannot be read.
const READ: &str = "store.read";

/// Typed access to a column, with the column named in the error.
pub(super) trait Columns {
    fn read<T: Column>(&self, column: &'static str) -> Result<T>;

    /// A counter that fits 32 bits.
    fn count(&self, column: &'static str) -> Result<u32>;

    /// UTC milliseconds.
    fn time(&self, column: &'static str) -> Result<Timestamp>;

    /// UTC milliseconds, or NULL.
    fn time_if(&self, column: &'static str) -> Result<Option<Timestamp>>;

    /// A datetime of the existing application.
    fn datetime_if(&self, column: &'static str) -> Result<Option<Timestamp>>;

    /// A UUID as text.
    fn uuid(&self, column: &'static str) -> Result<Uuid>;

    /// A word that serde knows.
    fn word<T: DeserializeOwned>(&self, column: &'static str) -> Result<T>;

    /// A JSON document.
    fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T>;
}

impl Columns for Row {
    fn read<T: Column>(&self, column: &'static str) -> Result<T> {
        dialect::read(self, column).map_err(|error| corrupt(column, error))
    }

    fn count(&self, column: &'static str) -> Result<u32> {
        let number: i64 = self.read(column)?;
        u32::try_from(number).map_err(|error| corrupt(column, error).with("value", number))
    }

    fn time(&self, column: &'static str) -> Result<Timestamp> {
        let number: i64 = self.read(column)?;
        Timestamp::from_millisecond(number)
            .map_err(|error| corrupt(column, error).with("value", number))
    }

    fn time_if(&self, column: &'static str) -> Result<Option<Timestamp>> {
        match self.read::<Option<i64>>(column)? {
            Some(_) => self.time(column).map(Some),
            None => Ok(None),
        }
    }

    fn datetime_if(&self, column: &'static str) -> Result<Option<Timestamp>> {
        dialect::read_datetime(self, column).map_err(|error| corrupt(column, error))
    }

    fn uuid(&self, column: &'static str) -> Result<Uuid> {
        let text: String = self.read(column)?;
        Uuid::parse_str(&text).map_err(|error| corrupt(column, error).with("value", text))
    }

    fn word<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        let text: String = self.read(column)?;
        from_word(&text).ok_or_else(|| corrupt(column, "an unknown word").with("value", text))
    }

    fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        let text: String = self.read(column)?;
        serde_json::from_str(&text).map_err(|error| corrupt(column, error))
    }
}

/// An error about a row that cannot be what x8 wrote.
pub(super) fn corrupt(
    column: &'static str,
    cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    Error::internal(READ, cause).with("column", column)
}

/// The word serde writes for a plain enum value.
pub(super) fn to_word(value: &impl Serialize) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(other) => Err(Error::internal("store.write", "not a word").with("value", other)),
        Err(error) => Err(Error::internal("store.write", error)),
    }
}

/// Reads [`to_word`] back.
pub(super) fn from_word<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}

/// A JSON document as stored.
pub(super) fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::internal("store.write", error))
}
