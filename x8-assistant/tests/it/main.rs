//! Integration tests of the assistant, named after the rules they prove.

#[cfg(test)]
mod guard;
mod guided;
#[cfg(test)]
mod memory;
mod openai;
mod weak;
