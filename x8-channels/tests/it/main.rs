//! The crate's behaviour, rule by rule.

mod conformance;
mod connect;
mod contract;
mod front_page;
mod inbound;
mod outbound;
mod split;
mod verify;
