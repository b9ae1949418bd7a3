//! What the fake remembers.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Engine, FakeMessage, FakeSession, Fault, RecordedRequest};
use crate::waha::stanza_id;

pub(super) struct State {
    pub(super) engine: Engine,
    pub(super) sessions: BTreeMap<String, FakeSession>,
    pub(super) sent: Vec<FakeMessage>,
    pub(super) requests: Vec<RecordedRequest>,
    pub(super) faults: VecDeque<(String, Fault)>,
    own_ids: u32,
}

impl Default for State {
    fn default() -> Self {
        Self {
            engine: Engine::HonoursIds,
            sessions: BTreeMap::new(),
            sent: Vec::new(),
            requests: Vec::new(),
            faults: VecDeque::new(),
            own_ids: 0,
        }
    }
}

impl State {
    pub(super) fn fault_for(&mut self, path: &str) -> Option<Fault> {
        let meets = |(prefix, _): &(String, Fault)| path.starts_with(prefix.as_str());
        let index = self.faults.iter().position(meets)?;
        self.faults.remove(index).map(|(_, fault)| fault)
    }

    pub(super) fn create(&mut self, name: &str, config: Value, start: bool) {
        let session = FakeSession {
            name: name.to_owned(),
            status: if start { "SCAN_QR_CODE" } else { "STOPPED" }.to_owned(),
            config,
            credentials: None,
        };
        self.sessions.insert(name.to_owned(), session);
    }

    pub(super) fn scan(&mut self, name: &str, phone: &str) {
        if let Some(session) = self.sessions.get_mut(name) {
            session.credentials = Some(phone.to_owned());
            "WORKING".clone_into(&mut session.status);
        }
    }

    pub(super) fn set_status(&mut self, name: &str, status: &str) {
        if let Some(session) = self.sessions.get_mut(name) {
            status.clone_into(&mut session.status);
        }
    }

    /// Starts a session: without credentials it waits for a scan.
    pub(super) fn start(&mut self, name: &str) {
        let linked = self
            .sessions
            .get(name)
            .is_some_and(|session| session.credentials.is_some());
        self.set_status(name, if linked { "WORKING" } else { "SCAN_QR_CODE" });
    }

    pub(super) fn session(&self, name: &str) -> Option<Value> {
        let session = self.sessions.get(name)?;
        let me = session
            .credentials
            .as_ref()
            .filter(|_| session.status == "WORKING")
            .map(|phone| json!({ "id": format!("{phone}@c.us"), "pushName": "Acme" }));
        Some(json!({
            "name": session.name,
            "status": session.status,
            "config": session.config,
            "me": me,
            "presence": null,
            "timestamps": { "activity": null },
        }))
    }

    /// Takes a text; the same id on an engine that honours ids is the same message.
    pub(super) fn take(
        &mut self,
        session: &str,
        chat: &str,
        text: &str,
        id: Option<&str>,
    ) -> FakeMessage {
        let stanza = match (self.engine, id) {
            (Engine::HonoursIds, Some(id)) => id.to_owned(),
            (Engine::HonoursIds | Engine::IgnoresIds, _) => {
                self.own_ids += 1;
                format!("3EB0FACE{:08X}", self.own_ids)
            }
        };
        let message = FakeMessage {
            session: session.to_owned(),
            id: format!("true_{chat}_{stanza}"),
            chat: chat.to_owned(),
            text: text.to_owned(),
            at: Timestamp::now().as_second(),
        };
        let same = |known: &&FakeMessage| known.session == session && known.id == message.id;
        if let Some(known) = self.sent.iter().find(same) {
            return known.clone();
        }
        self.sent.push(message.clone());
        message
    }

    pub(super) fn history(&self, session: &str, chat: &str) -> Vec<Value> {
        let here = |message: &&FakeMessage| message.session == session && message.chat == chat;
        self.sent.iter().rev().filter(here).map(describe).collect()
    }
}

/// A message as WAHA describes it.
pub(super) fn describe(message: &FakeMessage) -> Value {
    json!({
        "id": message.id,
        "timestamp": message.at,
        "from": "15550001111@c.us",
        "to": message.chat,
        "fromMe": true,
        "source": "api",
        "body": message.text,
        "hasMedia": false,
        "ack": 1,
        "ackName": "SERVER",
        "_data": {},
    })
}

/// A pairing code, the same for the same phone.
pub(super) fn pairing_code(phone: &str) -> String {
    let hash = stanza_id(phone);
    let part = |range| hash.get(range).unwrap_or("AAAA").to_owned();
    format!("{}-{}", part(4..8), part(8..12))
}
