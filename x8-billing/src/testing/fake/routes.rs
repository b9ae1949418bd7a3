//! What each request does.

use serde_json::json;

use super::{
    FakeStripe, RecordedRequest, accounts,
    checkout::{create, refusal},
    state::{Reply, State, Stored},
};

/// An answer, and whether it is a stored one.
pub(super) fn answer(state: &mut State, request: &RecordedRequest) -> (Reply, bool) {
    let header = |name: &str| request.headers.get(name).map(String::as_str);
    let expected = format!("Bearer {}", FakeStripe::api_key().expose());
    if header("authorization") != Some(expected.as_str()) {
        let message = "Invalid API Key provided: sk_fake_****1234";
        return (refusal(401, "", "", message), false);
    }
    if header("stripe-account").is_none() && accounts::is_about(request) {
        return match header("idempotency-key") {
            Some(key) if request.method == "POST" => keyed(state, "", key, request),
            _none => (accounts::route(state, request), false),
        };
    }
    let account = header("stripe-account").unwrap_or_default().to_owned();
    if !state.accounts.contains(&account) {
        let message = "The provided key 'sk_fake_****1234' does not have access to account";
        return (refusal(403, "account_invalid", "", message), false);
    }
    match header("idempotency-key") {
        Some(key) if request.method == "POST" => keyed(state, &account, key, request),
        _none => (route(state, &account, request), false),
    }
}

/// The first answer to a key is stored, but not a refusal of what was asked.
fn keyed(state: &mut State, account: &str, key: &str, request: &RecordedRequest) -> (Reply, bool) {
    let place = (account.to_owned(), key.to_owned());
    if let Some(stored) = state.keys.get(&place) {
        if stored.path == request.path && stored.form == request.form {
            return (stored.reply.clone(), true);
        }
        let message = "Keys for idempotent requests can only be used with the same parameters";
        let error = json!({ "type": "idempotency_error", "message": message });
        return ((400, json!({ "error": error })), false);
    }
    let reply = if account.is_empty() {
        accounts::route(state, request)
    } else {
        route(state, account, request)
    };
    if reply.0 == 200 {
        let stored = Stored {
            path: request.path.clone(),
            form: request.form.clone(),
            reply: reply.clone(),
        };
        state.keys.insert(place, stored);
    }
    (reply, false)
}

fn route(state: &mut State, account: &str, request: &RecordedRequest) -> Reply {
    let path: Vec<&str> = request
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    match (request.method.as_str(), path.as_slice()) {
        ("POST", ["v1", "checkout", "sessions"]) => create(state, account, &request.form),
        ("GET", ["v1", "checkout", "sessions", id]) => {
            let expanded = request.query.contains_key("expand[]");
            session(state, account, id, Asked::Look { expanded })
        }
        ("POST", ["v1", "checkout", "sessions", id, "expire"]) => {
            session(state, account, id, Asked::Expire)
        }
        ("POST", ["v1", "refunds"]) => refund(state, account, request),
        ("GET", ["v1", "balance_transactions"]) => accounts::movements(state, account, request),
        _unknown => refusal(404, "", "", "Unrecognized request URL"),
    }
}

/// What is wanted of a session.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Look { expanded: bool },
    Expire,
}

fn session(state: &mut State, account: &str, id: &str, asked: Asked) -> Reply {
    let address = state.address.clone();
    let found = state.sessions.get_mut(id);
    let Some(session) = found.filter(|session| session.account == account) else {
        let message = format!("No such checkout.session: {id}");
        return refusal(404, "resource_missing", "session", &message);
    };
    if asked == Asked::Expire {
        if session.status != "open" {
            let message = "Only Checkout Sessions with a status in [\"open\"] can be expired.";
            return refusal(400, "", "", message);
        }
        session.status = "expired";
    }
    let expanded = asked == Asked::Look { expanded: true };
    (200, session.json(&address, expanded))
}

fn refund(state: &mut State, account: &str, request: &RecordedRequest) -> Reply {
    let allowed = ["payment_intent", "metadata[x8_refund]"];
    if let Some(field) = request
        .form
        .keys()
        .find(|key| !allowed.contains(&key.as_str()))
    {
        return refusal(
            400,
            "parameter_unknown",
            field,
            "Received unknown parameter",
        );
    }
    let intent = request
        .form
        .get("payment_intent")
        .cloned()
        .unwrap_or_default();
    let paid = state.sessions.values().any(|session| {
        session.account == account && session.payment_status == "paid" && session.intent() == intent
    });
    if !paid {
        let message = format!("No such payment_intent: '{intent}'");
        return refusal(400, "resource_missing", "payment_intent", &message);
    }
    if state.refunds.contains(&intent) {
        let message = "Charge has already been refunded.";
        return refusal(400, "charge_already_refunded", "", message);
    }
    state.refunds.push(intent.clone());
    let id = format!("re_{}", state.refunds.len());
    let body = json!({
        "id": id, "object": "refund", "payment_intent": intent, "status": "succeeded",
    });
    (200, body)
}
