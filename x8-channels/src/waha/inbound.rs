//! Reads webhook bodies into events: pure, batch-safe, never panics.

mod mend;
mod message;
mod status;
mod value;

use serde_json::Value;
use x8_core::{
    Error, Result,
    port::{ChannelSignal, InboundEvent, InboundParser, Parsed},
};

#[cfg(feature = "waha")]
pub(super) use self::status::state;
use self::value::{clip, text};

/// Reads WAHA webhooks: one event, or an array of them (H1).
///
/// ```
/// use x8_channels::waha::WahaParser;
/// use x8_core::port::{ChannelSignal, InboundParser};
/// let body = br#"{"event":"message.any","session":"acme-1","payload":{
///     "id":"false_34600111222@c.us_3EB0AA","timestamp":1760000000,
///     "from":"34600111222@c.us","fromMe":false,"body":"Hola"}}"#;
/// let parsed = WahaParser.parse(body)?;
/// let ChannelSignal::Message(message) = &parsed.events[0].signal else { panic!("a message") };
/// assert_eq!(message.sender.phone(), Some("+34600111222"));
/// assert_eq!(message.address, "34600111222@c.us");
/// # Ok::<(), x8_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WahaParser;

impl InboundParser for WahaParser {
    fn parse(&self, body: &[u8]) -> Result<Parsed> {
        let whole = read(body).map_err(|error| {
            Error::invalid("waha.parse", "the webhook body is not JSON in UTF-8")
                .with("bytes", body.len())
                .caused_by(error)
        })?;
        let items = match whole {
            Value::Array(items) => items,
            Value::Object(_) => vec![whole],
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                return Err(Error::invalid(
                    "waha.parse",
                    "the webhook body must be an event object or an array of them",
                ));
            }
        };
        let mut parsed = Parsed::default();
        for (index, item) in items.iter().enumerate() {
            match event(item) {
                Ok(event) => parsed.events.push(event),
                Err(error) => parsed.errors.push(error.with("item", index)),
            }
        }
        Ok(parsed)
    }
}

fn read(body: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(body)
        .or_else(|error| serde_json::from_slice(&mend::lone_surrogates(body)).map_err(|_| error))
}

fn event(item: &Value) -> Result<InboundEvent> {
    let kind = text(item, "/event")?;
    let session = text(item, "/session")?;
    let signal = match kind {
        "message" | "message.any" => message::signal(item)?,
        "message.ack" => status::ack(item)?,
        "session.status" => status::session(item)?,
        other => ignored(other),
    };
    Ok(InboundEvent {
        session: session.to_owned(),
        signal,
    })
}

fn ignored(kind: &str) -> ChannelSignal {
    ChannelSignal::Ignored { kind: clip(kind) }
}
