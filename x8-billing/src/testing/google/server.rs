//! The stand-in's HTTP side: reads requests, meets faults, records.

use std::{
    collections::BTreeMap,
    future, io,
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
use serde_json::Value;
use tokio::net::TcpListener;

use super::{
    GoogleFault, GoogleRequest, events, routes,
    state::{Reply, State, refusal},
};

type Shared = Arc<Mutex<State>>;

/// What the client gets to see.
enum Seen {
    Json(Reply, Option<(&'static str, String)>),
    Half(Reply),
    Page(u16),
    Cut,
    Nothing,
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
    let headers: BTreeMap<String, String> = headers.collect();
    let is_form = headers
        .get("content-type")
        .is_some_and(|kind| kind == "application/x-www-form-urlencoded");
    let recorded = GoogleRequest {
        method: head.method.to_string(),
        path: decoded(head.uri.path()),
        query: fields(head.uri.query().unwrap_or_default().as_bytes()),
        body: if is_form {
            fields(&bytes)
                .into_iter()
                .map(|(key, value)| (key, Value::String(value)))
                .collect()
        } else {
            serde_json::from_slice(&bytes).unwrap_or_default()
        },
        headers,
    };
    match seen(&state, &recorded) {
        Seen::Json(reply, header) => response(reply.0, reply.1.to_string(), header),
        Seen::Half((status, body)) => {
            let text = body.to_string();
            response(status, text.chars().take(text.len() / 2).collect(), None)
        }
        Seen::Page(status) => response(status, "<html>down</html>".to_owned(), None),
        Seen::Cut => Err(io::ErrorKind::ConnectionAborted.into()),
        Seen::Nothing => future::pending().await,
    }
}

fn seen(state: &Shared, request: &GoogleRequest) -> Seen {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let fault = state.fault_for(&request.method, &request.path);
    state.requests.push(request.clone());
    match fault {
        None => Seen::Json(routes::answer(&mut state, request), None),
        Some(GoogleFault::Refuse {
            status,
            domain,
            reason,
            retry_after,
        }) => {
            let header = retry_after.map(|wait| ("retry-after", wait.to_string()));
            Seen::Json(refusal(status, domain, reason, "refused by script"), header)
        }
        Some(GoogleFault::Page(status)) => Seen::Page(status),
        Some(GoogleFault::CutBefore) => Seen::Cut,
        Some(GoogleFault::CutAfter) => {
            routes::answer(&mut state, request);
            Seen::Cut
        }
        Some(GoogleFault::HalfBody) => Seen::Half(routes::answer(&mut state, request)),
        Some(GoogleFault::Silence) => Seen::Nothing,
        Some(GoogleFault::Redirect(to)) => {
            let nothing = (307, Value::Null);
            Seen::Json(nothing, Some(("location", to)))
        }
        Some(GoogleFault::EditedFirst) => {
            events::touch(&mut state, request);
            Seen::Json(routes::answer(&mut state, request), None)
        }
        Some(GoogleFault::DeletedFirst) => {
            if let Some((calendar, id)) = events::named(&state, request) {
                events::delete_by_hand(&mut state, &calendar, &id);
            }
            Seen::Json(routes::answer(&mut state, request), None)
        }
    }
}

fn response(
    status: u16,
    text: String,
    header: Option<(&'static str, String)>,
) -> io::Result<Response<Full<Bytes>>> {
    let status = StatusCode::from_u16(status).map_err(io::Error::other)?;
    let mut response = Response::builder()
        .status(status)
        .header("content-type", "application/json");
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
fn fields(bytes: &[u8]) -> BTreeMap<String, String> {
    form_urlencoded::parse(bytes).into_owned().collect()
}

/// Percent signs undone; a plus stays one.
fn decoded(path: &str) -> String {
    let path = path.replace('+', "%2B");
    let mut pairs = form_urlencoded::parse(path.as_bytes());
    pairs
        .next()
        .map_or(String::new(), |(key, _)| key.into_owned())
}
