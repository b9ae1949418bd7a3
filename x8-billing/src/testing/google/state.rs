//! What the stand-in remembers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{GoogleFault, GoogleRequest};

/// An answer: status and body.
pub(super) type Reply = (u16, Value);

/// Who a token speaks for, and what it may do.
#[derive(Clone, Debug)]
pub(super) struct Granted {
    pub(super) account: String,
    pub(super) scopes: Vec<String>,
}

/// A code that waits to be exchanged.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) granted: Granted,
    pub(super) challenge: String,
    pub(super) redirect_uri: String,
}

pub(super) struct State {
    pub(super) accounts: BTreeSet<String>,
    pub(super) codes: BTreeMap<String, Code>,
    pub(super) refresh: BTreeMap<String, Granted>,
    pub(super) access: BTreeMap<String, Granted>,
    /// By calendar and id; deleted ones stay, as `cancelled`.
    pub(super) events: BTreeMap<(String, String), Value>,
    /// Links by the id of their request.
    pub(super) conferences: BTreeMap<String, String>,
    pub(super) links: bool,
    pub(super) rotate: bool,
    pub(super) faults: Vec<(String, String, GoogleFault)>,
    pub(super) requests: Vec<GoogleRequest>,
    counter: u64,
}

impl State {
    pub(super) fn new(accounts: &[&str]) -> Self {
        Self {
            accounts: accounts.iter().map(|&name| name.to_owned()).collect(),
            codes: BTreeMap::new(),
            refresh: BTreeMap::new(),
            access: BTreeMap::new(),
            events: BTreeMap::new(),
            conferences: BTreeMap::new(),
            links: true,
            rotate: false,
            faults: Vec::new(),
            requests: Vec::new(),
            counter: 0,
        }
    }

    /// Never the same twice.
    pub(super) fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    pub(super) fn issue_refresh(&mut self, account: &str, scopes: Vec<String>) -> String {
        let token = format!("1//refresh-{}", self.next());
        let account = account.to_owned();
        self.refresh
            .insert(token.clone(), Granted { account, scopes });
        token
    }

    pub(super) fn issue_access(&mut self, account: &str, scopes: &[String]) -> String {
        let token = format!("ya29.access-{}", self.next());
        let granted = Granted {
            account: account.to_owned(),
            scopes: scopes.to_vec(),
        };
        self.access.insert(token.clone(), granted);
        token
    }

    pub(super) fn revoke(&mut self, account: &str) {
        self.refresh.retain(|_, one| one.account != account);
        self.access.retain(|_, one| one.account != account);
    }

    pub(super) fn fault_for(&mut self, method: &str, path: &str) -> Option<GoogleFault> {
        let found = self.faults.iter().position(|(wanted, end, _)| {
            (wanted.is_empty() || wanted == method) && path.ends_with(end.as_str())
        })?;
        Some(self.faults.remove(found).2)
    }
}

/// A refusal of the API.
pub(super) fn refusal(status: u16, domain: &str, reason: &str, message: &str) -> Reply {
    let error = json!({
        "code": status,
        "message": message,
        "errors": [{ "domain": domain, "reason": reason, "message": message }],
    });
    (status, json!({ "error": error }))
}
