//! What each request does.

use super::{
    GoogleRequest, calendars, events, signin,
    state::{Granted, Reply, State, refusal},
};

const EVENTS: &str = "https://www.googleapis.com/auth/calendar.events";
const FREEBUSY: &str = "https://www.googleapis.com/auth/calendar.freebusy";
const LIST: &str = "https://www.googleapis.com/auth/calendar.calendarlist.readonly";

pub(super) fn answer(state: &mut State, request: &GoogleRequest) -> Reply {
    match request.path.as_str() {
        "/oauth2/token" => return signin::token(state, request),
        "/oauth2/revoke" => return signin::revoke(state, request),
        _api => {}
    }
    let Some(rest) = request.path.strip_prefix("/calendar/v3/") else {
        return refusal(404, "global", "notFound", "Not Found");
    };
    let token = request.headers.get("authorization");
    let token = token.and_then(|value| value.strip_prefix("Bearer "));
    let granted = token.and_then(|token| state.access.get(token)).cloned();
    let Some(granted) = granted else {
        return refusal(401, "global", "authError", "Invalid Credentials");
    };
    let needed = match rest {
        "freeBusy" => FREEBUSY,
        "users/me/calendarList" => LIST,
        _events => EVENTS,
    };
    if !granted.scopes.iter().any(|scope| scope == needed) {
        let words = "Request had insufficient authentication scopes.";
        return refusal(403, "global", "insufficientPermissions", words);
    }
    route(state, &granted, rest, request)
}

fn route(state: &mut State, granted: &Granted, rest: &str, request: &GoogleRequest) -> Reply {
    match (request.method.as_str(), rest) {
        ("POST", "freeBusy") => return calendars::free_busy(state, granted, &request.body),
        ("GET", "users/me/calendarList") => return calendars::list(granted, request),
        _events => {}
    }
    let Some((calendar, id)) = events::place(rest) else {
        return refusal(404, "global", "notFound", "Not Found");
    };
    let calendar = calendars::resolve(granted, &calendar);
    let Some(role) = calendars::role(state, granted, &calendar) else {
        return refusal(404, "global", "notFound", "Not Found");
    };
    if request.method != "GET" && role == "reader" {
        let words = "You need to have writer access to this calendar.";
        return refusal(403, "calendar", "requiredAccessLevel", words);
    }
    match (request.method.as_str(), id) {
        ("POST", None) => events::insert(state, &calendar, request),
        ("GET", Some(id)) => events::get(state, &calendar, &id),
        ("PATCH", Some(id)) => events::patch(state, &calendar, &id, request),
        ("DELETE", Some(id)) => events::delete(state, &calendar, &id),
        _unknown => refusal(404, "global", "notFound", "Not Found"),
    }
}
