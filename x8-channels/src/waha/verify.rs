//! The signature of a webhook: hexadecimal HMAC-SHA512 over the raw bytes.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;
use x8_core::{Error, ErrorKind, Result, port::WebhookVerifier};

use super::config::HmacKeys;

const HEADER: &str = "x-webhook-hmac";
const ALGORITHM: &str = "x-webhook-hmac-algorithm";

/// Verifies WAHA webhooks (H1). Signatures are compared in constant time; either key of a rotation is accepted.
///
/// ```
/// use x8_channels::waha::{HmacKeys, WahaVerifier};
/// use x8_core::{Secret, port::WebhookVerifier};
/// let keys = HmacKeys { current: Secret::new("new"), previous: Some(Secret::new("my-secret-key")) };
/// let verifier = WahaVerifier::new(&keys)?;
/// let signature = "208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8\
///                  097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1631777076153fa89";
/// let header = |name: &str| (name == "x-webhook-hmac").then(|| signature.to_owned());
/// verifier.verify(&header, br#"{"event":"message","session":"default","engine":"WEBJS"}"#)?;
/// assert!(verifier.verify(&header, b"{}").is_err());
/// # Ok::<(), x8_core::Error>(())
/// ```
pub struct WahaVerifier {
    keys: Vec<Hmac<Sha512>>,
}

impl WahaVerifier {
    /// A verifier for these keys.
    ///
    /// # Errors
    /// `Invalid` when a key is empty: it would accept anybody's signature.
    pub fn new(keys: &HmacKeys) -> Result<Self> {
        let keys = [Some(&keys.current), keys.previous.as_ref()];
        let keys = keys.into_iter().flatten().map(|key| {
            let bytes = key.expose().as_bytes();
            if bytes.trim_ascii().is_empty() {
                return Err(Error::invalid("waha.verify", "the webhook key is empty"));
            }
            Hmac::new_from_slice(bytes).map_err(|error| Error::internal("waha.verify", error))
        });
        Ok(Self {
            keys: keys.collect::<Result<_>>()?,
        })
    }
}

impl fmt::Debug for WahaVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WahaVerifier")
            .field("keys", &self.keys.len())
            .finish()
    }
}

fn refuse(why: &'static str) -> Error {
    Error::new(ErrorKind::Unauthenticated, "waha.verify", why)
}

impl WebhookVerifier for WahaVerifier {
    fn verify(&self, header: &dyn Fn(&str) -> Option<String>, body: &[u8]) -> Result<()> {
        if header(ALGORITHM).is_some_and(|name| !name.trim().eq_ignore_ascii_case("sha512")) {
            return Err(refuse(
                "the webhook is signed with an algorithm other than sha512",
            ));
        }
        let signature = header(HEADER).ok_or_else(|| refuse("the webhook is not signed"))?;
        let signature = hex::decode(signature.trim())
            .map_err(|_| refuse("the webhook signature is not hexadecimal"))?;
        let matches = |key: &Hmac<Sha512>| {
            let mac = key.clone().chain_update(body);
            mac.verify_slice(&signature).is_ok()
        };
        // Both keys are always tried, so that timing does not tell which one is in use.
        let matching = self.keys.iter().filter(|key| matches(key)).count();
        if matching == 0 {
            return Err(refuse("the webhook signature does not match its body"));
        }
        Ok(())
    }
}
