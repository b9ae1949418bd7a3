#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod amount;
pub mod connect;
pub mod event;
pub mod signature;

#[cfg(any(feature = "google-calendar", feature = "sandbox"))]
mod calendar;
#[cfg(any(feature = "sandbox", feature = "stripe"))]
mod checkout;
#[cfg(feature = "google-calendar")]
pub mod google_calendar;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[cfg(feature = "stripe")]
pub mod stripe;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(any(feature = "google-calendar", feature = "stripe"))]
mod web;
