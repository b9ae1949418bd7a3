//! What goes wrong, as FastAPI clients expect to read it.
//!
//! A refusal is `{"detail": "…"}`; wrong fields are `{"detail": [{"loc": […], "msg": "…", "type": "…"}]}` with 422.
//! What the operator must see (the long form of [`x8_core::Error`]) travels beside the answer to the log, never in it.

use std::{borrow::Cow, sync::Arc};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;
use x8_core::{Error, ErrorKind, Retry};

use crate::present::Entitlement;

/// Shorthand for what handlers return.
pub type Result<T, E = ApiError> = std::result::Result<T, E>;

/// One wrong field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Where: `["body", "email"]`.
    pub loc: Vec<Loc>,
    /// What is wrong and how to mend it.
    pub msg: String,
    /// A stable word: `missing`, `value_error`, `json_invalid`, …
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
}

/// One step of a location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Loc {
    /// A field.
    Name(String),
    /// A position in a list.
    Index(usize),
}

impl FieldProblem {
    /// A problem with one named field of `place` (`body`, `query`, `path`, `header`).
    #[must_use]
    pub fn new(place: &str, field: &str, kind: &'static str, msg: impl Into<String>) -> Self {
        Self {
            loc: vec![Loc::Name(place.to_owned()), Loc::Name(field.to_owned())],
            msg: msg.into(),
            kind: Cow::Borrowed(kind),
        }
    }
}

/// The body of every answer that is not a success.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// What is wrong.
    pub detail: Detail,
    /// The full report of a refused import.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<serde_json::Value>,
    /// E2, E3: what the plan gives, what is used, and what must go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<Box<Entitlement>>,
}

/// A sentence, or the wrong fields.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Detail {
    /// For people.
    Text(String),
    /// Field by field.
    Fields(Vec<FieldProblem>),
}

/// A failed request.
#[derive(Debug)]
pub struct ApiError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    status: StatusCode,
    problem: Problem,
    retry: Option<u64>,
    cause: Option<Arc<Error>>,
}

/// The long form of a failure, carried in the response's extensions for the log.
#[derive(Clone, Debug)]
pub(crate) struct Cause(pub(crate) Arc<Error>);

impl ApiError {
    fn answering(status: StatusCode, detail: Detail) -> Self {
        Self(Box::new(Inner {
            status,
            problem: Problem {
                detail,
                report: None,
                entitlement: None,
            },
            retry: None,
            cause: None,
        }))
    }

    /// A refusal in one sentence.
    #[must_use]
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::answering(status, Detail::Text(detail.into()))
    }

    /// 422 with these wrong fields.
    #[must_use]
    pub fn fields(problems: Vec<FieldProblem>) -> Self {
        Self::answering(StatusCode::UNPROCESSABLE_ENTITY, Detail::Fields(problems))
    }

    /// 422 about one field.
    #[must_use]
    pub fn field(place: &str, field: &str, kind: &'static str, msg: impl Into<String>) -> Self {
        Self::fields(vec![FieldProblem::new(place, field, kind, msg)])
    }

    /// 401, with the scheme a client must use.
    #[must_use]
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail)
    }

    /// 403.
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// 422 for an import that was refused, with everything found.
    #[must_use]
    pub fn refused_import(detail: impl Into<String>, report: serde_json::Value) -> Self {
        let mut error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail);
        error.0.problem.report = Some(report);
        error
    }

    /// With what the plan gives and what must go, for a refusal by the plan (402).
    #[must_use]
    pub fn with_entitlement(mut self, entitlement: Entitlement) -> Self {
        self.0.problem.entitlement = Some(Box::new(entitlement));
        self
    }

    /// The status it answers.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }
}

/// The status of each kind of error.
#[must_use]
pub fn status_of(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::PaymentRequired => StatusCode::PAYMENT_REQUIRED,
        ErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorKind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::Unsupported => StatusCode::NOT_IMPLEMENTED,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::UnknownOutcome => StatusCode::GATEWAY_TIMEOUT,
        ErrorKind::Internal | _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let mut answer = Self::new(status_of(error.kind()), error.public());
        if let Retry::After(wait) = error.retry() {
            answer.0.retry = Some(wait.as_secs().max(1));
        }
        answer.0.cause = Some(Arc::new(error));
        answer
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let inner = *self.0;
        let mut response = (inner.status, Json(inner.problem)).into_response();
        if inner.status == StatusCode::UNAUTHORIZED {
            let _previous = response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = inner.retry {
            let _previous = response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(cause) = inner.cause {
            let _previous = response.extensions_mut().insert(Cause(cause));
        }
        response
    }
}
