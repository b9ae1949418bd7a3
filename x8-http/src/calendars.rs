//! Companies' calendars: Google's for those that connected one; for the others the simulated one, or x8's own alone.
//!
//! A connection is one document per company with its refresh tokens sealed ([`Sealer`]). Access tokens are kept in memory
//! only. See decision 0021.

mod connection;
mod consent;
mod tokens;

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use x8_billing::{
    google_calendar::{Endpoints, GoogleCalendar, GoogleConfig, GoogleOauth},
    sandbox::SandboxCalendar,
};
use x8_core::{
    Error, ErrorKind, Result, Secret,
    port::{Calendar, CalendarEvent, Clock, Documents},
    tenant::Tenant,
};

pub use connection::{Connected, Connection};
pub use consent::{Consent, Started};

use self::tokens::Tokens;
use crate::{
    config::{Config, Environment, Google},
    seal::Sealer,
};

/// Who keeps a company's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// Google.
    Google,
    /// The simulated calendar.
    Sandbox,
    /// x8 alone.
    Nobody,
}

/// The calendars of all companies. One value serves the whole server.
pub struct Calendars {
    tokens: Arc<Tokens>,
    google: Option<GoogleCalendar>,
    sandbox: Option<SandboxCalendar>,
    state_key: Secret,
}

impl fmt::Debug for Calendars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calendars")
            .field("google", &self.google)
            .field("sandbox", &self.sandbox.is_some())
            .finish_non_exhaustive()
    }
}

impl Calendars {
    /// The calendars over this store, as they were configured.
    ///
    /// # Errors
    /// `Invalid` when the configured client could not work.
    pub fn new(
        config: &Config,
        secret_key: &Secret,
        documents: Arc<dyn Documents>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let client = config.google.as_ref().map(client);
        let oauth = client.clone().map(GoogleOauth::new).transpose()?;
        let simulated = config.environment == Environment::Development;
        let sandbox = simulated.then(|| SandboxCalendar::new(Arc::clone(&documents)));
        let sealer = Sealer::new(secret_key);
        let tokens = Arc::new(Tokens::new(documents, sealer, oauth, clock));
        let kept = Arc::<Tokens>::clone(&tokens);
        let google = client.map(|client| GoogleCalendar::new(&client, kept));
        Ok(Self {
            google: google.transpose()?,
            tokens,
            sandbox,
            state_key: crate::config::derive(secret_key, "google calendar state"),
        })
    }

    /// Who keeps the calendar of this company.
    ///
    /// *Tenancy*: looks at this company's own connection only.
    ///
    /// # Errors
    /// Storage failures only.
    pub async fn keeper(&self, tenant: Tenant) -> Result<Keeper> {
        Ok(
            match (self.connection(tenant).await?.is_some(), &self.sandbox) {
                (true, _) => Keeper::Google,
                (false, Some(_)) => Keeper::Sandbox,
                (false, None) => Keeper::Nobody,
            },
        )
    }

    /// The adapter that keeps the company's calendar; `None`: x8 alone does.
    async fn kept(&self, tenant: Tenant) -> Result<Option<&dyn Calendar>> {
        Ok(match self.keeper(tenant).await? {
            Keeper::Google => {
                let google = self.google.as_ref().ok_or_else(no_client)?;
                Some(google)
            }
            Keeper::Sandbox => self.sandbox.as_ref().map(|one| -> &dyn Calendar { one }),
            Keeper::Nobody => None,
        })
    }
}

fn client(google: &Google) -> GoogleConfig {
    let config = GoogleConfig::new(
        &google.client_id,
        google.client_secret.clone(),
        &google.redirect_uri,
    );
    match &google.base_url {
        Some(base) => config.with_endpoints(Endpoints::at(base)),
        None => config,
    }
}

/// A company is connected, and the operator took the client's variables away: its writes wait.
fn no_client() -> Error {
    Error::new(
        ErrorKind::Unauthenticated,
        "calendar.access",
        "this server is no client of Google's any more; set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET",
    )
}

#[async_trait]
impl Calendar for Calendars {
    async fn put(&self, tenant: Tenant, event: &CalendarEvent) -> Result<()> {
        match self.kept(tenant).await? {
            Some(calendar) => calendar.put(tenant, event).await,
            None => Err(none_connected()),
        }
    }

    async fn remove(&self, tenant: Tenant, event_id: &str) -> Result<()> {
        match self.kept(tenant).await? {
            Some(calendar) => calendar.remove(tenant, event_id).await,
            None => Ok(()),
        }
    }

    async fn get(&self, tenant: Tenant, event_id: &str) -> Result<Option<CalendarEvent>> {
        match self.kept(tenant).await? {
            Some(calendar) => calendar.get(tenant, event_id).await,
            None => Err(none_connected()),
        }
    }

    async fn busy(
        &self,
        tenant: Tenant,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(Timestamp, Timestamp)>> {
        match self.kept(tenant).await? {
            Some(calendar) => calendar.busy(tenant, from, to).await,
            None => Ok(Vec::new()),
        }
    }
}

fn none_connected() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "calendar.access",
        "the company has connected no calendar",
    )
}
