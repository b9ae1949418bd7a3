//! The stand-in's HTTP side: reads requests, meets faults, records.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
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
#[derive(Default)]
struct Reply {
    status: u16,
    body: Value,
    header: Option<(&'static str, String)>,
    half: bool,
}

pub(super) async fn serve(listener: TcpListener, state: Shared) {
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

async fn handle(state: Shared, request: Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let bytes = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let headers = head.headers.iter().filter_map(|(name, value)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    });
    let recorded = RecordedRequest {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        headers: headers.collect(),
        form: form_urlencoded::parse(&bytes).into_owned().collect(),
        query: head
            .uri
            .query()
            .map(|query| {
                form_urlencoded::parse(query.as_bytes())
                    .into_owned()
                    .collect()
            })
            .unwrap_or_default(),
    };
    match reply(&state, &recorded) {
        Some(reply) => response(&reply),
        None => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}

/// `None` cuts the connection.
fn reply(state: &Shared, request: &RecordedRequest) -> Option<Reply> {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let fault = state.fault_for(&request.path);
    state.requests.push(request.clone());
    match fault {
        None => Some(done(&mut state, request)),
        Some(Fault::Refuse { status, kind, code }) => {
            let message = "refused with sk_fake_secret in the words";
            let error = json!({ "type": kind, "code": code, "message": message });
            Some(Reply {
                status,
                body: json!({ "error": error }),
                ..Reply::default()
            })
        }
        Some(Fault::RateLimited { seconds }) => Some(Reply {
            status: 429,
            body: json!({ "error": { "type": "invalid_request_error", "code": "rate_limit" } }),
            header: Some(("retry-after", seconds.to_string())),
            half: false,
        }),
        Some(Fault::Redirect(to)) => Some(Reply {
            status: 307,
            header: Some(("location", to)),
            ..Reply::default()
        }),
        Some(Fault::PaidFirst) => {
            let id = request.path.split('/').find(|part| part.starts_with("cs_"));
            // A session that is not open is left as it is.
            state.complete(id.unwrap_or_default(), "paid").ok();
            Some(done(&mut state, request))
        }
        Some(Fault::HalfBody) => Some(Reply {
            half: true,
            ..done(&mut state, request)
        }),
        Some(Fault::CutBefore) => None,
        Some(Fault::CutAfter) => {
            done(&mut state, request);
            None
        }
    }
}

fn done(state: &mut State, request: &RecordedRequest) -> Reply {
    let ((status, body), replayed) = routes::answer(state, request);
    Reply {
        status,
        body,
        header: replayed.then(|| ("idempotent-replayed", "true".to_owned())),
        half: false,
    }
}

fn response(reply: &Reply) -> io::Result<Response<Full<Bytes>>> {
    let status = StatusCode::from_u16(reply.status).map_err(io::Error::other)?;
    let mut response = Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .header("request-id", "req_fake");
    if let Some((name, value)) = &reply.header {
        response = response.header(*name, value);
    }
    let mut text = reply.body.to_string();
    if reply.half {
        text = text.chars().take(text.len() / 2).collect();
    }
    response
        .body(Full::new(Bytes::from(text)))
        .map_err(io::Error::other)
}
