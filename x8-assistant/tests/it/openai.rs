//! The adapter of OpenAI-compatible servers, against a server of our own that answers as each vendor documents it.

mod chat;
mod dialects;
mod failures;
mod rig;
mod server;
mod streams;
mod tools;
mod turns;
mod voice;
