//! Consent, codes and tokens (OAuth 2 with PKCE).

use std::{fmt, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::{Client, Url, header::CONTENT_TYPE};
use sha2::{Digest, Sha256};
use x8_core::{Error, ErrorKind, Result, Secret};

use super::{
    calendars::{self, CalendarEntry},
    client::{Answer, Api, http, send},
    config::{GoogleConfig, SCOPES},
    error::{lost, token_refused, unreadable},
    wire::Tokens,
};

/// How long an access token lasts when Google does not say.
const HOUR: u64 = 3600;

/// What Google gives for a code or a refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Opens the API for a while.
    pub access_token: Secret,
    /// How long, from now.
    pub expires_in: Duration,
    /// Gets the next access token. With a code: absent when consent was given before and not asked for again. With a
    /// refresh token: absent while that one stays good.
    pub refresh_token: Option<Secret>,
    /// What was granted; empty when Google does not say.
    pub scopes: Vec<String>,
}

impl Grant {
    /// What x8 needs and was not given: people may untick single boxes.
    #[must_use]
    pub fn missing_scopes(&self) -> Vec<&'static str> {
        let has = |scope: &str| self.scopes.iter().any(|given| given == scope);
        if self.scopes.is_empty() || has("https://www.googleapis.com/auth/calendar") {
            return Vec::new();
        }
        SCOPES.into_iter().filter(|scope| !has(scope)).collect()
    }
}

/// The sign-in side of Google. Cheap to clone; keeps nothing.
#[derive(Clone)]
pub struct GoogleOauth {
    config: GoogleConfig,
    http: Client,
    api: Api,
}

impl fmt::Debug for GoogleOauth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GoogleOauth")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl GoogleOauth {
    /// Speaks for this client.
    ///
    /// # Errors
    /// `Invalid` when the configuration could not work.
    pub fn new(config: GoogleConfig) -> Result<Self> {
        let api = Api::new(&config)?;
        let http = http(config.timeouts)?;
        Ok(Self { config, http, api })
    }

    /// Where to send a person for their consent. `verifier` (43 to 128 letters that nobody can guess) is kept until the
    /// code comes; only its hash goes out.
    ///
    /// ```
    /// use x8_billing::google_calendar::{GoogleConfig, GoogleOauth};
    /// use x8_core::Secret;
    /// let config = GoogleConfig::new("client-1", Secret::new("s"), "https://x8.example/callback");
    /// let url = GoogleOauth::new(config)?.consent_url("state-1", &Secret::new("v".repeat(43)))?;
    /// assert!(url.starts_with("https://accounts.google.com/o/oauth2/v2/auth?client_id=client-1"));
    /// assert!(url.contains("access_type=offline") && url.contains("prompt=consent"));
    /// # Ok::<(), x8_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `Invalid` when the configured address is not a URL.
    pub fn consent_url(&self, state: &str, verifier: &Secret) -> Result<String> {
        let scope = SCOPES.join(" ");
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose()));
        let url = Url::parse_with_params(
            &self.config.endpoints.consent,
            [
                ("client_id", self.config.client_id.as_str()),
                ("redirect_uri", &self.config.redirect_uri),
                ("response_type", "code"),
                ("scope", &scope),
                // A refresh token, and at every consent: without it only the first one brings one.
                ("access_type", "offline"),
                ("prompt", "consent"),
                ("include_granted_scopes", "true"),
                ("state", state),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ],
        );
        let url = url.map_err(|error| {
            Error::invalid("google.consent", "consent is not a URL").caused_by(error)
        })?;
        Ok(url.into())
    }

    /// Turns a code into tokens. A code is good once, for some minutes.
    ///
    /// # Errors
    /// `Invalid` for a code that was used, has run out or is not for this verifier; `Unavailable`.
    pub async fn exchange(&self, code: &str, verifier: &Secret) -> Result<Grant> {
        const USED: &str = "this sign-in was used already or took too long; start again";
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", verifier.expose()),
            ("redirect_uri", &self.config.redirect_uri),
        ];
        self.grant("google.exchange", &form, (ErrorKind::Invalid, USED))
            .await
    }

    /// Gets the next access token, and perhaps the refresh token's successor.
    ///
    /// # Errors
    /// `Unauthenticated` when the refresh token is dead: the company must connect again. `Unavailable`.
    pub async fn refresh(&self, refresh_token: &Secret) -> Result<Grant> {
        const DEAD: &str = "Google has ended the connection; connect the calendar again";
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose()),
        ];
        self.grant("google.refresh", &form, (ErrorKind::Unauthenticated, DEAD))
            .await
    }

    /// Gives a token back, with everything that came from the same consent. One that is dead already is no failure.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn revoke(&self, token: &Secret) -> Result<()> {
        const OPERATION: &str = "google.revoke";
        let form = [("token", token.expose())];
        let answer = self
            .post(OPERATION, &self.config.endpoints.revoke, &form)
            .await?;
        // 400: Google does not know the token (any more).
        if answer.status.is_success() || answer.status == reqwest::StatusCode::BAD_REQUEST {
            return Ok(());
        }
        let dead = (ErrorKind::Invalid, "Google refuses the request");
        Err(token_refused(OPERATION, &answer, dead))
    }

    /// The calendars of the account that this access token opens.
    ///
    /// # Errors
    /// As the calendar's own calls.
    pub async fn calendars(&self, access_token: &Secret) -> Result<Vec<CalendarEntry>> {
        calendars::list(&self.api, access_token).await
    }

    async fn grant(
        &self,
        operation: &'static str,
        form: &[(&str, &str)],
        dead: (ErrorKind, &'static str),
    ) -> Result<Grant> {
        let client = [
            ("client_id", self.config.client_id.as_str()),
            ("client_secret", self.config.client_secret.expose()),
        ];
        let form: Vec<(&str, &str)> = form.iter().copied().chain(client).collect();
        let answer = self
            .post(operation, &self.config.endpoints.token, &form)
            .await?;
        if !answer.status.is_success() {
            return Err(token_refused(operation, &answer, dead));
        }
        // Without the reader's own words: they may repeat what it read.
        let tokens: Tokens =
            serde_json::from_slice(&answer.body).map_err(|_| unreadable(operation, &answer))?;
        let scopes = tokens.scope.unwrap_or_default();
        Ok(Grant {
            access_token: Secret::new(tokens.access_token),
            expires_in: Duration::from_secs(tokens.expires_in.unwrap_or(HOUR)),
            refresh_token: tokens.refresh_token.map(Secret::new),
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        })
    }

    async fn post(
        &self,
        operation: &'static str,
        url: &str,
        form: &[(&str, &str)],
    ) -> Result<Answer> {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = self
            .http
            .post(url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        send(request).await.map_err(|why| lost(operation, why))
    }
}
