//! What adapters are tested with: the conformance suites of the channel ports, and a WAHA server that is not one.
//!
//! A new adapter calls every function of [`suite`] from its own tests, with its own fixtures. Nothing here belongs in a
//! production build; the feature `testing` keeps it out.

mod fake;
pub mod suite;
pub mod webhook;

pub use fake::{Engine, FakeMessage, FakeSession, FakeWaha, Fault, RecordedRequest};
pub use webhook::{SignedWebhook, ack, at, echo, event, message, status};
