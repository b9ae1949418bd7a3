#![doc = include_str!("openai/docs.md")]

mod chat;
mod client;
mod config;
mod dialect;
mod error;
mod reach;
mod retry;
mod shape;
mod stream;
mod talk;
mod transcribe;
mod wire;

pub use chat::OpenAiModel;
pub use config::{OpenAiConfig, Timeouts};
pub use dialect::{Capabilities, Dialect, Format, MaxTokens};
pub use reach::Reach;
pub use retry::RetryPolicy;
pub use transcribe::OpenAiTranscriber;
