//! Configuration: the only reader of the environment in the workspace.
//!
//! Every problem is collected and told at once, each with the variable, what is wrong with it and how to mend it. The table
//! of variables is in the crate's front page; a test compares the two.

use std::{fmt, net::SocketAddr};

use x8_core::{Secret, turn::Prices};

mod database;
mod derived;
mod environment;
mod google;
mod memory;
mod model;
mod origins;
mod reader;
mod stripe;
mod subscriptions;
mod variables;
mod waha;

pub use derived::derive;
pub use environment::{Environment, MIN_SECRET};
pub use google::Google;
pub use memory::{Memory, Remembering};
pub use model::Model;
pub use stripe::Stripe;
pub use subscriptions::Subscriptions;
pub use variables::VARIABLES;
pub use waha::Waha;

use reader::Reader;

/// The most that `X8_MAX_UPLOAD_MB` may allow: an upload is held in memory while it is read.
pub const MOST_UPLOAD_MB: u32 = 1024;

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
        let database_url = self.database_url();
        Config {
            environment,
            memory: self.memory(&database_url),
            database_url: Secret::new(database_url),
            listen,
            secret_key: self.secret("SECRET_KEY"),
            cors_origins: self.origins(),
            waha: self.waha(&public_url),
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
}
