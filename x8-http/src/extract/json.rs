//! A JSON body.

use std::borrow::Cow;

use axum::{
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::StatusCode,
};
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::Raw;
use crate::{
    error::{ApiError, FieldProblem, Loc, Result},
    router::BODY_LIMIT,
};

/// A JSON body, whatever content type was sent. Unknown fields are ignored, unknown enum values refused with the allowed
/// list (R4).
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<S, T> FromRequest<S> for Json<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let Raw(body) = Raw::from_request(request, state).await?;
        from_slice(&body).map(Self)
    }
}

/// Reads a JSON document.
///
/// # Errors
/// 422 naming the place: malformed text, not UTF-8, a missing field, a wrong type, an unknown enum value.
pub fn from_slice<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut reader);
    let value: T = read.map_err(|error| refusal(&error, body))?;
    reader.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

/// A body that could not be read at all: too large, or the connection broke.
pub(crate) fn unreadable(rejection: &BytesRejection) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let most = BODY_LIMIT / (1024 * 1024);
        ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body is larger than {most} MB, the most that is read here"),
        )
    } else {
        ApiError::new(StatusCode::BAD_REQUEST, "the body could not be read")
    }
}

fn refusal(error: &serde_path_to_error::Error<serde_json::Error>, body: &[u8]) -> ApiError {
    let inner = error.inner();
    // `null` for an enum is reported as bad syntax although the document is sound.
    if !inner.is_data() && serde_json::from_slice::<serde_json::Value>(body).is_err() {
        return malformed(inner);
    }
    let text = inner.to_string();
    let msg = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(msg, _)| msg);
    let mut loc = vec![Loc::Name("body".to_owned())];
    loc.extend(error.path().iter().filter_map(step));
    let kind = match quoted_after(msg, "missing field ") {
        Some(field) => {
            loc.push(Loc::Name(field.to_owned()));
            "missing"
        }
        None if msg.starts_with("unknown variant") => "enum",
        None if msg.starts_with("invalid type") => "type_error",
        None => "value_error",
    };
    ApiError::fields(vec![FieldProblem {
        loc,
        msg: msg.to_owned(),
        kind: Cow::Borrowed(kind),
    }])
}

fn malformed(error: &serde_json::Error) -> ApiError {
    ApiError::field(
        "body",
        &format!("line {}, column {}", error.line(), error.column()),
        "json_invalid",
        format!("JSON decode error: {error}"),
    )
}

fn step(segment: &Segment) -> Option<Loc> {
    match segment {
        Segment::Seq { index } => Some(Loc::Index(*index)),
        Segment::Map { key } => Some(Loc::Name(key.clone())),
        Segment::Enum { variant } => Some(Loc::Name(variant.clone())),
        Segment::Unknown => None,
    }
}

fn quoted_after<'a>(text: &'a str, lead: &str) -> Option<&'a str> {
    text.strip_prefix(lead)?
        .strip_prefix('`')?
        .split('`')
        .next()
}
