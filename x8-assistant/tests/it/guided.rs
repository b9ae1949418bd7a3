//! Conversations with the guided model, through the whole pipeline.

mod dialogues;
mod driver;
mod notices;
mod people;
mod time;
mod turns;
