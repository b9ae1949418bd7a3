//! Where the tables are.

use x8_core::Secret;

use super::super::Limits;

/// Everything the adapter needs to know. The address, which may carry a password, does not show in `Debug`.
#[derive(Clone, Debug)]
pub struct SqlConfig {
    /// `sqlite://x8.db`, or `postgres://user:password@host/database`.
    pub url: Secret,
    /// What is kept at most.
    pub limits: Limits,
}

impl SqlConfig {
    /// This database, with the usual limits.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: Secret::new(url),
            limits: Limits::default(),
        }
    }

    /// Keeps this much instead.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}
