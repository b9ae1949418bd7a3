//! Configuration: the only reader of the environment in the workspace.
//!
//! Every problem is collected and told at once, each with the variable, what is wrong with it and how to mend it. The table
//! of variables is in the crate's front page; a test compares the two.

use std::{fmt, net::SocketAddr};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use x8_core::{Secret, turn::Prices};

use crate::store;

mod google;
mod memory;
mod model;
mod reader;
mod stripe;
mod subscriptions;

pub use google::Google;
pub use memory::{Memory, Remembering};
pub use model::Model;
pub use stripe::Stripe;
pub use subscriptions::Subscriptions;

use reader::Reader;

/// Every variable this server reads.
pub const VARIABLES: &[&str] = &[
    "X8_ENV",
    "DATABASE_URL",
    "X8_LISTEN",
    "X8_PUBLIC_URL",
    "SECRET_KEY",
    "BACKEND_CORS_ORIGINS",
    "WAHA_API_URL",
    "WAHA_API_KEY",
    "WAHA_WEBHOOK_URL",
    "WAHA_WEBHOOK_SECRET",
    "WAHA_WEBHOOK_SECRET_PREVIOUS",
    "STRIPE_WEBHOOK_SECRET",
    "X8_BURST_QUIET_MS",
    "X8_BURST_LONGEST_MS",
    "X8_FAQ_FILE",
    "X8_MODEL_URL",
    "X8_MODEL_KEY",
    "X8_MODEL_NAME",
    "X8_MODEL_DIALECT",
    "X8_MODEL_PRICES",
    "X8_MAX_UPLOAD_MB",
    "X8_MEMORY",
    "X8_MEMORY_URL",
    "X8_MEMORY_DAYS",
    "X8_MEMORY_TOKENS",
    "X8_DATABASE_URL",
    "STRIPE_SECRET_KEY",
    "STRIPE_CONNECT_WEBHOOK_SECRET",
    "STRIPE_BASE_URL",
    "STRIPE_APPLICATION_FEE_BPS",
    "STRIPE_SUCCESS_URL",
    "STRIPE_CANCEL_URL",
    "STRIPE_CONNECT_REFRESH_URL",
    "STRIPE_CONNECT_RETURN_URL",
    "GOOGLE_CLIENT_ID",
    "GOOGLE_CLIENT_SECRET",
    "GOOGLE_CALENDAR_REDIRECT_URI",
    "GOOGLE_BASE_URL",
    "STRIPE_SUBSCRIPTION_WEBHOOK_SECRET",
    "X8_PLANS_FILE",
    "FRONTEND_URL",
];

/// The shortest `SECRET_KEY` that production accepts, in bytes.
pub const MIN_SECRET: usize = 32;

/// The most that `X8_MAX_UPLOAD_MB` may allow: an upload is held in memory while it is read.
pub const MOST_UPLOAD_MB: u32 = 1024;

/// Where the server runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// On somebody's desk: simulated payments, a generated key.
    Development,
    /// For real customers: weak keys and simulated providers are refused (S6).
    Production,
}

/// WhatsApp through WAHA.
#[derive(Clone, Debug)]
pub struct Waha {
    /// Base address of the WAHA server; absent: WhatsApp is not offered.
    pub url: Option<String>,
    /// Its API key.
    pub key: Option<Secret>,
    /// Where WAHA shall send its webhooks.
    pub webhook_url: String,
    /// Signs those webhooks; given, or derived from `SECRET_KEY` once that is known ([`Config::webhook_secret`]).
    pub webhook_secret: Option<Secret>,
    /// Accepted beside it while a key is rotated.
    pub webhook_secret_previous: Option<Secret>,
}

/// Everything the server can be told from outside.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it runs.
    pub environment: Environment,
    /// `sqlite://path`, or `postgres://user:password@host/database` with the feature `postgres`.
    pub database_url: Secret,
    /// Where it listens.
    pub listen: SocketAddr,
    /// How customers and providers reach it from outside, without a slash at the end.
    pub public_url: String,
    /// Signs tokens. `None` in development only: [`crate::app::secret_key`] makes one and keeps it in the database.
    pub secret_key: Option<Secret>,
    /// Origins a browser front end may call from.
    pub cors_origins: Vec<String>,
    /// WhatsApp.
    pub waha: Waha,
    /// Customer payments through Stripe; absent: simulated ones (never in production).
    pub stripe: Option<Stripe>,
    /// P1: verify webhooks of the platform's own account, which is another endpoint than that of the connected accounts.
    pub stripe_webhook_secrets: Vec<Secret>,
    /// A1: quiet time after each message of a burst, in milliseconds.
    pub burst_quiet_ms: u32,
    /// A1: longest wait of a burst, in milliseconds.
    pub burst_longest_ms: u32,
    /// A13: a FAQ file in place of the one that ships.
    pub faq_file: Option<String>,
    /// The platform's language model; absent: the guided model answers (A11).
    pub model: Option<Model>,
    /// What language models ask for their tokens, by their names.
    pub model_prices: Prices,
    /// K2: how large an uploaded file may be, in MB of 1,048,576 bytes; 1 to [`MOST_UPLOAD_MB`].
    pub max_upload_mb: u32,
    /// A2: where language models' windows of a conversation come from.
    pub memory: Memory,
    /// P12: this server as a client of Google's; absent: no Google calendar can be connected.
    pub google: Option<Google>,
    /// P2: how users pay the platform.
    pub subscriptions: Subscriptions,
}

/// Everything that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} problem(s) in the configuration:", self.0.len())?;
        self.0
            .iter()
            .try_for_each(|problem| write!(f, "\n- {problem}"))
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads the process environment.
    ///
    /// # Errors
    /// Every problem at once.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_lookup(&|name| std::env::var(name).ok())
    }

    /// Reads variables from anywhere; an empty value counts as absent.
    ///
    /// ```
    /// use x8_http::Config;
    /// let config = Config::from_lookup(&|name| (name == "X8_LISTEN").then(|| "0.0.0.0:80".to_owned()))?;
    /// assert_eq!(config.listen.port(), 80);
    /// let error = Config::from_lookup(&|name| match name {
    ///     "X8_ENV" => Some("production".to_owned()),
    ///     "X8_LISTEN" => Some("here".to_owned()),
    ///     _ => None,
    /// });
    /// assert_eq!(error.map(|_| ()).map_err(|error| error.0.len()), Err(3), "listen, key and sandbox, all told at once");
    /// # Ok::<(), x8_http::config::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// Every problem at once.
    pub fn from_lookup(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Reader {
            lookup,
            problems: Vec::new(),
        };
        let config = reader.config();
        config.refuse_weak_production(&mut reader.problems);
        if reader.problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError(reader.problems))
        }
    }

    /// S6.
    fn refuse_weak_production(&self, problems: &mut Vec<String>) {
        if self.environment != Environment::Production {
            return;
        }
        match &self.secret_key {
            None => problems.push(format!(
                "SECRET_KEY: required when X8_ENV=production; set at least {MIN_SECRET} random characters"
            )),
            Some(key) if is_weak(key) => problems.push(format!(
                "SECRET_KEY: too weak for production; set at least {MIN_SECRET} random characters, not a word or a repeated pattern"
            )),
            Some(_) => {}
        }
        if self.google.iter().any(|google| google.base_url.is_some()) {
            problems.push(
                "GOOGLE_BASE_URL: for tests only; production talks to Google itself".to_owned(),
            );
        }
        if self.sandbox() {
            problems.push(
                "STRIPE_SECRET_KEY: absent, so payments would be simulated; production refuses the sandbox provider".to_owned(),
            );
        }
    }

    /// K2: how many bytes an uploaded file may have.
    #[must_use]
    pub fn upload_bytes(&self) -> usize {
        let megabytes = usize::try_from(self.max_upload_mb).unwrap_or(usize::MAX);
        megabytes.saturating_mul(1024 * 1024)
    }

    /// Whether payments are simulated.
    #[must_use]
    pub fn sandbox(&self) -> bool {
        self.stripe.is_none()
    }

    /// The key WAHA signs its webhooks with: the one given, or one derived from `secret_key`, so that the two never need to
    /// be configured apart and neither reveals the other.
    #[must_use]
    pub fn webhook_secret(&self, secret_key: &Secret) -> Secret {
        self.waha
            .webhook_secret
            .clone()
            .unwrap_or_else(|| derive(secret_key, "waha webhook"))
    }
}

/// A key for one purpose, derived from `SECRET_KEY` by HMAC-SHA256.
#[must_use]
pub fn derive(secret_key: &Secret, purpose: &str) -> Secret {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret_key.expose().as_bytes()) else {
        // HMAC takes a key of any length; this arm only satisfies its signature.
        return secret_key.clone();
    };
    mac.update(b"x8 ");
    mac.update(purpose.as_bytes());
    Secret::new(hex::encode(mac.finalize().into_bytes()))
}

fn is_weak(key: &Secret) -> bool {
    let bytes = key.expose().as_bytes();
    let kinds: std::collections::BTreeSet<&u8> = bytes.iter().collect();
    let lower = key.expose().to_ascii_lowercase();
    bytes.len() < MIN_SECRET
        || kinds.len() < 8
        || [
            "changeme",
            "change-me",
            "your-secret",
            "secret-key",
            "example",
        ]
        .iter()
        .any(|word| lower.contains(word))
}

impl Reader<'_> {
    fn config(&mut self) -> Config {
        let environment = self.environment();
        let listen = self.parsed(
            "X8_LISTEN",
            SocketAddr::from(([127, 0, 0, 1], 8000)),
            "an address such as 127.0.0.1:8000",
        );
        let public_url = self
            .address("X8_PUBLIC_URL")
            .unwrap_or_else(|| format!("http://{listen}"));
        let webhook_url = self
            .address("WAHA_WEBHOOK_URL")
            .unwrap_or_else(|| format!("{public_url}/api/v1/webhooks/waha"));
        let database_url = self.database_url();
        Config {
            environment,
            memory: self.memory(&database_url),
            database_url: Secret::new(database_url),
            listen,
            secret_key: self.secret("SECRET_KEY"),
            cors_origins: self.origins(),
            waha: Waha {
                url: self.address("WAHA_API_URL"),
                key: self.secret("WAHA_API_KEY"),
                webhook_url,
                webhook_secret: self.secret("WAHA_WEBHOOK_SECRET"),
                webhook_secret_previous: self.secret("WAHA_WEBHOOK_SECRET_PREVIOUS"),
            },
            stripe: self.stripe(&public_url),
            stripe_webhook_secrets: self.secrets("STRIPE_WEBHOOK_SECRET"),
            burst_quiet_ms: self.parsed(
                "X8_BURST_QUIET_MS",
                1200,
                "milliseconds as a whole number",
            ),
            faq_file: self.text("X8_FAQ_FILE"),
            burst_longest_ms: self.parsed(
                "X8_BURST_LONGEST_MS",
                10_000,
                "milliseconds as a whole number",
            ),
            model: self.model(),
            model_prices: self.prices(),
            max_upload_mb: self.max_upload_mb(),
            google: self.google(&public_url),
            subscriptions: self.subscriptions(environment, &public_url),
            public_url,
        }
    }

    fn max_upload_mb(&mut self) -> u32 {
        const NAME: &str = "X8_MAX_UPLOAD_MB";
        let most = self.parsed(NAME, 25, "a whole number of MB");
        if !(1..=MOST_UPLOAD_MB).contains(&most) {
            self.problems
                .push(format!("{NAME}: {most} is not from 1 to {MOST_UPLOAD_MB}"));
        }
        most
    }

    fn environment(&mut self) -> Environment {
        match self.text("X8_ENV").as_deref() {
            None | Some("development" | "dev" | "local") => Environment::Development,
            Some("production" | "prod") => Environment::Production,
            Some(other) => {
                self.problems.push(format!(
                    "X8_ENV: `{other}` is neither development nor production"
                ));
                Environment::Production
            }
        }
    }

    fn database_url(&mut self) -> String {
        let own = self.text("X8_DATABASE_URL");
        let name = if own.is_some() {
            "X8_DATABASE_URL"
        } else {
            "DATABASE_URL"
        };
        let url = own
            .or_else(|| self.text(name))
            .unwrap_or_else(|| "sqlite://x8.db".to_owned());
        // Never repeat it: such an address carries a password.
        if store::is_postgres(&url) {
            if cfg!(not(feature = "postgres")) {
                self.problems.push(format!(
                    "{name}: this build has no PostgreSQL; build with --features postgres, or name a file as sqlite://path"
                ));
            }
        } else if !url.starts_with("sqlite:") {
            self.problems.push(format!(
                "{name}: must be sqlite://path or postgres://user:password@host/database"
            ));
        }
        url
    }

    /// A JSON list, as the FastAPI app writes it, or a list separated by commas.
    fn origins(&mut self) -> Vec<String> {
        let Some(value) = self.text("BACKEND_CORS_ORIGINS") else {
            return Vec::new();
        };
        let listed: Vec<String> = if value.starts_with('[') {
            serde_json::from_str(&value).unwrap_or_else(|error| {
                self.problems.push(format!(
                    "BACKEND_CORS_ORIGINS: not a JSON list of strings: {error}"
                ));
                Vec::new()
            })
        } else {
            value.split(',').map(str::to_owned).collect()
        };
        let mut origins = Vec::new();
        for origin in listed
            .iter()
            .map(|origin| origin.trim().trim_end_matches('/'))
        {
            if origin.starts_with("http://") || origin.starts_with("https://") {
                origins.push(origin.to_owned());
            } else {
                self.problems.push(format!(
                    "BACKEND_CORS_ORIGINS: `{origin}` is not an origin such as https://app.example.com"
                ));
            }
        }
        origins
    }
}
