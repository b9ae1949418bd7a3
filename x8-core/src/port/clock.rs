//! Time and identity, which pure code must ask for.

use std::{
    fmt,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// What time it is.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Now, UTC.
    fn now(&self) -> Timestamp;
}

/// Fresh identifiers.
pub trait IdSource: Send + Sync + fmt::Debug {
    /// A UUID that was never handed out before; version 7 in production, so that keys sort by time.
    fn next(&self) -> Uuid;
}

/// A clock that moves only when told to; for tests, replays and simulations.
///
/// ```
/// use jiff::SignedDuration;
/// use x8_core::port::{Clock, FixedClock};
/// let clock = FixedClock::at("2026-03-29T00:30:00Z".parse()?);
/// clock.advance(SignedDuration::from_mins(45));
/// assert_eq!(clock.now().to_string(), "2026-03-29T01:15:00Z");
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// Starts at this moment.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves forward (or back).
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *now += by;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// 1, 2, 3, … as UUIDs; for tests and replays.
#[derive(Debug, Default)]
pub struct SequentialIds(AtomicU64);

impl IdSource for SequentialIds {
    fn next(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)) + 1)
    }
}
