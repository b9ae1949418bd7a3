//! The HTTP client: one place that builds URLs, sends the key and the pinned version, and bounds what is read.

use std::{fmt, time::Duration};

use reqwest::{
    Client, Method, RequestBuilder, StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use x8_core::{Error, Result};

use super::config::{API_VERSION, StripeConfig};
use crate::web::{self, Lost};

/// The longest idempotency key that Stripe takes.
const LONGEST_KEY: usize = 255;

const VERSION: HeaderName = HeaderName::from_static("stripe-version");
const ACCOUNT: &str = "stripe-account";
const KEY: &str = "idempotency-key";

/// Fields of a request in their bracket form, in the order they were set.
#[derive(Debug, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn set(&mut self, key: impl Into<String>, value: &(impl ToString + ?Sized)) {
        self.0.push((key.into(), value.to_string()));
    }

    fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }
}

/// A change that is asked for.
pub(super) struct Change<'a> {
    pub(super) path: &'a [&'a str],
    /// Absent where Stripe's own states make repeating safe.
    pub(super) key: Option<&'a str>,
    pub(super) form: Form,
}

/// What was answered.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
    /// For Stripe's support; `-` when there is none.
    pub(super) request_id: String,
    /// The stored answer to an earlier call with the same key.
    pub(super) replayed: bool,
    pub(super) retry_after: Option<Duration>,
}

pub(super) struct Api {
    http: Client,
    base: Url,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

impl Api {
    pub(super) fn new(config: &StripeConfig) -> Result<Self> {
        config.check()?;
        let base = Url::parse(&config.base_url).map_err(|error| {
            Error::invalid("stripe.config", "base_url is not a URL").caused_by(error)
        })?;
        let mut key = HeaderValue::from_str(&format!("Bearer {}", config.api_key.expose().trim()))
            .map_err(|_| Error::invalid("stripe.config", "api_key cannot be a header value"))?;
        key.set_sensitive(true);
        let headers = HeaderMap::from_iter([
            (AUTHORIZATION, key),
            (ACCEPT, HeaderValue::from_static("application/json")),
            (VERSION, HeaderValue::from_static(API_VERSION)),
        ]);
        let http = Client::builder()
            .default_headers(headers)
            // A redirect would hand the key to another host.
            .redirect(Policy::none())
            .connect_timeout(config.timeouts.connect)
            .timeout(config.timeouts.request)
            .build()
            .map_err(|error| Error::internal("stripe.config", error))?;
        Ok(Self { http, base })
    }

    /// Reads an object of a connected account; of the platform itself when that is empty.
    pub(super) async fn get(&self, account: &str, path: &[&str]) -> Result<Answer, Lost> {
        let request = self.http.request(Method::GET, self.url(path));
        send(acting_as(account, request)).await
    }

    /// Changes something on a connected account; on the platform itself when that is empty.
    pub(super) async fn post(&self, account: &str, change: Change<'_>) -> Result<Answer, Lost> {
        let mut request = self
            .http
            .request(Method::POST, self.url(change.path))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(change.form.encode());
        if let Some(key) = change.key {
            request = request.header(KEY, key);
        }
        send(acting_as(account, request)).await
    }

    /// Reads as [`get`](Self::get) does, with parameters.
    pub(super) async fn query(
        &self,
        account: &str,
        path: &[&str],
        parameters: &[(&str, String)],
    ) -> Result<Answer, Lost> {
        let mut url = self.url(path);
        url.query_pairs_mut().extend_pairs(parameters);
        let request = self.http.request(Method::GET, url);
        send(acting_as(account, request)).await
    }

    /// Removes something of the platform itself.
    pub(super) async fn delete(&self, path: &[&str]) -> Result<Answer, Lost> {
        send(self.http.request(Method::DELETE, self.url(path))).await
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }
}

fn acting_as(account: &str, request: RequestBuilder) -> RequestBuilder {
    if account.is_empty() {
        request
    } else {
        request.header(ACCOUNT, account)
    }
}

async fn send(request: RequestBuilder) -> Result<Answer, Lost> {
    let read = web::send(request).await?;
    let request_id = read.header("request-id").unwrap_or("-");
    Ok(Answer {
        request_id: request_id.chars().take(80).collect(),
        replayed: read.header("idempotent-replayed") == Some("true"),
        retry_after: read.retry_after(),
        status: read.status,
        body: read.body,
    })
}

/// A key that Stripe takes as it is.
pub(super) fn check_key(operation: &'static str, key: &str) -> Result<()> {
    let fits = (1..=LONGEST_KEY).contains(&key.len());
    if fits && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Error::invalid(
        operation,
        format!("an idempotency key has 1 to {LONGEST_KEY} visible ASCII characters"),
    ))
}

/// Ids become parts of paths and headers: nothing else than an id may get there.
pub(super) fn is_id(text: &str) -> bool {
    // Stripe's have no dash; those of stand-ins may, and in a path or a header it is only a letter.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=255).contains(&text.len()) && text.bytes().all(plain)
}
