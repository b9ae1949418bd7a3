//! What the fake answers, as a function of its state and one request.

use serde_json::{Value, json};

use super::{
    Engine, FakeWaha, RecordedRequest,
    state::{State, describe, pairing_code},
};

/// A one-pixel PNG stands for the picture of a code.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

type Reply = (u16, Value);

pub(super) fn answer(state: &mut State, key: Option<&str>, request: &RecordedRequest) -> Reply {
    if key != Some(FakeWaha::API_KEY) {
        return refuse(401, "Unauthorized");
    }
    let path: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    let body = &request.body;
    match (request.method.as_str(), path.as_slice()) {
        ("GET", ["api", "server", "version"]) => (200, version(state)),
        ("GET", ["ping"]) => (200, json!({ "message": "pong" })),
        ("GET", ["api", "sessions"]) => {
            let names: Vec<String> = state.sessions.keys().cloned().collect();
            let all = names.iter().filter_map(|name| state.session(name));
            (200, Value::Array(all.collect()))
        }
        ("POST", ["api", "sessions"]) => create(state, body),
        ("GET", ["api", "sessions", name]) => show(state, name, 200),
        ("PUT", ["api", "sessions", name]) => update(state, name, body),
        ("DELETE", ["api", "sessions", name]) => {
            state.sessions.remove(*name);
            (200, Value::Null)
        }
        ("POST", ["api", "sessions", name, verb]) => drive(state, name, verb),
        ("GET", ["api", name, "auth", "qr"]) => qr(state, name, &request.query),
        ("POST", ["api", name, "auth", "request-code"]) => code(state, name, body),
        ("POST", ["api", "sendText"]) => send_text(state, body),
        ("GET", ["api", name, "chats", chat, "messages"]) => {
            if let Some(gate) = gate(state, name, "WORKING") {
                return gate;
            }
            (
                200,
                Value::Array(state.history(name, &chat.replace("%40", "@"))),
            )
        }
        _ => refuse(404, "Cannot find this path"),
    }
}

fn version(state: &State) -> Value {
    let engine = match state.engine {
        Engine::HonoursIds => "GOWS",
        Engine::IgnoresIds => "WEBJS",
    };
    json!({ "version": "2026.7.1", "engine": engine, "tier": "CORE", "browser": null })
}

fn refuse(status: u16, message: &str) -> Reply {
    (status, json!({ "statusCode": status, "message": message }))
}

fn show(state: &State, name: &str, status: u16) -> Reply {
    state.session(name).map_or_else(
        || refuse(404, "Session not found"),
        |session| (status, session),
    )
}

/// WAHA's answer when a session is not in the state a call needs.
fn gate(state: &State, name: &str, expected: &str) -> Option<Reply> {
    let Some(session) = state.sessions.get(name) else {
        return Some(refuse(404, "Session not found"));
    };
    (session.status != expected).then(|| {
        let body = json!({
            "error": "Session status is not as expected. Try again later or restart the session",
            "session": name,
            "status": session.status,
            "expected": [expected],
        });
        (422, body)
    })
}

fn create(state: &mut State, body: &Value) -> Reply {
    let Some(name) = body.get("name").and_then(Value::as_str) else {
        return refuse(400, "name must be a string");
    };
    if state.sessions.contains_key(name) {
        return refuse(422, "Session already exists. Use PUT to update it.");
    }
    let start = body.get("start").and_then(Value::as_bool).unwrap_or(true);
    let config = body.get("config").cloned().unwrap_or_default();
    state.create(name, config, start);
    show(state, name, 201)
}

fn update(state: &mut State, name: &str, body: &Value) -> Reply {
    let Some(session) = state.sessions.get_mut(name) else {
        return refuse(404, "Session not found");
    };
    session.config = body.get("config").cloned().unwrap_or_default();
    if session.status != "STOPPED" {
        state.start(name);
    }
    show(state, name, 200)
}

fn drive(state: &mut State, name: &str, verb: &str) -> Reply {
    let Some(session) = state.sessions.get_mut(name) else {
        return refuse(404, "Session not found");
    };
    match verb {
        "start" if session.status == "WORKING" => {}
        "start" | "restart" => state.start(name),
        "stop" => state.set_status(name, "STOPPED"),
        "logout" => {
            session.credentials = None;
            state.start(name);
        }
        _ => return refuse(404, "Cannot find this path"),
    }
    show(state, name, 201)
}

fn qr(state: &State, name: &str, query: &str) -> Reply {
    if let Some(gate) = gate(state, name, "SCAN_QR_CODE") {
        return gate;
    }
    if query.contains("format=raw") {
        return (200, json!({ "value": format!("2@fake,{name}") }));
    }
    (200, json!({ "mimetype": "image/png", "data": PNG }))
}

fn code(state: &State, name: &str, body: &Value) -> Reply {
    if let Some(gate) = gate(state, name, "SCAN_QR_CODE") {
        return gate;
    }
    match body.get("phoneNumber").and_then(Value::as_str) {
        Some(phone) if phone.bytes().all(|byte| byte.is_ascii_digit()) => {
            (201, json!({ "code": pairing_code(phone) }))
        }
        _ => refuse(400, "phoneNumber must be digits"),
    }
}

fn send_text(state: &mut State, body: &Value) -> Reply {
    let field = |name: &str| body.get(name).and_then(Value::as_str);
    let (Some(session), Some(chat), Some(text)) =
        (field("session"), field("chatId"), field("text"))
    else {
        return refuse(400, "session, chatId and text must be strings");
    };
    if let Some(gate) = gate(state, session, "WORKING") {
        return gate;
    }
    let message = state.take(session, chat, text, field("id"));
    (201, describe(&message))
}
