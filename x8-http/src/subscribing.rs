//! Subscriptions, put together: the price list, who takes the money, and the loop that applies what the provider says.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::{
    sync::Notify,
    time::{MissedTickBehavior, interval},
};
use x8_billing::{
    sandbox::{SandboxConfig, SandboxSubscriptions},
    stripe::{StripeConfig, StripeSubscriptions},
};
use x8_core::{
    Error, Result, Secret,
    plan::Plans,
    port::{Recorded, Store, SubscriptionProvider},
    usecase::{Billing, Engine},
};

use crate::{
    Config,
    config::{self, derive},
};

/// How often events that were not applied are looked for, whoever stored them.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Subscriptions of users.
#[derive(Debug)]
pub struct Subscribing {
    /// The use cases.
    pub billing: Billing,
    /// The simulated provider; absent when money is real, or nothing is sold.
    pub sandbox: Option<Arc<SandboxSubscriptions>>,
    /// Told when an event was stored.
    pub wake: Notify,
}

impl Subscribing {
    /// Joins the ports: Stripe when it is configured, else the sandbox where that is allowed, else nothing is sold, and what
    /// was bought before still counts.
    ///
    /// # Errors
    /// `Invalid` for a price list that cannot be read or a configuration that could not work.
    pub fn open(config: &Config, secret_key: &Secret, engine: &Engine) -> Result<Self> {
        let (store, clock) = (Arc::clone(&engine.store), Arc::clone(&engine.clock));
        let (public_url, config) = (&config.public_url, &config.subscriptions);
        let plans = Arc::new(plans(config)?);
        let mut sandbox = None;
        let provider: Option<Arc<dyn SubscriptionProvider>> = if let Some(key) = config.stripe() {
            let stripe = stripe(config, key)?;
            Some(Arc::new(StripeSubscriptions::new(
                stripe,
                Arc::clone(&plans),
            )?))
        } else if config.may_simulate {
            let signing = derive(secret_key, "sandbox subscriptions webhook");
            let simulated = Arc::new(SandboxSubscriptions::new(
                Arc::new(Kept(Arc::clone(&store))),
                Arc::clone(&clock),
                SandboxConfig::new(public_url, signing)?,
                Arc::clone(&plans),
            ));
            sandbox = Some(Arc::clone(&simulated));
            Some(simulated)
        } else {
            None
        };
        Ok(Self {
            billing: Billing {
                store,
                provider,
                clock,
                plans,
            },
            sandbox,
            wake: Notify::new(),
        })
    }

    /// The one door for events: verified on raw bytes and stored with them. The sandbox knocks here too.
    ///
    /// # Errors
    /// As [`Billing::record`].
    pub async fn accept(&self, signature: &str, body: &[u8]) -> Result<Recorded> {
        let (_event, recorded) = self.billing.record(signature, body).await?;
        self.wake.notify_one();
        Ok(recorded)
    }

    /// Delivers what the simulated provider has to say, and applies everything that waits.
    ///
    /// # Errors
    /// Storage failures.
    pub async fn catch_up(&self) -> Result<()> {
        if let Some(sandbox) = &self.sandbox {
            for (subscription, event) in sandbox.undelivered().await? {
                self.accept(&event.header, event.body.as_bytes()).await?;
                sandbox.delivered(&subscription, &event.id).await?;
            }
        }
        for applied in self.billing.apply_due().await? {
            let (event, kind) = (&applied.event.id, &applied.event.kind);
            let user = applied.user.map(|user| user.0);
            match &applied.problem {
                Some(error) => {
                    tracing::warn!(event, kind, user, %error, "a subscription event could not be applied; it comes again");
                }
                None => {
                    tracing::info!(event, kind, user, effects = ?applied.effects, "subscription event");
                }
            }
        }
        Ok(())
    }

    /// Works until `stop` resolves.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let mut tick = interval(LOOK_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = &mut stop => return,
                () = self.wake.notified() => {}
                _now = tick.tick() => {}
            }
            if let Err(error) = self.catch_up().await {
                tracing::warn!(%error, "subscription events cannot be read; they wait");
            }
        }
    }
}

/// The operator's own price list, or the default one.
fn plans(config: &config::Subscriptions) -> Result<Plans> {
    let Some(path) = &config.plans_file else {
        return Ok(Plans::default());
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        let told = format!("X8_PLANS_FILE: {path} cannot be read: {error}");
        Error::invalid("x8.open", told)
    })?;
    Plans::from_json(&text).map_err(|error| {
        let told = format!("X8_PLANS_FILE: {path}: {}", error.public());
        Error::invalid("x8.open", told)
    })
}

fn stripe(config: &config::Subscriptions, key: &Secret) -> Result<StripeConfig> {
    let secrets = config.webhook_secrets.split_first();
    let (first, more) = secrets.ok_or_else(|| {
        Error::invalid(
            "x8.open",
            "STRIPE_SUBSCRIPTION_WEBHOOK_SECRET: needed to sell subscriptions",
        )
    })?;
    let page = format!("{}/billing", config.frontend_url);
    let mut stripe = StripeConfig::new(
        key.clone(),
        first.clone(),
        format!("{page}?success=true&session_id={{CHECKOUT_SESSION_ID}}"),
        format!("{page}?canceled=true"),
    );
    if let Some(url) = &config.base_url {
        stripe = stripe.with_base_url(url);
    }
    Ok(more.iter().fold(stripe, |stripe, secret| {
        stripe.with_webhook_secret(secret.clone())
    }))
}

/// A store as the documents it keeps.
struct Kept(Arc<dyn Store>);

#[async_trait::async_trait]
impl x8_core::port::Documents for Kept {
    async fn document(&self, space: &str, key: &str) -> Result<Option<(serde_json::Value, u32)>> {
        self.0.document(space, key).await
    }

    async fn put_document(
        &self,
        space: &str,
        key: &str,
        value: &serde_json::Value,
        expected: u32,
    ) -> Result<()> {
        self.0.put_document(space, key, value, expected).await
    }

    async fn delete_document(&self, space: &str, key: &str) -> Result<()> {
        self.0.delete_document(space, key).await
    }

    async fn documents(&self, space: &str) -> Result<Vec<(String, serde_json::Value)>> {
        self.0.documents(space).await
    }
}
