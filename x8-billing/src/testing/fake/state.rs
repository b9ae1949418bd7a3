//! What the stand-in remembers.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use x8_core::{Error, Result};

use super::{Fault, RecordedRequest};

/// An answer: status and body.
pub(super) type Reply = (u16, Value);

/// A session and what it costs.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) account: String,
    pub(super) id: String,
    pub(super) status: &'static str,
    pub(super) payment_status: &'static str,
    /// Promised money did not come.
    pub(super) failed: bool,
    pub(super) total: i64,
    pub(super) currency: String,
    pub(super) expires_at: i64,
    pub(super) metadata: BTreeMap<String, String>,
}

/// An account that was opened here.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    pub(super) country: String,
    /// Whether the company told who it is.
    pub(super) told: bool,
    pub(super) enabled: bool,
    pub(super) due: Vec<String>,
}

/// A stored answer, with what was asked.
pub(super) struct Stored {
    pub(super) path: String,
    pub(super) form: BTreeMap<String, String>,
    pub(super) reply: Reply,
}

pub(super) struct State {
    pub(super) now: Timestamp,
    pub(super) address: String,
    pub(super) accounts: Vec<String>,
    /// By account and id: currency and amount.
    pub(super) prices: BTreeMap<(String, String), (String, i64)>,
    pub(super) sessions: BTreeMap<String, Session>,
    /// Accounts that were opened here.
    pub(super) profiles: BTreeMap<String, Profile>,
    /// By account: what moved on it, newest first.
    pub(super) movements: BTreeMap<String, Vec<Value>>,
    /// Accounts that were opened here so far.
    pub(super) opened: u32,
    /// One-time links handed out.
    pub(super) links: u32,
    /// Payment ids, one per refund.
    pub(super) refunds: Vec<String>,
    /// By account and key.
    pub(super) keys: BTreeMap<(String, String), Stored>,
    pub(super) faults: Vec<(String, Fault)>,
    pub(super) requests: Vec<RecordedRequest>,
}

impl State {
    pub(super) fn new(now: Timestamp, accounts: &[&str], address: &str) -> Self {
        Self {
            now,
            address: address.to_owned(),
            accounts: accounts.iter().map(|&account| account.to_owned()).collect(),
            prices: BTreeMap::new(),
            sessions: BTreeMap::new(),
            profiles: BTreeMap::new(),
            movements: BTreeMap::new(),
            opened: 0,
            links: 0,
            refunds: Vec::new(),
            keys: BTreeMap::new(),
            faults: Vec::new(),
            requests: Vec::new(),
        }
    }

    pub(super) fn fault_for(&mut self, path: &str) -> Option<Fault> {
        let found = self
            .faults
            .iter()
            .position(|(end, _)| path.ends_with(end.as_str()))?;
        Some(self.faults.remove(found).1)
    }

    pub(super) fn advance(&mut self, by: SignedDuration) {
        self.now += by;
        for session in self.sessions.values_mut() {
            if session.status == "open" && session.expires_at <= self.now.as_second() {
                session.status = "expired";
            }
        }
    }

    /// The customer is done with the page.
    pub(super) fn complete(&mut self, id: &str, payment_status: &'static str) -> Result<()> {
        let session = self
            .sessions
            .get_mut(id)
            .ok_or_else(|| Error::not_found("fake.pay", "no such session"))?;
        if session.status != "open" {
            return Err(Error::conflict("fake.pay", "the session is not open"));
        }
        session.status = "complete";
        session.payment_status = payment_status;
        Ok(())
    }

    fn session(&self, id: &str) -> Result<&Session> {
        let found = self.sessions.get(id);
        found.ok_or_else(|| Error::not_found("fake.event", "no such session"))
    }

    /// The event of a completed session.
    pub(super) fn event(&self, id: &str) -> Result<String> {
        self.session_event("checkout.session.completed", id)
    }

    pub(super) fn session_event(&self, kind: &str, id: &str) -> Result<String> {
        let session = self.session(id)?;
        let object = session.json(&self.address, false);
        Ok(self.envelope(kind, &session.account, id, &object))
    }

    pub(super) fn payment_event(&self, kind: &str, id: &str, fields: &Value) -> Result<String> {
        let session = self.session(id)?;
        let mut object = json!({
            "id": id.replacen("cs_test_", "ch_", 1),
            "amount": session.total,
            "currency": session.currency,
            "payment_intent": session.intent(),
            "livemode": false,
        });
        if let (Some(object), Some(fields)) = (object.as_object_mut(), fields.as_object()) {
            object.extend(fields.clone());
        }
        Ok(self.envelope(kind, &session.account, id, &object))
    }

    /// Ids repeat with kind and object, as those of a redelivered event do.
    pub(super) fn envelope(&self, kind: &str, account: &str, id: &str, object: &Value) -> String {
        let event = json!({
            "id": format!("evt_{}_{id}", kind.replace('.', "_")),
            "object": "event",
            "account": account,
            "api_version": "2026-09-30.endive",
            "created": self.now.as_second(),
            "data": { "object": object },
            "livemode": false,
            "pending_webhooks": 1,
            "type": kind,
        });
        event.to_string()
    }

    /// The money of a completed session comes, or does not.
    pub(super) fn keep_promise(&mut self, id: &str, kept: bool) -> Result<()> {
        let session = self
            .sessions
            .get_mut(id)
            .filter(|session| (session.status, session.payment_status) == ("complete", "unpaid"))
            .ok_or_else(|| Error::conflict("fake.keep_promise", "nothing was promised"))?;
        if kept {
            session.payment_status = "paid";
        }
        session.failed = !kept;
        Ok(())
    }
}

impl Session {
    /// The payment that belongs to it.
    pub(super) fn intent(&self) -> String {
        self.id.replacen("cs_test_", "pi_", 1)
    }

    /// As Stripe shows it; its payment as an object when that was asked for.
    pub(super) fn json(&self, address: &str, expanded: bool) -> Value {
        let open = self.status == "open";
        let done = self.status == "complete";
        let status = match (self.payment_status, self.failed) {
            ("paid", _) => "succeeded",
            (_, true) => "requires_payment_method",
            (_, false) => "processing",
        };
        let intent = if expanded {
            json!({ "id": self.intent(), "object": "payment_intent", "status": status })
        } else {
            json!(self.intent())
        };
        json!({
            "id": self.id,
            "object": "checkout.session",
            "amount_total": self.total,
            "currency": self.currency,
            "expires_at": self.expires_at,
            "livemode": false,
            "metadata": self.metadata,
            "mode": "payment",
            // Stripe makes the payment when the customer acts, not before.
            "payment_intent": done.then_some(intent),
            "payment_status": self.payment_status,
            "status": self.status,
            "url": open.then(|| format!("{address}/c/pay/{}", self.id)),
        })
    }
}
