#![doc = include_str!("stripe/docs.md")]

mod account;
mod answer;
mod client;
mod config;
mod connect;
mod convert;
mod error;
mod locale;
mod payments;
mod subscription_wire;
mod subscriptions;
mod wire;

pub use account::{StripeAccount, StripeAccounts};
pub use config::{API_VERSION, DeliveryAs, StripeConfig, Timeouts};
pub use connect::{BookAccounts, StripeConnect};
pub use locale::page_locale;
pub use payments::StripePayments;
pub use subscriptions::StripeSubscriptions;
