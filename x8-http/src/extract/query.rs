//! The query string.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;

use crate::error::{ApiError, Result};

/// The query string as `T`; a wrong or missing parameter is 422 naming it.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<S, T> FromRequestParts<S> for Query<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(refusal(&rejection.body_text())),
        }
    }
}

/// The extractor answers `Failed to …: field: what`; a missing one is named inside the sentence.
fn refusal(text: &str) -> ApiError {
    let what = text.split_once(": ").map_or(text, |(_, what)| what);
    if let Some(field) = what
        .split('`')
        .nth(1)
        .filter(|_| what.contains("missing field"))
    {
        return ApiError::field(
            "query",
            field,
            "missing",
            format!("missing parameter `{field}`"),
        );
    }
    match what.split_once(": ") {
        Some((field, why)) if !field.contains(' ') => {
            ApiError::field("query", field, "value_error", why)
        }
        Some(_) | None => ApiError::field("query", "", "value_error", what),
    }
}
