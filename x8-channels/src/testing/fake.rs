//! A WAHA server in this process, on a port of its own.

mod routes;
mod server;
mod state;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};
use x8_core::{Error, Result, Secret};

use self::state::State;
use super::webhook::SignedWebhook;
use crate::waha::WahaConfig;

/// How the server treats the `id` of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Like NOWEB and GOWS: the id is used, and a second text with it is the same message.
    HonoursIds,
    /// Like WEBJS and WPP: the server gives ids of its own.
    IgnoresIds,
}

/// What goes wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Answers this status; nothing is done.
    Status(u16),
    /// Answers 429 with `Retry-After`; nothing is done.
    RateLimited {
        /// Seconds to wait.
        seconds: u32,
    },
    /// Cuts the connection; nothing is done.
    CutBefore,
    /// Does what was asked, then cuts the connection.
    CutAfter,
    /// Does what was asked, then answers this status.
    StatusAfter(u16),
    /// Does what was asked, then takes this long to answer.
    Slow(Duration),
    /// Redirects to this address, keeping the method; nothing is done.
    Redirect(String),
    /// Answers with this JSON; nothing is done.
    Body(u16, Value),
}

/// A text the server took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FakeMessage {
    /// The session it went through.
    pub session: String,
    /// `true_<chat>_<stanza>`.
    pub id: String,
    /// The chat.
    pub chat: String,
    /// The words.
    pub text: String,
    /// Unix seconds.
    pub at: i64,
}

/// A session the server has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FakeSession {
    /// Its name.
    pub name: String,
    /// WAHA's word.
    pub status: String,
    /// The configuration it was given.
    pub config: Value,
    /// The phone digits that scanned it. They stay through stop and restart, as credentials do.
    pub credentials: Option<String>,
}

/// A request the server saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The HTTP method.
    pub method: String,
    /// The path, as sent.
    pub path: String,
    /// The query, as sent.
    pub query: String,
    /// The body; `Null` when there is none.
    pub body: Value,
}

/// A running fake. It stops when dropped.
///
/// Sessions start at `SCAN_QR_CODE`; [`scan`](Self::scan) makes them work. Texts need a working session, as with WAHA.
///
/// ```
/// use x8_channels::{
///     testing::{FakeWaha, Fault, message},
///     waha::{WahaConnector, WahaParser, WahaSender},
/// };
/// use x8_core::port::{Connector, InboundParser, OutboundText, Sender};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> x8_core::Result<()> {
/// let waha = FakeWaha::start().await?;
/// let config = waha.config("https://x8.example/webhooks/waha");
/// WahaConnector::new(config.clone())?.connect("acme-1").await?;
/// waha.scan("acme-1", "34600999888");
///
/// let webhook = FakeWaha::webhook(&message("acme-1", "34600111222@c.us", "Hola", "3EB0AA"));
/// assert_eq!(WahaParser.parse(&webhook.body)?.events.len(), 1);
///
/// // The answer is lost, the message is not: the next try finds it.
/// waha.fail_next("/api/sendText", Fault::CutAfter);
/// let mut reply = OutboundText {
///     session: "acme-1".to_owned(),
///     address: "34600111222@c.us".to_owned(),
///     text: "¡Hola!".to_owned(),
///     client_id: "message-7".to_owned(),
///     resend: false,
/// };
/// let sender = WahaSender::new(&config)?;
/// assert!(sender.send_text(&reply).await.is_err());
/// reply.resend = true;
/// sender.send_text(&reply).await?;
/// assert_eq!(waha.sent().len(), 1);
/// # Ok(())
/// # }
/// ```
pub struct FakeWaha {
    state: Arc<Mutex<State>>,
    url: String,
    task: JoinHandle<()>,
}

impl fmt::Debug for FakeWaha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeWaha")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Drop for FakeWaha {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl FakeWaha {
    /// The key it wants in `X-Api-Key`.
    pub const API_KEY: &str = "fake-api-key";
    /// The key [`webhook`](Self::webhook) signs with.
    pub const HMAC_KEY: &str = "fake-hmac-key";

    /// Starts a server with an engine that honours ids. Needs a Tokio runtime.
    ///
    /// # Errors
    /// `Unavailable` when no local port can be had.
    pub async fn start() -> Result<Self> {
        let io = |error| Error::unavailable("fake.start", "no local port").caused_by(error);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(io)?;
        let url = format!("http://{}", listener.local_addr().map_err(io)?);
        let state = Arc::new(Mutex::new(State::default()));
        let task = tokio::spawn(server::serve(listener, Arc::clone(&state)));
        Ok(Self { state, url, task })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A configuration that reaches it, with webhooks pointed at `webhook_url`.
    #[must_use]
    pub fn config(&self, webhook_url: &str) -> WahaConfig {
        let key = Secret::new(Self::API_KEY);
        WahaConfig::new(&self.url, key, webhook_url, Secret::new(Self::HMAC_KEY))
    }

    /// Every text it took, in order.
    #[must_use]
    pub fn sent(&self) -> Vec<FakeMessage> {
        self.state().sent.clone()
    }

    /// Every session, by name.
    #[must_use]
    pub fn sessions(&self) -> Vec<FakeSession> {
        self.state().sessions.values().cloned().collect()
    }

    /// Every request, in order, refused ones too.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.clone()
    }

    /// Chooses how ids are treated.
    pub fn set_engine(&self, engine: Engine) {
        self.state().engine = engine;
    }

    /// The next request whose path starts with `path` meets this fault. Several are met in order.
    pub fn fail_next(&self, path: &str, fault: Fault) {
        self.state().faults.push_back((path.to_owned(), fault));
    }

    /// Adds a session that works already, linked to these phone digits.
    pub fn working_session(&self, name: &str, phone: &str) {
        let mut state = self.state();
        state.create(name, Value::Null, true);
        state.scan(name, phone);
    }

    /// Somebody scans the code of a session with the phone of these digits.
    pub fn scan(&self, name: &str, phone: &str) {
        self.state().scan(name, phone);
    }

    /// Forces a session into a state, such as `FAILED` or `STARTING`.
    pub fn set_status(&self, name: &str, status: &str) {
        self.state().set_status(name, status);
    }

    /// Replaces a session's configuration, as an operator would.
    pub fn set_config(&self, name: &str, config: Value) {
        if let Some(session) = self.state().sessions.get_mut(name) {
            session.config = config;
        }
    }

    /// An own message appears in a chat without having been asked for here, as when typed on the phone.
    pub fn add_message(&self, message: FakeMessage) {
        self.state().sent.push(message);
    }

    /// A webhook with this event (see [`webhook`](super::webhook)), signed with [`HMAC_KEY`](Self::HMAC_KEY).
    #[must_use]
    pub fn webhook(event: &Value) -> SignedWebhook {
        SignedWebhook::sign(event.to_string(), Self::HMAC_KEY)
    }
}
