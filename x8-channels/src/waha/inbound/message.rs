//! Messages that came in, and echoes of those that left (H8).

use serde_json::Value;
use x8_core::{
    Result,
    conversation::{Identity, Inbound},
    port::ChannelSignal,
};

use super::{
    ignored,
    value::{is_none, maybe, moment, text, wrong},
};
use crate::waha::jid::{self, Jid, SerializedId, is_x8_stanza};

/// Notices of the WhatsApp client that nobody wrote, by `_data.type`.
const NOTICES: [&str; 6] = [
    "ciphertext",
    "e2e_notification",
    "gp2",
    "notification",
    "notification_template",
    "protocol",
];

pub(super) fn signal(item: &Value) -> Result<ChannelSignal> {
    let id = text(item, "/payload/id")?;
    let serialized = SerializedId::parse(id);
    let from_me = from_me(item, serialized)?;
    let chat = if from_me {
        own_chat(item, serialized)?
    } else {
        text(item, "/payload/from")?
    };
    let customer = match Jid::parse(chat) {
        Some(Jid::Person(person)) => person,
        Some(Jid::Crowd(word)) => return Ok(ignored(&format!("message:{word}"))),
        None => {
            return Err(wrong(
                item,
                chat_path(from_me),
                "a chat id such as 34600111222@c.us",
            ));
        }
    };
    if let Some(notice) = notice(item) {
        return Ok(ignored(&format!("message:{notice}")));
    }
    let provider_id = if from_me { jid::stanza(id) } else { id };
    let message = inbound(item, provider_id, customer, from_me)?;
    Ok(if from_me {
        // An id that only we make outweighs what the engine says of its source.
        let ours = is_x8_stanza(&message.provider_id);
        let by_human = !ours && maybe(item, "/payload/source") == Some("app");
        ChannelSignal::Echo { message, by_human }
    } else {
        ChannelSignal::Message(message)
    })
}

fn inbound(item: &Value, id: &str, sender: Identity, from_me: bool) -> Result<Inbound> {
    Ok(Inbound {
        provider_id: id.to_owned(),
        address: jid::address(&sender)
            .ok_or_else(|| wrong(item, chat_path(from_me), "the chat id of a person"))?,
        aliases: aliases(item, &sender, from_me),
        sender_name: if from_me { None } else { name(item) },
        text: body(item)?,
        sent_at: sent_at(item)?,
        sender,
    })
}

fn from_me(item: &Value, id: Option<SerializedId<'_>>) -> Result<bool> {
    let path = "/payload/fromMe";
    let stated = item.pointer(path).and_then(Value::as_bool);
    if stated.is_none() && !is_none(item, path) {
        return Err(wrong(item, path, "true or false"));
    }
    stated
        .or(id.map(|id| id.from_me))
        .ok_or_else(|| wrong(item, path, "true or false"))
}

const fn chat_path(from_me: bool) -> &'static str {
    if from_me {
        "/payload/to"
    } else {
        "/payload/from"
    }
}

/// The chat of a message we sent: `to`, else the chat in the id, else `from`; some engines leave `to` out, and
/// some put the chat into `from`. Never our own account.
fn own_chat<'a>(item: &'a Value, id: Option<SerializedId<'a>>) -> Result<&'a str> {
    let candidates = [
        maybe(item, "/payload/to"),
        id.map(|id| id.chat),
        maybe(item, "/payload/from"),
    ];
    candidates
        .into_iter()
        .flatten()
        .find(|chat| !is_own(item, chat))
        .ok_or_else(|| wrong(item, "/payload/to", "the chat id the message went to"))
}

fn is_own(item: &Value, chat: &str) -> bool {
    let person = |text: &str| Jid::parse(text).and_then(Jid::person);
    let Some(chat) = person(chat) else {
        return false;
    };
    ["/me/id", "/me/lid", "/me/jid"]
        .into_iter()
        .filter_map(|path| maybe(item, path))
        .any(|own| person(own).as_ref() == Some(&chat))
}

/// Where the engines put the other name of the chat's person: beside `@lid` the phone, beside the phone the LID.
fn aliases(item: &Value, sender: &Identity, from_me: bool) -> Vec<Identity> {
    let common = [
        "/payload/_data/key/remoteJidAlt",
        "/payload/_data/remoteJidAlt",
    ];
    let theirs: &[&str] = &[
        "/payload/_data/key/senderPn",
        "/payload/_data/key/senderLid",
        "/payload/_data/senderPn",
        "/payload/_data/senderLid",
        "/payload/_data/Info/SenderAlt",
        "/payload/_data/Info/Sender",
    ];
    let ours: &[&str] = &[
        "/payload/_data/key/recipientPn",
        "/payload/_data/Info/RecipientAlt",
    ];
    let mut found = Vec::new();
    for path in common.iter().chain(if from_me { ours } else { theirs }) {
        let Some(chat) = maybe(item, path).filter(|chat| !is_own(item, chat)) else {
            continue;
        };
        let person = Jid::parse(chat).and_then(Jid::person);
        if let Some(person) = person.filter(|person| person != sender && !found.contains(person)) {
            found.push(person);
        }
    }
    found
}

fn name(item: &Value) -> Option<String> {
    let paths = [
        "/payload/_data/notifyName",
        "/payload/_data/pushName",
        "/payload/_data/Info/PushName",
        "/payload/notifyName",
    ];
    let name = paths.into_iter().find_map(|path| maybe(item, path))?;
    Some(name.trim().to_owned())
}

fn notice(item: &Value) -> Option<&'static str> {
    let kind = maybe(item, "/payload/_data/type")?;
    NOTICES.into_iter().find(|notice| *notice == kind)
}

/// The words. Media without a caption has none; it is a message all the same.
fn body(item: &Value) -> Result<String> {
    match item.pointer("/payload/body") {
        None | Some(Value::Null) => Ok(String::new()),
        // NUL says nothing, and databases refuse it.
        Some(Value::String(text)) => Ok(text.replace('\0', "")),
        Some(_) => Err(wrong(item, "/payload/body", "text")),
    }
}

/// When it was written; the envelope's time stands in when the message carries none.
fn sent_at(item: &Value) -> Result<jiff::Timestamp> {
    if is_none(item, "/payload/timestamp") && !is_none(item, "/timestamp") {
        return moment(item, "/timestamp");
    }
    moment(item, "/payload/timestamp")
}
