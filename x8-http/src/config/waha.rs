//! WhatsApp through WAHA.

use x8_core::Secret;

use super::{Config, Reader, derive};

/// WhatsApp through WAHA.
#[derive(Clone, Debug)]
pub struct Waha {
    /// Base address of the WAHA server; absent: WhatsApp is not offered.
    pub url: Option<String>,
    /// Its API key.
    pub key: Option<Secret>,
    /// Where WAHA shall send its webhooks.
    pub webhook_url: String,
    /// Signs those webhooks; given, or derived from `SECRET_KEY` once that is known ([`Config::webhook_secret`]).
    pub webhook_secret: Option<Secret>,
    /// Accepted beside it while a key is rotated.
    pub webhook_secret_previous: Option<Secret>,
}

impl Config {
    /// The key WAHA signs its webhooks with: the one given, or one derived from `secret_key`, so that the two never need to
    /// be configured apart and neither reveals the other.
    #[must_use]
    pub fn webhook_secret(&self, secret_key: &Secret) -> Secret {
        self.waha
            .webhook_secret
            .clone()
            .unwrap_or_else(|| derive(secret_key, "waha webhook"))
    }
}

impl Reader<'_> {
    pub(super) fn waha(&mut self, public_url: &str) -> Waha {
        let webhook_url = self
            .address("WAHA_WEBHOOK_URL")
            .unwrap_or_else(|| format!("{public_url}/api/v1/webhooks/waha"));
        Waha {
            url: self.address("WAHA_API_URL"),
            key: self.secret("WAHA_API_KEY"),
            webhook_url,
            webhook_secret: self.secret("WAHA_WEBHOOK_SECRET"),
            webhook_secret_previous: self.secret("WAHA_WEBHOOK_SECRET_PREVIOUS"),
        }
    }
}
