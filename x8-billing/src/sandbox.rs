//! Simulated payments, subscriptions and calendar with the ordinary ports (P11): nothing real is charged or booked.
//!
//! Everything is remembered in [`Documents`](x8_core::port::Documents), so a restart loses nothing. A payment becomes
//! known the way a real one does: the page stores it together with its signed event, and the server posts that event to
//! the ordinary webhook route until it is acknowledged. Refusing the sandbox in production is the server's job;
//! [`name`](x8_core::port::PaymentProvider::name) answers `sandbox`.
//!
//! | route | does |
//! |---|---|
//! | `GET {public_url}/sandbox/pay/{session}` | [`SandboxPayments::page`] |
//! | `POST {public_url}/sandbox/pay/{session}/pay` | [`SandboxPayments::pay`], then redirect to the page |
//! | `POST {public_url}/sandbox/pay/{session}/cancel` | [`SandboxPayments::cancel`], then redirect to the page |
//! | `GET {public_url}/sandbox/connect/{account}` | [`SandboxConnect::page`] |
//! | `POST {public_url}/sandbox/connect/{account}/finish` | [`SandboxConnect::finish`], then redirect to the page |
//! | `GET {public_url}/sandbox/subscribe/{session}` | [`SandboxSubscriptions::html`] |
//! | `POST {public_url}/sandbox/subscribe/{session}/confirm` | [`SandboxSubscriptions::confirm`], then redirect |

mod calendar;
mod config;
mod connect;
mod events;
mod page;
mod payments;
mod session;
mod sold;
mod subscribe_page;
mod subscriptions;

pub use calendar::SandboxCalendar;
pub use config::SandboxConfig;
pub use connect::SandboxConnect;
pub use events::SignedEvent;
pub use payments::SandboxPayments;
pub use session::Stage;
pub use subscriptions::SandboxSubscriptions;
