//! Which chat memory there is.

use x8_core::Secret;

use super::Reader;
use crate::store;

/// Where language models' windows of a conversation come from.
#[derive(Clone, Debug, Default)]
pub enum Memory {
    /// From the stored messages.
    #[default]
    History,
    /// From a memory in a SQLite file.
    Sqlite(Remembering),
    /// From a memory in PostgreSQL; needs the feature `postgres`.
    Postgres(Remembering),
    /// From a memory in MongoDB; needs the feature `mongodb`.
    Mongodb(Remembering),
}

/// How a memory remembers. The address, which may carry a password, does not show in `Debug`.
#[derive(Clone, Debug)]
pub struct Remembering {
    /// Where.
    pub url: Secret,
    /// How long.
    pub days: u16,
    /// Estimated tokens that a prompt gives to a window.
    pub tokens: u32,
}

impl Reader<'_> {
    pub(super) fn memory(&mut self, database_url: &str) -> Memory {
        let url = self.secret("X8_MEMORY_URL");
        let days = self.parsed("X8_MEMORY_DAYS", 30, "a number of days");
        let tokens = self.parsed("X8_MEMORY_TOKENS", 2_000, "a number of tokens");
        let remembering = |url| Remembering { url, days, tokens };
        match self.text("X8_MEMORY").as_deref() {
            None | Some("history") => Memory::History,
            Some("sqlite") => {
                let url = url.unwrap_or_else(|| Secret::new(database_url));
                if !url.expose().starts_with("sqlite:") {
                    self.problem("X8_MEMORY_URL: must be sqlite://path when X8_MEMORY=sqlite");
                }
                Memory::Sqlite(remembering(url))
            }
            Some("postgres") => {
                if cfg!(not(feature = "postgres")) {
                    self.problem(
                        "X8_MEMORY: this build has no PostgreSQL; build with --features postgres",
                    );
                }
                let url = url.unwrap_or_else(|| Secret::new(database_url));
                if !store::is_postgres(url.expose()) {
                    self.problem(
                        "X8_MEMORY_URL: must be postgres://host/database when X8_MEMORY=postgres",
                    );
                }
                Memory::Postgres(remembering(url))
            }
            Some("mongodb") => {
                if cfg!(not(feature = "mongodb")) {
                    self.problem(
                        "X8_MEMORY: this build has no MongoDB; build with --features mongodb",
                    );
                }
                let url = url.unwrap_or_else(|| Secret::new(""));
                if !url.expose().starts_with("mongodb") {
                    self.problem(
                        "X8_MEMORY_URL: must be mongodb://host or mongodb+srv://host when X8_MEMORY=mongodb",
                    );
                }
                Memory::Mongodb(remembering(url))
            }
            Some(other) => {
                self.problem(&format!(
                    "X8_MEMORY: `{other}` is none of history, sqlite, postgres, mongodb"
                ));
                Memory::History
            }
        }
    }

    fn problem(&mut self, text: &str) {
        self.problems.push(text.to_owned());
    }
}
