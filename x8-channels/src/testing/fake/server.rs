//! The fake's HTTP side: reads requests, meets faults, records.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{Fault, RecordedRequest, routes, state::State};

type Shared = Arc<Mutex<State>>;

/// What the client gets to see.
enum Reply {
    Answer(u16, Value),
    RateLimited(u32),
    Redirect(String),
    Late(Duration, u16, Value),
    Cut,
}

pub(super) async fn serve(listener: TcpListener, state: Shared) {
    // Connections live in the set, so that dropping the fake ends them too.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        let service = service_fn(move |request| handle(Arc::clone(&state), request));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        // A cut connection is an error of its own making.
        connections.spawn(async move { connection.await.ok() });
    }
}

async fn handle(state: Shared, request: Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
    let key = request.headers().get("x-api-key");
    let key = key.and_then(|key| key.to_str().ok()).map(str::to_owned);
    let (method, uri) = (request.method().to_string(), request.uri().clone());
    let bytes = request.into_body().collect().await;
    let bytes = bytes.map_err(io::Error::other)?.to_bytes();
    let recorded = RecordedRequest {
        method,
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
    };
    match reply(&state, key.as_deref(), &recorded) {
        Reply::Answer(status, body) => response(status, None, &body),
        Reply::RateLimited(seconds) => {
            let body = json!({ "statusCode": 429, "message": "Too Many Requests" });
            response(429, Some(("retry-after", seconds.to_string())), &body)
        }
        Reply::Redirect(to) => response(307, Some(("location", to)), &Value::Null),
        Reply::Late(wait, status, body) => {
            tokio::time::sleep(wait).await;
            response(status, None, &body)
        }
        Reply::Cut => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}

fn reply(state: &Shared, key: Option<&str>, request: &RecordedRequest) -> Reply {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let fault = state.fault_for(&request.path);
    state.requests.push(request.clone());
    let mut done = || routes::answer(&mut state, key, request);
    match fault {
        None => {
            let (status, body) = done();
            Reply::Answer(status, body)
        }
        Some(Fault::Status(status)) => Reply::Answer(status, json!({ "statusCode": status })),
        Some(Fault::Body(status, body)) => Reply::Answer(status, body),
        Some(Fault::RateLimited { seconds }) => Reply::RateLimited(seconds),
        Some(Fault::Redirect(to)) => Reply::Redirect(to),
        Some(Fault::CutBefore) => Reply::Cut,
        Some(Fault::CutAfter) => {
            done();
            Reply::Cut
        }
        Some(Fault::StatusAfter(status)) => {
            done();
            Reply::Answer(status, json!({ "statusCode": status }))
        }
        Some(Fault::Slow(wait)) => {
            let (status, body) = done();
            Reply::Late(wait, status, body)
        }
    }
}

fn response(
    status: u16,
    header: Option<(&str, String)>,
    body: &Value,
) -> io::Result<Response<Full<Bytes>>> {
    let status = StatusCode::from_u16(status).map_err(io::Error::other)?;
    let mut response = Response::builder()
        .status(status)
        .header("content-type", "application/json");
    if let Some((name, value)) = header {
        response = response.header(name, value);
    }
    response
        .body(Full::new(Bytes::from(body.to_string())))
        .map_err(io::Error::other)
}
