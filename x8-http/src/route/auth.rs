//! Accounts and tokens (S1, S2).

use axum::{
    Json as Answer,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use x8_core::{
    Secret,
    id::UserId,
    plan::TRIAL,
    port::{NewUser, RefreshToken},
    tenant::Role,
};

use super::Ctx;
use crate::{
    App,
    auth::{ACCESS_LIFE, REFRESH_LIFE, Refresh, TokenKind, check_new},
    error::{ApiError, FieldProblem, Problem, Result},
    extract::{Credentials, Json, Signed},
    present,
};

/// A new account.
#[derive(Deserialize, ToSchema)]
pub struct Registration {
    /// Where to reach the person.
    #[schema(example = "owner@example.com")]
    email: String,
    /// At least 8 characters; bcrypt reads the first 72 bytes.
    password: String,
    /// As the person writes it.
    #[serde(default)]
    full_name: Option<String>,
}

impl std::fmt::Debug for Registration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registration").finish_non_exhaustive()
    }
}

/// A refresh token to be exchanged.
#[derive(Deserialize, ToSchema)]
pub struct RefreshRequest {
    refresh_token: String,
}

impl std::fmt::Debug for RefreshRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RefreshRequest").finish_non_exhaustive()
    }
}

/// A pair of tokens.
#[derive(Serialize, ToSchema)]
pub struct TokenPair {
    access_token: String,
    refresh_token: String,
    /// `bearer`.
    token_type: &'static str,
    /// Seconds until the access token ends.
    expires_in: i64,
}

impl std::fmt::Debug for TokenPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenPair").finish_non_exhaustive()
    }
}

/// Registers an account with a trial of seven days (E1) and answers it.
///
/// # Errors
/// 409 for a taken e-mail, 422 for a bad e-mail or password.
#[utoipa::path(post, path = "/api/v1/auth/register", tag = "auth", request_body = Registration, responses(
    (status = 201, body = present::User), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn register(
    State(app): Ctx,
    Json(wanted): Json<Registration>,
) -> Result<(StatusCode, Answer<present::User>)> {
    let email = wanted.email.trim().to_lowercase();
    let problems: Vec<FieldProblem> = check_email(&email)
        .into_iter()
        .chain(check_new(&wanted.password))
        .collect();
    if !problems.is_empty() {
        return Err(ApiError::fields(problems));
    }
    let now = app.now();
    let password_hash = app.passwords.hash(Secret::new(wanted.password)).await?;
    let user = app
        .store()
        .create_user(NewUser {
            email,
            password_hash,
            full_name: wanted.full_name.filter(|name| !name.trim().is_empty()),
            role: Role::Client,
            trial_ends_at: now + TRIAL,
            created_at: now,
        })
        .await?;
    Ok((StatusCode::CREATED, Answer(user.into())))
}

/// What is wrong with an address. Whether it is somebody's is for a code by mail to show.
fn check_email(email: &str) -> Option<FieldProblem> {
    let good = email.len() <= 254
        && !email
            .chars()
            .any(|letter| letter.is_whitespace() || letter.is_control())
        && email.split_once('@').is_some_and(|(name, domain)| {
            !name.is_empty()
                && !domain.contains('@')
                && domain.contains('.')
                && domain.split('.').all(|label| !label.is_empty())
        });
    (!good).then(|| {
        FieldProblem::new(
            "body",
            "email",
            "value_error",
            format!("`{email}` is not an e-mail address such as name@example.com"),
        )
    })
}

/// Signs in by e-mail and password: JSON, or an `OAuth2` password form.
///
/// An unknown e-mail and a wrong password answer alike and take alike.
///
/// # Errors
/// 401, 403 for a disabled account.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth",
    request_body(content((Credentials = "application/json"), (Credentials = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = TokenPair), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, body = Problem)))]
pub async fn login(State(app): Ctx, given: Credentials) -> Result<Response> {
    let email = given.email.trim().to_lowercase();
    let user = app.store().user_by_email(&email).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let opens = app
        .passwords
        .verify(Secret::new(given.password), hash)
        .await?;
    let Some(user) = user.filter(|_| opens) else {
        return Err(ApiError::unauthenticated("Incorrect email or password"));
    };
    let user = app.account(user.id).await?;
    let family = app.engine.ids.next();
    issue(&app, user.id, None, family, app.now()).await
}

/// Exchanges a refresh token for a new pair, once. A token that comes back a second time ends its whole family.
///
/// # Errors
/// 401.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth", request_body = RefreshRequest, responses(
    (status = 200, body = TokenPair), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn refresh(State(app): Ctx, Json(given): Json<RefreshRequest>) -> Result<Response> {
    let now = app.now();
    let claims = app
        .tokens
        .read(&given.refresh_token, TokenKind::Refresh, now)?;
    let Some(old) = claims.refresh else {
        // The FastAPI app's refresh tokens have no identity, so a second use could not be told from the first.
        return Err(ApiError::unauthenticated("Sign in again"));
    };
    let user = app.account(claims.user).await?;
    issue(&app, user.id, Some(old), old.family, now).await
}

async fn issue(
    app: &App,
    user: UserId,
    replaces: Option<Refresh>,
    family: uuid::Uuid,
    now: Timestamp,
) -> Result<Response> {
    let next = Refresh {
        id: app.engine.ids.next(),
        family,
    };
    let stored = RefreshToken {
        id: next.id,
        family,
        user,
        expires_at: now + REFRESH_LIFE,
    };
    let replaced = replaces.map(|old| old.id);
    app.store().rotate_refresh(replaced, stored, now).await?;
    let pair = TokenPair {
        access_token: app.tokens.access(user, now)?,
        refresh_token: app.tokens.refresh(user, next, stored.expires_at)?,
        token_type: "bearer",
        expires_in: ACCESS_LIFE.as_secs(),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Answer(pair)).into_response())
}

/// Ends every refresh token of the account; access tokens end by themselves within half an hour.
///
/// # Errors
/// 401.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth", security(("bearer" = [])), responses(
    (status = 200, body = Message), (status = 401, body = Problem)))]
pub async fn logout(State(app): Ctx, signed: Signed) -> Result<Answer<Message>> {
    app.store().revoke_refresh(signed.user.id).await?;
    Ok(Answer(Message {
        message: "Successfully logged out",
    }))
}

/// A sentence for people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Message {
    /// What happened.
    pub message: &'static str,
}

/// The account behind the token.
#[utoipa::path(get, path = "/api/v1/auth/me", tag = "auth", security(("bearer" = [])), responses(
    (status = 200, body = present::User), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn me(signed: Signed) -> Answer<present::User> {
    Answer(signed.user.into())
}
