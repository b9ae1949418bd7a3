//! Who is calling.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use x8_core::tenant::{Caller, User};

use crate::{
    App,
    auth::TokenKind,
    error::{ApiError, Result},
};

/// A caller with a valid access token and an account that still exists and is active.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The account as stored now, not as the token remembers it.
    pub user: User,
}

impl Signed {
    /// The account and its rights.
    #[must_use]
    pub fn caller(&self) -> Caller {
        Caller::from(&self.user)
    }
}

impl FromRequestParts<Arc<App>> for Signed {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        let header = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .ok_or_else(|| ApiError::unauthenticated("Not authenticated"))?;
        let token = header
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| ApiError::unauthenticated("Not authenticated"))?;
        let claims = app.tokens.read(token, TokenKind::Access, app.now())?;
        let user = app.account(claims.user).await?;
        Ok(Self { user })
    }
}
