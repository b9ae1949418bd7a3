//! Integration tests of the assistant, named after the rules they prove.

#[cfg(test)]
mod behaviour;
#[cfg(test)]
mod faq;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod guided;
#[cfg(test)]
mod language;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod openai;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod prompt;
#[cfg(test)]
mod weak;
