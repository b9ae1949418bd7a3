//! Chat ids and message ids (W4).

use sha2::{Digest, Sha256};
use x8_core::conversation::{Identity, IdentityKind};

/// What a chat id names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Jid {
    /// One person, by phone digits or hidden user id.
    Person(Identity),
    /// A group, newsletter, status or broadcast list, by its word.
    Crowd(&'static str),
}

impl Jid {
    /// Reads a chat id; `None` when it is no such thing.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (user, server) = text.trim().split_once('@')?;
        // `1555:12@s.whatsapp.net` names one device of a person.
        let user = user.split_once(':').map_or(user, |(user, _)| user);
        match server {
            "c.us" | "s.whatsapp.net" => {
                let digits = digits(user).filter(|digits| (5..=15).contains(&digits.len()))?;
                let phone = Identity::new(IdentityKind::Phone, format!("+{digits}"));
                Some(Self::Person(phone))
            }
            "lid" => {
                let digits = digits(user)?;
                Some(Self::Person(Identity::new(IdentityKind::Lid, digits)))
            }
            "g.us" => Some(Self::Crowd("group")),
            "newsletter" => Some(Self::Crowd("newsletter")),
            "broadcast" if user == "status" => Some(Self::Crowd("status")),
            "broadcast" => Some(Self::Crowd("broadcast")),
            _ => None,
        }
    }

    /// The person, when it is one.
    pub(super) fn person(self) -> Option<Identity> {
        match self {
            Self::Person(identity) => Some(identity),
            Self::Crowd(_) => None,
        }
    }
}

fn digits(user: &str) -> Option<&str> {
    let plain = !user.is_empty() && user.len() <= 32;
    (plain && user.bytes().all(|byte| byte.is_ascii_digit())).then_some(user)
}

/// The chat id that WAHA wants back for a person.
pub(super) fn address(person: &Identity) -> Option<String> {
    match person.kind {
        IdentityKind::Phone => Some(format!("{}@c.us", person.value.trim_start_matches('+'))),
        IdentityKind::Lid => Some(format!("{}@lid", person.value)),
        IdentityKind::Platform | IdentityKind::Email | IdentityKind::Api => None,
    }
}

/// `true_<chat>_<stanza>[_<participant>]`, read leniently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SerializedId<'a> {
    pub(super) from_me: bool,
    pub(super) chat: &'a str,
    pub(super) stanza: &'a str,
}

impl<'a> SerializedId<'a> {
    pub(super) fn parse(id: &'a str) -> Option<Self> {
        let mut parts = id.splitn(4, '_');
        let from_me = match parts.next()? {
            "true" => true,
            "false" => false,
            _ => return None,
        };
        let (chat, stanza) = (parts.next()?, parts.next()?);
        (chat.contains('@') && !stanza.is_empty()).then_some(Self {
            from_me,
            chat,
            stanza,
        })
    }
}

/// The part of a message id that stays the same: a message sent to `@c.us` may be acknowledged under `@lid`.
pub(super) fn stanza(id: &str) -> &str {
    SerializedId::parse(id).map_or(id, |id| id.stanza)
}

const PREFIX: &str = "3EB0";

/// The message id that every try of the message `client_id` carries.
///
/// It has the form that WhatsApp's own web client gives: `3EB0` and 18 hexadecimal digits, of which the last four
/// are a check by which [`is_x8_stanza`] knows it again. The engines NOWEB and GOWS use it, so that a
/// second try is the same message to WhatsApp; WEBJS and WPP give ids of their own.
///
/// ```
/// use x8_channels::waha::{is_x8_stanza, stanza_id};
/// assert_eq!(stanza_id("outbox-7"), stanza_id("outbox-7"));
/// assert_ne!(stanza_id("outbox-7"), stanza_id("outbox-8"));
/// assert!(is_x8_stanza(&stanza_id("outbox-7")));
/// assert!(!is_x8_stanza("3EB0AAAABBBBCCCCDDDD00"));
/// ```
#[must_use]
pub fn stanza_id(client_id: &str) -> String {
    let hash = hex::encode_upper(Sha256::digest(client_id.as_bytes()));
    let head = hash.get(..14).unwrap_or_default();
    format!("{PREFIX}{head}{}", check(head))
}

/// Whether a message id was made by [`stanza_id`]. A chance of one in 65,536 speaks for a foreign id of the same form.
#[must_use]
pub fn is_x8_stanza(stanza: &str) -> bool {
    let Some(rest) = stanza.strip_prefix(PREFIX) else {
        return false;
    };
    match (rest.get(..14), rest.get(14..)) {
        (Some(head), Some(tail)) => tail == check(head),
        _ => false,
    }
}

fn check(head: &str) -> String {
    let hash = Sha256::digest(format!("x8 stanza {head}").as_bytes());
    let hash = hex::encode_upper(hash);
    hash.get(..4).unwrap_or_default().to_owned()
}
