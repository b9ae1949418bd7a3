//! JSON web tokens, HS256 (S1).

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use x8_core::{Error, ErrorKind, Result, Secret, id::UserId};

/// How long an access token opens doors.
pub const ACCESS_LIFE: SignedDuration = SignedDuration::from_mins(30);
/// How long a refresh token can be exchanged.
pub const REFRESH_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenKind {
    /// Opens the API.
    Access,
    /// Buys a new pair, once.
    Refresh,
}

/// What a valid token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Whose.
    pub user: UserId,
    /// The single-use identity of a refresh token; the FastAPI app's tokens have none.
    pub refresh: Option<Refresh>,
}

/// The identity of a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refresh {
    /// `jti`.
    pub id: Uuid,
    /// `fam`: shared by all tokens that descend from one sign-in.
    pub family: Uuid,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    sub: Subject,
    exp: i64,
    #[serde(rename = "type")]
    kind: TokenKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    jti: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fam: Option<Uuid>,
}

/// `sub` is a string by the standard; a bare number is read as well.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Subject {
    Text(String),
    Number(i64),
}

/// Signs and reads tokens under one `SECRET_KEY`, shared with the FastAPI app.
#[derive(Clone)]
pub struct Tokens {
    sign: EncodingKey,
    check: DecodingKey,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

impl Tokens {
    /// Tokens under this key.
    #[must_use]
    pub fn new(key: &Secret) -> Self {
        Self {
            sign: EncodingKey::from_secret(key.expose().as_bytes()),
            check: DecodingKey::from_secret(key.expose().as_bytes()),
        }
    }

    /// An access token that ends [`ACCESS_LIFE`] from now.
    ///
    /// # Errors
    /// `Internal` when signing fails.
    pub fn access(&self, user: UserId, now: Timestamp) -> Result<String> {
        self.issue(user, TokenKind::Access, None, now + ACCESS_LIFE)
    }

    /// A refresh token that ends at `ends`.
    ///
    /// # Errors
    /// `Internal` when signing fails.
    pub fn refresh(&self, user: UserId, refresh: Refresh, ends: Timestamp) -> Result<String> {
        self.issue(user, TokenKind::Refresh, Some(refresh), ends)
    }

    fn issue(
        &self,
        user: UserId,
        kind: TokenKind,
        refresh: Option<Refresh>,
        ends: Timestamp,
    ) -> Result<String> {
        let wire = Wire {
            sub: Subject::Text(user.to_string()),
            exp: ends.as_second(),
            kind,
            jti: refresh.map(|refresh| refresh.id),
            fam: refresh.map(|refresh| refresh.family),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &wire, &self.sign)
            .map_err(|error| Error::internal("token.issue", error))
    }

    /// Reads a token of the wanted kind.
    ///
    /// # Errors
    /// `Unauthenticated` for any other algorithm (`none` included), key, kind or shape, and for a token that ended.
    pub fn read(&self, token: &str, wanted: TokenKind, now: Timestamp) -> Result<Claims> {
        let mut rules = Validation::new(Algorithm::HS256);
        // The clock is a port; `exp` is compared below, without leeway.
        rules.validate_exp = false;
        rules.validate_aud = false;
        let wire = jsonwebtoken::decode::<Wire>(token, &self.check, &rules)
            .map_err(|error| refused().caused_by(error))?
            .claims;
        if wire.exp <= now.as_second() || wire.kind != wanted {
            return Err(refused().with("type", format!("{:?}", wire.kind)));
        }
        let user = match wire.sub {
            Subject::Number(number) => number,
            Subject::Text(text) => text.parse().map_err(|_| refused().with("sub", &text))?,
        };
        let refresh = wire.jti.zip(wire.fam);
        Ok(Claims {
            user: UserId(user),
            refresh: refresh.map(|(id, family)| Refresh { id, family }),
        })
    }
}

fn refused() -> Error {
    Error::new(
        ErrorKind::Unauthenticated,
        "token.read",
        "Could not validate credentials",
    )
}
