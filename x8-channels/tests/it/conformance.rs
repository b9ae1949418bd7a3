//! The WAHA adapter through the suites of the ports it serves.

use async_trait::async_trait;
use serde_json::json;
use x8_channels::{
    testing::{Engine, FakeWaha, Fault, SignedWebhook, suite, webhook},
    waha::{HmacKeys, WahaConnector, WahaParser, WahaSender, WahaVerifier},
};
use x8_core::{Result, Secret, port::OutboundText};

const HOOK: &str = "https://x8.example/webhooks/whatsapp";

#[test]
fn h1_verifier() -> Result<()> {
    let keys = HmacKeys {
        current: Secret::new(FakeWaha::HMAC_KEY),
        previous: Some(Secret::new("older")),
    };
    let event = webhook::message("acme-1", "34600111222@c.us", "Hola", "3EB0AA");
    let mut other_algorithm = FakeWaha::webhook(&event);
    for (name, value) in &mut other_algorithm.headers {
        if name == "x-webhook-hmac-algorithm" {
            *value = "sha1".to_owned();
        }
    }
    suite::verifier(
        &WahaVerifier::new(&keys)?,
        &[
            FakeWaha::webhook(&event),
            SignedWebhook::sign(event.to_string(), "older"),
        ],
        &[
            other_algorithm,
            SignedWebhook::sign(event.to_string(), "oldest"),
        ],
    )
}

#[test]
fn h1_parser() -> Result<()> {
    let one = webhook::message("acme-1", "34600111222@c.us", "¿Hay rosas? 🌹", "3EB0AA");
    let two = webhook::ack("acme-1", "34600111222@c.us", "3EB0BB", 3);
    let bad = webhook::message("acme-1", "nobody", "", "3EB0CC");
    let unknown = webhook::event("made.up", "acme-1", "evt_1", &json!({}));
    suite::parser(
        &WahaParser,
        &suite::ParserFixture {
            message: one.to_string().into_bytes(),
            text: "¿Hay rosas? 🌹".to_owned(),
            batch_with_bad_item: json!([one, bad, two]).to_string().into_bytes(),
            unknown: unknown.to_string().into_bytes(),
        },
    )
}

struct Provider(FakeWaha);

impl suite::SendHarness for Provider {
    fn message(&self, client_id: &str, text: &str) -> OutboundText {
        OutboundText {
            session: "acme-1".to_owned(),
            address: "34600111222@c.us".to_owned(),
            text: text.to_owned(),
            client_id: client_id.to_owned(),
            resend: false,
        }
    }

    fn delivered(&self) -> Vec<String> {
        self.0
            .sent()
            .into_iter()
            .map(|message| message.text)
            .collect()
    }

    fn lose_next_answer(&self) {
        self.0.fail_next("/api/sendText", Fault::CutAfter);
    }

    fn refuse_next(&self) {
        self.0
            .fail_next("/api/sendText", Fault::RateLimited { seconds: 3 });
    }
}

#[async_trait]
impl suite::LinkHarness for Provider {
    async fn scan(&self, session: &str) {
        self.0.scan(session, "34600999888");
    }

    async fn has_credentials(&self, session: &str) -> bool {
        let sessions = self.0.sessions();
        let found = sessions.iter().find(|known| known.name == session);
        found.is_some_and(|session| session.credentials.is_some())
    }
}

#[tokio::test]
async fn h3_sender_on_every_engine() -> Result<()> {
    for engine in [Engine::HonoursIds, Engine::IgnoresIds] {
        let fake = FakeWaha::start().await?;
        fake.set_engine(engine);
        fake.working_session("acme-1", "34600999888");
        let sender = WahaSender::new(&fake.config(HOOK))?;
        suite::sender(&sender, &Provider(fake)).await?;
    }
    Ok(())
}

#[tokio::test]
async fn w1_connector() -> Result<()> {
    let fake = FakeWaha::start().await?;
    let connector = WahaConnector::new(fake.config(HOOK))?;
    suite::connector(&connector, &Provider(fake), "acme-1").await
}
