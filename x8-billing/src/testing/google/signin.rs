//! The stand-in's sign-in: consent, codes, tokens.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use x8_core::{Error, Result};

use super::{
    FakeGoogle, GoogleRequest,
    state::{Code, Granted, Reply, State},
};

/// Every scope that x8 asks for.
pub(super) fn everything() -> Vec<String> {
    let scopes = [
        "calendar.events",
        "calendar.freebusy",
        "calendar.calendarlist.readonly",
    ];
    scopes
        .map(|scope| format!("https://www.googleapis.com/auth/{scope}"))
        .to_vec()
}

pub(super) fn consent(
    state: &mut State,
    account: &str,
    url: &str,
    only: &[&str],
) -> Result<String> {
    let wrong = |what: &str| Error::invalid("fake.consent", what.to_owned());
    let (page, query) = url.split_once('?').ok_or_else(|| wrong("no query"))?;
    if !page.ends_with("/o/oauth2/v2/auth") {
        return Err(wrong("not the consent page"));
    }
    let fields: std::collections::BTreeMap<String, String> =
        form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
    let field = |name: &str| fields.get(name).map_or("", String::as_str);
    for (name, wanted) in [
        ("client_id", FakeGoogle::CLIENT),
        ("response_type", "code"),
        ("access_type", "offline"),
        ("prompt", "consent"),
        ("include_granted_scopes", "true"),
        ("code_challenge_method", "S256"),
    ] {
        if field(name) != wanted {
            return Err(wrong(name));
        }
    }
    if !state.accounts.contains(account) || field("state").is_empty() {
        return Err(wrong("account or state"));
    }
    let asked = field("scope").split_whitespace();
    let granted = Granted {
        account: account.to_owned(),
        scopes: asked
            .filter(|scope| only.is_empty() || only.contains(scope))
            .map(str::to_owned)
            .collect(),
    };
    let code = format!("4/code-{}", state.next());
    let redirect_uri = field("redirect_uri").to_owned();
    let back = form_urlencoded::Serializer::new(String::new())
        .append_pair("state", field("state"))
        .append_pair("code", &code)
        .finish();
    let back = format!("{redirect_uri}?{back}");
    let challenge = field("code_challenge").to_owned();
    let waiting = Code {
        granted,
        challenge,
        redirect_uri,
    };
    state.codes.insert(code, waiting);
    Ok(back)
}

pub(super) fn token(state: &mut State, request: &GoogleRequest) -> Reply {
    let field = |name: &str| request.body.get(name).and_then(Value::as_str);
    let secret = FakeGoogle::client_secret();
    if field("client_id") != Some(FakeGoogle::CLIENT)
        || field("client_secret") != Some(secret.expose())
    {
        return (
            401,
            json!({ "error": "invalid_client", "error_description": "Unauthorized" }),
        );
    }
    match field("grant_type") {
        Some("authorization_code") => {
            let code = field("code").and_then(|code| state.codes.remove(code));
            let verifier = field("code_verifier").unwrap_or_default();
            let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
            let code = code.filter(|code| {
                code.challenge == challenge
                    && field("redirect_uri") == Some(&code.redirect_uri)
                    && (43..=128).contains(&verifier.len())
            });
            let Some(Code { granted, .. }) = code else {
                return dead("Bad Request");
            };
            let refresh = state.issue_refresh(&granted.account, granted.scopes.clone());
            tokens(state, &granted, Some(refresh))
        }
        Some("refresh_token") => {
            let token = field("refresh_token").unwrap_or_default();
            let Some(granted) = state.refresh.get(token).cloned() else {
                return dead("Token has been expired or revoked.");
            };
            let next = state.rotate.then(|| {
                state.refresh.remove(token);
                state.issue_refresh(&granted.account, granted.scopes.clone())
            });
            tokens(state, &granted, next)
        }
        _other => (400, json!({ "error": "unsupported_grant_type" })),
    }
}

fn tokens(state: &mut State, granted: &Granted, refresh: Option<String>) -> Reply {
    let access = state.issue_access(&granted.account, &granted.scopes);
    let mut body = json!({
        "access_token": access,
        "expires_in": 3599,
        "scope": granted.scopes.join(" "),
        "token_type": "Bearer",
    });
    if let (Some(refresh), Some(body)) = (refresh, body.as_object_mut()) {
        body.insert("refresh_token".to_owned(), refresh.into());
    }
    (200, body)
}

fn dead(description: &str) -> Reply {
    let body = json!({ "error": "invalid_grant", "error_description": description });
    (400, body)
}

pub(super) fn revoke(state: &mut State, request: &GoogleRequest) -> Reply {
    let token = request.body.get("token").and_then(Value::as_str);
    let token = token.unwrap_or_default();
    let known = state.refresh.get(token).or_else(|| state.access.get(token));
    match known.map(|granted| granted.account.clone()) {
        Some(account) => {
            state.revoke(&account);
            (200, json!({}))
        }
        None => (400, json!({ "error": "invalid_token" })),
    }
}
