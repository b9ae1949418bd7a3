//! What a failure of the database means to a caller.

use crate::error::{Error, Result};

/// Turns database failures into workspace errors, naming the operation.
pub(super) trait Faults<T> {
    /// A constraint that refuses is a `Conflict`, a busy or full disk is `Unavailable`, the rest is `Internal`.
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

fn fault(operation: &'static str, error: sqlx::Error) -> Error {
    match Meaning::of(&error) {
        Meaning::Refused => Error::conflict(operation, refusal(&error)).caused_by(error),
        Meaning::Unavailable => {
            Error::unavailable(operation, "the database is busy or cannot be written")
                .caused_by(error)
        }
        Meaning::Defect => Error::internal(operation, error),
    }
}

enum Meaning {
    Refused,
    Unavailable,
    Defect,
}

impl Meaning {
    fn of(error: &sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) {
            return Self::Unavailable;
        }
        // Primary result codes of SQLite are the low byte of the extended ones.
        match code(error).map(|code| code & 0xff) {
            // CONSTRAINT
            Some(19) => Self::Refused,
            // BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN
            Some(5 | 6 | 8 | 10 | 13 | 14) => Self::Unavailable,
            Some(_) | None => Self::Defect,
        }
    }
}

fn code(error: &sqlx::Error) -> Option<u32> {
    error.as_database_error()?.code()?.parse().ok()
}

/// The words of our own triggers may be shown; those of other constraints name columns and stay in the log.
fn refusal(error: &sqlx::Error) -> String {
    const TRIGGER: u32 = 1811;
    match error.as_database_error() {
        Some(refused) if code(error) == Some(TRIGGER) => refused.message().to_owned(),
        _other => "somebody else changed it first, or the state forbids it".to_owned(),
    }
}
