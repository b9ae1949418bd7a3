//! bcrypt, as the existing application stores it (S2).

use x8_core::{Error, Result, Secret};

use crate::error::FieldProblem;

/// The cost of new hashes; each hash remembers its own.
pub const COST: u32 = 12;

/// Hashes and verifies passwords off the async threads.
///
/// `$2b$` hashes made by passlib verify. bcrypt reads 72 bytes; like passlib, longer passwords are cut there, both when
/// hashing and when verifying, so an account made by either application opens in the other.
#[derive(Clone, Debug)]
pub struct Passwords {
    cost: u32,
    decoy: Secret,
}

impl Passwords {
    /// A hasher of this cost. Makes one hash at once: the decoy for unknown accounts.
    ///
    /// # Errors
    /// `Internal` for a cost that bcrypt does not know (4–31).
    pub fn new(cost: u32) -> Result<Self> {
        let decoy = hash_now("no account has this password", cost)?;
        Ok(Self { cost, decoy })
    }

    /// Hashes a password.
    ///
    /// # Errors
    /// `Internal` when the machine has no randomness.
    pub async fn hash(&self, password: Secret) -> Result<Secret> {
        let cost = self.cost;
        tokio::task::spawn_blocking(move || hash_now(password.expose(), cost))
            .await
            .map_err(|error| Error::internal("password.hash", error))?
    }

    /// Whether the password opens this account. Without a hash (an unknown e-mail, an account that signs in elsewhere) the
    /// same time is spent on a decoy and the answer is no.
    ///
    /// # Errors
    /// `Internal` when the work could not be run.
    pub async fn verify(&self, password: Secret, hash: Option<Secret>) -> Result<bool> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.clone());
        let opens = tokio::task::spawn_blocking(move || {
            // A stored hash of another scheme opens nothing here.
            bcrypt::verify(password.expose(), hash.expose()).unwrap_or(false)
        })
        .await
        .map_err(|error| Error::internal("password.verify", error))?;
        Ok(known && opens)
    }
}

fn hash_now(password: &str, cost: u32) -> Result<Secret> {
    bcrypt::hash(password, cost)
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
