//! H1: signatures.

use x8_channels::waha::{HmacKeys, WahaVerifier};
use x8_core::{ErrorKind, Result, Secret, port::WebhookVerifier};

const FIRST: (&str, &[u8], &str) = (
    "my-secret-key",
    br#"{"event":"message","session":"default","engine":"WEBJS"}"#,
    "208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1631777076153fa89",
);
const SECOND: (&str, &[u8], &str) = (
    "k3y-waha",
    br#"{"id":"evt_01jx0000000000000000000001","event":"message","session":"acme-1"}"#,
    "6cf15f223517fc1eb226a8943ae60c7c831c215dba16c276a3e3801931812e90ad9655348c7a9a201ea39bb4ff14b7c42e45d47fe64195f36137eb1418cf89b0",
);

fn check(
    current: &str,
    previous: Option<&str>,
    signature: Option<&str>,
    algorithm: Option<&str>,
    body: &[u8],
) -> Result<()> {
    let verifier = WahaVerifier::new(&HmacKeys {
        current: Secret::new(current),
        previous: previous.map(Secret::new),
    })?;
    let header = |name: &str| match name {
        "x-webhook-hmac" => signature.map(str::to_owned),
        "x-webhook-hmac-algorithm" => algorithm.map(str::to_owned),
        _ => None,
    };
    verifier.verify(&header, body)
}

#[test]
fn h1_published_vectors_are_accepted() -> Result<()> {
    for (key, body, signature) in [FIRST, SECOND] {
        check(key, None, Some(signature), Some("sha512"), body)?;
        check(key, None, Some(signature), None, body)?;
    }
    Ok(())
}

#[test]
fn h1_the_previous_key_is_accepted_while_rotating() -> Result<()> {
    let (key, body, signature) = FIRST;
    check("new-key", Some(key), Some(signature), Some("SHA512"), body)?;
    check(key, Some("old-key"), Some(signature), Some("sha512"), body)
}

#[test]
fn h1_anything_else_is_unauthenticated() {
    let (key, body, signature) = FIRST;
    let short: String = signature.chars().take(126).collect();
    let cases = [
        check(
            "other",
            Some("older"),
            Some(signature),
            Some("sha512"),
            body,
        ),
        check(key, None, Some(SECOND.2), Some("sha512"), body),
        check(key, None, None, Some("sha512"), body),
        check(key, None, Some(signature), Some("sha256"), body),
        check(key, None, Some(signature), Some(""), body),
        check(key, None, Some(""), Some("sha512"), body),
        check(key, None, Some("not hex"), Some("sha512"), body),
        check(key, None, Some(&short), Some("sha512"), body),
        check(key, None, Some(signature), Some("sha512"), b""),
        check(
            key,
            None,
            Some(signature),
            Some("sha512"),
            &body[..body.len() - 1],
        ),
    ];
    for (index, case) in cases.into_iter().enumerate() {
        let kind = case.map_err(|error| error.kind());
        assert_eq!(kind, Err(ErrorKind::Unauthenticated), "case {index}");
    }
}

#[test]
fn h1_an_empty_key_is_refused_at_the_start() {
    for (current, previous) in [("", None), (" ", None), ("key", Some(""))] {
        let outcome = check(current, previous, None, None, b"{}");
        assert_eq!(
            outcome.map_err(|error| error.kind()),
            Err(ErrorKind::Invalid)
        );
    }
}

#[test]
fn h6_keys_do_not_show() -> Result<()> {
    let verifier = WahaVerifier::new(&HmacKeys {
        current: Secret::new("hush"),
        previous: None,
    })?;
    assert_eq!(format!("{verifier:?}"), "WahaVerifier { keys: 1 }");
    Ok(())
}
