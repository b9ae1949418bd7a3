//! A stand-in for Stripe's subscriptions in this process, on a port of its own (simulated; nothing is charged).

mod book;
mod routes;
mod server;

use std::sync::MutexGuard;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use x8_core::{Result, Secret};

use self::book::Book;
use super::{FakeStripe, Patron, RecordedRequest, stand_in::StandIn};
use crate::signature;

/// A running stand-in for the part of Stripe that sells subscriptions, as its documents say. It stops when dropped.
///
/// It knows customers, prices, pages of mode `subscription`, subscriptions whose periods time renews, and keys with their
/// stored answers; it refuses fields it does not know, and every call that names a connected account. Its key is
/// [`FakeStripe::api_key`].
#[derive(Debug)]
pub struct FakeSubscriptions(StandIn<Book>);

impl FakeSubscriptions {
    /// Starts a server that takes `now` for the present and has these monthly prices: id and cents in USD.
    ///
    /// # Errors
    /// `Internal` when no port is free.
    pub async fn start(now: Timestamp, prices: &[(&str, i64)]) -> Result<Self> {
        let book = |address: &str| Book::new(now, prices, address);
        StandIn::start(book).await.map(Self)
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        self.0.url()
    }

    /// What it signs the events of subscriptions with: not what [`FakeStripe`] signs with (P1).
    #[must_use]
    pub fn webhook_secret() -> Secret {
        Secret::new("whsec_of_the_subscriptions_fake")
    }

    /// Everything that was asked since the last call.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        std::mem::take(&mut self.book().requests)
    }

    /// Does what the next change asks for and cuts the connection before it has answered.
    pub fn cut_next(&self) {
        self.book().cut = true;
    }

    /// Changes a field of a subscription as somebody at Stripe could: `status`, `metadata.x8_plan`, `price`, …
    ///
    /// # Errors
    /// `NotFound` for an unknown subscription or field.
    pub fn set(&self, subscription: &str, field: &str, value: &str) -> Result<()> {
        self.book().set(subscription, field, value)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.state()
    }

    /// The key it takes.
    #[must_use]
    pub fn api_key() -> Secret {
        FakeStripe::api_key()
    }
}

#[async_trait]
impl Patron for FakeSubscriptions {
    async fn subscribe(&self, session: &str) -> Result<()> {
        self.book().subscribe(session)
    }

    async fn card_works(&self, subscription: &str, works: bool) -> Result<()> {
        self.book().card(subscription, works)
    }

    async fn pass(&self, time: SignedDuration) {
        self.book().pass(time);
    }

    fn now(&self) -> Timestamp {
        self.book().now
    }

    fn sign(&self, body: &[u8], at: Timestamp) -> String {
        signature::sign(&Self::webhook_secret(), body, at)
    }

    async fn events(&self, subscription: &str) -> Result<Vec<String>> {
        Ok(self.book().events(subscription))
    }
}
