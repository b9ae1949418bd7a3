//! From the click on "connect" to the code that comes back: who began, in which browser, for which company.
//!
//! The state that travels through Google names company and user and is signed; what it is compared with is stored: a
//! number used once, the sealed PKCE verifier, and the hash of a cookie. It is good once, for ten minutes, in the browser
//! that began or with the access token of the user who did.

use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use x8_core::{
    Error, ErrorKind, Result, Secret,
    id::{CompanyId, UserId},
    tenant::Tenant,
};

use super::{Calendars, connection::Connected};

/// Where begun sign-ins are kept, by company and user: a new one takes the place of the last.
const SPACE: &str = "google_calendar_consent";
/// How long a person may take on Google's pages.
pub(super) const LIFE: SignedDuration = SignedDuration::from_mins(10);

/// A sign-in that was begun.
#[derive(Clone, Debug)]
pub struct Started {
    /// Where to send the person.
    pub url: String,
    /// What their browser keeps in a cookie until they come back.
    pub browser: Secret,
}

/// A sign-in that came back, checked and used up.
#[derive(Clone, Debug)]
pub struct Consent {
    /// For which company it was begun.
    pub company: CompanyId,
    /// By whom.
    pub user: UserId,
    verifier: Secret,
}

/// A begun sign-in as stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Pending {
    nonce: String,
    /// Sealed.
    verifier: String,
    /// SHA-256 of the cookie.
    browser: String,
    expires_at: Timestamp,
    used: bool,
}

/// What the state says.
struct State {
    company: CompanyId,
    user: UserId,
    nonce: String,
}

impl Calendars {
    /// Begins a sign-in of this user for this company.
    ///
    /// # Errors
    /// `Unsupported` when no client is configured; storage failures.
    pub async fn start(&self, tenant: Tenant, user: UserId) -> Result<Started> {
        let oauth = self.tokens.oauth()?;
        let (nonce, verifier, browser) = (random(), Secret::new(random()), random());
        let pending = Pending {
            nonce: nonce.clone(),
            verifier: self
                .tokens
                .sealer()
                .seal(&purpose(tenant.company()), &verifier)?,
            browser: hash(&browser),
            expires_at: self.tokens.now() + LIFE,
            used: false,
        };
        let state = State {
            company: tenant.company(),
            user,
            nonce,
        };
        let key = state.key();
        let documents = self.tokens.documents();
        let version = documents.document(SPACE, &key).await?;
        let version = version.map_or(0, |(_, version)| version);
        documents
            .put_document(SPACE, &key, &write(&pending)?, version)
            .await?;
        Ok(Started {
            url: oauth.consent_url(&self.sign(&state)?, &verifier)?,
            browser: Secret::new(browser),
        })
    }

    /// Checks a state that came back and uses it up. `browser` is the cookie, `signed` the user of an access token; one of
    /// them must be that of the beginning.
    ///
    /// # Errors
    /// `Invalid` for a state that is not ours, was used, or has run out; `Forbidden` in another browser.
    pub async fn come_back(
        &self,
        state: &str,
        browser: Option<&str>,
        signed: Option<UserId>,
    ) -> Result<Consent> {
        let state = self.verify(state).ok_or_else(over)?;
        let documents = self.tokens.documents();
        let stored = documents.document(SPACE, &state.key()).await?;
        let (value, version) = stored.ok_or_else(over)?;
        let pending: Pending = serde_json::from_value(value)
            .map_err(|error| Error::internal("calendar.consent", error))?;
        let good = pending.nonce == state.nonce && self.tokens.now() < pending.expires_at;
        if !good || pending.used {
            return Err(over());
        }
        let same_browser = browser.is_some_and(|cookie| hash(cookie) == pending.browser);
        if !same_browser && signed != Some(state.user) {
            return Err(Error::new(
                ErrorKind::Forbidden,
                "calendar.consent",
                "this sign-in was begun in another browser; begin again in this one",
            ));
        }
        let verifier = self
            .tokens
            .sealer()
            .open(&purpose(state.company), &pending.verifier)?;
        let used = Pending {
            used: true,
            ..pending
        };
        let written = documents
            .put_document(SPACE, &state.key(), &write(&used)?, version)
            .await;
        // Who comes second, at the same moment, finds it used.
        written.map_err(|error| match error.kind() == ErrorKind::Conflict {
            true => over(),
            false => error,
        })?;
        Ok(Consent {
            company: state.company,
            user: state.user,
            verifier,
        })
    }

    /// Turns the code of a checked sign-in into a connection.
    ///
    /// # Errors
    /// `Invalid` when the code is not good or the consent lacks something, `Unavailable` when Google does not answer:
    /// begin again.
    pub async fn finish(&self, tenant: Tenant, consent: &Consent, code: &str) -> Result<Connected> {
        let grant = self
            .tokens
            .oauth()?
            .exchange(code, &consent.verifier)
            .await?;
        self.connect(tenant, grant).await
    }

    fn sign(&self, state: &State) -> Result<String> {
        let said = state.said();
        let mac = self.mac(&said)?.finalize().into_bytes();
        Ok(format!("{said}.{}", hex::encode(mac)))
    }

    fn verify(&self, text: &str) -> Option<State> {
        let (said, mac) = text.rsplit_once('.')?;
        let mac = hex::decode(mac).ok()?;
        self.mac(said).ok()?.verify_slice(&mac).ok()?;
        let mut parts = said.split('.');
        let state = State {
            company: CompanyId(parts.next()?.parse().ok()?),
            user: UserId(parts.next()?.parse().ok()?),
            nonce: parts.next()?.to_owned(),
        };
        parts.next().is_none().then_some(state)
    }

    fn mac(&self, said: &str) -> Result<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.state_key.expose().as_bytes())
            .map_err(|error| Error::internal("calendar.consent", error))?;
        mac.update(said.as_bytes());
        Ok(mac)
    }
}

impl State {
    fn said(&self) -> String {
        format!("{}.{}.{}", self.company, self.user, self.nonce)
    }

    fn key(&self) -> String {
        format!("{}:{}", self.company, self.user)
    }
}

/// 64 letters from the operating system's randomness.
pub(super) fn random() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

fn purpose(company: CompanyId) -> String {
    format!("google verifier of {company}")
}

fn write(pending: &Pending) -> Result<serde_json::Value> {
    serde_json::to_value(pending).map_err(|error| Error::internal("calendar.consent", error))
}

fn over() -> Error {
    Error::invalid(
        "calendar.consent",
        "this sign-in was used already or took too long; begin again",
    )
}
