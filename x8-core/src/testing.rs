//! What adapters and use cases are tested with: conformance suites for the ports, and builders for their values.
//!
//! Everything here is ordinary library code behind the `testing` feature, so that adapters in other crates run the very
//! suite that [`MemoryStore`](crate::memory::MemoryStore) runs.

use std::fmt;

pub mod fakes;
pub mod faults;
pub mod fixture;
pub mod shop;
pub mod suite;

/// What a check returns.
pub type Checked = Result<(), Failure>;

/// A rule that does not hold, or a call that failed underneath.
///
/// Its `Debug` is its message, so that a test that returns it shows the sentence and nothing else.
///
/// ```
/// use x8_core::testing::{Failure, ensure};
/// let failure = ensure(1 + 1 == 3, "sums are exact").unwrap_err().under("the rule");
/// assert_eq!(failure.to_string(), "the rule: sums are exact");
/// ```
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Failure(String);

impl Failure {
    /// A failure with this explanation.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// The same failure, found while checking `rule`.
    #[must_use]
    pub fn under(self, rule: &str) -> Self {
        Self(format!("{rule}: {}", self.0))
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<crate::Error> for Failure {
    fn from(error: crate::Error) -> Self {
        Self(error.to_string())
    }
}

/// Passes when `holds`.
///
/// # Errors
/// A [`Failure`] that says `what`.
pub fn ensure(holds: bool, what: impl Into<String>) -> Checked {
    if holds {
        Ok(())
    } else {
        Err(Failure::new(what))
    }
}

/// Passes when both are equal.
///
/// # Errors
/// A [`Failure`] with `what` and both values.
pub fn same<T: PartialEq + fmt::Debug>(found: &T, wanted: &T, what: &str) -> Checked {
    ensure(
        found == wanted,
        format!("{what}: found {found:?}, wanted {wanted:?}"),
    )
}

/// Passes when `result` failed with this kind.
///
/// # Errors
/// A [`Failure`] with `what` and what came instead.
pub fn refused<T>(result: crate::Result<T>, kind: crate::ErrorKind, what: &str) -> Checked {
    match result {
        Err(error) if error.kind() == kind => Ok(()),
        Err(error) => Err(Failure::new(format!(
            "{what}: refused with the wrong kind, wanted {}: {error}",
            kind.as_str()
        ))),
        Ok(_) => Err(Failure::new(format!(
            "{what}: it was allowed, wanted {}",
            kind.as_str()
        ))),
    }
}

/// The value, when there is one.
///
/// # Errors
/// A [`Failure`] that says `what`.
pub fn present<T>(value: Option<T>, what: &str) -> Result<T, Failure> {
    value.ok_or_else(|| Failure::new(format!("{what}: there is none")))
}
