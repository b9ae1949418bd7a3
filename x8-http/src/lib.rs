#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod app;
pub mod auth;
pub mod calendars;
pub mod cli;
pub mod config;
pub mod demo;
pub mod error;
pub mod extract;
pub mod models;
pub mod openapi;
pub mod patient;
pub mod present;
mod publish;
pub mod route;
pub mod router;
pub mod seal;
pub mod store;
pub mod subscribing;
pub mod system;
mod tables;
pub mod worker;

pub use app::App;
pub use config::Config;
pub use error::ApiError;
pub use router::{router, serve};
