#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod agenda;
pub mod contract;
pub mod guard;
pub mod understand;
