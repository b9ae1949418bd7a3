//! What a failure of the database means to a caller.

use x8_core::{Error, Result};

/// Turns database failures into workspace errors, naming the operation.
pub(super) trait Faults<T> {
    /// What may pass is `Unavailable`, the rest `Internal`.
    fn of(self, operation: &'static str) -> Result<T>;
}

impl<T> Faults<T> for std::result::Result<T, sqlx::Error> {
    fn of(self, operation: &'static str) -> Result<T> {
        self.map_err(|error| fault(operation, error))
    }
}

impl<T> Faults<T> for std::result::Result<T, sqlx::migrate::MigrateError> {
    fn of(self, operation: &'static str) -> Result<T> {
        self.map_err(|error| {
            if let sqlx::migrate::MigrateError::Execute(error) = error {
                return fault(operation, error);
            }
            Error::internal(operation, error)
        })
    }
}

fn fault(operation: &'static str, error: sqlx::Error) -> Error {
    if passes(&error) {
        return Error::unavailable(operation, "the memory's database cannot be reached")
            .caused_by(error);
    }
    Error::internal(operation, error)
}

fn passes(error: &sqlx::Error) -> bool {
    if matches!(
        error,
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_)
    ) {
        return true;
    }
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    let Some(code) = code else {
        return false;
    };
    match code.parse::<u32>() {
        // SQLite, low byte: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN. States of PostgreSQL have five characters.
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6 | 8 | 10 | 13 | 14),
        // PostgreSQL: connection, resources, operator's intervention, and a transaction that lost against another.
        Ok(_) | Err(_) => ["08", "53", "57", "40"]
            .iter()
            .any(|class| code.starts_with(class)),
    }
}
