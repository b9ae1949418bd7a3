//! Keys made of `SECRET_KEY`.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use x8_core::Secret;

/// A key for one purpose, derived from `SECRET_KEY` by HMAC-SHA256.
#[must_use]
pub fn derive(secret_key: &Secret, purpose: &str) -> Secret {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret_key.expose().as_bytes()) else {
        // HMAC takes a key of any length; this arm only satisfies its signature.
        return secret_key.clone();
    };
    mac.update(b"x8 ");
    mac.update(purpose.as_bytes());
    Secret::new(hex::encode(mac.finalize().into_bytes()))
}
