//! What became of a message, and of the session.

use serde_json::Value;
use x8_core::{Result, channel::ChannelEvent, conversation::Delivery, port::ChannelSignal};

use super::{
    ignored,
    value::{maybe, text, wrong},
};
use crate::waha::jid::{self, Jid, SerializedId};

/// Acknowledgements arrive out of order and may skip steps; only those that say something definite are reported,
/// so that a late `PENDING` cannot take a read message back.
pub(super) fn ack(item: &Value) -> Result<ChannelSignal> {
    let id = text(item, "/payload/id")?;
    let stated = item.pointer("/payload/fromMe").and_then(Value::as_bool);
    let own = stated.or(SerializedId::parse(id).map(|id| id.from_me));
    if own == Some(false) {
        return Ok(ignored("message.ack:inbound"));
    }
    let number = item.pointer("/payload/ack").and_then(Value::as_i64);
    let name = maybe(item, "/payload/ackName");
    let delivery = match (number, name) {
        (Some(-1), _) | (None, Some("ERROR")) => Delivery::Failed,
        (Some(1), _) | (None, Some("SERVER")) => Delivery::Sent,
        (Some(2), _) | (None, Some("DEVICE")) => Delivery::Delivered,
        (Some(3 | 4), _) | (None, Some("READ" | "PLAYED")) => Delivery::Read,
        (Some(0), _) | (None, Some("PENDING")) => return Ok(ignored("message.ack:pending")),
        (Some(other), _) => return Ok(ignored(&format!("message.ack:{other}"))),
        (None, Some(other)) => return Ok(ignored(&format!("message.ack:{other}"))),
        (None, None) => return Err(wrong(item, "/payload/ack", "a number from -1 to 4")),
    };
    Ok(ChannelSignal::Status {
        provider_id: jid::stanza(id).to_owned(),
        delivery,
    })
}

pub(super) fn session(item: &Value) -> Result<ChannelSignal> {
    let word = text(item, "/payload/status")?;
    let account = maybe(item, "/me/id").or(maybe(item, "/payload/me/id"));
    Ok(match state(word, account) {
        Some(event) => ChannelSignal::State(event),
        None => ignored(&format!("session.status:{word}")),
    })
}

/// What WAHA's word for a session means; `None` for a word this version does not know.
///
/// A passkey is asked for while linking, so it waits for the owner like a QR code does.
pub(in crate::waha) fn state(word: &str, account: Option<&str>) -> Option<ChannelEvent> {
    Some(match word {
        "STARTING" => ChannelEvent::Starting,
        "SCAN_QR_CODE" | "PASSKEY_REQUIRED" | "PASSKEY_CONFIRMATION_REQUIRED" => {
            ChannelEvent::AwaitingScan
        }
        "WORKING" => ChannelEvent::Working {
            account: account
                .and_then(|id| Jid::parse(id)?.person())
                .and_then(|person| person.phone().map(str::to_owned)),
        },
        "STOPPED" => ChannelEvent::Stopped,
        "FAILED" => ChannelEvent::Failed {
            reason: "WhatsApp ended the session (unscanned code, logout or ban); connect it again"
                .to_owned(),
        },
        _ => return None,
    })
}
