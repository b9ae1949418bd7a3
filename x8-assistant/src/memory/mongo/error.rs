//! What a failure of the server means to a caller.

use mongodb::error::{Error as MongoError, ErrorKind, WriteFailure};
use x8_core::{Error, Result};

/// Turns failures of the driver into workspace errors, naming the operation.
pub(super) trait Faults<T> {
    /// What may pass is `Unavailable`, the rest `Internal`. Every call of the memory may be repeated.
    fn of(self, operation: &'static str) -> Result<T>;
}

impl<T> Faults<T> for std::result::Result<T, MongoError> {
    fn of(self, operation: &'static str) -> Result<T> {
        self.map_err(|error| {
            if passes(&error) {
                return Error::unavailable(operation, "the memory's database cannot be reached")
                    .caused_by(error);
            }
            Error::internal(operation, error)
        })
    }
}

fn passes(error: &MongoError) -> bool {
    let labelled = ["RetryableWriteError", "TransientTransactionError"]
        .iter()
        .any(|label| error.contains_label(label));
    labelled
        || matches!(
            &*error.kind,
            ErrorKind::Io(_)
                | ErrorKind::ConnectionPoolCleared { .. }
                | ErrorKind::ServerSelection { .. }
                | ErrorKind::DnsResolve { .. }
                | ErrorKind::Write(WriteFailure::WriteConcernError(_))
        )
}

/// E11000: a unique index refused it.
pub(super) fn is_duplicate(error: &MongoError) -> bool {
    const DUPLICATE: i32 = 11_000;
    // A plain write reports it as a write error, `findAndModify` as an error of the command.
    if let ErrorKind::Write(WriteFailure::WriteError(refused)) = &*error.kind {
        return refused.code == DUPLICATE;
    }
    matches!(&*error.kind, ErrorKind::Command(refused) if refused.code == DUPLICATE)
}
