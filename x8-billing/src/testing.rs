//! Conformance suites: what every payment provider, provider of subscriptions and calendar must do, one check per promise of the ports.
//!
//! A suite stops at the first broken promise; the error's message is the rule. It needs accounts without history: two
//! fresh tenants.

mod calendar;
mod connect;
mod documents;
mod fake;
mod google;
mod payment;
mod stand_in;
mod subscription;
mod subscriptions;

pub use calendar::calendar;
pub use connect::{Onboarder, connect};
pub use documents::MemoryDocuments;
pub use fake::{FakeStripe, Fault, RecordedRequest};
pub use google::{FakeGoogle, GoogleFault, GoogleRequest};
pub use payment::{Payer, payment};
pub use subscription::{Patron, subscription, suite_plans};
pub use subscriptions::FakeSubscriptions;

use x8_core::{Error, ErrorKind, Result};

/// Fails with the rule unless it holds.
fn rule(holds: bool, suite: &'static str, rule: &'static str) -> Result<()> {
    if holds {
        Ok(())
    } else {
        Err(broken(suite, rule))
    }
}

/// Fails with the rule unless the call failed with this kind.
fn refuses<T>(
    result: Result<T>,
    kind: ErrorKind,
    suite: &'static str,
    rule: &'static str,
) -> Result<()> {
    match result {
        Err(error) if error.kind() == kind => Ok(()),
        Err(error) => Err(broken(suite, rule).caused_by(error)),
        Ok(_) => Err(broken(suite, rule)),
    }
}

/// Adds the rule to an error that should not have happened.
fn works<T>(result: Result<T>, suite: &'static str, rule: &'static str) -> Result<T> {
    result.map_err(|error| broken(suite, rule).caused_by(error))
}

fn broken(suite: &'static str, rule: &'static str) -> Error {
    Error::new(ErrorKind::Internal, suite, rule)
}
