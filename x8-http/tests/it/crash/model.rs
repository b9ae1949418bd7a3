//! SIGKILL while a language model thinks.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Json, Router, routing::post};
use serde_json::json;
use tokio::sync::Notify;
use x8_channels::testing::{FakeWaha, message};

use super::{Outcome, Server, counts, one_turn_per_burst, settled, shop};

/// A model's server that says nothing to its first callers, and to the later ones what no row says.
#[derive(Default)]
struct Model {
    calls: AtomicUsize,
    called: Notify,
}

/// So many calls die with the server that made them.
const SILENT: usize = 2;

impl Model {
    async fn start(self: &Arc<Self>) -> Outcome<String> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/v1", listener.local_addr()?);
        let model = Arc::clone(self);
        let answer = move || {
            let model = Arc::clone(&model);
            async move { model.answer().await }
        };
        let router = Router::new().route("/v1/chat/completions", post(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(url)
    }

    async fn answer(&self) -> Json<serde_json::Value> {
        let before = self.calls.fetch_add(1, Ordering::SeqCst);
        self.called.notify_one();
        if before < SILENT {
            std::future::pending::<()>().await;
        }
        let reply =
            json!({ "response": "Only 9.90 EUR today! Which city shall we bring the bouquet to?" });
        let choice =
            json!({ "message": { "content": reply.to_string() }, "finish_reason": "stop" });
        let usage = json!({ "prompt_tokens": 100, "completion_tokens": 20 });
        Json(json!({ "model": "slow", "choices": [choice], "usage": usage }))
    }
}

/// The burst is answered once, by one turn, in checked words, however often the server dies while it waits for the model.
#[tokio::test(flavor = "multi_thread")]
async fn a11_sigkill_while_the_model_thinks_answers_the_burst_once() -> Outcome<()> {
    let waha = FakeWaha::start().await?;
    let model = Arc::new(Model::default());
    let mut server = Server::start(&waha, "model").await?;
    let (token, company, session) = shop(&server, &waha).await?;
    server.model = Some(model.start().await?);
    // Long enough that a slow machine does not cut the burst in two.
    server.quiet = "4000";
    server.restart().await?;
    for part in 0..3 {
        let words = format!("how much are the roses, part {part}");
        let event = message(&session, "34611100300@c.us", &words, &format!("S{part}"));
        server.deliver_surely(&event).await?;
    }
    for _ in 0..SILENT {
        model.called.notified().await;
        server.restart().await?;
    }
    let (inbound, outbound) = settled(&server, &token, company, 1).await?;
    assert_eq!(counts(inbound.iter().map(String::as_str)).len(), 3);
    assert_eq!(outbound.len(), 1, "{outbound:?}");
    let sent = waha.sent();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(!sent[0].text.contains("9.90"), "{}", sent[0].text);
    assert!(sent[0].text.contains("Which city"), "{}", sent[0].text);
    one_turn_per_burst(&server.database, company, 3).await
}
