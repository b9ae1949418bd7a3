//! The one error shape of the workspace: *kind × retry × operation × context*.
//!
//! Two messages are kept apart. The **public** message may be shown to whoever called; the **log** form
//! (`Display`) adds operation, context and source for the operator. Neither may hold a secret.
//!
//! A business refusal ("this city is not served") is a value of its own type, not an [`Error`]: errors are
//! what the operator must see or the caller must mend.
//!
//! ```
//! use x8_core::{Error, ErrorKind, Retry};
//!
//! let error = Error::not_found("order.get", "no such order").with("order", "42");
//! assert_eq!(error.kind(), ErrorKind::NotFound);
//! assert_eq!(error.retry(), Retry::Never);
//! assert_eq!(error.public(), "no such order");
//! assert_eq!(error.to_string(), "order.get: not found: no such order (order=42)");
//! ```

use std::{borrow::Cow, error::Error as StdError, fmt, time::Duration};

/// Shorthand for results that fail with [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in terms a caller can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request itself is wrong; the message says what and how to mend it. HTTP 422 or 400.
    Invalid,
    /// Who is calling could not be established (bad signature, token, password). HTTP 401.
    Unauthenticated,
    /// The caller is known and may not do this. HTTP 403.
    Forbidden,
    /// It does not exist, or belongs to somebody else (T3). HTTP 404.
    NotFound,
    /// Somebody else changed it first, or the state forbids it. HTTP 409.
    Conflict,
    /// The trial or the plan does not cover it (E1, E2). HTTP 402.
    PaymentRequired,
    /// Larger than a configured limit. HTTP 413.
    TooLarge,
    /// Too many requests; see [`Retry::After`]. HTTP 429.
    RateLimited,
    /// The adapter cannot do this at all. HTTP 501.
    Unsupported,
    /// A dependency is down or slow. HTTP 503.
    Unavailable,
    /// The request left and no answer came: it may or may not have happened. Reconcile, never blindly repeat.
    UnknownOutcome,
    /// A defect or a broken invariant. HTTP 500.
    Internal,
}

impl ErrorKind {
    /// Stable lower-case words, used in logs and as the Python `code`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not found",
            Self::Conflict => "conflict",
            Self::PaymentRequired => "payment required",
            Self::TooLarge => "too large",
            Self::RateLimited => "rate limited",
            Self::Unsupported => "unsupported",
            Self::Unavailable => "unavailable",
            Self::UnknownOutcome => "unknown outcome",
            Self::Internal => "internal",
        }
    }
}

/// Whether the same call may succeed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// The same call fails again: change it, or give up.
    Never,
    /// Try again with the caller's own backoff.
    Later,
    /// Try again, not before this long from now (a `Retry-After`).
    After(Duration),
}

/// An error with everything an operator needs. See the [module documentation](self).
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    retry: Retry,
    operation: &'static str,
    public: Cow<'static, str>,
    context: Vec<(&'static str, String)>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of `kind` raised by `operation` (`noun.verb`). The retry advice follows from the kind.
    #[must_use]
    pub fn new(
        kind: ErrorKind,
        operation: &'static str,
        public: impl Into<Cow<'static, str>>,
    ) -> Self {
        let retry = match kind {
            ErrorKind::Conflict | ErrorKind::RateLimited | ErrorKind::Unavailable => Retry::Later,
            ErrorKind::Invalid
            | ErrorKind::Unauthenticated
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::PaymentRequired
            | ErrorKind::TooLarge
            | ErrorKind::Unsupported
            | ErrorKind::UnknownOutcome
            | ErrorKind::Internal => Retry::Never,
        };
        Self(Box::new(Inner {
            kind,
            retry,
            operation,
            public: public.into(),
            context: Vec::new(),
            source: None,
        }))
    }

    /// Shorthand for [`ErrorKind::Invalid`].
    #[must_use]
    pub fn invalid(operation: &'static str, public: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Invalid, operation, public)
    }

    /// Shorthand for [`ErrorKind::NotFound`].
    #[must_use]
    pub fn not_found(operation: &'static str, public: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::NotFound, operation, public)
    }

    /// Shorthand for [`ErrorKind::Conflict`].
    #[must_use]
    pub fn conflict(operation: &'static str, public: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Conflict, operation, public)
    }

    /// Shorthand for [`ErrorKind::Unavailable`].
    #[must_use]
    pub fn unavailable(operation: &'static str, public: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Unavailable, operation, public)
    }

    /// Shorthand for [`ErrorKind::Internal`]; the cause goes to the log, the public message stays neutral.
    #[must_use]
    pub fn internal(
        operation: &'static str,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::new(ErrorKind::Internal, operation, "internal error").caused_by(source)
    }

    /// Adds a `key=value` for the log. Never a secret.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        self.0.context.push((key, value.to_string()));
        self
    }

    /// Attaches the underlying cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Overrides the retry advice that the kind implies.
    #[must_use]
    pub fn retrying(mut self, retry: Retry) -> Self {
        self.0.retry = retry;
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub fn retry(&self) -> Retry {
        self.0.retry
    }

    /// The operation that failed, as `noun.verb`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The message that may be shown to the caller.
    #[must_use]
    pub fn public(&self) -> &str {
        &self.0.public
    }

    /// The `key=value` pairs collected on the way up.
    #[must_use]
    pub fn context(&self) -> &[(&'static str, String)] {
        &self.0.context
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}: {}",
            self.0.operation,
            self.0.kind.as_str(),
            self.0.public
        )?;
        for (index, (key, value)) in self.0.context.iter().enumerate() {
            let open = if index == 0 { " (" } else { ", " };
            write!(f, "{open}{key}={value}")?;
        }
        if !self.0.context.is_empty() {
            f.write_str(")")?;
        }
        if let Some(source) = &self.0.source {
            write!(f, ": {source}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self}; retry {:?})", self.0.retry)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}
