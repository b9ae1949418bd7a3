//! Simulated subscriptions: nobody is charged, and time alone renews them (P2, P11).

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use x8_core::{
    Error, ErrorKind, Result, Retry,
    id::UserId,
    plan::{Plans, ProviderSubscription},
    port::{
        Clock, Documents, PageState, SubscribePage, SubscribeRequest, SubscriptionEvent,
        SubscriptionProvider, SubscriptionWish,
    },
};

use super::{
    SandboxConfig, SignedEvent,
    sold::{Session, Sold},
    subscribe_page,
};
use crate::{event, signature};

const PAGES: &str = "sandbox.subscription_pages";
const SOLD: &str = "sandbox.subscriptions";

/// Lost races before a call gives up.
const TRIES: u32 = 64;

/// A provider of subscriptions in [`Documents`]; as strict as the real one, and marked as simulated.
///
/// Every change is one compare-and-set of one document. What became of a subscription is told by signed events, which
/// [`undelivered`](Self::undelivered) hands out until they are acknowledged, as a real provider sends them.
#[derive(Clone)]
pub struct SandboxSubscriptions {
    documents: Arc<dyn Documents>,
    clock: Arc<dyn Clock>,
    config: SandboxConfig,
    plans: Arc<Plans>,
}

impl fmt::Debug for SandboxSubscriptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxSubscriptions")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl SandboxSubscriptions {
    /// A provider over this memory that sells the plans of this list. Its secret must not be that of simulated payments (P1).
    #[must_use]
    pub fn new(
        documents: Arc<dyn Documents>,
        clock: Arc<dyn Clock>,
        config: SandboxConfig,
        plans: Arc<Plans>,
    ) -> Self {
        Self {
            documents,
            clock,
            config,
            plans,
        }
    }

    /// The page as HTML, in whatever state it is.
    ///
    /// # Errors
    /// `NotFound`; storage failures.
    pub async fn html(&self, session: &str) -> Result<String> {
        let (stored, _) = self.session(session).await?;
        Ok(subscribe_page::render(&stored, &self.config))
    }

    /// The user confirms on the page, and the subscription begins. Confirming twice, or what is closed, changes nothing.
    ///
    /// # Errors
    /// `NotFound`; storage failures.
    pub async fn confirm(&self, session: &str) -> Result<SubscribePage> {
        let now = self.now();
        let (stored, version) = self.session(session).await?;
        if stored.state == PageState::Open {
            let (next, sold) = stored.confirmed(now)?;
            // The subscription first: a page that says "complete" has one.
            self.put(SOLD, &sold.subscription.id, &sold, 0).await?;
            self.put(PAGES, session, &next, version).await?;
        }
        let (stored, _) = self.session(session).await?;
        Ok(stored.page(&self.config))
    }

    /// Lets renewals of this subscription fail (`false`), or be paid again (`true`), which also pays what is due.
    ///
    /// # Errors
    /// `NotFound`; storage failures.
    pub async fn set_card_works(&self, subscription: &str, works: bool) -> Result<()> {
        let now = self.now();
        self.alter(subscription, |sold| {
            sold.set_card_works(works, now);
            Ok(())
        })
        .await
        .map(drop)
    }

    /// Every event that was not acknowledged yet, with its subscription, signed now; what time has changed is changed first.
    ///
    /// # Errors
    /// Storage failures.
    pub async fn undelivered(&self) -> Result<Vec<(String, SignedEvent)>> {
        let mut waiting = Vec::new();
        for (id, _) in self.documents.documents(SOLD).await? {
            let sold = self.alter(&id, |_| Ok(())).await?;
            if let Some((event, body)) = sold.event() {
                let header = self.sign(&body)?;
                waiting.push((
                    id,
                    SignedEvent {
                        id: event,
                        header,
                        body,
                    },
                ));
            }
        }
        Ok(waiting)
    }

    /// The webhook route acknowledged an event. Acknowledging again, or an older one, succeeds.
    ///
    /// # Errors
    /// `NotFound`; storage failures.
    pub async fn delivered(&self, subscription: &str, event: &str) -> Result<()> {
        self.alter(subscription, |sold| {
            sold.acknowledge(event);
            Ok(())
        })
        .await
        .map(drop)
    }

    /// Whole seconds, as real providers count.
    fn now(&self) -> Timestamp {
        let now = self.clock.now();
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    fn sign(&self, body: &str) -> Result<String> {
        let secret = self.config.secrets().first().ok_or_else(|| {
            Error::internal("sandbox.deliver", "the sandbox has no webhook secret")
        })?;
        Ok(signature::sign(secret, body.as_bytes(), self.clock.now()))
    }

    async fn load<T: DeserializeOwned>(&self, space: &str, key: &str) -> Result<Option<(T, u32)>> {
        let Some((value, version)) = self.documents.document(space, key).await? else {
            return Ok(None);
        };
        let read = serde_json::from_value(value)
            .map_err(|error| Error::internal("sandbox.load", error).with("key", key))?;
        Ok(Some((read, version)))
    }

    /// `false` when another writer was faster.
    async fn put<T: Serialize + Sync>(
        &self,
        space: &str,
        key: &str,
        value: &T,
        expected: u32,
    ) -> Result<bool> {
        let value =
            serde_json::to_value(value).map_err(|error| Error::internal("sandbox.store", error))?;
        match self
            .documents
            .put_document(space, key, &value, expected)
            .await
        {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::Conflict => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn session(&self, session: &str) -> Result<(Session, u32)> {
        let found = self.load(PAGES, session).await?;
        found.ok_or_else(|| {
            Error::not_found("sandbox.page", "no such payment session").with("session", session)
        })
    }

    /// Lets time do its work on a subscription, then `step`; writes only what is new.
    async fn alter(
        &self,
        subscription: &str,
        step: impl Fn(&mut Sold) -> Result<()> + Send + Sync,
    ) -> Result<Sold> {
        for _ in 0..TRIES {
            let found: Option<(Sold, u32)> = self.load(SOLD, subscription).await?;
            let (before, version) = found.ok_or_else(|| {
                Error::not_found("sandbox.subscription", "no such subscription")
                    .with("subscription", subscription)
            })?;
            let mut after = before.clone();
            after.tick(self.now())?;
            step(&mut after)?;
            after.count_changes(&before);
            if after == before || self.put(SOLD, subscription, &after, version).await? {
                return Ok(after);
            }
        }
        Err(Error::unavailable(
            "sandbox.subscription",
            "the subscription is busy; try again",
        ))
    }
}

#[async_trait]
impl SubscriptionProvider for SandboxSubscriptions {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    async fn customer(&self, user: UserId, _email: &str) -> Result<String> {
        Ok(format!("cus_sandbox_{user}"))
    }

    async fn open(&self, request: &SubscribeRequest) -> Result<SubscribePage> {
        const OPERATION: &str = "sandbox.subscribe";
        let terms = self.plans.terms(request.plan);
        let price = terms
            .price
            .filter(|price| price.minor() > 0)
            .ok_or_else(|| {
                Error::invalid(
                    OPERATION,
                    "this plan has no price and cannot be bought here",
                )
                .with("plan", request.plan)
            })?;
        let id = session_id(&request.idempotency_key);
        let fresh = Session::open(&id, request, price);
        // Losing this race is fine: whoever won stored the same page, or the check below says so.
        if self.documents.document(PAGES, &id).await?.is_none() {
            self.put(PAGES, &id, &fresh, 0).await?;
        }
        let (stored, _) = self.session(&id).await?;
        if stored.answers(&fresh) {
            return Ok(stored.page(&self.config));
        }
        Err(Error::conflict(
            OPERATION,
            "the idempotency key was used for a page with other content; use a new key",
        )
        .retrying(Retry::Never))
    }

    async fn page(&self, session: &str) -> Result<SubscribePage> {
        let (stored, _) = self.session(session).await?;
        Ok(stored.page(&self.config))
    }

    async fn close(&self, session: &str) -> Result<SubscribePage> {
        for _ in 0..TRIES {
            let (stored, version) = self.session(session).await?;
            if stored.state != PageState::Open {
                return Ok(stored.page(&self.config));
            }
            let closed = Session {
                state: PageState::Expired,
                ..stored
            };
            self.put(PAGES, session, &closed, version).await?;
        }
        Err(Error::unavailable(
            "sandbox.close_page",
            "the page is busy; try again",
        ))
    }

    /// The wish is done once, whatever the key: doing it twice changes nothing.
    async fn change(
        &self,
        subscription: &str,
        wish: &SubscriptionWish,
        _idempotency_key: &str,
    ) -> Result<ProviderSubscription> {
        let (now, plans) = (self.now(), Arc::clone(&self.plans));
        let sold = self
            .alter(subscription, |sold| sold.grant(wish, &plans, now))
            .await?;
        Ok(sold.subscription)
    }

    async fn latest(&self, subscription: &str) -> Result<ProviderSubscription> {
        let sold = self.alter(subscription, |_| Ok(())).await?;
        Ok(sold.subscription)
    }

    fn read_event(&self, header: &str, body: &[u8], now: Timestamp) -> Result<SubscriptionEvent> {
        signature::verify(self.config.secrets(), header, body, now)?;
        event::subscription::read(body)
    }
}

/// Unguessable enough for play money, and the same for the same intent.
fn session_id(key: &str) -> String {
    let digest = Sha256::digest(format!("subscription\n{key}"));
    let short: Vec<u8> = digest.iter().take(16).copied().collect();
    format!("cs_sandbox_{}", hex::encode(short))
}
