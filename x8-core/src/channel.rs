//! Connected platform accounts and their state machine (H7, W1).

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{ChannelId, CompanyId, UserId};

/// A messaging platform. Serialised in upper case, as the existing tables store it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Platform {
    /// WhatsApp, through WAHA or the Cloud API.
    Whatsapp,
    /// Telegram bots.
    Telegram,
    /// Instagram direct messages.
    Instagram,
    /// Facebook Messenger.
    Facebook,
    /// E-mail.
    Email,
    /// TikTok leads.
    Tiktok,
}

impl Platform {
    /// Every platform, in the order the front end shows them.
    pub const ALL: [Self; 6] = [
        Self::Whatsapp,
        Self::Telegram,
        Self::Instagram,
        Self::Facebook,
        Self::Email,
        Self::Tiktok,
    ];

    /// The lower-case word used as `source` in prompts and routes.
    #[must_use]
    pub fn source(self) -> &'static str {
        match self {
            Self::Whatsapp => "whatsapp",
            Self::Telegram => "telegram",
            Self::Instagram => "instagram",
            Self::Facebook => "facebook",
            Self::Email => "email",
            Self::Tiktok => "tiktok",
        }
    }

    /// Reads a platform in any case; `gmail` counts as e-mail.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let word = text.trim().to_ascii_lowercase();
        if word == "gmail" {
            return Some(Self::Email);
        }
        Self::ALL
            .into_iter()
            .find(|platform| platform.source() == word)
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.source())
    }
}

/// What the owner sees of a channel (H7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ChannelStatus {
    /// Not linked; nothing is sent.
    #[default]
    Disconnected,
    /// Waiting for a scan, a code or a start.
    Connecting,
    /// Working.
    Connected,
    /// Needs somebody; `last_error` says why.
    Error,
}

/// A connected platform account of a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Key.
    pub id: ChannelId,
    /// The tenant.
    pub company: CompanyId,
    /// The owner of the tenant.
    pub user: UserId,
    /// Which platform.
    pub platform: Platform,
    /// H7.
    pub status: ChannelStatus,
    /// The provider's stable name for it (a WAHA session), unique over all tenants.
    pub session: String,
    /// The account at the platform (a phone number), once known.
    pub account: Option<String>,
    /// Why it is in error.
    pub last_error: Option<String>,
    /// Errors since it last worked.
    pub error_count: u32,
    /// Last change.
    pub updated_at: Timestamp,
}

impl Channel {
    /// Session names that begin so belong to callers who carry messages themselves (API, terminal): nothing is sent.
    pub const INTERNAL: &'static str = "api:";

    /// Whether nothing is transported here.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.session.starts_with(Self::INTERNAL)
    }
}

/// Something that happened to a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelEvent {
    /// The owner asked to connect.
    ConnectRequested,
    /// The provider started the session.
    Starting,
    /// A QR code waits for a scan. Not an outage (W3).
    AwaitingScan,
    /// The provider reports a working session, with the account when it says so.
    Working {
        /// The phone number or account name.
        account: Option<String>,
    },
    /// The provider stopped the session on purpose.
    Stopped,
    /// The provider gave up, with its reason.
    Failed {
        /// For `last_error`; never a secret.
        reason: String,
    },
    /// The owner asked to disconnect.
    DisconnectRequested,
}

/// The next state of a channel: a total function, since providers report anything at any time.
///
/// A session that fails before it ever worked stays *connecting*'s end, `DISCONNECTED`: an unscanned QR is not an outage (W3).
///
/// ```
/// use x8_core::channel::{ChannelEvent, ChannelStatus, next_status};
/// use ChannelStatus::*;
/// assert_eq!(next_status(Connecting, &ChannelEvent::Working { account: None }), Connected);
/// assert_eq!(next_status(Connecting, &ChannelEvent::Failed { reason: "unscanned".into() }), Disconnected);
/// assert_eq!(next_status(Connected, &ChannelEvent::Failed { reason: "logged out".into() }), Error);
/// ```
#[must_use]
pub fn next_status(status: ChannelStatus, event: &ChannelEvent) -> ChannelStatus {
    use ChannelStatus::{Connected, Connecting, Disconnected, Error};
    match (status, event) {
        (Connected, ChannelEvent::ConnectRequested) => Connected,
        (_, ChannelEvent::ConnectRequested | ChannelEvent::AwaitingScan) => Connecting,
        // A restart of the server behind a working channel is not a state change the owner must act on.
        (Connected | Error, ChannelEvent::Starting) => status,
        (Disconnected | Connecting, ChannelEvent::Starting) => Connecting,
        (_, ChannelEvent::Working { .. }) => Connected,
        (Connecting | Disconnected, ChannelEvent::Failed { .. }) => Disconnected,
        (Connected | Error, ChannelEvent::Failed { .. }) => Error,
        (_, ChannelEvent::Stopped | ChannelEvent::DisconnectRequested) => Disconnected,
    }
}
