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
    pub(super) total: i64,
    pub(super) currency: String,
    pub(super) expires_at: i64,
    pub(super) metadata: BTreeMap<String, String>,
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

    /// The event of a completed session.
    pub(super) fn event(&self, id: &str) -> Result<String> {
        let session = self
            .sessions
            .get(id)
            .ok_or_else(|| Error::not_found("fake.event", "no such session"))?;
        let event = json!({
            "id": format!("evt_{id}"),
            "object": "event",
            "account": session.account,
            "api_version": "2026-09-30.endive",
            "created": self.now.as_second(),
            "data": { "object": session.json(&self.address) },
            "livemode": false,
            "pending_webhooks": 1,
            "type": "checkout.session.completed",
        });
        Ok(event.to_string())
    }
}

impl Session {
    /// The payment that belongs to it.
    pub(super) fn intent(&self) -> String {
        self.id.replacen("cs_test_", "pi_", 1)
    }

    pub(super) fn json(&self, address: &str) -> Value {
        let open = self.status == "open";
        let done = self.status == "complete";
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
            "payment_intent": done.then(|| self.intent()),
            "payment_status": self.payment_status,
            "status": self.status,
            "url": open.then(|| format!("{address}/c/pay/{}", self.id)),
        })
    }
}
