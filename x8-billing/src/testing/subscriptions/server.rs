//! The stand-in's HTTP side.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::{book::Book, routes};
use crate::testing::RecordedRequest;

type Shared = Arc<Mutex<Book>>;

pub(super) async fn serve(listener: TcpListener, book: Shared) {
    // Connections live in the set, so that dropping the stand-in ends them too.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let book = Arc::clone(&book);
        let service = service_fn(move |request| handle(Arc::clone(&book), request));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        // A cut connection is an error of its own making.
        connections.spawn(async move { connection.await.ok() });
    }
}

async fn handle(book: Shared, request: Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
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
        query: form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect(),
    };
    let ((status, body), replayed) = {
        let mut book = book.lock().unwrap_or_else(PoisonError::into_inner);
        book.requests.push(recorded.clone());
        let answer = routes::answer(&mut book, &recorded);
        if recorded.method == "POST" && std::mem::take(&mut book.cut) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        answer
    };
    let mut response = Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .header("request-id", "req_fake");
    if replayed {
        response = response.header("idempotent-replayed", "true");
    }
    response
        .body(Full::new(Bytes::from(body.to_string())))
        .map_err(io::Error::other)
}
