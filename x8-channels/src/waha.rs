#![doc = include_str!("waha/docs.md")]

mod config;
mod inbound;
mod jid;
mod verify;

#[cfg(feature = "waha")]
mod api;
#[cfg(feature = "waha")]
mod connect;
#[cfg(feature = "waha")]
mod error;
#[cfg(feature = "waha")]
mod outbound;

pub use config::{HmacKeys, Timeouts, WahaConfig};
#[cfg(feature = "waha")]
pub use connect::WahaConnector;
pub use inbound::WahaParser;
pub use jid::{is_x8_stanza, stanza_id};
#[cfg(feature = "waha")]
pub use outbound::WahaSender;
pub use verify::WahaVerifier;

/// The webhook events a session subscribes to.
///
/// `message.any` carries what comes in *and* what leaves, so a human at the paired phone is seen (H8). Adding
/// `message` would deliver everything that comes in twice.
pub const EVENTS: [&str; 3] = ["message.any", "message.ack", "session.status"];

/// What this adapter can do. A test compares it with the table in the crate's front page.
pub const CAPABILITIES: [(&str, bool); 9] = [
    ("verify webhooks", true),
    ("parse messages", true),
    ("parse echoes", true),
    ("parse delivery statuses", true),
    ("parse session states", true),
    ("send text", true),
    ("recognise a repeated send", true),
    ("connect by QR or pairing code", true),
    ("send media", false),
];
