//! The crate's behaviour, rule by rule.

mod front_page;
mod inbound;
mod split;
mod verify;

#[cfg(all(feature = "testing", feature = "waha"))]
mod conformance;
#[cfg(all(feature = "testing", feature = "waha"))]
mod connect;
#[cfg(all(feature = "testing", feature = "waha"))]
mod contract;
#[cfg(all(feature = "testing", feature = "waha"))]
mod outbound;
