//! The server as a struct of ports.

use std::{fmt, sync::Arc};

use jiff::Timestamp;
use tokio::sync::Notify;
use uuid::Uuid;
use x8_assistant::{faq::FaqBot, guard::Guard};
use x8_billing::{
    connect::AccountBook,
    sandbox::{SandboxConnect, SandboxPayments},
};
use x8_core::{
    Error, ErrorKind, Result, Secret,
    catalog::{VersionCache, search::Search},
    id::UserId,
    plan::Standing,
    port::{Connector, InboundParser, Store, WebhookVerifier},
    tenant::{Tenant, User},
    usecase::Engine,
};

use crate::{
    auth::{Passwords, Tokens},
    calendars::Calendars,
    config::Config,
    models::Models,
    subscribing::Subscribing,
};

/// Everything a handler can reach. Handlers parse, call one port or use case, and present.
pub struct App {
    /// What the server was told from outside.
    pub config: Config,
    /// Store, assistant, payments, calendar and senders, joined.
    pub engine: Engine,
    /// S1.
    pub tokens: Tokens,
    /// S2.
    pub passwords: Passwords,
    /// WhatsApp: linking; absent when no WAHA server is configured.
    pub connector: Option<Arc<dyn Connector>>,
    /// WhatsApp: webhook signatures.
    pub verifier: Arc<dyn WebhookVerifier>,
    /// WhatsApp: webhook bodies.
    pub parser: Arc<dyn InboundParser>,
    /// The simulated payment page; absent when payments are real.
    pub sandbox: Option<Arc<SandboxPayments>>,
    /// P3: companies' own accounts at the payment provider.
    pub accounts: Arc<AccountBook>,
    /// The page of simulated accounts; absent when payments are real.
    pub sandbox_accounts: Option<SandboxConnect>,
    /// Search indexes of catalogue versions (K12).
    pub searches: VersionCache<Search>,
    /// Guards of catalogue versions, for replies that are judged alone.
    pub guards: VersionCache<Guard>,
    /// Answers questions about the platform (A13).
    pub faq: Arc<FaqBot>,
    /// Which language model answers for which company.
    pub models: Arc<Models>,
    /// Companies' calendars: the engine's own, with the way to connect them.
    pub calendars: Arc<Calendars>,
    /// Users pay the platform (P2).
    pub subscribing: Arc<Subscribing>,
    /// Told after every change, so that the worker need not wait for its next look at the queue.
    pub wake: Arc<Notify>,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl App {
    /// Deletes for good what the assistant keeps of a company: turns, sessions, chat memory, the owner's wishes, the model it
    /// chose and its key. To be called before the company itself is deleted.
    ///
    /// # Errors
    /// `Unavailable` when a part cannot be reached: repeat it.
    pub async fn forget_company(&self, tenant: Tenant) -> Result<()> {
        let _whose = self.engine.forget_company(tenant).await?;
        self.models.forget(tenant).await
    }

    /// Bytes of search indexes that are kept in memory: some 50,000 rows.
    pub const SEARCH_BYTES: usize = 64 * 1024 * 1024;

    /// Bytes of guards that are kept in memory for replies that are judged alone.
    pub const GUARD_BYTES: usize = 64 * 1024 * 1024;

    /// The system of record.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        self.engine.store.as_ref()
    }

    /// Now, as the clock port says.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.engine.clock.now()
    }

    /// The account behind a token.
    ///
    /// # Errors
    /// `Unauthenticated` when it is gone, `Forbidden` when it is disabled.
    pub async fn account(&self, id: UserId) -> Result<User> {
        let user = self.store().user(id).await.map_err(|error| {
            if error.kind() != ErrorKind::NotFound {
                return error;
            }
            Error::new(
                ErrorKind::Unauthenticated,
                "account.get",
                "Could not validate credentials",
            )
        })?;
        if user.is_active {
            Ok(user)
        } else {
            Err(Error::new(
                ErrorKind::Forbidden,
                "account.get",
                "this account is disabled",
            ))
        }
    }

    /// E1, E4: where the owner of a company stands now. Before anybody is refused, the provider is asked whether an event was
    /// lost.
    ///
    /// # Errors
    /// Storage failures only.
    pub async fn standing(&self, owner: UserId) -> Result<Standing> {
        let user = self.store().user(owner).await?;
        let bought = self.store().subscription(owner).await?;
        let billing = &self.subscribing.billing;
        let standing = billing
            .plans
            .standing(user.trial_ends_at, bought.as_ref(), self.now());
        if standing == Standing::Lapsed && bought.is_some() {
            return Ok(billing.account(&user).await?.standing);
        }
        Ok(standing)
    }
}

/// The key that signs tokens: the configured one, or (development only) one made at the first start and kept in the
/// database, so that sessions survive a restart.
///
/// # Errors
/// Storage failures only.
pub async fn secret_key(config: &Config, store: &dyn Store) -> Result<Secret> {
    const SPACE: &str = "config";
    const KEY: &str = "secret_key";
    if let Some(key) = &config.secret_key {
        return Ok(key.clone());
    }
    let made = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    match store.put_document(SPACE, KEY, &made.into(), 0).await {
        Ok(()) => {}
        // An earlier start, or another process starting now, was first.
        Err(error) if error.kind() == ErrorKind::Conflict => {}
        Err(error) => return Err(error),
    }
    let kept = store.document(SPACE, KEY).await?;
    kept.and_then(|(value, _)| value.as_str().map(Secret::new))
        .ok_or_else(|| Error::internal("config.secret_key", "the kept key is not text"))
}
