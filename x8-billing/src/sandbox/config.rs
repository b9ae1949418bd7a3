//! What the sandbox needs to know.

use x8_core::{Error, Result, Secret};

/// Where the payment page lives, and the secrets of its webhooks.
#[derive(Clone, Debug)]
pub struct SandboxConfig {
    public_url: String,
    secrets: Vec<Secret>,
}

impl SandboxConfig {
    /// The server's public address, with or without a path or a final slash, and the signing secret.
    ///
    /// ```
    /// # use x8_billing::sandbox::SandboxConfig;
    /// # use x8_core::Secret;
    /// assert!(SandboxConfig::new("https://shop.example.com/x8/", Secret::new("whsec_s")).is_ok());
    /// assert!(SandboxConfig::new("shop.example.com", Secret::new("whsec_s")).is_err());
    /// ```
    ///
    /// # Errors
    /// `Invalid` for an address that is not http(s), or an empty secret.
    pub fn new(public_url: &str, secret: Secret) -> Result<Self> {
        let url = public_url.trim().trim_end_matches('/');
        let host = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"));
        if host.is_none_or(str::is_empty)
            || url.contains(|letter: char| letter.is_whitespace() || letter.is_control())
        {
            return Err(Error::invalid(
                "sandbox.configure",
                format!(
                    "`{public_url}` is not an http(s) address; expected one like https://shop.example.com"
                ),
            ));
        }
        if secret.expose().is_empty() {
            return Err(Error::invalid(
                "sandbox.configure",
                "the sandbox webhook secret is empty",
            ));
        }
        Ok(Self {
            public_url: url.to_owned(),
            secrets: vec![secret],
        })
    }

    /// Also accepts events signed with an earlier secret, while it is being replaced.
    #[must_use]
    pub fn accepting(mut self, earlier: Secret) -> Self {
        if !earlier.expose().is_empty() {
            self.secrets.push(earlier);
        }
        self
    }

    /// Where a session is paid.
    #[must_use]
    pub fn page_url(&self, session: &str) -> String {
        format!("{}/sandbox/pay/{session}", self.public_url)
    }

    /// Where a simulated account is made ready.
    #[must_use]
    pub fn connect_url(&self, account: &str) -> String {
        format!("{}/sandbox/connect/{account}", self.public_url)
    }

    /// Where a plan is bought.
    #[must_use]
    pub fn subscribe_url(&self, session: &str) -> String {
        format!("{}/sandbox/subscribe/{session}", self.public_url)
    }

    /// All accepted secrets; the first one signs.
    pub(super) fn secrets(&self) -> &[Secret] {
        &self.secrets
    }
}
