//! The configuration a session should have, and whether it has it.

use serde_json::{Map, Value, json};

use crate::waha::{EVENTS, config::WahaConfig};

/// Remembers in the session which webhook is ours, so that a moved one replaces its predecessor.
const MARK: &str = "x8.webhook";

/// The whole configuration of a new session.
pub(super) fn fresh(config: &WahaConfig) -> Value {
    json!({
        "metadata": { MARK: config.webhook_url },
        // W4: dropped at the source. The parser would leave them anyway.
        "ignore": { "status": true, "groups": true, "channels": true, "broadcast": true },
        // Without a store NOWEB cannot answer whether an earlier try of a message went through.
        "noweb": { "markOnline": true, "store": { "enabled": true, "fullSync": false } },
        "webhooks": [webhook(config)],
    })
}

fn webhook(config: &WahaConfig) -> Value {
    json!({
        "url": config.webhook_url,
        "events": EVENTS,
        "hmac": { "key": config.hmac.current.expose() },
        "retries": { "policy": "exponential", "delaySeconds": 2, "attempts": 15 },
    })
}

/// The configuration to put, or `None` when the session already reports to us. Whatever else an operator configured
/// (a proxy, other webhooks) stays: a put replaces everything.
pub(super) fn changed(existing: Option<&Value>, config: &WahaConfig) -> Option<Value> {
    let none = Map::new();
    let existing = existing.and_then(Value::as_object).unwrap_or(&none);
    let hooks = existing.get("webhooks").and_then(Value::as_array);
    let hooks = hooks.map(Vec::as_slice).unwrap_or_default();
    let mark = existing.get("metadata").and_then(|data| data.get(MARK));
    let mark = mark.and_then(Value::as_str);
    let url = |hook: &Value| hook.get("url").and_then(Value::as_str).map(str::to_owned);
    let is_ours = |hook: &&Value| {
        let url = url(hook);
        url.as_deref() == Some(&config.webhook_url) || (url.is_some() && url.as_deref() == mark)
    };
    let ours: Vec<&Value> = hooks.iter().filter(is_ours).collect();
    if let [hook] = ours.as_slice()
        && is_current(hook, config)
    {
        return None;
    }
    let others = hooks.iter().filter(|hook| !is_ours(hook)).cloned();
    let mut wanted = existing.clone();
    let hooks: Vec<Value> = others.chain([webhook(config)]).collect();
    wanted.insert("webhooks".to_owned(), Value::Array(hooks));
    let mut metadata = existing
        .get("metadata")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    metadata.insert(MARK.to_owned(), Value::from(config.webhook_url.as_str()));
    wanted.insert("metadata".to_owned(), Value::Object(metadata));
    Some(Value::Object(wanted))
}

fn is_current(hook: &Value, config: &WahaConfig) -> bool {
    let url = hook.get("url").and_then(Value::as_str);
    let events = hook.get("events").and_then(Value::as_array);
    let same_events = events.is_some_and(|events| {
        events.len() == EVENTS.len()
            && EVENTS
                .iter()
                .all(|wanted| events.iter().any(|event| event.as_str() == Some(wanted)))
    });
    let key = hook.pointer("/hmac/key").and_then(Value::as_str);
    // A server that hides keys cannot be asked; putting again at every connect would restart the session each time.
    let hidden = key.is_some_and(|key| !key.is_empty() && key.bytes().all(|byte| byte == b'*'));
    url == Some(&config.webhook_url)
        && same_events
        && (hidden || key == Some(config.hmac.current.expose()))
}
