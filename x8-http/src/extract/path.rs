//! Path parameters.

use axum::{
    extract::{FromRequestParts, path::ErrorKind, rejection::PathRejection},
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::error::{ApiError, Result};

/// Path parameters as `T`; one that cannot be read is 422 naming it, as FastAPI answers.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<S, T> FromRequestParts<S> for Path<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) => Err(refusal(&rejection)),
        }
    }
}

fn refusal(rejection: &PathRejection) -> ApiError {
    if rejection.status() != StatusCode::BAD_REQUEST {
        return ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal error");
    }
    let named = match rejection {
        PathRejection::FailedToDeserializePathParams(failed) => failed.kind(),
        PathRejection::MissingPathParams(_) | _ => &ErrorKind::Message(String::new()),
    };
    let field = match named {
        ErrorKind::ParseErrorAtKey { key, .. }
        | ErrorKind::DeserializeError { key, .. }
        | ErrorKind::InvalidUtf8InPathParam { key } => key.as_str(),
        ErrorKind::WrongNumberOfParameters { .. }
        | ErrorKind::ParseErrorAtIndex { .. }
        | ErrorKind::ParseError { .. }
        | ErrorKind::UnsupportedType { .. }
        | ErrorKind::Message(_)
        | _ => "id",
    };
    let text = rejection.body_text();
    let why = text.strip_prefix("Invalid URL: ").unwrap_or(&text);
    ApiError::field("path", field, "value_error", why)
}
