//! One exception class per [`ErrorKind`], all rooted in `x8.Error`.

use pyo3::{PyTypeInfo, create_exception, exceptions::PyException, prelude::*};
use x8_core::{Error, ErrorKind, Retry};

macro_rules! exceptions {
    ($($name:ident: $doc:literal;)+) => {
        /// Named as Python knows them, so that tracebacks and pickles name what can be imported.
        mod classes {
            use super::{PyException, create_exception};

            create_exception!(x8, Error, PyException, "Root of every error of the package.");
            $(create_exception!(x8, $name, Error, $doc);)+
        }

        /// Adds every exception class.
        pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
            module.add("Error", module.py().get_type::<classes::Error>())?;
            $(module.add(stringify!($name), module.py().get_type::<classes::$name>())?;)+
            Ok(())
        }
    };
}

exceptions! {
    InvalidError: "The call or the data is wrong; the message says what and how to mend it.";
    UnauthenticatedError: "Who is calling could not be established.";
    ForbiddenError: "The caller may not do this.";
    NotFoundError: "It does not exist.";
    ConflictError: "The state forbids it, or somebody else was first.";
    PaymentRequiredError: "The trial or the plan does not cover it.";
    TooLargeError: "Larger than a configured limit.";
    RateLimitedError: "Too many requests.";
    UnsupportedError: "This cannot be done at all.";
    UnavailableError: "A dependency is down or slow.";
    UnknownOutcomeError: "It may or may not have happened; reconcile, never blindly repeat.";
    InternalError: "A defect.";
}

/// The exception for an error, with `code`, `operation`, `retryable` and `context` as attributes.
pub(crate) fn raise(error: &Error) -> PyErr {
    Python::attach(|py| {
        let raised = exception(error.kind(), error.public().to_owned());
        let value = raised.value(py);
        let context: Vec<(&str, &str)> = error
            .context()
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        let filled = value
            .setattr("code", error.kind().as_str().replace(' ', "_"))
            .and_then(|()| value.setattr("operation", error.operation()))
            .and_then(|()| value.setattr("retryable", error.retry() != Retry::Never))
            .and_then(|()| value.setattr("context", context));
        filled.err().unwrap_or(raised)
    })
}

/// A wrong argument, in the same shape.
pub(crate) fn invalid(operation: &'static str, message: impl Into<String>) -> PyErr {
    raise(&Error::invalid(operation, message.into()))
}

fn exception(kind: ErrorKind, message: String) -> PyErr {
    fn new<T: PyTypeInfo>(message: String) -> PyErr {
        PyErr::new::<T, _>(message)
    }
    match kind {
        ErrorKind::Invalid => new::<classes::InvalidError>(message),
        ErrorKind::Unauthenticated => new::<classes::UnauthenticatedError>(message),
        ErrorKind::Forbidden => new::<classes::ForbiddenError>(message),
        ErrorKind::NotFound => new::<classes::NotFoundError>(message),
        ErrorKind::Conflict => new::<classes::ConflictError>(message),
        ErrorKind::PaymentRequired => new::<classes::PaymentRequiredError>(message),
        ErrorKind::TooLarge => new::<classes::TooLargeError>(message),
        ErrorKind::RateLimited => new::<classes::RateLimitedError>(message),
        ErrorKind::Unsupported => new::<classes::UnsupportedError>(message),
        ErrorKind::Unavailable => new::<classes::UnavailableError>(message),
        ErrorKind::UnknownOutcome => new::<classes::UnknownOutcomeError>(message),
        ErrorKind::Internal => new::<classes::InternalError>(message),
        // A kind that this build does not know yet is still an `x8.Error`.
        _ => new::<classes::Error>(message),
    }
}
