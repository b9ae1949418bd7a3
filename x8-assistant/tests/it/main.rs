//! Integration tests of the assistant, named after the rules they prove.

#[cfg(test)]
mod guard;
mod guided;
mod openai;
mod weak;
