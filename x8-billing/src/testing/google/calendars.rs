//! The stand-in's calendars: lists and busy times.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    GoogleRequest, events,
    state::{Granted, Reply, State, refusal},
};

/// So that callers have to turn pages.
const PAGE: usize = 2;

/// `primary` is the account's own.
pub(super) fn resolve(granted: &Granted, calendar: &str) -> String {
    if calendar == "primary" {
        granted.account.clone()
    } else {
        calendar.to_owned()
    }
}

/// What the account may do in a calendar; `None`: it does not know it.
pub(super) fn role(state: &State, granted: &Granted, calendar: &str) -> Option<&'static str> {
    let own = calendar.strip_prefix(granted.account.as_str())?;
    if !state.accounts.contains(&granted.account) {
        return None;
    }
    match own {
        "" => Some("owner"),
        "/team" => Some("writer"),
        "/holidays" => Some("reader"),
        _unknown => None,
    }
}

pub(super) fn list(granted: &Granted, request: &GoogleRequest) -> Reply {
    let account = &granted.account;
    let all = [
        json!({ "id": account, "summary": account, "primary": true, "accessRole": "owner", "timeZone": "Europe/Madrid" }),
        json!({ "id": format!("{account}/team"), "summary": "t", "summaryOverride": "Team", "accessRole": "writer" }),
        json!({ "id": format!("{account}/holidays"), "summary": "Holidays", "accessRole": "reader" }),
    ];
    let from = request.query.get("pageToken");
    let from = from.and_then(|token| token.parse().ok()).unwrap_or(0_usize);
    let items: Vec<&Value> = all.iter().skip(from).take(PAGE).collect();
    let next = (from + PAGE < all.len()).then(|| (from + PAGE).to_string());
    (200, json!({ "items": items, "nextPageToken": next }))
}

pub(super) fn free_busy(state: &State, granted: &Granted, body: &Value) -> Reply {
    let moment = |name: &str| -> Option<Timestamp> { body.get(name)?.as_str()?.parse().ok() };
    let (Some(from), Some(to)) = (moment("timeMin"), moment("timeMax")) else {
        return refusal(400, "global", "badRequest", "Bad Request");
    };
    let items = body.get("items").and_then(Value::as_array);
    let mut calendars = serde_json::Map::new();
    for item in items.into_iter().flatten() {
        let asked = item.get("id").and_then(Value::as_str).unwrap_or_default();
        let calendar = resolve(granted, asked);
        let told = if role(state, granted, &calendar).is_some() {
            json!({ "busy": events::busy(state, &calendar, from, to) })
        } else {
            json!({ "errors": [{ "domain": "global", "reason": "notFound" }], "busy": [] })
        };
        calendars.insert(asked.to_owned(), told);
    }
    (200, json!({ "calendars": calendars }))
}
