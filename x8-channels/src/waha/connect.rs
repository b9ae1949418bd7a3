//! Links WhatsApp numbers (W1). Nothing here logs out or deletes (W2).

mod desired;

use async_trait::async_trait;
use serde_json::{Value, json};
use x8_core::{
    Error, ErrorKind, Result,
    channel::ChannelEvent,
    port::{Connector, Link, LinkQr},
};

use super::{
    api::{Answer, Api, Call, session_name},
    config::WahaConfig,
    error::{Effect, lost, refused},
    inbound::state,
};

/// The first code lives 60 seconds and the next five 20 each; which one is shown cannot be known, so the shorter is told.
const QR_SECONDS: u32 = 20;

/// Creates, starts, watches and stops WAHA sessions, one per number.
///
/// It never logs a number out and never deletes a session: stopping keeps the credentials, so that a restart or a new
/// connection needs no scan. Every call may be repeated.
#[derive(Debug)]
pub struct WahaConnector {
    api: Api,
    config: WahaConfig,
}

impl WahaConnector {
    /// A connector for this server.
    ///
    /// # Errors
    /// `Invalid` when the configuration cannot work.
    pub fn new(config: WahaConfig) -> Result<Self> {
        Ok(Self {
            api: Api::new(&config)?,
            config,
        })
    }

    async fn call(&self, operation: &'static str, call: Call<'_>) -> Result<Answer> {
        self.api
            .call(call)
            .await
            .map_err(|reason| lost(operation, Effect::Repeatable, reason))
    }

    /// Calls and wants a JSON object back.
    async fn ask(&self, operation: &'static str, call: Call<'_>) -> Result<Value> {
        let answer = self.call(operation, call).await?;
        if !answer.status.is_success() {
            return Err(refused(operation, Effect::Repeatable, &answer));
        }
        answer.body.ok_or_else(|| {
            Error::unavailable(operation, "the answer of the WhatsApp server is not JSON")
        })
    }

    async fn session(&self, operation: &'static str, name: &str) -> Result<Value> {
        session_name(operation, name)?;
        self.ask(operation, Call::get(&["api", "sessions", name]))
            .await
    }

    /// Creates the session, or returns the one that somebody else created in the meantime.
    async fn create(&self, operation: &'static str, name: &str) -> Result<Value> {
        let body = json!({ "name": name, "start": true, "config": desired::fresh(&self.config) });
        let created = self
            .ask(operation, Call::post(&["api", "sessions"], Some(body)))
            .await;
        match created {
            Err(refusal) if refusal.kind() == ErrorKind::Invalid => {
                self.session(operation, name).await.map_err(|_| refusal)
            }
            outcome => outcome,
        }
    }

    /// Points the webhook of an existing session at us, when it is not yet. WAHA restarts the session for it and keeps
    /// its credentials.
    async fn adopt(&self, operation: &'static str, name: &str, session: Value) -> Result<Value> {
        let Some(config) = desired::changed(session.get("config"), &self.config) else {
            return Ok(session);
        };
        let path = ["api", "sessions", name];
        let call = Call {
            method: reqwest::Method::PUT,
            ..Call::post(&path, Some(json!({ "config": config })))
        };
        self.ask(operation, call).await
    }

    async fn revive(&self, operation: &'static str, name: &str, session: Value) -> Result<Value> {
        let verb = match session.get("status").and_then(Value::as_str) {
            Some("STOPPED") => "start",
            Some("FAILED") => "restart",
            _ => return Ok(session),
        };
        let path = ["api", "sessions", name, verb];
        self.ask(operation, Call::post(&path, None)).await
    }
}

fn link(operation: &'static str, session: &Value) -> Result<Link> {
    let Some(word) = session.get("status").and_then(Value::as_str) else {
        return Err(Error::unavailable(
            operation,
            "the WhatsApp server does not say where the session stands",
        ));
    };
    let account = session.pointer("/me/id").and_then(Value::as_str);
    Ok(Link {
        // A word of a later version: `Starting` leaves a working channel working and a new one waiting.
        event: state(word, account).unwrap_or(ChannelEvent::Starting),
        provider_state: word.chars().take(80).collect(),
    })
}

#[async_trait]
impl Connector for WahaConnector {
    async fn connect(&self, session: &str) -> Result<Link> {
        const OPERATION: &str = "waha.connect";
        let found = match self.session(OPERATION, session).await {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.create(OPERATION, session).await?
            }
            Err(error) => return Err(error),
        };
        let ours = self.adopt(OPERATION, session, found).await?;
        let running = self.revive(OPERATION, session, ours).await?;
        link(OPERATION, &running)
    }

    async fn status(&self, session: &str) -> Result<Link> {
        const OPERATION: &str = "waha.status";
        link(OPERATION, &self.session(OPERATION, session).await?)
    }

    async fn qr(&self, session: &str) -> Result<LinkQr> {
        const OPERATION: &str = "waha.qr";
        session_name(OPERATION, session)?;
        let path = ["api", session, "auth", "qr"];
        let image = Call {
            query: &[("format", "image")],
            ..Call::get(&path)
        };
        let image = self.ask(OPERATION, image).await?;
        let field = |name: &str| image.get(name).and_then(Value::as_str).map(str::to_owned);
        let (Some(mimetype), Some(data)) = (field("mimetype"), field("data")) else {
            return Err(Error::unavailable(OPERATION, "the answer holds no QR code"));
        };
        // It ends up in a page.
        if !mimetype.starts_with("image/") {
            return Err(Error::unavailable(OPERATION, "the QR code is not an image"));
        }
        let raw = Call {
            query: &[("format", "raw")],
            ..Call::get(&path)
        };
        // The picture alone is enough to scan; the code may have been used between the two calls.
        let raw = self.ask(OPERATION, raw).await.ok();
        let raw = raw.and_then(|raw| Some(raw.get("value")?.as_str()?.to_owned()));
        Ok(LinkQr {
            mimetype,
            data,
            raw,
            expires_in_seconds: QR_SECONDS,
        })
    }

    async fn pairing_code(&self, session: &str, phone: &str) -> Result<String> {
        const OPERATION: &str = "waha.pairing_code";
        session_name(OPERATION, session)?;
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        let stray = |letter: char| !letter.is_ascii_digit() && !"+-(). ".contains(letter);
        if !(7..=15).contains(&digits.len()) || phone.contains(stray) {
            return Err(Error::invalid(
                OPERATION,
                "the phone number must be international, such as +34 600 111 222",
            ));
        }
        let body = json!({ "phoneNumber": digits });
        let path = ["api", session, "auth", "request-code"];
        let answer = self.ask(OPERATION, Call::post(&path, Some(body))).await?;
        let code = answer.get("code").and_then(Value::as_str);
        code.map(str::to_owned)
            .ok_or_else(|| Error::unavailable(OPERATION, "the answer holds no pairing code"))
    }

    async fn disconnect(&self, session: &str) -> Result<()> {
        const OPERATION: &str = "waha.disconnect";
        match self.session(OPERATION, session).await {
            Ok(found) if found.get("status").and_then(Value::as_str) == Some("STOPPED") => {
                return Ok(());
            }
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        }
        let path = ["api", "sessions", session, "stop"];
        let answer = self.call(OPERATION, Call::post(&path, None)).await?;
        if answer.status.is_success() || answer.status.as_u16() == 404 {
            return Ok(());
        }
        Err(refused(OPERATION, Effect::Repeatable, &answer))
    }
}
