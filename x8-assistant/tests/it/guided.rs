//! Conversations with the guided model, through the whole pipeline.

mod dialogues;
pub(crate) mod driver;
mod notices;
mod offers;
mod people;
#[cfg(test)]
mod time;
mod turns;
