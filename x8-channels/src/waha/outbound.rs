//! Sends texts, and finds out whether an earlier try went through.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Value, json};
use x8_core::{
    Error, ErrorKind, Result, Retry,
    channel::Platform,
    port::{OutboundText, SendOutcome, Sender},
};

use super::{
    api::{Answer, Api, Call, session_name},
    config::WahaConfig,
    error::{Effect, gate, lost, refused},
    jid::{Jid, SerializedId, is_x8_stanza, stanza, stanza_id},
};
use crate::limits::platform_limit;

const OPERATION: &str = "waha.send_text";
const LOOKUP: &str = "waha.find_sent";

/// Sends WhatsApp texts through a WAHA server.
///
/// # Idempotency
/// Every try of a message carries the same id ([`stanza_id`]). With `resend`, the chat's own messages are read first: one with that id, or on
/// engines that ignore ids one with the same words and no older than the resend window, counts as sent. Where there is no history, an engine
/// that honours ids is given the same id again, and with any other nothing is repeated.
#[derive(Debug)]
pub struct WahaSender {
    api: Api,
    window: Duration,
}

impl WahaSender {
    /// A sender for this server.
    ///
    /// # Errors
    /// `Invalid` when the configuration cannot work.
    pub fn new(config: &WahaConfig) -> Result<Self> {
        Ok(Self {
            api: Api::new(config)?,
            window: config.resend_window,
        })
    }

    /// What became of an earlier try.
    async fn find_sent(&self, message: &OutboundText, wanted: &str) -> Result<Earlier> {
        let path = [
            "api",
            &message.session,
            "chats",
            &message.address,
            "messages",
        ];
        let call = Call {
            query: &[
                ("limit", "100"),
                ("sortBy", "timestamp"),
                ("sortOrder", "desc"),
                ("downloadMedia", "false"),
                ("filter.fromMe", "true"),
            ],
            ..Call::get(&path)
        };
        let answer = self
            .api
            .call(call)
            .await
            .map_err(|reason| still_unknown(lost(LOOKUP, Effect::Repeatable, reason)))?;
        match answer.status.as_u16() {
            200..=299 => {}
            // There is no history to look into: that proves nothing about the message.
            400 | 404 | 422 | 501 if gate(&answer).is_none() => return Ok(Earlier::Unknowable),
            _ => return Err(still_unknown(refused(LOOKUP, Effect::Repeatable, &answer))),
        }
        let Some(Value::Array(history)) = &answer.body else {
            return Err(still_unknown(Error::unavailable(
                LOOKUP,
                "the history of the chat is not a list",
            )));
        };
        let found = earlier_try(history, &message.text, wanted, self.oldest(&answer));
        Ok(found.map_or(Earlier::Absent, Earlier::Found))
    }

    /// Whether the engine takes a second text with the same id for the same message (NOWEB and GOWS, since 2026.4.3).
    async fn honours_ids(&self) -> Result<bool> {
        let answer = self
            .api
            .call(Call::get(&["api", "server", "version"]))
            .await
            .map_err(|reason| still_unknown(lost(LOOKUP, Effect::Repeatable, reason)))?;
        let engine = answer
            .body
            .as_ref()
            .and_then(|body| body.get("engine"))
            .and_then(Value::as_str);
        Ok(engine.is_some_and(|engine| matches!(engine, "NOWEB" | "GOWS")))
    }

    fn oldest(&self, answer: &Answer) -> Option<Timestamp> {
        answer.date?.checked_sub(self.window).ok()
    }
}

/// What the chat's history says about an earlier try.
enum Earlier {
    /// It went, under this id of the platform.
    Found(String),
    /// It did not go.
    Absent,
    /// There is no history to look into.
    Unknowable,
}

/// As long as the history cannot be read, the message may have gone. Only a wrong key is worth another word.
fn still_unknown(error: Error) -> Error {
    if error.kind() == ErrorKind::Unauthenticated {
        return error;
    }
    let unknown = Error::new(
        ErrorKind::UnknownOutcome,
        LOOKUP,
        "it cannot be found out yet whether the message has gone",
    );
    match error.retry() {
        retry @ Retry::After(_) => unknown.retrying(retry).caused_by(error),
        Retry::Never | Retry::Later => unknown.caused_by(error),
    }
}

fn earlier_try(
    history: &[Value],
    text: &str,
    wanted: &str,
    oldest: Option<Timestamp>,
) -> Option<String> {
    let own = || {
        history
            .iter()
            .filter_map(|entry| Some((entry, message_id(entry)?)))
            .filter(|(entry, id)| is_own(entry, id))
            .map(|(entry, id)| (entry, stanza(id)))
    };
    let by_id = own().find(|(_, id)| *id == wanted);
    let by_text = || {
        own().find(|(entry, id)| {
            // An id of ours that is not this message's belongs to another message with the same words.
            !is_x8_stanza(id) && same_text(entry, text) && is_recent(entry, oldest)
        })
    };
    by_id.or_else(by_text).map(|(_, id)| id.to_owned())
}

fn is_own(entry: &Value, id: &str) -> bool {
    let stated = entry.get("fromMe").and_then(Value::as_bool);
    stated.unwrap_or_else(|| SerializedId::parse(id).is_some_and(|id| id.from_me))
}

fn same_text(entry: &Value, text: &str) -> bool {
    let body = entry.get("body").and_then(Value::as_str);
    body.is_some_and(|body| body.trim() == text.trim())
}

fn is_recent(entry: &Value, oldest: Option<Timestamp>) -> bool {
    let (Some(oldest), Some(at)) = (oldest, entry.get("timestamp").and_then(Value::as_i64)) else {
        return true;
    };
    at >= oldest.as_second()
}

/// The id in an answer, wherever the engine puts it.
fn message_id(answer: &Value) -> Option<&str> {
    [
        "/id",
        "/id/_serialized",
        "/key/id",
        "/_data/id/_serialized",
        "/_data/key/id",
    ]
    .into_iter()
    .find_map(|path| answer.pointer(path).and_then(Value::as_str))
    .filter(|id| !id.is_empty())
}

fn check(message: &OutboundText) -> Result<()> {
    session_name(OPERATION, &message.session)?;
    if Jid::parse(&message.address).is_none() {
        return Err(Error::invalid(
            OPERATION,
            "the address must be a chat id such as 34600111222@c.us",
        ));
    }
    let limit = platform_limit(Platform::Whatsapp);
    if message.text.trim().is_empty() || !limit.fits(&message.text) {
        return Err(Error::invalid(
            OPERATION,
            "a text needs 1 to 4096 characters; split a longer one first",
        )
        .with("length", limit.measure(&message.text)));
    }
    Ok(())
}

#[async_trait]
impl Sender for WahaSender {
    fn platform(&self) -> Platform {
        Platform::Whatsapp
    }

    async fn send_text(&self, message: &OutboundText) -> Result<SendOutcome> {
        check(message)?;
        let id = stanza_id(&message.client_id);
        if message.resend {
            match self.find_sent(message, &id).await? {
                Earlier::Found(provider_id) => return Ok(SendOutcome::Sent { provider_id }),
                Earlier::Unknowable if !self.honours_ids().await? => {
                    return Ok(SendOutcome::Unconfirmed);
                }
                Earlier::Absent | Earlier::Unknowable => {}
            }
        }
        let body = json!({
            "session": message.session,
            "chatId": message.address,
            "text": message.text,
            "id": id,
        });
        let answer = self
            .api
            .call(Call::post(&["api", "sendText"], Some(body)))
            .await
            .map_err(|reason| lost(OPERATION, Effect::Send, reason))?;
        if !answer.status.is_success() {
            return Err(refused(OPERATION, Effect::Send, &answer));
        }
        let Some(body) = &answer.body else {
            return Err(Error::new(
                ErrorKind::UnknownOutcome,
                OPERATION,
                "the answer is not WAHA's; the message may have gone",
            ));
        };
        // Taken without a name: the id we gave is the best there is, and sending again would be worse.
        let provider_id = message_id(body).map_or(id.as_str(), stanza).to_owned();
        Ok(SendOutcome::Sent { provider_id })
    }
}
