//! A Stripe stand-in in this process, on a port of its own.

mod accounts;
mod checkout;
mod fields;
mod routes;
mod server;
mod state;

use std::{collections::BTreeMap, sync::MutexGuard};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use x8_core::{Error, Result, Secret};

pub(super) use self::server::answered;
use self::state::State;
use super::{Onboarder, Payer, stand_in::StandIn};
use crate::signature;

/// What goes wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Answers this status with this error `code`; nothing is done.
    Refuse {
        /// HTTP status.
        status: u16,
        /// Stripe's error type.
        kind: &'static str,
        /// Stripe's error code; none when empty.
        code: &'static str,
    },
    /// Answers 429 with `Retry-After`; nothing is done.
    RateLimited {
        /// Seconds to wait.
        seconds: u32,
    },
    /// Cuts the connection; nothing is done.
    CutBefore,
    /// Does what was asked, then cuts the connection.
    CutAfter,
    /// The customer pays this very session before the request is looked at.
    PaidFirst,
    /// Answers 200 with half a body; what was asked is done.
    HalfBody,
    /// Redirects to this address; nothing is done.
    Redirect(String),
}

/// A request the server saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The HTTP method.
    pub method: String,
    /// The path, as sent.
    pub path: String,
    /// Headers by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// The decoded fields of the body, in their bracket form.
    pub form: BTreeMap<String, String>,
    /// The decoded query string.
    pub query: BTreeMap<String, String>,
}

/// A running stand-in that behaves as Stripe's documents say (simulated; nothing is charged). It stops when dropped.
///
/// It knows connected accounts with their own sessions, prices and payments; keys with their stored answers; the limits of a
/// new session; and refuses fields it does not know.
#[derive(Debug)]
pub struct FakeStripe(StandIn<State>);

impl FakeStripe {
    /// Starts a server that takes `now` for the present and has these connected accounts.
    ///
    /// # Errors
    /// `Internal` when no port is free.
    pub async fn start(now: Timestamp, accounts: &[&str]) -> Result<Self> {
        let state = |address: &str| State::new(now, accounts, address);
        StandIn::start(state).await.map(Self)
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        self.0.url()
    }

    /// The only key it takes.
    #[must_use]
    pub fn api_key() -> Secret {
        Secret::new("key-of-the-fake")
    }

    /// What it signs events with.
    #[must_use]
    pub fn webhook_secret() -> Secret {
        Secret::new("whsec_of_the_fake")
    }

    /// The next request whose path ends so meets this fault.
    pub fn fail_next(&self, path_end: &str, fault: Fault) {
        self.state().faults.push((path_end.to_owned(), fault));
    }

    /// Everything that was asked since the last call.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        std::mem::take(&mut self.state().requests)
    }

    /// Creates a price on an account.
    pub fn add_price(&self, account: &str, id: &str, currency: &str, unit_amount: i64) {
        let price = (currency.to_owned(), unit_amount);
        let key = (account.to_owned(), id.to_owned());
        self.state().prices.insert(key, price);
    }

    /// The company takes the platform's access away.
    pub fn deauthorise(&self, account: &str) {
        let mut state = self.state();
        state.accounts.retain(|known| known != account);
        state.profiles.remove(account);
    }

    /// Stripe stops an account until this is told.
    pub fn restrict(&self, account: &str, requirement: &str) {
        if let Some(profile) = self.state().profiles.get_mut(account) {
            profile.due = vec![requirement.to_owned()];
            profile.enabled = false;
        }
    }

    /// Money moves on an account: its kind, amount and fee in the smallest unit.
    pub fn add_movement(&self, account: &str, kind: &str, amount: i64, fee: i64) {
        self.state().add_movement(account, kind, amount, fee);
    }

    /// The body of an event about an account: `account.updated`, `account.application.deauthorized`.
    #[must_use]
    pub fn account_event(&self, kind: &str, account: &str) -> String {
        self.state().account_event(kind, account)
    }

    /// The body of an event about the payment of a session: `charge.refunded`, `charge.dispute.created`, … with these
    /// fields beside those that Stripe always sends.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn payment_event(
        &self,
        kind: &str,
        session: &str,
        fields: &serde_json::Value,
    ) -> Result<String> {
        self.state().payment_event(kind, session, fields)
    }

    /// The body of an event about a session as it stands now.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn session_event(&self, kind: &str, session: &str) -> Result<String> {
        self.state().session_event(kind, session)
    }

    /// Promised money comes, or does not.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when nothing was promised.
    pub fn keep_promise(&self, session: &str, kept: bool) -> Result<()> {
        self.state().keep_promise(session, kept)
    }

    /// Lets time pass; sessions whose time is up expire.
    pub fn advance(&self, by: SignedDuration) {
        self.state().advance(by);
    }

    /// How many refunds a payment has.
    #[must_use]
    pub fn refunds(&self, reference: &str) -> usize {
        let state = self.state();
        let of = |refund: &&String| *refund == reference;
        state.refunds.iter().filter(of).count()
    }

    /// Marks a session paid by a way that takes days: complete, and still unpaid.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when it is not open.
    pub fn promise(&self, session: &str) -> Result<()> {
        self.state().complete(session, "unpaid")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state()
    }
}

#[async_trait]
impl Payer for FakeStripe {
    async fn pay(&self, session: &str) -> Result<()> {
        self.state().complete(session, "paid")
    }

    fn sign(&self, body: &[u8], at: Timestamp) -> String {
        signature::sign(&Self::webhook_secret(), body, at)
    }

    async fn paid_event(&self, session: &str) -> Result<String> {
        self.state().event(session)
    }
}

#[async_trait]
impl Onboarder for FakeStripe {
    async fn finish(&self, account: &str) -> Result<()> {
        self.state()
            .finish(account)
            .ok_or_else(|| Error::not_found("fake.finish", "no such account"))
    }

    async fn leave(&self, account: &str) -> Result<()> {
        self.deauthorise(account);
        Ok(())
    }
}
