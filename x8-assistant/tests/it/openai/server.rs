//! A server that answers what it was told to, byte for byte, and remembers what it was asked.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

/// What one request is answered with.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// A whole body.
    Whole(u16, Vec<(&'static str, String)>, String),
    /// An event stream in these pieces of the transport.
    Stream(Vec<Vec<u8>>),
    /// A stream that breaks off.
    CutStream(Vec<Vec<u8>>),
    /// Nothing: the connection is closed.
    Cut,
    /// Nothing: the connection stays open.
    Never,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::Whole(
            status,
            vec![("content-type", "application/json".to_owned())],
            body.to_string(),
        )
    }

    pub(crate) fn with(self, name: &'static str, value: &str) -> Self {
        match self {
            Self::Whole(status, mut headers, body) => {
                headers.push((name, value.to_owned()));
                Self::Whole(status, headers, body)
            }
            other @ (Self::Stream(_) | Self::CutStream(_) | Self::Cut | Self::Never) => other,
        }
    }

    /// A stream of events, cut into pieces of this many bytes.
    pub(crate) fn events(text: &str, size: usize) -> Self {
        Self::Stream(text.as_bytes().chunks(size).map(<[u8]>::to_vec).collect())
    }
}

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

#[derive(Default)]
struct State {
    answers: Mutex<VecDeque<Answer>>,
    seen: Mutex<Vec<Seen>>,
    asked: Notify,
    left: Notify,
}

pub(crate) struct Server {
    pub(crate) url: String,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub(crate) async fn start(answers: impl IntoIterator<Item = Answer>) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/v1", listener.local_addr()?);
        let state = Arc::new(State::default());
        state.answers.lock().unwrap().extend(answers);
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            let mut open = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                open.spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Ok(Self { url, state, task })
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().clone()
    }

    /// Until a request has come.
    pub(crate) async fn asked(&self) {
        self.state.asked.notified().await;
    }

    /// Until a client that was never answered has gone.
    pub(crate) async fn left(&self) {
        self.state.left.notified().await;
    }
}

async fn serve(mut stream: TcpStream, state: Arc<State>) {
    let Some(seen) = request(&mut stream).await else {
        return;
    };
    state.seen.lock().unwrap().push(seen);
    state.asked.notify_one();
    let answer = state.answers.lock().unwrap().pop_front();
    let answer =
        answer.unwrap_or_else(|| Answer::Whole(418, vec![], "the script is over".to_owned()));
    let done = match answer {
        Answer::Whole(status, headers, body) => {
            let mut head = format!(
                "HTTP/1.1 {status} Told\r\nconnection: close\r\ncontent-length: {}\r\n",
                body.len()
            );
            for (name, value) in headers {
                head += &format!("{name}: {value}\r\n");
            }
            stream
                .write_all(format!("{head}\r\n{body}").as_bytes())
                .await
        }
        Answer::Stream(pieces) => chunks(&mut stream, &pieces, b"0\r\n\r\n").await,
        Answer::CutStream(pieces) => chunks(&mut stream, &pieces, b"").await,
        Answer::Cut => Ok(()),
        Answer::Never => {
            let mut rest = [0];
            let gone = stream.read(&mut rest).await;
            state.left.notify_one();
            gone.map(drop)
        }
    };
    done.ok();
}

async fn chunks(stream: &mut TcpStream, pieces: &[Vec<u8>], end: &[u8]) -> std::io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    for piece in pieces {
        stream
            .write_all(format!("{:x}\r\n", piece.len()).as_bytes())
            .await?;
        stream.write_all(piece).await?;
        stream.write_all(b"\r\n").await?;
        stream.flush().await?;
    }
    stream.write_all(end).await
}

async fn request(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let (head, mut body) = loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            break (head, bytes[end + 4..].to_vec());
        }
    };
    let mut lines = head.lines();
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .get("content-length")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Seen {
        path,
        headers,
        body,
    })
}
