//! The webhook signature scheme `Stripe-Signature: t=<unix>,v1=<hex>[,v1=<hex>]`, on raw bytes (P5).
//!
//! The signed text is `t`, a dot and the body; the key is the whole secret, prefix included. While a secret is being
//! replaced two signatures arrive, so a list of secrets is tried against every `v1`; other schemes are ignored.
//!
//! ```
//! use x8_billing::signature::{SignatureRefusal, sign, verify};
//! use x8_core::Secret;
//! let secret = Secret::new("whsec_example");
//! let now = "2026-05-01T10:00:00Z".parse()?;
//! let header = sign(&secret, b"{}", now);
//! assert_eq!(verify(&[secret.clone()], &header, b"{}", now), Ok(()));
//! assert_eq!(verify(&[secret], &header, b"{ }", now), Err(SignatureRefusal::NoMatch));
//! # Ok::<(), jiff::Error>(())
//! ```

use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};
use x8_core::{Error, ErrorKind, Secret};

/// How far the signing time may lie from now, on either side.
pub const TOLERANCE: SignedDuration = SignedDuration::from_secs(300);

/// Why a signature was not accepted. Carries nothing of the secret and nothing that helps to forge one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureRefusal {
    /// No secret is configured, so nothing can be verified.
    #[error("no webhook secret is configured; add the endpoint's signing secret")]
    NoSecret,
    /// `t` is absent, given twice, or not a time.
    #[error("the signature header has no single `t=<unix seconds>`")]
    NoTime,
    /// There is no `v1`.
    #[error("the signature header has no `v1=<hex>`")]
    NoSignature,
    /// No `v1` belongs to these bytes and any of the secrets.
    #[error(
        "no signature matches the body; check the endpoint's secret and that the raw body is passed on"
    )]
    NoMatch,
    /// Signed too long ago: a replay, or a clock that is wrong.
    #[error("the signature is too old; check this server's clock")]
    TooOld,
    /// Signed in the future: a clock that is wrong.
    #[error("the signature is from the future; check this server's clock")]
    TooNew,
}

impl From<SignatureRefusal> for Error {
    fn from(refusal: SignatureRefusal) -> Self {
        Self::new(
            ErrorKind::Unauthenticated,
            "webhook.verify",
            refusal.to_string(),
        )
    }
}

/// The header for `body`, signed at `at`.
#[must_use]
pub fn sign(secret: &Secret, body: &[u8], at: Timestamp) -> String {
    let time = at.as_second().to_string();
    let code = code(secret, &time, body);
    format!("t={time},v1={code}")
}

/// Verifies a header against the raw body.
///
/// Every secret is compared with every `v1` in constant time and without an early exit; the time is judged only after
/// the signature proved it.
///
/// # Errors
/// [`SignatureRefusal`]; as an [`Error`] it is `Unauthenticated`.
pub fn verify(
    secrets: &[Secret],
    header: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<(), SignatureRefusal> {
    if secrets.is_empty() {
        return Err(SignatureRefusal::NoSecret);
    }
    let (time, signatures) = read(header)?;
    let signed_at = seconds(time)?;
    let mut matched = Choice::from(0);
    for secret in secrets {
        let expected = code(secret, time, body);
        for signature in &signatures {
            matched |= expected.as_bytes().ct_eq(signature.as_bytes());
        }
    }
    if !bool::from(matched) {
        return Err(SignatureRefusal::NoMatch);
    }
    let age = signed_at.duration_until(now);
    if age > TOLERANCE {
        Err(SignatureRefusal::TooOld)
    } else if age < -TOLERANCE {
        Err(SignatureRefusal::TooNew)
    } else {
        Ok(())
    }
}

/// The one `t`, as written, and every `v1`.
fn read(header: &str) -> Result<(&str, Vec<&str>), SignatureRefusal> {
    let mut times = Vec::new();
    let mut signatures = Vec::new();
    for (scheme, value) in header
        .split(',')
        .filter_map(|part| part.trim().split_once('='))
    {
        match scheme {
            "t" => times.push(value),
            "v1" => signatures.push(value),
            _unknown => {}
        }
    }
    match times.as_slice() {
        [time] if signatures.is_empty() => {
            seconds(time)?;
            Err(SignatureRefusal::NoSignature)
        }
        [time] => Ok((time, signatures)),
        _none_or_several => Err(SignatureRefusal::NoTime),
    }
}

fn seconds(time: &str) -> Result<Timestamp, SignatureRefusal> {
    let digits = !time.is_empty() && time.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| time.parse().ok())
        .flatten()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .ok_or(SignatureRefusal::NoTime)
}

/// Lower-case hex of HMAC-SHA256 over `time.body`.
fn code(secret: &Secret, time: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length, so the error arm cannot be reached; an empty code matches no signature of 64 digits.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else {
        return String::new();
    };
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}
