//! Chat memory: the conformance suite on every adapter, and the memory behind a pipeline (A2).
//!
//! PostgreSQL and MongoDB run when `X8_TEST_POSTGRES_URL` and `X8_TEST_MONGODB_URL` name a server; every memory is made in a
//! schema or database of its own, which is removed at the end.

mod in_process;
mod mongo;
mod postgres;
mod recall;
mod sqlite;

/// The value of a variable, or a word about what is not tested.
fn server(variable: &str, example: &str) -> Option<String> {
    let url = std::env::var(variable).ok();
    if url.is_none() {
        println!("SKIPPED: set {variable} to a server such as {example}");
    }
    url
}
