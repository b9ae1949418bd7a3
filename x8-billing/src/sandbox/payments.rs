//! The payment provider of the sandbox.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use x8_core::{
    Error, ErrorKind, Result,
    port::{
        AccountChange, CheckoutRequest, Clock, Documents, PaymentProvider, ProviderCheckout,
        ProviderEvent,
    },
    tenant::Tenant,
};

use super::{
    SandboxConfig, SignedEvent, Stage, events, page,
    session::{Session, no_payment, session_of},
};
use crate::{event, signature};

/// Where sessions are kept.
const SPACE: &str = "sandbox.checkout";
/// Lost races before a call gives up; every lost race means that somebody else's move was stored.
const TRIES: u32 = 64;

/// Simulated payments: own links, own page, own signed events. See the [module documentation](super).
///
/// A session id follows from the company and the idempotency key, so an opening that was cut short finds its session
/// again. Every move is one compare-and-set of one document that holds the session *and* its events: a crash leaves
/// both or neither.
#[derive(Clone)]
pub struct SandboxPayments {
    documents: Arc<dyn Documents>,
    clock: Arc<dyn Clock>,
    config: SandboxConfig,
}

impl fmt::Debug for SandboxPayments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxPayments")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl SandboxPayments {
    /// A provider over this memory.
    #[must_use]
    pub fn new(
        documents: Arc<dyn Documents>,
        clock: Arc<dyn Clock>,
        config: SandboxConfig,
    ) -> Self {
        Self {
            documents,
            clock,
            config,
        }
    }

    /// The payment page as HTML, in whatever stage the session is. Knows nothing of the company but what is sold.
    ///
    /// # Errors
    /// `NotFound`; storage failures.
    pub async fn page(&self, session: &str) -> Result<String> {
        let (stored, _) = self.load(session).await?;
        Ok(page::render(&stored, &self.config, self.clock.now()))
    }

    /// The customer pays. Answers where the session stands afterwards: paying twice, or what has expired, changes nothing.
    ///
    /// # Errors
    /// `NotFound`; storage failures.
    pub async fn pay(&self, session: &str) -> Result<Stage> {
        let paid = self.change(session, Session::pay).await?;
        Ok(paid.stage_at(self.clock.now()))
    }

    /// The customer calls it off. Answers where the session stands afterwards: what is paid stays paid.
    ///
    /// # Errors
    /// `NotFound`; storage failures.
    pub async fn cancel(&self, session: &str) -> Result<Stage> {
        let cancelled = self
            .change(session, |stored, now| stored.close(Stage::Cancelled, now))
            .await?;
        Ok(cancelled.stage_at(self.clock.now()))
    }

    /// Every event that was not acknowledged yet, with its session, signed now; sessions whose time is up expire first.
    ///
    /// Post each to the webhook route and call [`delivered`](Self::delivered) once it answered 2xx. Delivering one twice,
    /// late or out of order is what real providers do.
    ///
    /// # Errors
    /// Storage failures.
    pub async fn undelivered(&self) -> Result<Vec<(String, SignedEvent)>> {
        let mut waiting = Vec::new();
        for (id, value) in self.documents.documents(SPACE).await? {
            let mut stored = read(&id, value)?;
            if stored.stage != stored.stage_at(self.clock.now()) {
                stored = self.change(&id, Session::tick).await?;
            }
            for event in stored.outbox.into_iter().filter(|event| !event.delivered) {
                waiting.push((id.clone(), self.sign(event.id, event.body)?));
            }
        }
        Ok(waiting)
    }

    /// The webhook route acknowledged an event. Acknowledging again succeeds.
    ///
    /// # Errors
    /// `NotFound`; storage failures.
    pub async fn delivered(&self, session: &str, event_id: &str) -> Result<()> {
        self.change(session, |stored, _now| {
            let event = stored.outbox.iter_mut().find(|event| event.id == event_id);
            let event = event.ok_or_else(|| {
                Error::not_found("sandbox.deliver", "no such event").with("event", event_id)
            })?;
            event.delivered = true;
            Ok(())
        })
        .await
        .map(drop)
    }

    fn sign(&self, id: String, body: String) -> Result<SignedEvent> {
        let secret = self.config.secrets().first().ok_or_else(|| {
            Error::internal("sandbox.deliver", "the sandbox has no webhook secret")
        })?;
        let header = signature::sign(secret, body.as_bytes(), self.clock.now());
        Ok(SignedEvent { id, header, body })
    }

    async fn load(&self, session: &str) -> Result<(Session, u32)> {
        match self.documents.document(SPACE, session).await? {
            Some((value, version)) => Ok((read(session, value)?, version)),
            None => Err(no_session(session)),
        }
    }

    /// T3: another company's session does not exist.
    async fn own(&self, tenant: Tenant, session: &str) -> Result<Session> {
        let (stored, _) = self.load(session).await?;
        if stored.company == tenant.company() {
            Ok(stored)
        } else {
            Err(no_session(session))
        }
    }

    /// Applies a move to the stored session until no other writer comes between; a move that changes nothing writes nothing.
    async fn change(
        &self,
        session: &str,
        step: impl Fn(&mut Session, Timestamp) -> Result<()> + Send + Sync,
    ) -> Result<Session> {
        for _ in 0..TRIES {
            let (before, version) = self.load(session).await?;
            let mut after = before.clone();
            step(&mut after, self.clock.now())?;
            if after == before || self.store(&after, version).await? {
                return Ok(after);
            }
        }
        Err(
            Error::conflict("sandbox.change", "the payment session is busy; try again")
                .with("session", session),
        )
    }

    /// `false` when another writer was faster.
    async fn store(&self, session: &Session, expected: u32) -> Result<bool> {
        let value = serde_json::to_value(session)
            .map_err(|error| Error::internal("sandbox.store", error))?;
        let written = self
            .documents
            .put_document(SPACE, &session.id, &value, expected)
            .await;
        match written {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::Conflict => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl PaymentProvider for SandboxPayments {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    async fn open(&self, tenant: Tenant, request: &CheckoutRequest) -> Result<ProviderCheckout> {
        let id = session_id(tenant, &request.idempotency_key);
        let now = self.clock.now();
        if self.documents.document(SPACE, &id).await?.is_none() {
            let fresh = Session::open(id.clone(), tenant, request, now)?;
            // Losing this race is fine: whoever won stored the same link, or the check below says so.
            self.store(&fresh, 0).await?;
        }
        let (stored, _) = self.load(&id).await?;
        if stored.answers(request) {
            return Ok(stored.checkout(&self.config, now));
        }
        Err(Error::conflict(
            "sandbox.open",
            "the idempotency key was used for a link with other content; use a new key",
        )
        .with("key", &request.idempotency_key)
        .retrying(x8_core::Retry::Never))
    }

    async fn expire(&self, tenant: Tenant, session: &str) -> Result<ProviderCheckout> {
        self.own(tenant, session).await?;
        let closed = self
            .change(session, |stored, now| stored.close(Stage::Expired, now))
            .await?;
        Ok(closed.checkout(&self.config, self.clock.now()))
    }

    async fn status(&self, tenant: Tenant, session: &str) -> Result<ProviderCheckout> {
        let stored = self.own(tenant, session).await?;
        Ok(stored.checkout(&self.config, self.clock.now()))
    }

    /// The whole amount goes back once, whatever the key: there is nothing left to send a second time.
    async fn refund(&self, tenant: Tenant, reference: &str, _idempotency_key: &str) -> Result<()> {
        let session = session_of(reference).ok_or_else(|| no_payment(reference))?;
        match self.own(tenant, &session).await {
            Ok(stored) => self.change(&stored.id, Session::refund).await.map(drop),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(no_payment(reference)),
            Err(error) => Err(error),
        }
    }

    fn read_event(&self, header: &str, body: &[u8], now: Timestamp) -> Result<ProviderEvent> {
        signature::verify(self.config.secrets(), header, body, now)?;
        event::read(body)
    }

    /// Every company has an account here, whether or not it was connected.
    async fn owns(&self, tenant: Tenant, account: &str) -> Result<bool> {
        Ok(account == events::account_of(tenant.company()))
    }

    /// Accounts of the sandbox change by their page alone.
    async fn account_changed(&self, _account: &str) -> Result<Option<AccountChange>> {
        Ok(None)
    }
}

/// Unguessable enough for play money, and the same for the same intent.
fn session_id(tenant: Tenant, key: &str) -> String {
    let digest = Sha256::digest(format!("{}\n{key}", tenant.company()));
    let short: Vec<u8> = digest.iter().take(16).copied().collect();
    format!("cs_sandbox_{}", hex::encode(short))
}

fn read(session: &str, value: serde_json::Value) -> Result<Session> {
    serde_json::from_value(value)
        .map_err(|error| Error::internal("sandbox.load", error).with("session", session))
}

fn no_session(session: &str) -> Error {
    Error::not_found("sandbox.load", "no such payment session").with("session", session)
}
