#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod agenda;
mod bytes;
pub mod contract;
pub mod faq;
pub mod guard;
pub mod guided;
pub mod memory;
pub mod model;
mod notice;
#[cfg(feature = "openai")]
pub mod openai;
pub mod phrases;
pub mod pipeline;
pub mod policy;
pub mod prompt;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tool;
pub mod transcribe;
pub mod understand;
