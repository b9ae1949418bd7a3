//! Where the model is and how it is spoken to.

use std::time::Duration;

use reqwest::Url;
use x8_core::{Error, Result, Secret};

use super::{dialect::Dialect, reach::Reach, retry::RetryPolicy};

const OPERATION: &str = "model.config";

/// How long calls may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To reach the server.
    pub connect: Duration,
    /// For one try, until its last byte. A try that ran out is not repeated: the next would run out too.
    pub request: Duration,
}

impl Default for Timeouts {
    /// Four seconds to connect, fifteen for a try: a turn has twenty in all (A11).
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(4),
            request: Duration::from_secs(15),
        }
    }
}

/// Everything the adapters need to know. The key does not show in `Debug`.
#[derive(Clone, Debug)]
pub struct OpenAiConfig {
    /// Where `/chat/completions` follows: `https://api.openai.com/v1`. An address without a path gets `/v1`.
    pub base_url: String,
    /// Sent as `Authorization: Bearer`; local servers need none.
    pub api_key: Option<Secret>,
    /// The model's name at that server.
    pub model: String,
    /// Which server it is.
    pub dialect: Dialect,
    /// How long calls may take.
    pub timeouts: Timeouts,
    /// What is tried again, and after which wait.
    pub retry: RetryPolicy,
    /// Tokens of one answer, at most. A reply contract object takes 300 to 700.
    pub max_tokens: u32,
    /// Sampling temperature in thousandths; `None`: the server's own, for models that take no other.
    pub temperature_milli: Option<u16>,
    /// How often a model may look things up before it must answer; 0: it is offered no tools.
    pub tool_rounds: u8,
    /// Whether answers come piece by piece. A turn needs the whole answer, so this only helps where something between us
    /// and the server cuts quiet connections.
    pub stream: bool,
    /// Which addresses may be called at all.
    pub reach: Reach,
}

impl OpenAiConfig {
    /// A configuration with the usual limits, for an address that the operator chose.
    ///
    /// ```
    /// use x8_assistant::openai::{Dialect, OpenAiConfig, OpenAiModel};
    /// use x8_core::Secret;
    /// let config = OpenAiConfig::new("http://127.0.0.1:11434", "llama3.2", Dialect::Ollama).with_key(Secret::new("token-1"));
    /// assert!(!format!("{config:?}").contains("token-1"));
    /// let model = OpenAiModel::new(config)?;
    /// # Ok::<(), x8_core::Error>(())
    /// ```
    #[must_use]
    pub fn new(base_url: impl Into<String>, model: impl Into<String>, dialect: Dialect) -> Self {
        Self {
            base_url: base_url.into(),
            api_key: None,
            model: model.into(),
            dialect,
            timeouts: Timeouts::default(),
            retry: RetryPolicy::default(),
            max_tokens: 900,
            temperature_milli: Some(200),
            tool_rounds: 3,
            stream: false,
            reach: Reach::Anywhere,
        }
    }

    /// Signs in with this key.
    #[must_use]
    pub fn with_key(mut self, key: Secret) -> Self {
        self.api_key = Some(key);
        self
    }

    /// Only addresses within this reach; for addresses that a tenant chose.
    #[must_use]
    pub fn within(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// Refuses what could not work or may not be called, by field.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        let invalid = |message: &'static str| Err(Error::invalid(OPERATION, message));
        if self.model.trim().is_empty() {
            return invalid("model: a name is needed");
        }
        if self.max_tokens == 0 {
            return invalid("max_tokens: at least 1 is needed");
        }
        if self.temperature_milli.is_some_and(|value| value > 2000) {
            return invalid("temperature: from 0 to 2");
        }
        let key = self.api_key.as_ref();
        if key.is_some_and(|key| key.expose().trim().is_empty()) {
            return invalid("api_key: empty");
        }
        self.base().map(drop)
    }

    /// The base as an address that ends without a slash.
    pub(super) fn base(&self) -> Result<Url> {
        let invalid = |message: &'static str| Error::invalid(OPERATION, message);
        let mut url = Url::parse(self.base_url.trim())
            .map_err(|_| invalid("base_url: not an address such as https://api.openai.com/v1"))?;
        if !["http", "https"].contains(&url.scheme()) || url.host_str().is_none() {
            return Err(invalid(
                "base_url: must begin with https:// (or http:// for a local server)",
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("base_url: no name or password in an address"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("base_url: no query and no fragment"));
        }
        self.reach.check(&url)?;
        let path = url.path().trim_end_matches('/');
        let path = path.strip_suffix("/chat/completions").unwrap_or(path);
        let path = if path.is_empty() { "/v1" } else { path }.to_owned();
        url.set_path(&path);
        Ok(url)
    }
}
