//! What a failure of the database means to a caller.

use super::dialect;
use crate::error::{Error, Result};

/// Turns database failures into workspace errors, naming the operation.
pub(in super::super) trait Faults<T> {
    /// A constraint that refuses is a `Conflict`, a busy or full or absent database is `Unavailable`, the rest is
    /// `Internal`.
    fn of(self, operation: &'static str) -> Result<T>;
}

impl<T> Faults<T> for std::result::Result<T, sqlx::Error> {
    fn of(self, operation: &'static str) -> Result<T> {
        self.map_err(|error| fault(operation, error))
    }
}

impl<T> Faults<T> for std::result::Result<T, serde_json::Error> {
    fn of(self, operation: &'static str) -> Result<T> {
        self.map_err(|error| Error::internal(operation, error))
    }
}

/// What a database says when it does not do as it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Meaning {
    /// A constraint; its words name columns and stay in the log.
    Constraint,
    /// One of our own triggers, whose words may be shown.
    Rule,
    /// It may pass: busy, full, restarting, unreachable.
    Unavailable,
    /// What was asked cannot be stored.
    Unfit,
    /// A mistake of ours, or a broken database.
    Defect,
}

fn fault(operation: &'static str, error: sqlx::Error) -> Error {
    if matches!(
        error,
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_)
    ) {
        return unavailable(operation, error);
    }
    let told = error.as_database_error();
    match told.map_or(Meaning::Defect, dialect::meaning) {
        Meaning::Constraint => {
            let words = "somebody else changed it first, or the state forbids it";
            Error::conflict(operation, words).caused_by(error)
        }
        Meaning::Rule => {
            let words = told.map(|told| told.message().to_owned());
            Error::conflict(operation, words.unwrap_or_default()).caused_by(error)
        }
        Meaning::Unavailable => unavailable(operation, error),
        Meaning::Unfit => Error::invalid(operation, "the text cannot be stored").caused_by(error),
        Meaning::Defect => Error::internal(operation, error),
    }
}

fn unavailable(operation: &'static str, error: sqlx::Error) -> Error {
    Error::unavailable(operation, "the database is busy or cannot be reached").caused_by(error)
}
