//! bcrypt, as the existing application stores it (S2).

use x8_core::{Error, Result, Secret};

use crate::error::FieldProblem;

/// The cost of new hashes; each hash remembers its own.
pub const COST: u32 = 12;

/// Hashes and verifies passwords off the async threads.
///
/// `$2b$` hashes made by passlib verify. bcrypt reads 72 bytes; like passlib, longer passwords are cut there, both when
/// hashing and when verifying, so an account made by either application opens in the other.
#[derive(Clone, Copy, Debug)]
pub struct Passwords {
    cost: u32,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { cost: COST }
    }
}

impl Passwords {
    /// A hasher of this cost (4–31), for tests that hash a lot; [`COST`] otherwise.
    #[must_use]
    pub const fn with_cost(cost: u32) -> Self {
        Self { cost }
    }

    /// Hashes a password.
    ///
    /// # Errors
    /// `Internal` when the machine has no randomness.
    pub async fn hash(&self, password: Secret) -> Result<Secret> {
        let cost = self.cost;
        tokio::task::spawn_blocking(move || hash_now(&password, cost))
            .await
            .map_err(|error| Error::internal("password.hash", error))?
    }

    /// Whether the password opens this account. Without a hash (an unknown e-mail, an account that signs in elsewhere) the
    /// same time is spent and the answer is no.
    ///
    /// # Errors
    /// `Internal` when the work could not be run.
    pub async fn verify(&self, password: Secret, hash: Option<Secret>) -> Result<bool> {
        let cost = self.cost;
        let work = move || match hash {
            // A stored hash of another scheme opens nothing here.
            Some(hash) => Ok(bcrypt::verify(password.expose(), hash.expose()).unwrap_or(false)),
            None => hash_now(&password, cost).map(|_spent| false),
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| Error::internal("password.verify", error))?
    }
}

fn hash_now(password: &Secret, cost: u32) -> Result<Secret> {
    bcrypt::hash(password.expose(), cost)
        .map(Secret::new)
        .map_err(|error| Error::internal("password.hash", error))
}

/// What is wrong with a new password, if anything.
#[must_use]
pub fn check_new(password: &str) -> Option<FieldProblem> {
    let wrong = |msg: &str| Some(FieldProblem::new("body", "password", "value_error", msg));
    if password.chars().count() < 8 {
        return wrong("the password needs at least 8 characters");
    }
    if password.contains('\0') {
        return wrong("the password must not contain NUL characters");
    }
    None
}
