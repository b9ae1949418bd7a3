//! The HTTP client: one place that builds URLs, sends the key, bounds what is read, and tries again.

use std::{fmt, time::Duration};

use jiff::Timestamp;
use reqwest::{
    Client, RequestBuilder, Response, StatusCode, Url,
    header::{AUTHORIZATION, DATE, HeaderMap, HeaderValue, RETRY_AFTER},
    redirect::Policy,
};
use serde_json::Value;
use x8_core::{Error, Result};

use super::{
    config::OpenAiConfig,
    error::{Fault, lost, refused},
    reach::{PublicNames, Reach},
    retry::RetryPolicy,
};

/// No answer that we ask for is near this; more is a fault, not data.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// Why there is no answer.
pub(super) enum Lost {
    /// No answer came.
    Silent(reqwest::Error),
    /// It took longer than it may.
    Late(reqwest::Error),
    /// It was larger than any answer should be.
    Oversize,
}

/// An answer other than success.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) fault: Fault,
    /// The server's own word on whether to try again.
    pub(super) should_retry: Option<bool>,
    /// How long it asks to wait.
    pub(super) wait: Option<Duration>,
    /// For the vendor's support.
    pub(super) request_id: Option<String>,
}

/// Why a call failed, before it is put into the house's words.
pub(super) enum Failure {
    Lost(Lost),
    Refused(Box<Refusal>),
}

impl From<Lost> for Failure {
    fn from(lost: Lost) -> Self {
        Self::Lost(lost)
    }
}

pub(super) struct Api {
    http: Client,
    base: Url,
    key: Option<x8_core::Secret>,
    retry: RetryPolicy,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

impl Api {
    pub(super) fn new(config: &OpenAiConfig) -> Result<Self> {
        config.check()?;
        let mut headers = HeaderMap::new();
        if let Some(key) = &config.api_key {
            let value = format!("Bearer {}", key.expose().trim());
            let mut value = HeaderValue::from_str(&value)
                .map_err(|_| Error::invalid("model.config", "api_key: cannot be a header value"))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let mut http = Client::builder()
            .default_headers(headers)
            // A redirect would hand the key, and what customers write, to another host.
            .redirect(Policy::none())
            .connect_timeout(config.timeouts.connect)
            .timeout(config.timeouts.request);
        if config.reach == Reach::PublicHttps {
            http = http.no_proxy().dns_resolver(PublicNames);
        }
        let http = http
            .build()
            .map_err(|error| Error::internal("model.config", error))?;
        Ok(Self {
            http,
            base: config.base()?,
            key: config.api_key.clone(),
            retry: config.retry,
        })
    }

    /// One call with its repetitions; `build` makes the request anew for each try, `read` takes a successful answer.
    ///
    /// A chat call changes nothing at the server, so even a call that may have been answered is repeated.
    pub(super) async fn call<T, F>(
        &self,
        path: [&str; 2],
        salt: u32,
        build: impl Fn(RequestBuilder) -> Result<RequestBuilder> + Send + Sync,
        read: impl Fn(Response) -> F + Send + Sync,
    ) -> Result<Result<T, Box<Refusal>>>
    where
        F: Future<Output = Result<T, Failure>> + Send,
    {
        const OPERATION: &str = "model.call";
        let mut attempt = 0_u8;
        loop {
            let request = build(self.http.post(self.url(path)))?;
            let failure = match self.once(request, &read).await {
                Ok(answer) => return Ok(Ok(answer)),
                Err(failure) => failure,
            };
            attempt = attempt.saturating_add(1);
            let (again, asked) = match &failure {
                Failure::Lost(Lost::Silent(_)) => (true, None),
                Failure::Lost(Lost::Late(_) | Lost::Oversize) => (false, None),
                Failure::Refused(refusal) => (refusal.may_repeat(), refusal.wait),
            };
            let wait = self.retry.wait(attempt, asked, salt).filter(|_| again);
            match (wait, failure) {
                (Some(wait), _) => tokio::time::sleep(wait).await,
                (None, Failure::Refused(refusal)) => return Ok(Err(refusal)),
                (None, Failure::Lost(why)) => return Err(lost(OPERATION, why)),
            }
        }
    }

    /// The house's error for a refusal that nothing can be done about.
    pub(super) fn error(&self, operation: &'static str, refusal: &Refusal) -> Error {
        refused(operation, refusal, self.key.as_ref())
    }

    async fn once<T, F>(
        &self,
        request: RequestBuilder,
        read: &(impl Fn(Response) -> F + Send + Sync),
    ) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>> + Send,
    {
        let response = request.send().await.map_err(silent)?;
        if response.status().is_success() {
            read(response).await
        } else {
            Err(Failure::Refused(Box::new(refusal(response).await?)))
        }
    }

    fn url(&self, path: [&str; 2]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }
}

impl Refusal {
    /// A fault that came under a success status.
    pub(super) fn inside(fault: Fault) -> Self {
        Self {
            status: fault.status(),
            fault,
            should_retry: None,
            wait: None,
            request_id: None,
        }
    }

    /// Whether the same call may succeed in a moment.
    fn may_repeat(&self) -> bool {
        if self.fault.is_quota() {
            return false;
        }
        let status = self.status;
        let passing = matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS
        ) || status.is_server_error();
        // What it lacks it will lack again.
        let lasting = self.fault.is_unfit() || status == StatusCode::NOT_IMPLEMENTED;
        self.should_retry.unwrap_or(passing && !lasting)
    }
}

pub(super) fn silent(error: reqwest::Error) -> Lost {
    // The address may be a company's own secret; the log does not need it.
    let error = error.without_url();
    if error.is_timeout() && !error.is_connect() {
        Lost::Late(error)
    } else {
        Lost::Silent(error)
    }
}

/// Reads a whole body, up to a bound.
pub(super) async fn body(mut response: Response) -> Result<Vec<u8>, Lost> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(silent)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_ANSWER {
            return Err(Lost::Oversize);
        }
    }
    Ok(bytes)
}

async fn refusal(response: Response) -> Result<Refusal, Lost> {
    let status = response.status();
    let text = |name: &str| {
        let value = response.headers().get(name)?.to_str().ok()?;
        Some(value.trim().to_owned())
    };
    let should_retry = text("x-should-retry").and_then(|word| word.parse().ok());
    let wait = wait(
        text("retry-after-ms").as_deref(),
        text(RETRY_AFTER.as_str()).as_deref(),
        text(DATE.as_str()).as_deref(),
    );
    let request_id = text("x-request-id");
    let bytes = body(response).await?;
    let fault = match serde_json::from_slice::<Value>(&bytes) {
        Ok(body) => Fault::read(&body),
        Err(_) => Fault::plain(&String::from_utf8_lossy(&bytes)),
    };
    Ok(Refusal {
        status,
        fault,
        should_retry,
        wait,
        request_id,
    })
}

/// `retry-after-ms`, else `retry-after`: seconds, or a date that is measured by the server's own clock.
fn wait(millis: Option<&str>, after: Option<&str>, date: Option<&str>) -> Option<Duration> {
    if let Some(millis) = millis.and_then(whole) {
        return Some(Duration::from_millis(millis));
    }
    let after = after?;
    if let Some(seconds) = whole(after) {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(after)?.duration_since(http_date(date?)?);
    Some(Duration::try_from(until).unwrap_or_default())
}

/// A number that may carry a fraction ("20.5"), rounded up.
fn whole(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: u64 = whole.parse().ok()?;
    let more = fraction.bytes().any(|digit| digit != b'0');
    Some(whole.saturating_add(u64::from(more)))
}

fn http_date(text: &str) -> Option<Timestamp> {
    Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a11_every_way_to_ask_for_a_wait_is_read() {
        let date = "Fri, 20 Nov 2026 10:00:00 GMT";
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(wait(Some("20.5"), Some("3"), None), ms(21));
        assert_eq!(wait(None, Some("3"), None), ms(3000));
        assert_eq!(wait(None, Some("0.2"), None), ms(1000));
        assert_eq!(
            wait(None, Some("Fri, 20 Nov 2026 10:00:07 GMT"), Some(date)),
            ms(7000)
        );
        assert_eq!(
            wait(None, Some("Fri, 20 Nov 2026 09:00:00 GMT"), Some(date)),
            ms(0)
        );
        assert_eq!(wait(Some("soon"), Some("soon"), Some(date)), None);
        assert_eq!(wait(None, None, Some(date)), None);
    }
}
