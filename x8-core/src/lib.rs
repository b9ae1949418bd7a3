#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod behaviour;
pub mod booking;
pub mod cart;
pub mod catalog;
pub mod channel;
pub mod conversation;
pub mod error;
pub mod id;
pub mod import;
pub mod memory;
pub mod money;
pub mod order;
pub mod plan;
pub mod port;
#[cfg(feature = "postgres")]
#[cfg_attr(
    feature = "sqlite",
    expect(
        clippy::duplicate_mod,
        reason = "the store ports are written once and compiled for each database"
    )
)]
pub mod postgres;
pub mod secret;
#[cfg(feature = "sqlite")]
#[cfg_attr(
    feature = "postgres",
    expect(
        clippy::duplicate_mod,
        reason = "the store ports are written once and compiled for each database"
    )
)]
pub mod sqlite;
pub mod tenant;
#[cfg(feature = "testing")]
pub mod testing;
pub mod text;
pub mod turn;
pub mod usecase;

pub use error::{Error, ErrorKind, Result, Retry};
pub use id::Sku;
pub use money::{Currency, Money, MoneyError};
pub use secret::Secret;
