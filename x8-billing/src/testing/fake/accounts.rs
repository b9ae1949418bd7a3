//! Accounts that the platform opens, and what moves on them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    RecordedRequest,
    checkout::refusal,
    state::{Profile, Reply, State},
};

/// What a new account may say.
const NEW: [&str; 9] = [
    "controller[stripe_dashboard][type]",
    "controller[fees][payer]",
    "controller[losses][payments]",
    "controller[requirement_collection]",
    "capabilities[card_payments][requested]",
    "capabilities[transfers][requested]",
    "country",
    "email",
    "metadata[company]",
];

/// What an onboarding link must say.
const LINK: [&str; 5] = [
    "account",
    "type",
    "refresh_url",
    "return_url",
    "collection_options[fields]",
];

/// Whether a request is about accounts, for which the platform speaks for itself.
pub(super) fn is_about(request: &RecordedRequest) -> bool {
    request.path.starts_with("/v1/account")
}

pub(super) fn route(state: &mut State, request: &RecordedRequest) -> Reply {
    let path: Vec<&str> = request
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    match (request.method.as_str(), path.as_slice()) {
        ("POST", ["v1", "accounts"]) => create(state, &request.form),
        ("GET", ["v1", "accounts", id]) => look(state, id),
        ("DELETE", ["v1", "accounts", id]) => remove(state, id),
        ("POST", ["v1", "account_links"]) => onboard(state, &request.form),
        ("POST", ["v1", "accounts", id, "login_links"]) => login(state, id),
        _unknown => refusal(404, "", "", "Unrecognized request URL"),
    }
}

fn create(state: &mut State, form: &BTreeMap<String, String>) -> Reply {
    if let Some(field) = form.keys().find(|key| !NEW.contains(&key.as_str())) {
        return refusal(
            400,
            "parameter_unknown",
            field,
            "Received unknown parameter",
        );
    }
    let says = |field: &str, word: &str| form.get(field).is_some_and(|found| found == word);
    let express = says("controller[stripe_dashboard][type]", "express")
        && says("controller[fees][payer]", "application")
        && says("controller[losses][payments]", "application")
        && says("controller[requirement_collection]", "stripe");
    if !express || !says("capabilities[card_payments][requested]", "true") {
        return refusal(400, "", "controller", "only Express accounts are simulated");
    }
    let country = form
        .get("country")
        .cloned()
        .unwrap_or_else(|| "US".to_owned());
    if country.len() != 2 {
        return refusal(400, "country_unsupported", "country", "no such country");
    }
    let id = format!("acct_fake{:04}", state.opened);
    state.opened += 1;
    let profile = Profile {
        country,
        told: false,
        enabled: false,
        due: vec!["external_account".to_owned(), "business_type".to_owned()],
    };
    let body = shown(&id, &profile);
    state.profiles.insert(id.clone(), profile);
    state.accounts.push(id);
    (200, body)
}

fn look(state: &State, id: &str) -> Reply {
    match state.profiles.get(id) {
        Some(profile) => (200, shown(id, profile)),
        None => shut_out(),
    }
}

fn remove(state: &mut State, id: &str) -> Reply {
    if state.profiles.remove(id).is_none() {
        return shut_out();
    }
    if state.movements.get(id).is_some_and(|rows| !rows.is_empty()) {
        let kept = Profile {
            country: "US".to_owned(),
            told: true,
            enabled: true,
            due: Vec::new(),
        };
        state.profiles.insert(id.to_owned(), kept);
        return refusal(400, "", "", "This account has a balance");
    }
    state.accounts.retain(|known| known != id);
    (
        200,
        json!({ "id": id, "object": "account", "deleted": true }),
    )
}

fn onboard(state: &mut State, form: &BTreeMap<String, String>) -> Reply {
    for field in LINK {
        if form.get(field).is_none_or(String::is_empty) {
            return refusal(400, "parameter_missing", field, "Missing required param");
        }
    }
    if form.len() > LINK.len() {
        return refusal(400, "parameter_unknown", "", "Received unknown parameter");
    }
    let account = form.get("account").cloned().unwrap_or_default();
    if !state.profiles.contains_key(&account) {
        return shut_out();
    }
    state.links += 1;
    let (created, number) = (state.now.as_second(), state.links);
    let body = json!({
        "object": "account_link", "created": created, "expires_at": created + 300,
        "url": format!("{}/setup/e/{account}/{number}", state.address),
    });
    (200, body)
}

fn login(state: &mut State, id: &str) -> Reply {
    match state.profiles.get(id) {
        None => shut_out(),
        Some(profile) if !profile.told => {
            refusal(400, "", "", "Cannot create a login link before onboarding")
        }
        Some(_) => {
            state.links += 1;
            let url = format!("{}/express/{id}/{}", state.address, state.links);
            (
                200,
                json!({ "object": "login_link", "created": 0, "url": url }),
            )
        }
    }
}

/// What moved on a connected account, in Stripe's pages.
pub(super) fn movements(state: &State, account: &str, request: &RecordedRequest) -> Reply {
    let none = Vec::new();
    let rows = state.movements.get(account).unwrap_or(&none);
    let limit: usize = request
        .query
        .get("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(10);
    let start = match request.query.get("starting_after") {
        None => 0,
        Some(after) => match rows.iter().position(|row| row["id"] == **after) {
            Some(found) => found + 1,
            None => {
                let message = format!("No such balance transaction: '{after}'");
                return refusal(400, "resource_missing", "starting_after", &message);
            }
        },
    };
    let page: Vec<&Value> = rows.iter().skip(start).take(limit).collect();
    let has_more = rows.len() > start + page.len();
    let body = json!({
        "object": "list", "data": page, "has_more": has_more, "url": "/v1/balance_transactions",
    });
    (200, body)
}

fn shut_out() -> Reply {
    let message = "The provided key 'sk_fake_****1234' does not have access to account";
    refusal(403, "account_invalid", "", message)
}

fn shown(id: &str, profile: &Profile) -> Value {
    let state = if profile.enabled {
        "active"
    } else {
        "inactive"
    };
    json!({
        "id": id,
        "object": "account",
        "country": profile.country,
        "charges_enabled": profile.enabled,
        "payouts_enabled": profile.enabled,
        "details_submitted": profile.told,
        "capabilities": { "card_payments": state, "transfers": state },
        "requirements": {
            "currently_due": profile.due,
            "past_due": [],
            "eventually_due": profile.due,
            "pending_verification": [],
            "errors": [],
            "current_deadline": null,
            "disabled_reason": (!profile.enabled).then_some("requirements.past_due"),
        },
    })
}

impl State {
    /// The company tells Stripe about itself, and Stripe is satisfied.
    pub(super) fn finish(&mut self, id: &str) -> Option<()> {
        let profile = self.profiles.get_mut(id)?;
        profile.told = true;
        profile.enabled = true;
        profile.due.clear();
        Some(())
    }

    pub(super) fn add_movement(&mut self, account: &str, kind: &str, amount: i64, fee: i64) {
        let now = self.now.as_second();
        let rows = self.movements.entry(account.to_owned()).or_default();
        let row = json!({
            "id": format!("txn_{}", rows.len()),
            "object": "balance_transaction",
            "amount": amount, "fee": fee, "net": amount - fee, "currency": "eur", "type": kind,
            "status": "pending", "available_on": now + 604_800, "created": now, "source": "ch_1",
            "description": null,
        });
        rows.insert(0, row);
    }

    pub(super) fn account_event(&self, kind: &str, account: &str) -> String {
        // When access is taken away, the object is the application and not the account.
        let object = match self.profiles.get(account) {
            Some(profile) if kind == "account.updated" => shown(account, profile),
            _gone => json!({ "id": "ca_fake", "object": "application" }),
        };
        self.envelope(kind, account, &format!("{account}_{}", self.links), &object)
    }
}
