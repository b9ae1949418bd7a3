//! Integration tests of x8-billing.

mod amounts;
mod events;
mod signatures;

#[cfg(test)]
#[cfg(all(feature = "google-calendar", feature = "testing"))]
mod google;
#[cfg(all(feature = "sandbox", feature = "testing"))]
mod page;
#[cfg(all(feature = "sandbox", feature = "testing"))]
mod sandbox;
#[cfg(all(feature = "stripe", feature = "testing"))]
mod stripe;
#[cfg(all(feature = "sandbox", feature = "stripe", feature = "testing"))]
#[cfg(test)]
mod subscriptions;
#[cfg(all(feature = "sandbox", feature = "testing"))]
mod suite;
#[cfg(all(feature = "sandbox", feature = "testing"))]
mod world;
