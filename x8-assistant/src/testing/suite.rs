//! Conformance suites: the bullets of the port documentation as checks that any adapter can run.

pub mod memory;
