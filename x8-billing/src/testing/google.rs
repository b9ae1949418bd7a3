//! A stand-in for Google's sign-in and Calendar API in this process, on a port of its own.

mod calendars;
mod events;
mod routes;
mod server;
mod signin;
mod state;

use std::{collections::BTreeMap, sync::MutexGuard};

use jiff::Timestamp;
use serde_json::Value;
use x8_core::{Result, Secret};

use self::state::State;
use super::stand_in::StandIn;

/// What goes wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoogleFault {
    /// Refuses with this status, domain and reason; nothing is done.
    Refuse {
        /// HTTP status.
        status: u16,
        /// Google's domain: `global`, `usageLimits`, …
        domain: &'static str,
        /// Google's reason: `forbidden`, `rateLimitExceeded`, …
        reason: &'static str,
        /// Seconds of a `Retry-After`.
        retry_after: Option<u32>,
    },
    /// Answers this status with a body that is not JSON, as a proxy does; nothing is done.
    Page(u16),
    /// Cuts the connection; nothing is done.
    CutBefore,
    /// Does what was asked, then cuts the connection.
    CutAfter,
    /// Does what was asked, then answers half a body.
    HalfBody,
    /// Never answers; nothing is done.
    Silence,
    /// Redirects to this address; nothing is done.
    Redirect(String),
    /// Somebody edits the event before this request is looked at.
    EditedFirst,
    /// Somebody deletes the event before this request is looked at.
    DeletedFirst,
}

/// A request the server saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoogleRequest {
    /// The HTTP method.
    pub method: String,
    /// The path, decoded.
    pub path: String,
    /// The query, decoded.
    pub query: BTreeMap<String, String>,
    /// Headers by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// The body: JSON, or the fields of a form as an object.
    pub body: Value,
}

/// A running stand-in that behaves as Google's documents say (simulated). It stops when dropped.
///
/// It knows accounts with calendars, consent with PKCE, tokens that run out, are revoked or rotate, events whose ids stay
/// reserved after deletion, entity tags, and meeting links; and refuses fields it does not know.
#[derive(Debug)]
pub struct FakeGoogle(StandIn<State>);

impl FakeGoogle {
    /// The only client it knows.
    pub const CLIENT: &str = "client-of-the-fake";

    /// Starts a server with these accounts. Each has its main calendar, named as the account, `<account>/team`, and
    /// `<account>/holidays`, which it may only read.
    ///
    /// # Errors
    /// `Internal` when no port is free.
    pub async fn start(accounts: &[&str]) -> Result<Self> {
        let state = |_: &str| State::new(accounts);
        StandIn::start(state).await.map(Self)
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        self.0.url()
    }

    /// The client's secret.
    #[must_use]
    pub fn client_secret() -> Secret {
        Secret::new("secret-of-the-client")
    }

    /// The next request of this method (any when empty) whose path ends so meets this fault.
    pub fn fail_next(&self, method: &str, path_end: &str, fault: GoogleFault) {
        let script = (method.to_owned(), path_end.to_owned(), fault);
        self.state().faults.push(script);
    }

    /// Everything that was asked since the last call.
    #[must_use]
    pub fn requests(&self) -> Vec<GoogleRequest> {
        std::mem::take(&mut self.state().requests)
    }

    /// A person with this account says yes on the consent page, to these scopes only (all that were asked for when
    /// empty); answers where the page sends them.
    ///
    /// # Errors
    /// `Invalid` when the address is not one that Google would take.
    pub fn consent(&self, account: &str, url: &str, only: &[&str]) -> Result<String> {
        signin::consent(&mut self.state(), account, url, only)
    }

    /// A refresh token of this account, as if it had consented to everything.
    #[must_use]
    pub fn refresh_token(&self, account: &str) -> Secret {
        Secret::new(self.state().issue_refresh(account, signin::everything()))
    }

    /// An access token of this account, as if it had consented to everything.
    #[must_use]
    pub fn access_token(&self, account: &str) -> Secret {
        Secret::new(self.state().issue_access(account, &signin::everything()))
    }

    /// Every access token that is out has run out.
    pub fn expire(&self) {
        self.state().access.clear();
    }

    /// The account takes x8's access away.
    pub fn revoke(&self, account: &str) {
        self.state().revoke(account);
    }

    /// From now on every refresh gives a new refresh token, and the old one is dead.
    pub fn rotate(&self, rotate: bool) {
        self.state().rotate = rotate;
    }

    /// How many refresh tokens of the account are good.
    #[must_use]
    pub fn live_refresh_tokens(&self, account: &str) -> usize {
        let state = self.state();
        let own = state.refresh.values().filter(|one| one.account == account);
        own.count()
    }

    /// Somebody moves an event by hand; `false` when it is not there.
    #[must_use]
    pub fn move_by_hand(&self, calendar: &str, id: &str, from: Timestamp, to: Timestamp) -> bool {
        events::move_by_hand(&mut self.state(), calendar, id, from, to)
    }

    /// Somebody makes an event last whole days (`2026-12-01`, the end exclusive); `false` when it is not there.
    #[must_use]
    pub fn make_all_day(&self, calendar: &str, id: &str, from: &str, to: &str) -> bool {
        events::make_all_day(&mut self.state(), calendar, id, from, to)
    }

    /// Somebody deletes an event by hand; `false` when it is not there.
    #[must_use]
    pub fn delete_by_hand(&self, calendar: &str, id: &str) -> bool {
        events::delete_by_hand(&mut self.state(), calendar, id)
    }

    /// Somebody writes an event of their own.
    pub fn busy_by_hand(&self, calendar: &str, from: Timestamp, to: Timestamp) {
        events::busy_by_hand(&mut self.state(), calendar, from, to);
    }

    /// Meeting links are made from now on (`true`), or asked for in vain.
    pub fn make_links(&self, make: bool) {
        self.state().links = make;
    }

    /// An event as stored, deleted or not.
    #[must_use]
    pub fn event(&self, calendar: &str, id: &str) -> Option<Value> {
        let key = (calendar.to_owned(), id.to_owned());
        self.state().events.get(&key).cloned()
    }

    /// Ids of the events that stand in a calendar.
    #[must_use]
    pub fn standing(&self, calendar: &str) -> Vec<String> {
        events::standing(&self.state(), calendar)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state()
    }
}
