//! Pages of lists that are stable under inserts (R1).

use std::{fmt::Display, str::FromStr};

use axum::{
    http::HeaderValue,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use x8_core::port::Page;

use super::CompanyKey;
use crate::error::{ApiError, Result};

/// Rows per page when nobody says.
pub const DEFAULT_LIMIT: u32 = 50;
/// R1: rows per page at most.
pub const MAX_LIMIT: u32 = 200;

/// `?company_id=…&limit=…&cursor=…`.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// The company, by number or `COMP001`.
    #[param(value_type = Option<String>)]
    pub company_id: Option<CompanyKey>,
    /// Rows per page, 1–200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// The `X-Next-Cursor` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// The company named, for lists that need one.
    ///
    /// # Errors
    /// 422 when none is.
    pub fn company(&self) -> Result<&CompanyKey> {
        self.company_id.as_ref().ok_or_else(|| {
            ApiError::field(
                "query",
                "company_id",
                "missing",
                "missing parameter `company_id`",
            )
        })
    }

    /// The page asked for.
    ///
    /// # Errors
    /// 422 for a limit outside 1–200 or a cursor that this server did not hand out.
    pub fn page<K: FromStr>(&self) -> Result<Page<K>> {
        let limit = within(self.limit.unwrap_or(DEFAULT_LIMIT))?;
        let after = self.cursor.as_deref().map(after).transpose()?;
        Ok(Page { limit, after })
    }
}

/// A limit of rows that may be asked for.
///
/// # Errors
/// 422 outside 1–200.
pub fn within(limit: u32) -> Result<u32> {
    if (1..=MAX_LIMIT).contains(&limit) {
        return Ok(limit);
    }
    let msg = format!("limit must be between 1 and {MAX_LIMIT}, not {limit}");
    Err(ApiError::field("query", "limit", "value_error", msg))
}

fn after<K: FromStr>(cursor: &str) -> Result<K> {
    // No key is negative.
    let read = cursor.parse().ok().filter(|_| !cursor.starts_with('-'));
    read.ok_or_else(|| {
        ApiError::field(
            "query",
            "cursor",
            "value_error",
            "not a cursor of this server; repeat X-Next-Cursor exactly, or leave it out",
        )
    })
}

/// A bare array, as the FastAPI app answers, with the next cursor in the `X-Next-Cursor` header when the page was full.
#[must_use]
pub fn with_cursor<T: Serialize, K: Display>(
    rows: &[T],
    page: &Page<K>,
    next: Option<K>,
) -> Response {
    let full = u32::try_from(rows.len()).is_ok_and(|count| count >= page.limit);
    with_next_cursor(axum::Json(rows), next.filter(|_| full))
}

/// An answer with the cursor of the next page, if there is one.
#[must_use]
pub fn with_next_cursor<K: Display>(answer: impl IntoResponse, next: Option<K>) -> Response {
    let mut response = answer.into_response();
    let next = next.and_then(|key| HeaderValue::from_str(&key.to_string()).ok());
    if let Some(next) = next {
        let _previous = response.headers_mut().insert("x-next-cursor", next);
    }
    response
}
