//! The HTTP client: one place that builds URLs, sends the token and bounds what is read.

use std::{fmt, time::Duration};

use reqwest::{
    Client, Method, RequestBuilder, StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, IF_MATCH},
    redirect::Policy,
};
use serde_json::Value;
use x8_core::{Error, Result, Secret};

use super::config::{GoogleConfig, Timeouts};
use crate::web::{self, Lost};

/// A call of the Calendar API.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) method: Method,
    /// Below the version; each part is encoded.
    pub(super) path: &'a [&'a str],
    pub(super) query: &'a [(&'static str, &'a str)],
    pub(super) body: Option<&'a Value>,
    /// Only when the event is still this version.
    pub(super) etag: Option<&'a str>,
}

impl<'a> Call<'a> {
    pub(super) fn new(method: Method, path: &'a [&'a str]) -> Self {
        Self {
            method,
            path,
            query: &[],
            body: None,
            etag: None,
        }
    }

    pub(super) fn asking(mut self, query: &'a [(&'static str, &'a str)]) -> Self {
        self.query = query;
        self
    }

    pub(super) fn saying(mut self, body: &'a Value) -> Self {
        self.body = Some(body);
        self
    }
}

/// What was answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
    pub(super) retry_after: Option<Duration>,
}

#[derive(Clone)]
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
    pub(super) fn new(config: &GoogleConfig) -> Result<Self> {
        config.check()?;
        let base = Url::parse(&config.endpoints.api).map_err(|error| {
            Error::invalid("google.config", "api is not a URL").caused_by(error)
        })?;
        let http = http(config.timeouts)?;
        Ok(Self { http, base })
    }

    pub(super) async fn send(&self, token: &Secret, call: &Call<'_>) -> Result<Answer, Lost> {
        let mut request = self
            .http
            .request(call.method.clone(), self.url(call))
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, bearer(token));
        if let Some(body) = call.body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }
        if let Some(etag) = call.etag {
            request = request.header(IF_MATCH, etag);
        }
        send(request).await
    }

    fn url(&self, call: &Call<'_>) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(call.path);
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        url
    }
}

/// A client that follows no redirect: that would hand the token to another host.
pub(super) fn http(timeouts: Timeouts) -> Result<Client> {
    Client::builder()
        .redirect(Policy::none())
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.request)
        .build()
        .map_err(|error| Error::internal("google.config", error))
}

fn bearer(token: &Secret) -> HeaderValue {
    // A token that cannot be a header value opens nothing; Google says so.
    let value = HeaderValue::from_str(&format!("Bearer {}", token.expose()));
    let mut value = value.unwrap_or_else(|_| HeaderValue::from_static("Bearer -"));
    value.set_sensitive(true);
    value
}

/// Sends a request and reads its answer to the end, within bounds.
pub(super) async fn send(request: RequestBuilder) -> Result<Answer, Lost> {
    let read = web::send(request).await?;
    Ok(Answer {
        retry_after: read.retry_after(),
        status: read.status,
        body: read.body,
    })
}
