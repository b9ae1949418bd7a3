//! One exception class per [`ErrorKind`], all rooted in `x8.Error`.

use pyo3::{PyTypeInfo, create_exception, exceptions::PyException, prelude::*};
use x8_core::{Error, ErrorKind, Retry};

create_exception!(
    x8,
    X8Error,
    PyException,
    "Root of every error of the package."
);

macro_rules! exceptions {
    ($($name:ident: $public:literal, $doc:literal;)+) => {
        $(create_exception!(x8, $name, X8Error, $doc);)+

        /// Adds every exception class under its public name.
        pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
            module.add("Error", module.py().get_type::<X8Error>())?;
            $(module.add($public, module.py().get_type::<$name>())?;)+
            Ok(())
        }
    };
}

exceptions! {
    Invalid: "InvalidError", "The call or the data is wrong; the message says what and how to mend it.";
    Unauthenticated: "UnauthenticatedError", "Who is calling could not be established.";
    Forbidden: "ForbiddenError", "The caller may not do this.";
    NotFound: "NotFoundError", "It does not exist.";
    Conflict: "ConflictError", "The state forbids it, or somebody else was first.";
    PaymentRequired: "PaymentRequiredError", "The trial or the plan does not cover it.";
    TooLarge: "TooLargeError", "Larger than a configured limit.";
    RateLimited: "RateLimitedError", "Too many requests.";
    Unsupported: "UnsupportedError", "This cannot be done at all.";
    Unavailable: "UnavailableError", "A dependency is down or slow.";
    UnknownOutcome: "UnknownOutcomeError", "It may or may not have happened; reconcile, never blindly repeat.";
    Internal: "InternalError", "A defect.";
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
        ErrorKind::Invalid => new::<Invalid>(message),
        ErrorKind::Unauthenticated => new::<Unauthenticated>(message),
        ErrorKind::Forbidden => new::<Forbidden>(message),
        ErrorKind::NotFound => new::<NotFound>(message),
        ErrorKind::Conflict => new::<Conflict>(message),
        ErrorKind::PaymentRequired => new::<PaymentRequired>(message),
        ErrorKind::TooLarge => new::<TooLarge>(message),
        ErrorKind::RateLimited => new::<RateLimited>(message),
        ErrorKind::Unsupported => new::<Unsupported>(message),
        ErrorKind::Unavailable => new::<Unavailable>(message),
        ErrorKind::UnknownOutcome => new::<UnknownOutcome>(message),
        ErrorKind::Internal => new::<Internal>(message),
        // A kind that this build does not know yet is still an `x8.Error`.
        _ => new::<X8Error>(message),
    }
}
