//! Channels: verifying and reading webhooks, sending, and linking accounts (H1–H8, W1).

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{
    channel::{ChannelEvent, Platform},
    conversation::{Delivery, Inbound},
    error::{Error, Result},
};

/// Verifies a webhook on its raw bytes, before any other work (H1).
pub trait WebhookVerifier: Send + Sync {
    /// Accepts or refuses. `header` looks a header up by its lower-case name.
    ///
    /// - A body signed with the current or the previous key is accepted.
    /// - One flipped bit, a missing header or another algorithm is refused.
    ///
    /// # Errors
    /// `Unauthenticated`.
    fn verify(&self, header: &dyn Fn(&str) -> Option<String>, body: &[u8]) -> Result<()>;
}

/// One thing a webhook says, about one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundEvent {
    /// The provider's name for the channel (a WAHA session).
    pub session: String,
    /// What happened.
    pub signal: ChannelSignal,
}

/// What happened on a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelSignal {
    /// A customer wrote.
    Message(Inbound),
    /// A message left the account: our own echo, or a human at the paired phone (H8).
    Echo {
        /// The message, with the customer as `sender`.
        message: Inbound,
        /// Whether a human typed it.
        by_human: bool,
    },
    /// An outgoing message moved on.
    Status {
        /// The platform's message id.
        provider_id: String,
        /// Where it stands now.
        delivery: Delivery,
    },
    /// The account itself changed.
    State(ChannelEvent),
    /// Known and of no interest (groups, presence), or unknown: acknowledged and left.
    Ignored {
        /// The provider's type word.
        kind: String,
    },
}

/// Everything a webhook body said: what could be read, and what could not, item by item (H1).
#[derive(Debug, Default)]
pub struct Parsed {
    /// Readable items, in order.
    pub events: Vec<InboundEvent>,
    /// One error per unreadable item; neighbours are unharmed.
    pub errors: Vec<Error>,
}

/// Reads a verified body into many events.
pub trait InboundParser: Send + Sync {
    /// Reads every item of a batch.
    ///
    /// # Errors
    /// `Invalid` when the body as a whole is not what the provider sends (not JSON, not UTF-8).
    fn parse(&self, body: &[u8]) -> Result<Parsed>;
}

/// A text to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboundText {
    /// The provider's name for the channel.
    pub session: String,
    /// Where to: a chat id.
    pub address: String,
    /// The words, already within the platform's limit.
    pub text: String,
    /// An id that is the same for every try of this message, for providers that can use one.
    pub client_id: String,
    /// Whether an earlier try may have gone through.
    pub resend: bool,
}

/// What came of a send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    /// The platform took it and calls it this.
    Sent {
        /// The platform's message id.
        provider_id: String,
    },
    /// An earlier try may have gone, the provider keeps nothing by which to find out, and a second one would not be known as
    /// the same message: it was not repeated (H3).
    Unconfirmed,
}

/// Sends through one provider.
#[async_trait]
pub trait Sender: Send + Sync {
    /// Which platform it serves.
    fn platform(&self) -> Platform;

    /// For how long after a customer's last message this provider lets a company write freely (H5); `None`: at any time,
    /// unless the adapter says otherwise.
    fn window(&self) -> Option<SignedDuration> {
        None
    }

    /// Sends a text.
    ///
    /// - With `resend`, it first asks the provider whether an earlier try went through, and does not send twice: what can
    ///   neither be found out nor be repeated harmlessly is [`Unconfirmed`](SendOutcome::Unconfirmed).
    ///
    /// # Errors
    /// `Unavailable`/`RateLimited` when it surely did not go (retry), `UnknownOutcome` when it may have (retry with
    /// `resend`), `Invalid`/`NotFound`/`Unauthenticated` when it never will.
    async fn send_text(&self, message: &OutboundText) -> Result<SendOutcome>;
}

/// A link to a platform account, as the provider reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What the provider's state means for the channel.
    pub event: ChannelEvent,
    /// The provider's own word, for people.
    pub provider_state: String,
}

/// A QR code to scan (W1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkQr {
    /// `image/png`.
    pub mimetype: String,
    /// The image, base64.
    pub data: String,
    /// The text inside the code, for drawing it oneself.
    pub raw: Option<String>,
    /// Seconds until the next code replaces it.
    pub expires_in_seconds: u32,
}

/// Links and unlinks accounts (W1, W2). Never deletes credentials by itself.
#[async_trait]
pub trait Connector: Send + Sync {
    /// Creates the session if it is not there, points its webhook at us, and starts it.
    ///
    /// - Connecting what is connected changes nothing.
    ///
    /// # Errors
    /// `Unavailable` (retry), `Unauthenticated` (our key is wrong), `Invalid`.
    async fn connect(&self, session: &str) -> Result<Link>;

    /// Where the session stands.
    ///
    /// # Errors
    /// `NotFound` when the provider does not know it; otherwise as [`connect`](Self::connect).
    async fn status(&self, session: &str) -> Result<Link>;

    /// The QR code to scan.
    ///
    /// # Errors
    /// `Conflict` when the session is not waiting for a scan; otherwise as [`status`](Self::status).
    async fn qr(&self, session: &str) -> Result<LinkQr>;

    /// A code to type on the phone instead of scanning.
    ///
    /// # Errors
    /// As [`qr`](Self::qr).
    async fn pairing_code(&self, session: &str, phone: &str) -> Result<String>;

    /// Stops the session and keeps its credentials, so that connecting again needs no scan (W2).
    ///
    /// - Stopping what is stopped or unknown succeeds.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    async fn disconnect(&self, session: &str) -> Result<()>;
}
