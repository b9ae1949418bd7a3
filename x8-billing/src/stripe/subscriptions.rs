//! The provider of subscriptions: users pay the platform, on its own account (P2).

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::StatusCode;
use sha2::{Digest, Sha256};
use x8_core::{
    Error, Result, Retry,
    id::UserId,
    plan::{Plan, Plans, ProviderState, ProviderSubscription},
    port::{
        PageState, SubscribePage, SubscribeRequest, SubscriptionEvent, SubscriptionProvider,
        SubscriptionWish,
    },
};

use super::{
    answer::{is_state, read},
    client::{Api, Change, Form, check_key, is_id},
    config::StripeConfig,
    error::About,
    subscription_wire::{Customer, PLAN, Page, REDUCED_UNTIL, Sold, USER, latest, page},
    wire::World,
};
use crate::{event, signature};

/// The platform's own account: no `Stripe-Account` is named.
const PLATFORM: &str = "";

/// Subscriptions through Stripe Checkout and Stripe Billing.
///
/// Every call may be repeated after a crash. One call makes one try: repeating is the caller's work, by the error's advice.
pub struct StripeSubscriptions {
    api: Api,
    config: StripeConfig,
    plans: Arc<Plans>,
}

impl fmt::Debug for StripeSubscriptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StripeSubscriptions")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl StripeSubscriptions {
    /// A provider that sells the plans of this list by their price ids. The configuration's secrets are those of the
    /// subscription endpoint, which is not the one of customer payments (P1), and its pages are the platform's own.
    ///
    /// # Errors
    /// `Invalid` when the configuration could not work.
    pub fn new(config: StripeConfig, plans: Arc<Plans>) -> Result<Self> {
        Ok(Self {
            api: Api::new(&config)?,
            config,
            plans,
        })
    }

    fn price(&self, operation: &'static str, plan: Plan) -> Result<&str> {
        self.plans.terms(plan).price_id.as_deref().ok_or_else(|| {
            Error::invalid(
                operation,
                "this plan has no price at Stripe and cannot be bought here",
            )
            .with("plan", plan)
        })
    }

    async fn look(&self, operation: &'static str, subscription: &str) -> Result<Sold> {
        if !is_id(subscription) {
            return Err(Error::not_found(operation, "no such subscription"));
        }
        let path = ["v1", "subscriptions", subscription];
        read(
            operation,
            About::Subscription,
            self.api.get(PLATFORM, &path).await,
        )
    }

    async fn look_page(&self, operation: &'static str, session: &str) -> Result<SubscribePage> {
        if !is_id(session) {
            return Err(Error::not_found(operation, "no such payment session"));
        }
        let path = ["v1", "checkout", "sessions", session];
        let found: Page = read(operation, About::Link, self.api.get(PLATFORM, &path).await)?;
        page(operation, found)
    }

    fn opening(&self, request: &SubscribeRequest) -> Result<Form> {
        let mut form = Form::default();
        form.set("mode", "subscription");
        form.set("customer", &request.customer);
        form.set("client_reference_id", &request.user);
        form.set(
            "line_items[0][price]",
            self.price("stripe.subscribe", request.plan)?,
        );
        form.set("line_items[0][quantity]", &1);
        form.set("success_url", &self.config.success_url);
        form.set("cancel_url", &self.config.cancel_url);
        // The session's metadata is not copied to what it makes.
        for at in ["metadata", "subscription_data[metadata]"] {
            form.set(format!("{at}[{USER}]"), &request.user);
            form.set(format!("{at}[{PLAN}]"), &request.plan);
        }
        Ok(form)
    }

    fn changing(&self, sold: &Sold, plan: Plan, reduces: bool) -> Result<Form> {
        const OPERATION: &str = "stripe.change_plan";
        let item = sold.item().ok_or_else(|| {
            Error::conflict(
                OPERATION,
                "the subscription has not exactly one item and cannot be changed here",
            )
            .retrying(Retry::Never)
        })?;
        let mut form = Form::default();
        form.set("items[0][id]", &item.id);
        form.set("items[0][price]", self.price(OPERATION, plan)?);
        // E3: no refund on a downgrade; the difference of an upgrade is on the next bill.
        let proration = if reduces { "none" } else { "create_prorations" };
        form.set("proration_behavior", proration);
        form.set(format!("metadata[{PLAN}]"), &plan);
        // An empty value removes the mark.
        let until = sold.period_end().filter(|_| reduces);
        let until = until.map_or_else(String::new, |until| until.to_string());
        form.set(format!("metadata[{REDUCED_UNTIL}]"), &until);
        if sold.cancel_at_period_end {
            form.set("cancel_at_period_end", "false");
        } else if sold.cancel_at.is_some() {
            form.set("cancel_at", "");
        }
        Ok(form)
    }
}

#[async_trait]
impl SubscriptionProvider for StripeSubscriptions {
    fn name(&self) -> &'static str {
        "stripe"
    }

    async fn customer(&self, user: UserId, email: &str) -> Result<String> {
        // The address is part of the key: with another one it is another request.
        let digest = hex::encode(Sha256::digest(email.as_bytes()));
        let key = format!("customer:{user}:{digest}");
        let mut form = Form::default();
        form.set("email", email);
        form.set(format!("metadata[{USER}]"), &user);
        let change = Change {
            path: &["v1", "customers"],
            key: Some(&key),
            form,
        };
        let answer = self.api.post(PLATFORM, change).await;
        let made: Customer = read("stripe.customer", About::Opening, answer)?;
        Ok(made.id)
    }

    async fn open(&self, request: &SubscribeRequest) -> Result<SubscribePage> {
        const OPERATION: &str = "stripe.subscribe";
        check_key(OPERATION, &request.idempotency_key)?;
        let change = Change {
            path: &["v1", "checkout", "sessions"],
            key: Some(&request.idempotency_key),
            form: self.opening(request)?,
        };
        let answer = self.api.post(PLATFORM, change).await;
        let replayed = answer.as_ref().is_ok_and(|answer| answer.replayed);
        let made: Page = read(OPERATION, About::Opening, answer)?;
        if replayed {
            // A stored answer tells how the page stood when it was opened.
            return self.look_page(OPERATION, &made.id).await;
        }
        page(OPERATION, made)
    }

    async fn page(&self, session: &str) -> Result<SubscribePage> {
        self.look_page("stripe.page", session).await
    }

    async fn close(&self, session: &str) -> Result<SubscribePage> {
        const OPERATION: &str = "stripe.close_page";
        let present = self.look_page(OPERATION, session).await?;
        if present.state != PageState::Open {
            return Ok(present);
        }
        let change = Change {
            path: &["v1", "checkout", "sessions", session, "expire"],
            // Only an open session can be closed, so closing twice does nothing; a key would replay a stale refusal.
            key: None,
            form: Form::default(),
        };
        let answer = self.api.post(PLATFORM, change).await;
        if let Ok(answer) = &answer
            && answer.status == StatusCode::BAD_REQUEST
            && is_state(answer)
        {
            // It was paid, or ran out, between the two calls.
            return self.look_page(OPERATION, session).await;
        }
        page(OPERATION, read(OPERATION, About::Link, answer)?)
    }

    async fn change(
        &self,
        subscription: &str,
        wish: &SubscriptionWish,
        idempotency_key: &str,
    ) -> Result<ProviderSubscription> {
        const OPERATION: &str = "stripe.change_plan";
        check_key(OPERATION, idempotency_key)?;
        let sold = self.look(OPERATION, subscription).await?;
        let over = [
            ProviderState::Cancelled,
            ProviderState::IncompleteExpired,
            ProviderState::Incomplete,
        ];
        if over.contains(&sold.state()) {
            let why = "the subscription is not running and cannot be changed";
            return Err(Error::conflict(OPERATION, why).retrying(Retry::Never));
        }
        let form = match wish {
            SubscriptionWish::Change { plan, reduces } => self.changing(&sold, *plan, *reduces)?,
            SubscriptionWish::CancelAtPeriodEnd => {
                let mut form = Form::default();
                form.set("cancel_at_period_end", "true");
                form
            }
        };
        let change = Change {
            path: &["v1", "subscriptions", subscription],
            key: Some(idempotency_key),
            form,
        };
        let answer = self.api.post(PLATFORM, change).await;
        let replayed = answer.as_ref().is_ok_and(|answer| answer.replayed);
        let mut changed: Sold = read(OPERATION, About::Subscription, answer)?;
        if replayed {
            changed = self.look(OPERATION, subscription).await?;
        }
        latest(OPERATION, changed, &self.plans)
    }

    async fn latest(&self, subscription: &str) -> Result<ProviderSubscription> {
        const OPERATION: &str = "stripe.subscription";
        latest(
            OPERATION,
            self.look(OPERATION, subscription).await?,
            &self.plans,
        )
    }

    /// Test events that reach an endpoint of real money are stored and say nothing, and the other way round.
    fn read_event(&self, header: &str, body: &[u8], now: Timestamp) -> Result<SubscriptionEvent> {
        signature::verify(&self.config.webhook_secrets, header, body, now)?;
        let mut event = event::subscription::read(body)?;
        let world = serde_json::from_slice::<World>(body).ok();
        let live = world.and_then(|world| world.livemode);
        if let (Some(ours), Some(theirs)) = (self.config.live(), live)
            && ours != theirs
        {
            event.about = None;
        }
        Ok(event)
    }
}
