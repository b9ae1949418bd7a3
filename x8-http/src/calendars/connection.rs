//! A company's connection with Google, and what is done about it.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use x8_billing::google_calendar::{CalendarEntry, Grant};
use x8_core::{Error, ErrorKind, Result, tenant::Tenant};

use super::Calendars;

/// Calendars that are remembered after others were chosen: events are fetched from there.
const MOST_FORMER: usize = 4;

/// A connection as stored. Disconnected ones stay, empty: documents are never deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Tells one consent from the next; empty: there is no connection.
    pub(super) consent: String,
    /// Refresh tokens, sealed, newest first. None left: Google has ended the connection.
    pub(super) refresh: Vec<String>,
    /// The Google account, by the address of its main calendar.
    pub account: String,
    /// The calendar that was chosen.
    pub calendar: String,
    /// Calendars that were chosen before.
    pub(super) former: Vec<String>,
    /// Since when.
    pub connected_at: Option<Timestamp>,
    /// When Google ended it.
    pub ended_at: Option<Timestamp>,
}

impl Connection {
    /// Whether the company must connect again.
    #[must_use]
    pub fn needs_consent(&self) -> bool {
        self.refresh.is_empty()
    }
}

/// What a connect was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connected {
    /// The same calendar as before: what waited can go on.
    Again,
    /// A calendar that holds nothing of ours yet.
    Anew,
}

impl Calendars {
    /// The company's connection, ended or not; `None` when it is not connected.
    ///
    /// *Tenancy*: the company's own only.
    ///
    /// # Errors
    /// Storage failures only.
    pub async fn connection(&self, tenant: Tenant) -> Result<Option<Connection>> {
        let (connection, _) = self.tokens.load(tenant).await?;
        Ok(Some(connection).filter(|known| !known.consent.is_empty()))
    }

    /// Stores what a consent gave. The calendar that was chosen stays chosen when the account is the same.
    ///
    /// *Idempotency*: a second consent takes the place of the first.
    ///
    /// # Errors
    /// `Invalid` when the consent does not cover what is needed, `Unavailable` when Google does not answer.
    pub(super) async fn connect(&self, tenant: Tenant, grant: Grant) -> Result<Connected> {
        const OPERATION: &str = "calendar.connect";
        let missing = grant.missing_scopes();
        if !missing.is_empty() {
            let why =
                "not every box was ticked on Google's page; connect again and tick all of them";
            return Err(Error::invalid(OPERATION, why).with("missing", missing.join(" ")));
        }
        let refresh = grant.refresh_token.as_ref().ok_or_else(|| {
            let why = "Google gave no lasting access; remove x8 at myaccount.google.com/permissions and connect again";
            Error::invalid(OPERATION, why)
        })?;
        let listed = self.tokens.oauth()?.calendars(&grant.access_token).await?;
        let main = listed.iter().find(|one| one.primary);
        let account = main.map_or_else(|| "primary".to_owned(), |main| main.id.clone());
        let sealed = self.tokens.seal(tenant, refresh)?;
        let consent = super::consent::random();
        let now = self.tokens.now();
        let mut same = false;
        self.tokens
            .change(tenant, |known| {
                same = known.account == account && !known.calendar.is_empty();
                let kept = if same {
                    std::mem::take(known)
                } else {
                    Connection::default()
                };
                *known = Connection {
                    consent: consent.clone(),
                    refresh: vec![sealed.clone()],
                    calendar: if same { kept.calendar } else { account.clone() },
                    account: account.clone(),
                    former: kept.former,
                    connected_at: Some(now),
                    ended_at: None,
                };
                true
            })
            .await?;
        self.tokens
            .keep(tenant, &consent, &grant.access_token, grant.expires_in);
        Ok(if same {
            Connected::Again
        } else {
            Connected::Anew
        })
    }

    /// The calendars of the connected account.
    ///
    /// # Errors
    /// `Unauthenticated` when there is no connection (any more), `Unavailable`.
    pub async fn listed(&self, tenant: Tenant) -> Result<Vec<CalendarEntry>> {
        let oauth = self.tokens.oauth()?;
        let token = self.tokens.token(tenant).await?;
        match oauth.calendars(&token).await {
            Err(error) if error.kind() == ErrorKind::Unauthenticated => {
                let token = self.tokens.renewed(tenant, &token).await?;
                oauth.calendars(&token).await
            }
            listed => listed,
        }
    }

    /// Chooses one of the account's calendars; `false` when it was chosen already.
    ///
    /// *Idempotency*: choosing twice changes nothing.
    ///
    /// # Errors
    /// `Invalid` for a calendar that the account may not write to; as [`listed`](Self::listed).
    pub async fn choose(&self, tenant: Tenant, calendar: &str) -> Result<bool> {
        let listed = self.listed(tenant).await?;
        // `primary` is only another word for the main one; under two names it would be two calendars here.
        let named =
            |one: &&CalendarEntry| one.id == calendar || (one.primary && calendar == "primary");
        let chosen = listed
            .iter()
            .find(named)
            .ok_or_else(|| Error::invalid("calendar.choose", "the account has no such calendar"))?;
        if !chosen.writable {
            let why = "x8 may not write to this calendar; choose another one";
            return Err(Error::invalid("calendar.choose", why));
        }
        let mut changed = false;
        self.tokens
            .change(tenant, |known| {
                changed = !known.consent.is_empty() && known.calendar != chosen.id;
                if changed {
                    let old = std::mem::replace(&mut known.calendar, chosen.id.clone());
                    known
                        .former
                        .retain(|former| *former != old && *former != chosen.id);
                    known.former.insert(0, old);
                    known.former.truncate(MOST_FORMER);
                }
                changed
            })
            .await?;
        Ok(changed)
    }

    /// Forgets the connection and gives its tokens back, unless another company uses the same Google account: Google would
    /// take its access away too. Events stay where they are: they are the company's.
    ///
    /// *Idempotency*: disconnecting twice changes nothing; `false` then.
    ///
    /// # Errors
    /// Storage failures only: a Google that does not answer forgets us later by itself.
    pub async fn disconnect(&self, tenant: Tenant) -> Result<bool> {
        let mut known = Connection::default();
        self.tokens
            .change(tenant, |stored| {
                known = std::mem::take(stored);
                !known.consent.is_empty()
            })
            .await?;
        self.tokens.forget(tenant);
        if known.consent.is_empty() {
            return Ok(false);
        }
        if !self.tokens.is_shared(&known.account).await? {
            self.tokens.give_back(tenant, &known.refresh).await;
        }
        Ok(true)
    }
}

/// How long an access token is used: a little less than Google says, so that none runs out on its way.
pub(super) fn usable(expires_in: Duration) -> Duration {
    expires_in.saturating_sub(Duration::from_secs(60))
}
