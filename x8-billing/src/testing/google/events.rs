//! The stand-in's events.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    GoogleRequest,
    state::{Reply, State, refusal},
};

/// What a client may say of an event; Google knows more, x8 does not say more.
const FIELDS: [&str; 8] = [
    "id",
    "summary",
    "description",
    "location",
    "start",
    "end",
    "extendedProperties",
    "conferenceData",
];

/// Calendar and event of a path below the version; calendars may have slashes in their names here.
pub(super) fn place(rest: &str) -> Option<(String, Option<String>)> {
    let rest = rest.strip_prefix("calendars/")?;
    if let Some(calendar) = rest.strip_suffix("/events") {
        return Some((calendar.to_owned(), None));
    }
    let (calendar, id) = rest.rsplit_once("/events/")?;
    Some((calendar.to_owned(), Some(id.to_owned())))
}

/// The event that a request is about, if it names one.
pub(super) fn named(state: &State, request: &GoogleRequest) -> Option<(String, String)> {
    let (calendar, id) = place(request.path.strip_prefix("/calendar/v3/")?)?;
    let token = request
        .headers
        .get("authorization")?
        .strip_prefix("Bearer ")?;
    let calendar = super::calendars::resolve(state.access.get(token)?, &calendar);
    Some((calendar, id?))
}

/// Somebody edits the event of this request.
pub(super) fn touch(state: &mut State, request: &GoogleRequest) {
    if let Some((calendar, id)) = named(state, request) {
        change(
            state,
            &calendar,
            &id,
            Map::from_iter([("colorId".to_owned(), json!("3"))]),
        );
    }
}

pub(super) fn insert(state: &mut State, calendar: &str, request: &GoogleRequest) -> Reply {
    let Some(body) = request.body.as_object() else {
        return invalid("body");
    };
    if let Some(reply) = check(body) {
        return reply;
    }
    let id = body.get("id").and_then(Value::as_str).unwrap_or_default();
    let alphabet = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'v');
    if !(5..=1024).contains(&id.len()) || !id.bytes().all(alphabet) {
        return invalid("Invalid resource id value.");
    }
    if !body.contains_key("start") || !body.contains_key("end") {
        return refusal(400, "global", "required", "Missing end time.");
    }
    let key = (calendar.to_owned(), id.to_owned());
    if state.events.contains_key(&key) {
        let words = "The requested identifier already exists.";
        return refusal(409, "global", "duplicate", words);
    }
    let mut event = body.clone();
    meet(state, &mut event, request, id);
    event.insert("status".to_owned(), json!("confirmed"));
    event.insert("etag".to_owned(), json!(format!("\"{}\"", state.next())));
    let event = Value::Object(event);
    state.events.insert(key, event.clone());
    (200, event)
}

pub(super) fn get(state: &State, calendar: &str, id: &str) -> Reply {
    match state.events.get(&(calendar.to_owned(), id.to_owned())) {
        Some(event) => (200, event.clone()),
        None => refusal(404, "global", "notFound", "Not Found"),
    }
}

pub(super) fn patch(state: &mut State, calendar: &str, id: &str, request: &GoogleRequest) -> Reply {
    let Some(known) = standing_event(state, calendar, id) else {
        return refusal(404, "global", "notFound", "Not Found");
    };
    let etag = known.get("etag").and_then(Value::as_str).map(str::to_owned);
    let wanted = request.headers.get("if-match");
    if wanted.is_some() && wanted != etag.as_ref() {
        return refusal(412, "global", "conditionNotMet", "Precondition Failed");
    }
    let Some(body) = request.body.as_object() else {
        return invalid("body");
    };
    let mut merged = known.as_object().cloned().unwrap_or_default();
    let mut said = body.clone();
    meet(state, &mut said, request, id);
    for (name, value) in said {
        merge(&mut merged, name, value);
    }
    let told: Map<String, Value> = FIELDS
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), merged.get(*name)?.clone())))
        .collect();
    if let Some(reply) = check(&told).or_else(|| unknown(body)) {
        return reply;
    }
    change(state, calendar, id, merged);
    get(state, calendar, id)
}

/// Objects are merged, `null` takes away, everything else replaces.
fn merge(into: &mut Map<String, Value>, name: String, value: Value) {
    match (into.get_mut(&name), value) {
        (_, Value::Null) => {
            into.remove(&name);
        }
        (Some(Value::Object(known)), Value::Object(said)) => {
            for (name, value) in said {
                merge(known, name, value);
            }
        }
        (_, value) => {
            into.insert(name, value);
        }
    }
}

pub(super) fn delete(state: &mut State, calendar: &str, id: &str) -> Reply {
    if delete_by_hand(state, calendar, id) {
        return (204, Value::Null);
    }
    match get(state, calendar, id).0 {
        200 => refusal(410, "global", "deleted", "Resource has been deleted"),
        _absent => refusal(404, "global", "notFound", "Not Found"),
    }
}

/// Without `conferenceDataVersion=1` the wish is dropped silently; the same request makes the same conference.
fn meet(state: &mut State, event: &mut Map<String, Value>, request: &GoogleRequest, id: &str) {
    let Some(wish) = event.remove("conferenceData") else {
        return;
    };
    let version = request.query.get("conferenceDataVersion");
    let name = wish.pointer("/createRequest/requestId");
    let kind = wish.pointer("/createRequest/conferenceSolutionKey/type");
    let (Some(name), Some("hangoutsMeet"), Some("1")) = (
        name.and_then(Value::as_str),
        kind.and_then(Value::as_str),
        version.map(String::as_str),
    ) else {
        return;
    };
    let status = if state.links { "success" } else { "pending" };
    let mut conference = json!({ "createRequest": {
        "requestId": name, "status": { "statusCode": status },
    } });
    if state.links {
        let made = format!("https://meet.google.com/fake-{id}");
        let link = state
            .conferences
            .entry(name.to_owned())
            .or_insert(made)
            .clone();
        event.insert("hangoutLink".to_owned(), json!(link));
        if let Some(conference) = conference.as_object_mut() {
            let ways = json!([
                { "entryPointType": "phone", "uri": "tel:+34910000000" },
                { "entryPointType": "video", "uri": link },
            ]);
            conference.insert("entryPoints".to_owned(), ways);
        }
    }
    event.insert("conferenceData".to_owned(), conference);
}

fn check(event: &Map<String, Value>) -> Option<Reply> {
    if let Some(reply) = unknown(event) {
        return Some(reply);
    }
    let time = |name: &str| event.get(name).map(instant);
    for side in ["start", "end"] {
        let zone = event.get(side).and_then(|when| when.get("timeZone"));
        let zone = zone.and_then(Value::as_str);
        if zone.is_some_and(|zone| jiff::tz::TimeZone::get(zone).is_err()) {
            return Some(invalid("Invalid time zone definition."));
        }
    }
    match (time("start"), time("end")) {
        (Some(Some(start)), Some(Some(end))) if start >= end => {
            let words = "The specified time range is empty.";
            Some(refusal(400, "calendar", "timeRangeEmpty", words))
        }
        (Some(None), _) | (_, Some(None)) => Some(invalid("Invalid start or end time.")),
        _other => None,
    }
}

fn unknown(event: &Map<String, Value>) -> Option<Reply> {
    let strange = event.keys().find(|name| !FIELDS.contains(&name.as_str()))?;
    Some(invalid(strange))
}

fn invalid(what: &str) -> Reply {
    refusal(400, "global", "invalid", what)
}

/// The moment of a side of an event; one of time and day, never both.
fn instant(when: &Value) -> Option<Timestamp> {
    match (when.get("dateTime"), when.get("date")) {
        (Some(time), None) => time.as_str()?.parse().ok(),
        (None, Some(day)) => format!("{}T00:00:00Z", day.as_str()?).parse().ok(),
        _both_or_none => None,
    }
}

fn standing_event(state: &State, calendar: &str, id: &str) -> Option<Value> {
    let found = state.events.get(&(calendar.to_owned(), id.to_owned()))?;
    (found.get("status") != Some(&json!("cancelled"))).then(|| found.clone())
}

/// `false` when there is no such event, or it was deleted.
fn change(state: &mut State, calendar: &str, id: &str, fields: Map<String, Value>) -> bool {
    if standing_event(state, calendar, id).is_none() {
        return false;
    }
    let etag = format!("\"{}\"", state.next());
    let key = (calendar.to_owned(), id.to_owned());
    if let Some(Value::Object(event)) = state.events.get_mut(&key) {
        // What was merged away must go, so nothing of before stays under a changed side.
        event.extend(fields);
        event.insert("etag".to_owned(), json!(etag));
    }
    true
}

pub(super) fn move_by_hand(
    state: &mut State,
    calendar: &str,
    id: &str,
    from: Timestamp,
    to: Timestamp,
) -> bool {
    // Google answers in the calendar's own zone, whatever was written.
    let when = |at: Timestamp| json!({ "dateTime": at.to_string(), "timeZone": "Europe/Madrid" });
    let fields = [
        ("start".to_owned(), when(from)),
        ("end".to_owned(), when(to)),
    ];
    change(state, calendar, id, Map::from_iter(fields))
}

pub(super) fn make_all_day(
    state: &mut State,
    calendar: &str,
    id: &str,
    from: &str,
    to: &str,
) -> bool {
    let fields = [
        ("start".to_owned(), json!({ "date": from })),
        ("end".to_owned(), json!({ "date": to })),
    ];
    change(state, calendar, id, Map::from_iter(fields))
}

pub(super) fn delete_by_hand(state: &mut State, calendar: &str, id: &str) -> bool {
    let gone = Map::from_iter([("status".to_owned(), json!("cancelled"))]);
    change(state, calendar, id, gone)
}

pub(super) fn busy_by_hand(state: &mut State, calendar: &str, from: Timestamp, to: Timestamp) {
    let id = format!("byhand{}", state.next());
    let event = json!({
        "id": id, "status": "confirmed", "etag": "\"0\"",
        "start": { "dateTime": from.to_string() }, "end": { "dateTime": to.to_string() },
    });
    state.events.insert((calendar.to_owned(), id), event);
}

/// Busy times as events have them: neither clipped nor joined.
pub(super) fn busy(state: &State, calendar: &str, from: Timestamp, to: Timestamp) -> Vec<Value> {
    let own = state
        .events
        .iter()
        .filter(|((owner, _), _)| owner == calendar);
    own.filter(|(_, event)| event.get("status") != Some(&json!("cancelled")))
        .filter_map(|(_, event)| Some((instant(event.get("start")?)?, instant(event.get("end")?)?)))
        .filter(|(start, end)| *start < to && from < *end)
        .map(|(start, end)| json!({ "start": start.to_string(), "end": end.to_string() }))
        .collect()
}

pub(super) fn standing(state: &State, calendar: &str) -> Vec<String> {
    let own = state.events.keys().filter(|(owner, _)| owner == calendar);
    own.filter(|(_, id)| standing_event(state, calendar, id).is_some())
        .map(|(_, id)| id.clone())
        .collect()
}
