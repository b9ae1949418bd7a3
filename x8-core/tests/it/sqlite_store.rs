//! The SQLite store: the conformance suite in memory and on file, and what only a real file can show.

mod conformance;
