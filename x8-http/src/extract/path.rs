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
    let field = match rejection {
        PathRejection::FailedToDeserializePathParams(failed) => match failed.kind() {
            ErrorKind::ParseErrorAtKey { key, .. }
            | ErrorKind::DeserializeError { key, .. }
            | ErrorKind::InvalidUtf8InPathParam { key } => key.clone(),
            _ => "id".to_owned(),
        },
        _ => "id".to_owned(),
    };
    ApiError::field("path", &field, "value_error", rejection.body_text())
}
