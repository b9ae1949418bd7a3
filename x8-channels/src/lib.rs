#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod limits;
pub mod split;
#[cfg(feature = "testing")]
pub mod testing;
pub mod waha;

pub use limits::{TextLimit, Unit, platform_limit, reply_limit};
pub use split::split;
