//! A client of the server's own API, as a front end is one.

use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use x8_channels::testing::SignedWebhook;
use x8_core::{Error, ErrorKind, Result};

/// Speaks HTTP to one server, with or without a token.
#[derive(Clone, Debug)]
pub(super) struct Client {
    base: String,
    token: Option<String>,
    http: reqwest::Client,
}

impl Client {
    pub(super) fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            token: None,
            http: reqwest::Client::new(),
        }
    }

    pub(super) fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    pub(super) async fn wait_until_up(&self) -> Result<()> {
        super::until("the server", async || Ok(self.get("/health").await.ok()))
            .await
            .map(drop)
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value> {
        self.json(self.request(Method::GET, path)).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.json(self.request(Method::POST, path).json(body)).await
    }

    /// Uploads a catalogue file.
    pub(super) async fn upload(
        &self,
        company: i64,
        name: &str,
        bytes: &'static [u8],
    ) -> Result<Value> {
        let file = reqwest::multipart::Part::bytes(bytes).file_name(name.to_owned());
        let form = reqwest::multipart::Form::new()
            .text("company_id", company.to_string())
            .part("file", file);
        self.json(
            self.request(Method::POST, "/api/v1/knowledge-base/upload-csv")
                .multipart(form),
        )
        .await
    }

    /// Delivers a webhook exactly as signed.
    pub(super) async fn deliver(&self, webhook: SignedWebhook) -> Result<Value> {
        let mut request = self.request(Method::POST, "/api/v1/webhooks/waha");
        for (name, value) in webhook.headers {
            request = request.header(name, value);
        }
        self.json(request.body(webhook.body)).await
    }

    /// Opens a page, or presses one of its buttons.
    pub(super) async fn page(&self, method: Method, url: &str) -> Result<String> {
        let answer = self
            .http
            .request(method, url)
            .send()
            .await
            .map_err(unreachable)?;
        let status = answer.status();
        let text = answer.text().await.map_err(unreachable)?;
        if status.is_success() {
            Ok(text)
        } else {
            Err(refused(status.as_u16(), &text))
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn json(&self, request: RequestBuilder) -> Result<Value> {
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let text = answer.text().await.map_err(unreachable)?;
        if !status.is_success() {
            return Err(refused(status.as_u16(), &text));
        }
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}

fn unreachable(error: reqwest::Error) -> Error {
    Error::unavailable("demo.request", "the demo server did not answer").caused_by(error)
}

fn refused(status: u16, body: &str) -> Error {
    Error::new(
        ErrorKind::Internal,
        "demo.request",
        "the demo server refused a request",
    )
    .with("status", status)
    .with("body", body)
}
