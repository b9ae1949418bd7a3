//! Reading what other people's servers answer: to the end, within bounds.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::{
    RequestBuilder, Response, StatusCode,
    header::{DATE, HeaderMap, RETRY_AFTER},
};

/// No answer that we ask for is near this; more is a fault, not data.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Why there is no answer. Every call of ours may be repeated, so it does not matter whether it left.
#[derive(Debug)]
pub(crate) enum Lost {
    /// No answer came.
    Silent(reqwest::Error),
    /// It was larger than any answer should be.
    Oversize,
}

/// Sends a request and reads its answer to the end, within bounds.
pub(crate) async fn send(request: RequestBuilder) -> Result<Read, Lost> {
    let response = request.send().await.map_err(silent)?;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = body(response).await?;
    Ok(Read {
        status,
        headers,
        body,
    })
}

async fn body(mut response: Response) -> Result<Vec<u8>, Lost> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(silent)? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ANSWER {
            return Err(Lost::Oversize);
        }
    }
    Ok(body)
}

fn silent(error: reqwest::Error) -> Lost {
    Lost::Silent(error.without_url())
}

impl Read {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// `Retry-After`: seconds, or a date that is measured by the server's own clock.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let wish = self.header(RETRY_AFTER.as_str())?;
        if let Ok(seconds) = wish.trim().parse() {
            return Some(Duration::from_secs(seconds));
        }
        let until = date(wish)?.duration_since(date(self.header(DATE.as_str())?)?);
        Some(Duration::try_from(until).unwrap_or_default())
    }
}

fn date(text: &str) -> Option<Timestamp> {
    Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp())
}
