//! Conversations with the guided model, through the whole pipeline.

mod driver;
mod try_it;
