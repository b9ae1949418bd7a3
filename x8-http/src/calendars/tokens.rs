//! Refresh tokens at rest, access tokens in memory.
//!
//! One refresh per company runs at a time in a process. Several processes may refresh at once: each token that Google
//! gives is added to the stored ones under the document's version, and only a token that Google calls dead is taken out,
//! so that whoever comes second neither loses a successor nor ends a connection that lives.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use x8_billing::google_calendar::{CalendarAccess, CalendarTokens, GoogleOauth};
use x8_core::{
    Error, ErrorKind, Result, Secret,
    port::{Clock, Documents},
    tenant::Tenant,
};

use super::connection::{Connection, usable};
use crate::seal::Sealer;

/// Where connections are kept, by company number.
const SPACE: &str = "google_calendar";
/// Lost races before a change gives up.
const TRIES: u32 = 64;
/// Refresh tokens that are kept: the present one, and those that other processes were given at the same moment.
const MOST_KEPT: usize = 3;
/// Access tokens kept ready; when there are more, all are fetched anew as they are needed.
const MOST_READY: usize = 4096;

/// An access token of one consent.
struct Ready {
    consent: String,
    token: Secret,
    until: Timestamp,
}

/// One lock per company, so that one refresh serves all who wait for it.
type Turns = HashMap<Tenant, Arc<tokio::sync::Mutex<()>>>;

pub(super) struct Tokens {
    documents: Arc<dyn Documents>,
    sealer: Sealer,
    oauth: Option<GoogleOauth>,
    clock: Arc<dyn Clock>,
    ready: Mutex<HashMap<Tenant, Ready>>,
    turns: Mutex<Turns>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

impl Tokens {
    pub(super) fn new(
        documents: Arc<dyn Documents>,
        sealer: Sealer,
        oauth: Option<GoogleOauth>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            documents,
            sealer,
            oauth,
            clock,
            ready: Mutex::default(),
            turns: Mutex::default(),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn documents(&self) -> &dyn Documents {
        &*self.documents
    }

    pub(super) fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// The sign-in side of Google.
    pub(super) fn oauth(&self) -> Result<&GoogleOauth> {
        self.oauth.as_ref().ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                "calendar.connect",
                "this server cannot connect Google calendars; set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET",
            )
        })
    }

    pub(super) fn seal(&self, tenant: Tenant, refresh: &Secret) -> Result<String> {
        self.sealer.seal(&purpose(tenant), refresh)
    }

    pub(super) async fn load(&self, tenant: Tenant) -> Result<(Connection, u32)> {
        let found = self.documents.document(SPACE, &key(tenant)).await?;
        let Some((value, version)) = found else {
            return Ok((Connection::default(), 0));
        };
        let known = serde_json::from_value(value)
            .map_err(|error| Error::internal("calendar.connection", error))?;
        Ok((known, version))
    }

    /// Changes the stored connection; what `step` refuses (`false`) is not written. A lost race runs it again.
    pub(super) async fn change(
        &self,
        tenant: Tenant,
        mut step: impl FnMut(&mut Connection) -> bool + Send,
    ) -> Result<()> {
        const OPERATION: &str = "calendar.connection";
        for _ in 0..TRIES {
            let (mut connection, version) = self.load(tenant).await?;
            if !step(&mut connection) {
                return Ok(());
            }
            let value = serde_json::to_value(&connection)
                .map_err(|error| Error::internal(OPERATION, error))?;
            let written = self
                .documents
                .put_document(SPACE, &key(tenant), &value, version)
                .await;
            match written {
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                done => return done,
            }
        }
        Err(Error::unavailable(
            OPERATION,
            "the connection is busy; try again",
        ))
    }

    /// Keeps an access token until shortly before it runs out.
    pub(super) fn keep(&self, tenant: Tenant, consent: &str, token: &Secret, expires_in: Duration) {
        let lasts = SignedDuration::try_from(usable(expires_in)).unwrap_or(SignedDuration::ZERO);
        let ready = Ready {
            consent: consent.to_owned(),
            token: token.clone(),
            until: self.now().checked_add(lasts).unwrap_or(Timestamp::MAX),
        };
        let mut all = self.ready();
        if all.len() >= MOST_READY {
            all.clear();
        }
        all.insert(tenant, ready);
    }

    pub(super) fn forget(&self, tenant: Tenant) {
        self.ready().remove(&tenant);
    }

    /// An access token of the company.
    pub(super) async fn token(&self, tenant: Tenant) -> Result<Secret> {
        let (connection, _) = self.load(tenant).await?;
        self.token_of(tenant, &connection).await
    }

    async fn token_of(&self, tenant: Tenant, connection: &Connection) -> Result<Secret> {
        // Before anything else: what was ended or disconnected elsewhere is over here too.
        if connection.needs_consent() {
            return Err(ended(connection));
        }
        if let Some(token) = self.known(tenant, &connection.consent) {
            return Ok(token);
        }
        let turn = self.turn(tenant);
        let _turn = turn.lock().await;
        match self.known(tenant, &connection.consent) {
            Some(token) => Ok(token),
            None => self.refresh(tenant).await,
        }
    }

    /// Another token than the one that was refused.
    pub(super) async fn renewed(&self, tenant: Tenant, refused: &Secret) -> Result<Secret> {
        let turn = self.turn(tenant);
        let _turn = turn.lock().await;
        let (connection, _) = self.load(tenant).await?;
        match self.known(tenant, &connection.consent) {
            Some(token) if token != *refused => Ok(token),
            _refused => self.refresh(tenant).await,
        }
    }

    fn known(&self, tenant: Tenant, consent: &str) -> Option<Secret> {
        let now = self.now();
        let all = self.ready();
        let ready = all.get(&tenant)?;
        (ready.consent == consent && now < ready.until).then(|| ready.token.clone())
    }

    /// Refreshes with the newest token that Google still knows.
    async fn refresh(&self, tenant: Tenant) -> Result<Secret> {
        let oauth = self.oauth()?;
        loop {
            let (connection, _) = self.load(tenant).await?;
            let Some(sealed) = connection.refresh.first() else {
                self.forget(tenant);
                return Err(ended(&connection));
            };
            let refresh = self.sealer.open(&purpose(tenant), sealed)?;
            match oauth.refresh(&refresh).await {
                Ok(grant) => {
                    if let Some(next) = &grant.refresh_token {
                        self.succeed(tenant, &connection.consent, sealed, next)
                            .await?;
                    }
                    let consent = &connection.consent;
                    self.keep(tenant, consent, &grant.access_token, grant.expires_in);
                    return Ok(grant.access_token);
                }
                // Perhaps another process has stored its successor meanwhile: the next turn of the loop sees.
                Err(dead) if dead.kind() == ErrorKind::Unauthenticated => {
                    self.bury(tenant, sealed).await?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Stores a successor beside what others stored meanwhile.
    async fn succeed(
        &self,
        tenant: Tenant,
        consent: &str,
        used: &str,
        next: &Secret,
    ) -> Result<()> {
        let sealed = self.seal(tenant, next)?;
        self.change(tenant, |known| {
            // Another consent has come: its tokens are worth more.
            if known.consent != consent {
                return false;
            }
            known.refresh.retain(|one| one != used);
            known.refresh.insert(0, sealed.clone());
            known.refresh.truncate(MOST_KEPT);
            known.ended_at = None;
            true
        })
        .await
    }

    /// Takes out a token that Google calls dead.
    async fn bury(&self, tenant: Tenant, dead: &str) -> Result<()> {
        let now = self.now();
        self.change(tenant, |known| {
            let before = known.refresh.len();
            known.refresh.retain(|one| one != dead);
            if known.refresh.is_empty() && known.ended_at.is_none() {
                known.ended_at = Some(now);
            }
            known.refresh.len() != before
        })
        .await
    }

    /// Whether a connection with this Google account is stored, of whichever company.
    pub(super) async fn is_shared(&self, account: &str) -> Result<bool> {
        let all = self.documents.documents(SPACE).await?;
        let mut known = all
            .into_iter()
            .filter_map(|(_, value)| serde_json::from_value::<Connection>(value).ok());
        Ok(known.any(|one| one.account == account && !one.refresh.is_empty()))
    }

    /// Gives tokens back, as far as Google answers.
    pub(super) async fn give_back(&self, tenant: Tenant, sealed: &[String]) {
        for sealed in sealed {
            let opened = self.sealer.open(&purpose(tenant), sealed);
            let (Ok(token), Some(oauth)) = (opened, &self.oauth) else {
                continue;
            };
            if let Err(error) = oauth.revoke(&token).await {
                tracing::warn!(%error, "a calendar token could not be given back");
            }
        }
    }

    fn ready(&self) -> MutexGuard<'_, HashMap<Tenant, Ready>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self, tenant: Tenant) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.len() >= MOST_READY {
            // Those that somebody holds or waits for are shared with them.
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        }
        Arc::clone(turns.entry(tenant).or_default())
    }
}

#[async_trait]
impl CalendarTokens for Tokens {
    async fn access(&self, tenant: Tenant) -> Result<CalendarAccess> {
        let (connection, _) = self.load(tenant).await?;
        Ok(CalendarAccess {
            token: self.token_of(tenant, &connection).await?,
            calendar: connection.calendar,
            former: connection.former,
        })
    }

    async fn renew(&self, tenant: Tenant, refused: &Secret) -> Result<Secret> {
        self.renewed(tenant, refused).await
    }
}

fn ended(connection: &Connection) -> Error {
    let why = if connection.consent.is_empty() {
        "the company has connected no Google calendar"
    } else {
        "Google has ended the connection; connect the calendar again"
    };
    Error::new(ErrorKind::Unauthenticated, "calendar.access", why)
}

fn key(tenant: Tenant) -> String {
    tenant.company().to_string()
}

fn purpose(tenant: Tenant) -> String {
    format!("google refresh token of {}", tenant.company())
}
