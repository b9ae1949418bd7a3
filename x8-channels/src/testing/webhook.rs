//! Builds webhooks as WAHA sends them, and signs them. Events happen now; [`at`] moves a message to another moment.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha512;

/// A webhook as it arrives: headers in lower case, and the raw body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedWebhook {
    /// Name and value of every header.
    pub headers: Vec<(String, String)>,
    /// The bytes that were signed.
    pub body: Vec<u8>,
}

impl SignedWebhook {
    /// Signs a body with a key.
    #[must_use]
    pub fn sign(body: impl Into<Vec<u8>>, key: &str) -> Self {
        let body = body.into();
        // HMAC takes keys of any length; an empty signature would simply be refused.
        let signature = Hmac::<Sha512>::new_from_slice(key.as_bytes())
            .map(|mac| hex::encode(mac.chain_update(&body).finalize().into_bytes()))
            .unwrap_or_default();
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Self {
            headers: vec![
                header("content-type", "application/json"),
                header("x-webhook-hmac", &signature),
                header("x-webhook-hmac-algorithm", "sha512"),
            ],
            body,
        }
    }

    /// Looks a header up by its lower-case name, as [`WebhookVerifier`](x8_core::port::WebhookVerifier) wants it.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    }
}

/// A customer at `from` (`34600111222@c.us`, `900@lid`) wrote `text`; `stanza` tells messages apart.
#[must_use]
pub fn message(session: &str, from: &str, text: &str, stanza: &str) -> Value {
    let now = Timestamp::now();
    let payload = json!({
        "id": format!("false_{from}_{stanza}"),
        "timestamp": now.as_second(),
        "from": from,
        "fromMe": false,
        "source": "app",
        "to": "15550001111@c.us",
        "participant": null,
        "body": text,
        "hasMedia": false,
        "media": null,
        "mediaUrl": null,
        "ack": 1,
        "ackName": "SERVER",
        "_data": { "notifyName": "Ann" },
    });
    event(
        "message.any",
        session,
        &format!("evt_in_{stanza}"),
        &payload,
    )
}

/// A message left the account for the customer at `to`; `by_human` when somebody typed it on the paired phone.
#[must_use]
pub fn echo(session: &str, to: &str, text: &str, stanza: &str, by_human: bool) -> Value {
    let now = Timestamp::now();
    let payload = json!({
        "id": format!("true_{to}_{stanza}"),
        "timestamp": now.as_second(),
        "from": "15550001111@c.us",
        "fromMe": true,
        "source": if by_human { "app" } else { "api" },
        "to": to,
        "body": text,
        "hasMedia": false,
        "_data": {},
    });
    event(
        "message.any",
        session,
        &format!("evt_out_{stanza}"),
        &payload,
    )
}

/// The message `stanza` to the customer at `to` has come this far: -1 failed, 0 pending, 1 server, 2 device, 3 read, 4 played.
#[must_use]
pub fn ack(session: &str, to: &str, stanza: &str, ack: i8) -> Value {
    let payload = json!({
        "id": format!("true_{to}_{stanza}"),
        "from": to,
        "to": "15550001111@c.us",
        "fromMe": true,
        "ack": ack,
        "_data": {},
    });
    event(
        "message.ack",
        session,
        &format!("evt_ack_{stanza}_{ack}"),
        &payload,
    )
}

/// The session changed to `status` (`WORKING`, `SCAN_QR_CODE`, …).
#[must_use]
pub fn status(session: &str, status: &str) -> Value {
    let payload = json!({ "name": session, "status": status, "statuses": [], "data": null });
    event(
        "session.status",
        session,
        &format!("evt_status_{status}"),
        &payload,
    )
}

/// The same message event, written at another moment (Unix seconds).
#[must_use]
pub fn at(mut event: Value, seconds: i64) -> Value {
    if let Some(timestamp) = event.pointer_mut("/payload/timestamp") {
        *timestamp = Value::from(seconds);
    }
    event
}

/// Any event.
#[must_use]
pub fn event(kind: &str, session: &str, id: &str, payload: &Value) -> Value {
    json!({
        "id": id,
        "timestamp": Timestamp::now().as_millisecond(),
        "event": kind,
        "session": session,
        "metadata": {},
        "me": { "id": "15550001111@c.us", "lid": "900000@lid", "pushName": "Acme" },
        "engine": "GOWS",
        "environment": { "version": "2026.7.1", "engine": "GOWS", "tier": "CORE" },
        "payload": payload,
    })
}
