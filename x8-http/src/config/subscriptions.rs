//! How users pay the platform (P2).

use x8_core::Secret;

use super::{Environment, Reader};

/// Subscriptions: who takes the money, and what is sold. Keys do not show in `Debug`.
#[derive(Clone, Debug)]
pub struct Subscriptions {
    /// The platform's key at Stripe; absent: simulated in development, nothing to buy in production.
    pub secret_key: Option<Secret>,
    /// Stripe's address.
    pub base_url: Option<String>,
    /// Signing secrets of the subscription endpoint; two while one replaces the other. Not those of payments (P1).
    pub webhook_secrets: Vec<Secret>,
    /// A price list in the place of the default one.
    pub plans_file: Option<String>,
    /// Where the front end is, to which the payment page returns; without a slash at the end.
    pub frontend_url: String,
    /// Whether a simulated provider is allowed: never in production (P11).
    pub may_simulate: bool,
}

impl Subscriptions {
    /// Whether users pay through Stripe.
    #[must_use]
    pub fn stripe(&self) -> Option<&Secret> {
        self.secret_key
            .as_ref()
            .filter(|_| !self.webhook_secrets.is_empty())
    }
}

impl Reader<'_> {
    pub(super) fn subscriptions(
        &mut self,
        environment: Environment,
        public_url: &str,
    ) -> Subscriptions {
        let secret_key = self.secret("STRIPE_SECRET_KEY");
        let webhook_secrets = self.secrets("STRIPE_SUBSCRIPTION_WEBHOOK_SECRET");
        if secret_key.is_none() && !webhook_secrets.is_empty() {
            self.problems.push(
                "STRIPE_SECRET_KEY: needed beside STRIPE_SUBSCRIPTION_WEBHOOK_SECRET".to_owned(),
            );
        }
        Subscriptions {
            secret_key,
            // Judged where payments read it.
            base_url: self.text("STRIPE_BASE_URL"),
            webhook_secrets,
            plans_file: self.text("X8_PLANS_FILE"),
            frontend_url: self
                .address("FRONTEND_URL")
                .unwrap_or_else(|| public_url.to_owned()),
            may_simulate: environment != Environment::Production,
        }
    }
}
