//! Where the WAHA server is and how it is spoken to.

use std::time::Duration;

use x8_core::{Error, Result, Secret};

/// The keys webhooks are signed with. Two while one replaces the other (H1).
#[derive(Clone, Debug)]
pub struct HmacKeys {
    /// What new sessions are told to sign with.
    pub current: Secret,
    /// Still accepted, until every session was connected again.
    pub previous: Option<Secret>,
}

/// How long calls may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To reach the server. A failure here proves that nothing was sent.
    pub connect: Duration,
    /// For a whole call. A failure here leaves the outcome of a send unknown.
    pub request: Duration,
}

impl Default for Timeouts {
    /// Five seconds to connect; sixty for a call, since WAHA types and waits before it answers.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            request: Duration::from_secs(60),
        }
    }
}

/// Everything the adapter needs to know. Secrets do not show in `Debug` (H6).
#[derive(Clone, Debug)]
pub struct WahaConfig {
    /// `http://waha:3000`, with a path when the server is behind one.
    pub base_url: String,
    /// Sent as `X-Api-Key`.
    pub api_key: Secret,
    /// Where the server posts webhooks.
    pub webhook_url: String,
    /// What webhooks are signed with.
    pub hmac: HmacKeys,
    /// How long calls may take.
    pub timeouts: Timeouts,
    /// How old an own message with the same words may be to count as an earlier try, on engines that ignore ids.
    pub resend_window: Duration,
}

impl WahaConfig {
    /// A configuration with default timeouts and one signing key.
    ///
    /// ```
    /// use x8_channels::waha::WahaConfig;
    /// use x8_core::Secret;
    /// let config = WahaConfig::new(
    ///     "http://waha:3000",
    ///     Secret::new("api-key"),
    ///     "https://x8.example/webhooks/whatsapp",
    ///     Secret::new("hmac-key"),
    /// );
    /// config.check()?;
    /// assert!(!format!("{config:?}").contains("-key"));
    /// # Ok::<(), x8_core::Error>(())
    /// ```
    #[must_use]
    pub fn new(
        base_url: impl Into<String>,
        api_key: Secret,
        webhook_url: impl Into<String>,
        hmac_key: Secret,
    ) -> Self {
        Self {
            base_url: base_url.into(),
            api_key,
            webhook_url: webhook_url.into(),
            hmac: HmacKeys {
                current: hmac_key,
                previous: None,
            },
            timeouts: Timeouts::default(),
            resend_window: Duration::from_secs(3600),
        }
    }

    /// Also accepts webhooks signed with this older key.
    #[must_use]
    pub fn with_previous_key(mut self, key: Secret) -> Self {
        self.hmac.previous = Some(key);
        self
    }

    /// Replaces the timeouts.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Refuses what could not work, by field.
    ///
    /// # Errors
    /// `Invalid` when a URL is not HTTP(S) or a secret is empty.
    pub fn check(&self) -> Result<()> {
        for (field, url) in [
            ("base_url", &self.base_url),
            ("webhook_url", &self.webhook_url),
        ] {
            if !url.starts_with("http://") && !url.starts_with("https://") {
                return Err(Error::invalid(
                    "waha.config",
                    format!("{field} must start with http:// or https://"),
                )
                .with("value", url));
            }
        }
        let previous = self.hmac.previous.as_ref();
        let secrets = [
            ("api_key", Some(&self.api_key)),
            ("hmac.current", Some(&self.hmac.current)),
            ("hmac.previous", previous),
        ];
        for (field, secret) in secrets {
            if secret.is_some_and(|secret| secret.expose().trim().is_empty()) {
                return Err(Error::invalid("waha.config", format!("{field} is empty")));
            }
        }
        Ok(())
    }
}
