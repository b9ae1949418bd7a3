//! Where the server runs, and what production does not put up with.

use x8_core::Secret;

use super::{Config, Reader};

/// The shortest `SECRET_KEY` that production accepts, in bytes.
pub const MIN_SECRET: usize = 32;

/// Where the server runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// On somebody's desk: simulated payments, a generated key.
    Development,
    /// For real customers: weak keys and simulated providers are refused (S6).
    Production,
}

impl Config {
    /// S6.
    pub(super) fn refuse_weak_production(&self, problems: &mut Vec<String>) {
        if self.environment != Environment::Production {
            return;
        }
        match &self.secret_key {
            None => problems.push(format!(
                "SECRET_KEY: required when X8_ENV=production; set at least {MIN_SECRET} random characters"
            )),
            Some(key) if is_weak(key) => problems.push(format!(
                "SECRET_KEY: too weak for production; set at least {MIN_SECRET} random characters, not a word or a repeated pattern"
            )),
            Some(_) => {}
        }
        if self.google.iter().any(|google| google.base_url.is_some()) {
            problems.push(
                "GOOGLE_BASE_URL: for tests only; production talks to Google itself".to_owned(),
            );
        }
        if self.sandbox() {
            problems.push(
                "STRIPE_SECRET_KEY: absent, so payments would be simulated; production refuses the sandbox provider".to_owned(),
            );
        }
    }
}

fn is_weak(key: &Secret) -> bool {
    let bytes = key.expose().as_bytes();
    let kinds: std::collections::BTreeSet<&u8> = bytes.iter().collect();
    let lower = key.expose().to_ascii_lowercase();
    bytes.len() < MIN_SECRET
        || kinds.len() < 8
        || [
            "changeme",
            "change-me",
            "your-secret",
            "secret-key",
            "example",
        ]
        .iter()
        .any(|word| lower.contains(word))
}

impl Reader<'_> {
    pub(super) fn environment(&mut self) -> Environment {
        match self.text("X8_ENV").as_deref() {
            None | Some("development" | "dev" | "local") => Environment::Development,
            Some("production" | "prod") => Environment::Production,
            Some(other) => {
                self.problems.push(format!(
                    "X8_ENV: `{other}` is neither development nor production"
                ));
                Environment::Production
            }
        }
    }
}
