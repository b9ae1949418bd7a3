//! Secrets of companies at rest: AES-256-GCM under a key of its own, derived from `SECRET_KEY`.
//!
//! A sealed text is bound to its purpose and its company: moved to another row, it no longer opens. See decision 0014.
//!
//! ```
//! use x8_core::Secret;
//! use x8_http::seal::Sealer;
//!
//! let sealer = Sealer::new(&Secret::new("a long secret of the server"));
//! let sealed = sealer.seal("model key of 7", &Secret::new("token-1"))?;
//! assert!(!sealed.contains("token-1"));
//! assert_eq!(sealer.open("model key of 7", &sealed)?.expose(), "token-1");
//! assert!(sealer.open("model key of 8", &sealed).is_err());
//! # Ok::<(), x8_core::Error>(())
//! ```

use std::fmt;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf::{HKDF_SHA256, Salt},
};
use x8_core::{Error, Result, Secret};

/// Tells sealed texts of this form from later ones.
const VERSION: &str = "v1.";

/// Seals and opens secrets.
pub struct Sealer {
    key: Option<RandomizedNonceKey>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").finish_non_exhaustive()
    }
}

impl Sealer {
    /// A sealer whose key follows from `SECRET_KEY` by HKDF-SHA256; neither reveals the other.
    #[must_use]
    pub fn new(secret_key: &Secret) -> Self {
        let salt = Salt::new(HKDF_SHA256, b"x8 secrets at rest");
        let source = salt.extract(secret_key.expose().as_bytes());
        let mut bytes = [0_u8; 32];
        let filled = source
            .expand(&[b"aes-256-gcm"], HKDF_SHA256)
            .and_then(|key| key.fill(&mut bytes));
        // 32 bytes always fit; were they ever not to, nothing would be sealed, and nothing sent out unsealed.
        let key = filled.and_then(|()| RandomizedNonceKey::new(&AES_256_GCM, &bytes));
        Self { key: key.ok() }
    }

    /// Seals a secret for this purpose (`model key of 7`). Two seals of the same secret differ.
    ///
    /// # Errors
    /// `Internal` when the cipher fails.
    pub fn seal(&self, purpose: &str, secret: &Secret) -> Result<String> {
        let failed = || Error::internal("secret.seal", "the cipher failed");
        let key = self.key.as_ref().ok_or_else(failed)?;
        let mut bytes = secret.expose().as_bytes().to_vec();
        let nonce = key
            .seal_in_place_append_tag(Aad::from(purpose), &mut bytes)
            .map_err(|_| failed())?;
        let nonce = hex::encode(nonce.as_ref());
        Ok(format!("{VERSION}{nonce}{}", hex::encode(bytes)))
    }

    /// Opens what [`seal`](Self::seal) sealed for the same purpose.
    ///
    /// # Errors
    /// `Internal` when it was sealed under another key or for another purpose, or was changed since.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<Secret> {
        self.opened(purpose, sealed).ok_or_else(|| {
            Error::internal(
                "secret.open",
                "a stored secret does not open; was SECRET_KEY changed?",
            )
        })
    }

    fn opened(&self, purpose: &str, sealed: &str) -> Option<Secret> {
        let bytes = hex::decode(sealed.strip_prefix(VERSION)?).ok()?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut rest = rest.to_vec();
        let key = self.key.as_ref()?;
        let plain = key
            .open_in_place(nonce, Aad::from(purpose), &mut rest)
            .ok()?;
        Some(Secret::new(std::str::from_utf8(plain).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h6_sealed_secrets_open_only_unchanged_and_where_they_belong() {
        let sealer = Sealer::new(&Secret::new("one"));
        let secret = Secret::new("token-1");
        let sealed = sealer.seal("a", &secret).unwrap();
        assert_ne!(
            sealed,
            sealer.seal("a", &secret).unwrap(),
            "every seal has its own nonce"
        );
        assert_eq!(sealer.open("a", &sealed).unwrap(), secret);
        assert_eq!(
            Sealer::new(&Secret::new("one")).open("a", &sealed).unwrap(),
            secret,
            "after a restart"
        );
        assert!(Sealer::new(&Secret::new("two")).open("a", &sealed).is_err());
        assert!(sealer.open("b", &sealed).is_err());
        for at in VERSION.len()..sealed.len() {
            let mut bytes = sealed.clone().into_bytes();
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            assert!(
                sealer
                    .open("a", std::str::from_utf8(&bytes).unwrap())
                    .is_err(),
                "byte {at}"
            );
        }
        for broken in ["", "v1.", "v1.00", "v2.0011", "token-1"] {
            assert!(sealer.open("a", broken).is_err(), "{broken}");
        }
    }
}
