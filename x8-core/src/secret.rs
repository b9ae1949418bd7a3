//! Values that must not print.
//!
//! ```
//! use x8_core::Secret;
//! let key = Secret::new("hunter2");
//! assert_eq!(format!("{key:?}"), "***");
//! assert_eq!(key.expose(), "hunter2");
//! ```

use std::fmt;

/// Text that is redacted in `Debug` and `Display` and has no `Serialize`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret value.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
