//! The HTTP client: one place that builds URLs, sends the key and bounds what is read.

use std::{fmt, time::Duration};

use jiff::Timestamp;
use reqwest::{
    Client, Method, Response, StatusCode, Url,
    header::{ACCEPT, DATE, HeaderMap, HeaderValue, RETRY_AFTER},
    redirect::Policy,
};
use serde_json::Value;
use x8_core::{Error, Result};

use super::config::WahaConfig;

/// No answer of WAHA that we ask for is near this; more is a fault, not data.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// What is asked.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    pub(super) path: &'a [&'a str],
    pub(super) query: &'a [(&'a str, &'a str)],
    pub(super) body: Option<Value>,
}

impl<'a> Call<'a> {
    pub(super) fn get(path: &'a [&'a str]) -> Self {
        Self {
            method: Method::GET,
            path,
            query: &[],
            body: None,
        }
    }

    pub(super) fn post(path: &'a [&'a str], body: Option<Value>) -> Self {
        Self {
            method: Method::POST,
            path,
            query: &[],
            body,
        }
    }
}

/// What was answered.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// `None` when the body is not JSON.
    pub(super) body: Option<Value>,
    /// The server's clock.
    pub(super) date: Option<Timestamp>,
    pub(super) retry_after: Option<Duration>,
}

/// Why there is no answer.
pub(super) enum Lost {
    /// The request never left: nothing happened.
    NeverLeft(reqwest::Error),
    /// The request left: anything may have happened.
    Unknown(reqwest::Error),
    /// The answer was larger than any answer should be.
    Oversize,
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
    pub(super) fn new(config: &WahaConfig) -> Result<Self> {
        config.check()?;
        let base = Url::parse(&config.base_url).map_err(|error| {
            Error::invalid("waha.config", "base_url is not a URL").caused_by(error)
        })?;
        let mut key = HeaderValue::from_str(config.api_key.expose())
            .map_err(|_| Error::invalid("waha.config", "api_key cannot be a header value"))?;
        key.set_sensitive(true);
        let headers = HeaderMap::from_iter([
            (reqwest::header::HeaderName::from_static("x-api-key"), key),
            (ACCEPT, HeaderValue::from_static("application/json")),
        ]);
        let http = Client::builder()
            .default_headers(headers)
            // A redirect would hand the key to another host.
            .redirect(Policy::none())
            // WAHA's server closes idle connections after five seconds; a send that meets the closing would be lost.
            .pool_idle_timeout(Duration::from_secs(4))
            .connect_timeout(config.timeouts.connect)
            .timeout(config.timeouts.request)
            .build()
            .map_err(|error| Error::internal("waha.config", error))?;
        Ok(Self { http, base })
    }

    pub(super) async fn call(&self, call: Call<'_>) -> Result<Answer, Lost> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(call.path);
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        let mut request = self.http.request(call.method, url);
        if let Some(body) = &call.body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(lost)?;
        answer(response).await
    }
}

fn lost(error: reqwest::Error) -> Lost {
    // The URL holds phone numbers; the log does not need them.
    let error = error.without_url();
    if error.is_connect() || error.is_builder() {
        Lost::NeverLeft(error)
    } else {
        Lost::Unknown(error)
    }
}

async fn answer(mut response: Response) -> Result<Answer, Lost> {
    let status = response.status();
    let date = header(&response, &DATE).and_then(http_date);
    let retry_after = header(&response, &RETRY_AFTER).and_then(|text| wait(text, date));
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(lost)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_ANSWER {
            return Err(Lost::Oversize);
        }
    }
    Ok(Answer {
        status,
        body: serde_json::from_slice(&bytes).ok(),
        date,
        retry_after,
    })
}

fn header<'a>(response: &'a Response, name: &reqwest::header::HeaderName) -> Option<&'a str> {
    response.headers().get(name)?.to_str().ok()
}

fn http_date(text: &str) -> Option<Timestamp> {
    let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(zoned.timestamp())
}

/// `Retry-After`: seconds, or a date that is measured by the server's own clock.
fn wait(text: &str, date: Option<Timestamp>) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(text)?.duration_since(date?);
    Some(Duration::try_from(until).unwrap_or_default())
}

/// Session names become parts of paths, so only what WAHA itself allows is let through.
pub(super) fn session_name(operation: &'static str, name: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if (1..=54).contains(&name.len()) && name.bytes().all(plain) {
        return Ok(());
    }
    let found: String = name.chars().take(60).collect();
    Err(Error::invalid(
        operation,
        "a session name has 1 to 54 letters, digits, hyphens or underscores",
    )
    .with("session", found))
}
