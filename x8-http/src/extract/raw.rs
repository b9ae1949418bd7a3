//! A body as it came, for signatures.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};

use super::json::unreadable;
use crate::error::{ApiError, Result};

/// The raw bytes of a body; too many are 413.
#[derive(Clone, Debug)]
pub struct Raw(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let body = Bytes::from_request(request, state).await;
        body.map(Self).map_err(|rejection| unreadable(&rejection))
    }
}
