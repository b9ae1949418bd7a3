//! Integration tests of the assistant, named after the rules they prove.

mod guard;
mod guided;
