//! How Stripe is reached, and where its page sends the customer.

use std::time::Duration;

use x8_core::{Error, Result, Secret};

/// The version of the API that this adapter speaks. Webhook endpoints must be created with the same one.
pub const API_VERSION: &str = "2026-09-30.endive";

/// What Stripe replaces by the session's id in the success URL.
const SESSION: &str = "{CHECKOUT_SESSION_ID}";

/// How a delivery fee is shown on the payment page. It is charged once either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DeliveryAs {
    /// As one more line.
    #[default]
    LineItem,
    /// As the only shipping option. Orders of services alone have no shipping: their travel fee stays a line.
    ShippingOption,
}

/// How long calls may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To reach the server.
    pub connect: Duration,
    /// For a whole call.
    pub request: Duration,
}

impl Default for Timeouts {
    /// Five seconds to connect, thirty for a call.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            request: Duration::from_secs(30),
        }
    }
}

/// Everything the adapter needs to know. Secrets do not show in `Debug`.
#[derive(Clone, Debug)]
pub struct StripeConfig {
    /// `https://api.stripe.com`; with a path when the server is behind one.
    pub base_url: String,
    /// The platform's secret or restricted key.
    pub api_key: Secret,
    /// Signing secrets of the Connect endpoint; two while one replaces the other (P5).
    pub webhook_secrets: Vec<Secret>,
    /// Where the page sends who paid; holds `{CHECKOUT_SESSION_ID}`. `{ORDER}` and `{COMPANY}` are filled in.
    pub success_url: String,
    /// Where the page sends who turned back. `{ORDER}` and `{COMPANY}` are filled in.
    pub cancel_url: String,
    /// How a delivery fee is shown.
    pub delivery: DeliveryAs,
    /// How long calls may take.
    pub timeouts: Timeouts,
}

impl StripeConfig {
    /// A configuration for Stripe itself with default timeouts.
    ///
    /// ```
    /// use x8_billing::stripe::StripeConfig;
    /// use x8_core::Secret;
    /// let config = StripeConfig::new(
    ///     Secret::new("sk-example"),
    ///     Secret::new("whsec_example"),
    ///     "https://x8.example/paid?session={CHECKOUT_SESSION_ID}",
    ///     "https://x8.example/cancelled",
    /// );
    /// config.check()?;
    /// assert!(!format!("{config:?}").contains("example\""), "no secret is shown");
    /// # Ok::<(), x8_core::Error>(())
    /// ```
    #[must_use]
    pub fn new(
        api_key: Secret,
        webhook_secret: Secret,
        success_url: impl Into<String>,
        cancel_url: impl Into<String>,
    ) -> Self {
        Self {
            base_url: "https://api.stripe.com".to_owned(),
            api_key,
            webhook_secrets: vec![webhook_secret],
            success_url: success_url.into(),
            cancel_url: cancel_url.into(),
            delivery: DeliveryAs::default(),
            timeouts: Timeouts::default(),
        }
    }

    /// Talks to another server.
    #[must_use]
    pub fn with_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Also accepts events signed with this secret.
    #[must_use]
    pub fn with_webhook_secret(mut self, secret: Secret) -> Self {
        self.webhook_secrets.push(secret);
        self
    }

    /// Shows delivery fees in this way.
    #[must_use]
    pub fn with_delivery(mut self, delivery: DeliveryAs) -> Self {
        self.delivery = delivery;
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
    /// `Invalid` when a URL is not HTTP(S), the success URL does not name the session, or a secret is empty.
    pub fn check(&self) -> Result<()> {
        for (field, url) in [
            ("base_url", &self.base_url),
            ("success_url", &self.success_url),
            ("cancel_url", &self.cancel_url),
        ] {
            if !url.starts_with("http://") && !url.starts_with("https://") {
                return Err(
                    refused(format!("{field} must start with http:// or https://"))
                        .with("value", url),
                );
            }
        }
        if !self.success_url.contains(SESSION) {
            return Err(refused(format!(
                "success_url must contain {SESSION}, braces as they are"
            ))
            .with("value", &self.success_url));
        }
        let empty = |secret: &Secret| secret.expose().trim().is_empty();
        if empty(&self.api_key) {
            return Err(refused("api_key is empty".to_owned()));
        }
        if self.webhook_secrets.is_empty() || self.webhook_secrets.iter().any(empty) {
            return Err(refused(
                "webhook_secrets is empty or holds an empty secret".to_owned(),
            ));
        }
        Ok(())
    }

    /// Whether the key moves real money; `None` when it does not say.
    pub(super) fn live(&self) -> Option<bool> {
        let (_kind, rest) = self.api_key.expose().split_once('_')?;
        if rest.starts_with("live_") {
            Some(true)
        } else {
            rest.starts_with("test_").then_some(false)
        }
    }
}

fn refused(message: String) -> Error {
    Error::invalid("stripe.config", message)
}
