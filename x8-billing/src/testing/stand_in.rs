//! The frame of every stand-in: a port of its own in this process, a shared state, and the HTTP around them.

use std::{
    collections::BTreeMap,
    fmt, future, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};
use x8_core::{Error, Result};

/// What a stand-in remembers, and how it answers.
pub(super) trait Vendor: Send + 'static {
    /// Meets one request; requests are met one after the other.
    fn meet(&mut self, seen: Seen) -> Reply;
}

/// A request as it came.
pub(super) struct Seen {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: BTreeMap<String, String>,
    /// By lower-case name.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Bytes,
}

/// What the client gets to see.
pub(super) enum Reply {
    Text {
        status: u16,
        header: Option<(&'static str, String)>,
        text: String,
    },
    /// The connection is cut.
    Cut,
    /// Nothing, for ever.
    Silence,
}

/// A running server. It stops when dropped.
pub(super) struct StandIn<S> {
    address: String,
    state: Arc<Mutex<S>>,
    server: JoinHandle<()>,
}

impl<S> fmt::Debug for StandIn<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StandIn")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl<S> Drop for StandIn<S> {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl<S: Vendor> StandIn<S> {
    /// Starts with the state that `state` makes of the server's address.
    pub(super) async fn start(state: impl FnOnce(&str) -> S) -> Result<Self> {
        let failed = |error| Error::internal("fake.start", error);
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
        let address = format!("http://{}", listener.local_addr().map_err(failed)?);
        let state = Arc::new(Mutex::new(state(&address)));
        let server = tokio::spawn(serve(listener, Arc::clone(&state)));
        Ok(Self {
            address,
            state,
            server,
        })
    }

    pub(super) fn url(&self) -> &str {
        &self.address
    }

    pub(super) fn state(&self) -> MutexGuard<'_, S> {
        lock(&self.state)
    }
}

impl Seen {
    /// The body's fields, in their bracket form.
    pub(super) fn form(&self) -> BTreeMap<String, String> {
        fields(&self.body)
    }
}

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::Text {
            status,
            header: None,
            text: body.to_string(),
        }
    }

    /// The same with one header more.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Text { header, .. } = &mut self {
            *header = Some((name, value.into()));
        }
        self
    }

    /// The same with half of its text.
    pub(super) fn half(mut self) -> Self {
        if let Self::Text { text, .. } = &mut self {
            *text = text.chars().take(text.len() / 2).collect();
        }
        self
    }
}

fn lock<S>(state: &Mutex<S>) -> MutexGuard<'_, S> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve<S: Vendor>(listener: TcpListener, state: Arc<Mutex<S>>) {
    // Connections live in the set, so that dropping the stand-in ends them too.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        let service = service_fn(move |request| handle(Arc::clone(&state), request));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        // A cut connection is an error of its own making.
        connections.spawn(async move { connection.await.ok() });
    }
}

async fn handle<S: Vendor>(
    state: Arc<Mutex<S>>,
    request: Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let headers = head.headers.iter().filter_map(|(name, value)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    });
    let seen = Seen {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: fields(head.uri.query().unwrap_or_default().as_bytes()),
        headers: headers.collect(),
        body,
    };
    let reply = lock(&state).meet(seen);
    match reply {
        Reply::Text {
            status,
            header,
            text,
        } => response(status, header, text),
        Reply::Cut => Err(io::ErrorKind::ConnectionAborted.into()),
        Reply::Silence => future::pending().await,
    }
}

fn response(
    status: u16,
    header: Option<(&'static str, String)>,
    text: String,
) -> io::Result<Response<Full<Bytes>>> {
    let status = StatusCode::from_u16(status).map_err(io::Error::other)?;
    let mut response = Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .header("request-id", "req_fake");
    if let Some((name, value)) = header {
        response = response.header(name, value);
    }
    let empty = status == StatusCode::NO_CONTENT;
    let text = if empty { String::new() } else { text };
    response
        .body(Full::new(Bytes::from(text)))
        .map_err(io::Error::other)
}

/// The fields of a query or a form.
pub(super) fn fields(bytes: &[u8]) -> BTreeMap<String, String> {
    form_urlencoded::parse(bytes).into_owned().collect()
}
