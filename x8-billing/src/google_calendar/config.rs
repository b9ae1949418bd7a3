//! How Google is reached, and as which application.

use std::time::Duration;

use x8_core::{Error, Result, Secret};

/// What is asked for: to write events, to see busy times, and to list the calendars there are.
///
/// `calendar.events` alone does not cover busy times.
pub const SCOPES: [&str; 3] = [
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/calendar.freebusy",
    "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
];

/// Google's addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// The page where people give their consent.
    pub consent: String,
    /// Where codes and refresh tokens become access tokens.
    pub token: String,
    /// Where tokens are given back.
    pub revoke: String,
    /// The Calendar API, up to and with its version.
    pub api: String,
}

impl Default for Endpoints {
    /// Google's own.
    fn default() -> Self {
        Self {
            consent: "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            token: "https://oauth2.googleapis.com/token".to_owned(),
            revoke: "https://oauth2.googleapis.com/revoke".to_owned(),
            api: "https://www.googleapis.com/calendar/v3".to_owned(),
        }
    }
}

impl Endpoints {
    /// All of them on one other server, as stand-ins have them.
    ///
    /// ```
    /// use x8_billing::google_calendar::Endpoints;
    /// let endpoints = Endpoints::at("http://127.0.0.1:4601/");
    /// assert_eq!(endpoints.api, "http://127.0.0.1:4601/calendar/v3");
    /// assert_eq!(endpoints.token, "http://127.0.0.1:4601/oauth2/token");
    /// ```
    #[must_use]
    pub fn at(base: &str) -> Self {
        let base = base.trim_end_matches('/');
        Self {
            consent: format!("{base}/o/oauth2/v2/auth"),
            token: format!("{base}/oauth2/token"),
            revoke: format!("{base}/oauth2/revoke"),
            api: format!("{base}/calendar/v3"),
        }
    }
}

/// How long calls may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To reach the server.
    pub connect: Duration,
    /// For a whole call.
    pub request: Duration,
}

impl Default for Timeouts {
    /// Five seconds to connect, ten for a call.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            request: Duration::from_secs(10),
        }
    }
}

/// Everything the adapter needs to know. The client secret does not show in `Debug`.
#[derive(Clone, Debug)]
pub struct GoogleConfig {
    /// The OAuth client's id.
    pub client_id: String,
    /// The OAuth client's secret.
    pub client_secret: Secret,
    /// Where Google sends people back; letter by letter as registered with the client.
    pub redirect_uri: String,
    /// Google's addresses.
    pub endpoints: Endpoints,
    /// How long calls may take.
    pub timeouts: Timeouts,
}

impl GoogleConfig {
    /// A configuration for Google itself with default timeouts.
    ///
    /// ```
    /// use x8_billing::google_calendar::GoogleConfig;
    /// use x8_core::Secret;
    /// let config = GoogleConfig::new("client-1", Secret::new("of-the-client"), "https://x8.example/callback");
    /// config.check()?;
    /// assert!(!format!("{config:?}").contains("of-the-client"), "no secret is shown");
    /// # Ok::<(), x8_core::Error>(())
    /// ```
    #[must_use]
    pub fn new(
        client_id: impl Into<String>,
        client_secret: Secret,
        redirect_uri: impl Into<String>,
    ) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret,
            redirect_uri: redirect_uri.into(),
            endpoints: Endpoints::default(),
            timeouts: Timeouts::default(),
        }
    }

    /// Talks to other servers.
    #[must_use]
    pub fn with_endpoints(mut self, endpoints: Endpoints) -> Self {
        self.endpoints = endpoints;
        self
    }

    /// Replaces the timeouts.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Refuses what could not work, by field.
    ///
    /// # Errors
    /// `Invalid` when an address is not HTTP(S), or the client's id or secret is empty.
    pub fn check(&self) -> Result<()> {
        let Endpoints {
            consent,
            token,
            revoke,
            api,
        } = &self.endpoints;
        for (field, url) in [
            ("redirect_uri", &self.redirect_uri),
            ("consent", consent),
            ("token", token),
            ("revoke", revoke),
            ("api", api),
        ] {
            if !url.starts_with("http://") && !url.starts_with("https://") {
                let wrong = refused(format!("{field} must start with http:// or https://"));
                return Err(wrong.with("value", url));
            }
        }
        if self.client_id.trim().is_empty() || self.client_secret.expose().trim().is_empty() {
            return Err(refused("client_id or client_secret is empty".to_owned()));
        }
        Ok(())
    }
}

fn refused(message: String) -> Error {
    Error::invalid("google.config", message)
}
