//! Integration tests of the crate, one module per subject.

#[cfg(test)]
mod import;
