//! The payment provider.

use std::{collections::BTreeSet, fmt, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::StatusCode;
use x8_core::{
    Error, ErrorKind, Result, Retry,
    port::{
        AccountChange, CheckoutRequest, CheckoutState, Clock, PaymentProvider, ProviderCheckout,
        ProviderEvent,
    },
    tenant::Tenant,
};

use super::{
    account::{StripeAccount, StripeAccounts},
    answer::{is_refunded, is_state, read},
    client::{Api, Change, Form, check_key, is_id},
    config::StripeConfig,
    convert,
    error::About,
    wire::{Refund, Session, World},
};
use crate::{event, signature};

/// Payment links on the connected account of each company, as direct charges (P3, P4).
///
/// Every call may be repeated after a crash. One call makes one try: repeating is the job queue's work, by the error's advice.
pub struct StripePayments {
    api: Api,
    config: StripeConfig,
    accounts: Arc<dyn StripeAccounts>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for StripePayments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StripePayments")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl StripePayments {
    /// A provider over these accounts.
    ///
    /// # Errors
    /// `Invalid` when the configuration could not work.
    pub fn new(
        config: StripeConfig,
        accounts: Arc<dyn StripeAccounts>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        Ok(Self {
            api: Api::new(&config)?,
            config,
            accounts,
            clock,
        })
    }

    async fn account(&self, operation: &'static str, tenant: Tenant) -> Result<StripeAccount> {
        let account = self.accounts.account(tenant).await?;
        account.filter(|account| is_id(&account.id)).ok_or_else(|| {
            Error::new(
                ErrorKind::PaymentRequired,
                operation,
                "the company has no connected Stripe account",
            )
            .with("company", tenant.company())
        })
    }

    /// The ids among the lines' prices that live on the company's own account.
    async fn prices<'a>(
        &self,
        tenant: Tenant,
        request: &'a CheckoutRequest,
    ) -> Result<BTreeSet<&'a str>> {
        let mut own = BTreeSet::new();
        for id in request
            .lines
            .iter()
            .filter_map(|line| line.price_id.as_deref())
        {
            if !own.contains(id) && self.accounts.has_price(tenant, id).await? {
                own.insert(id);
            }
        }
        Ok(own)
    }

    /// The session as it is now; another company's does not exist (T3).
    async fn look(
        &self,
        operation: &'static str,
        tenant: Tenant,
        account: &str,
        session: &str,
    ) -> Result<Session> {
        if !is_id(session) {
            return Err(no_session(operation, session));
        }
        let path = ["v1", "checkout", "sessions", session];
        // The payment itself tells whether money that takes days has failed.
        let query = [("expand[]", "payment_intent".to_owned())];
        let answer = self.api.query(account, &path, &query).await;
        let found: Session = read(operation, About::Link, answer)?;
        if convert::belongs(&found, tenant) {
            Ok(found)
        } else {
            Err(no_session(operation, session))
        }
    }

    /// Asks Stripe to close a session; `None` when it was not open any more, whatever else became of it.
    async fn close(
        &self,
        operation: &'static str,
        account: &str,
        session: &str,
    ) -> Result<Option<Session>> {
        let change = Change {
            path: &["v1", "checkout", "sessions", session, "expire"],
            // Only an open session can be closed, so closing twice does nothing; a key would replay a stale refusal.
            key: None,
            form: Form::default(),
        };
        let answer = self.api.post(account, change).await;
        match answer {
            Ok(answer) if answer.status == StatusCode::BAD_REQUEST && is_state(&answer) => Ok(None),
            answer => read(operation, About::Link, answer).map(Some),
        }
    }

    /// O5: a price id of the account may cost something else than the catalogue says; then nobody gets the link.
    async fn check_total(
        &self,
        account: &str,
        session: &Session,
        request: &CheckoutRequest,
    ) -> Result<()> {
        const OPERATION: &str = "stripe.open";
        let Some(total) = convert::total(session)? else {
            return Ok(());
        };
        if total == request.totals.total {
            return Ok(());
        }
        if session.status == "open" {
            self.close(OPERATION, account, &session.id).await?;
        }
        Err(Error::invalid(
            OPERATION,
            format!(
                "Stripe would charge {total} instead of {}; a price there differs from the catalogue",
                request.totals.total
            ),
        )
        .with("session", &session.id)
        .with("order", request.order))
    }
}

#[async_trait]
impl PaymentProvider for StripePayments {
    fn name(&self) -> &'static str {
        "stripe"
    }

    async fn open(&self, tenant: Tenant, request: &CheckoutRequest) -> Result<ProviderCheckout> {
        const OPERATION: &str = "stripe.open";
        let account = self.account(OPERATION, tenant).await?;
        if !account.ready {
            let why = "the company's Stripe account cannot be paid to yet";
            return Err(Error::new(ErrorKind::PaymentRequired, OPERATION, why)
                .with("company", tenant.company()));
        }
        convert::check(request, self.clock.now())?;
        check_key(OPERATION, &request.idempotency_key)?;
        let prices = self.prices(tenant, request).await?;
        let change = Change {
            path: &["v1", "checkout", "sessions"],
            key: Some(&request.idempotency_key),
            form: convert::opening(&self.config, tenant, &account, request, &prices)?,
        };
        let answer = self.api.post(&account.id, change).await;
        let replayed = answer.as_ref().is_ok_and(|answer| answer.replayed);
        let mut session: Session = read(OPERATION, About::Opening, answer)?;
        if replayed {
            // A stored answer tells how the link stood when it was opened.
            session = self
                .look(OPERATION, tenant, &account.id, &session.id)
                .await?;
        }
        self.check_total(&account.id, &session, request).await?;
        convert::link(session)
    }

    async fn expire(&self, tenant: Tenant, session: &str) -> Result<ProviderCheckout> {
        const OPERATION: &str = "stripe.expire";
        let account = self.account(OPERATION, tenant).await?.id;
        let present = self.look(OPERATION, tenant, &account, session).await?;
        if present.status != "open" {
            return convert::link(present);
        }
        if let Some(closed) = self.close(OPERATION, &account, session).await? {
            return convert::link(closed);
        }
        // It was paid, or ran out, between the two calls.
        let after = self.look(OPERATION, tenant, &account, session).await?;
        if after.status == "open" {
            return Err(Error::unavailable(
                OPERATION,
                "Stripe would not close an open payment session; try again",
            )
            .with("session", session));
        }
        convert::link(after)
    }

    async fn status(&self, tenant: Tenant, session: &str) -> Result<ProviderCheckout> {
        const OPERATION: &str = "stripe.status";
        let account = self.account(OPERATION, tenant).await?.id;
        convert::link(self.look(OPERATION, tenant, &account, session).await?)
    }

    /// A payment that was sent back already, by whomever, counts as success.
    async fn refund(&self, tenant: Tenant, reference: &str, idempotency_key: &str) -> Result<()> {
        const OPERATION: &str = "stripe.refund";
        check_key(OPERATION, idempotency_key)?;
        if reference.starts_with("cs_") {
            return nothing_charged(&self.status(tenant, reference).await?);
        }
        let account = self.account(OPERATION, tenant).await?.id;
        let (key, word) = event::WHOLE_REFUND;
        let mut form = Form::default();
        let charge = ["ch_", "py_"]
            .into_iter()
            .any(|prefix| reference.starts_with(prefix));
        form.set(if charge { "charge" } else { "payment_intent" }, reference);
        form.set(format!("metadata[{key}]"), word);
        let change = Change {
            path: &["v1", "refunds"],
            key: Some(idempotency_key),
            form,
        };
        let answer = self.api.post(&account, change).await;
        if answer.as_ref().is_ok_and(is_refunded) {
            return Ok(());
        }
        let refund: Refund = read(OPERATION, About::Payment, answer)?;
        match refund.status.as_deref() {
            Some(status @ ("failed" | "canceled")) => Err(Error::conflict(
                OPERATION,
                "Stripe could not send the money back",
            )
            .retrying(Retry::Never)
            .with("refund", refund.id)
            .with("status", status)),
            _under_way => Ok(()),
        }
    }

    /// Test events that reach an endpoint of real money are stored and say nothing, and the other way round.
    fn read_event(&self, header: &str, body: &[u8], now: Timestamp) -> Result<ProviderEvent> {
        signature::verify(&self.config.webhook_secrets, header, body, now)?;
        let mut event = event::read(body)?;
        let world = serde_json::from_slice::<World>(body).ok();
        let live = world.and_then(|world| world.livemode);
        if let (Some(ours), Some(theirs)) = (self.config.live(), live)
            && ours != theirs
        {
            event.fact = None;
        }
        Ok(event)
    }

    async fn owns(&self, tenant: Tenant, account: &str) -> Result<bool> {
        self.accounts.owns(tenant, account).await
    }

    async fn account_changed(&self, account: &str) -> Result<Option<AccountChange>> {
        self.accounts.changed(account).await
    }
}

/// A session stands for its payment only when nothing was charged, and then there is nothing to send back.
fn nothing_charged(link: &ProviderCheckout) -> Result<()> {
    let CheckoutState::Paid { reference, amount } = &link.state else {
        return Err(Error::not_found("stripe.refund", "no such payment"));
    };
    if *reference == link.session && amount.is_zero() {
        return Ok(());
    }
    Err(Error::invalid(
        "stripe.refund",
        "a payment is refunded by its payment id, not by its session",
    ))
}

fn no_session(operation: &'static str, session: &str) -> Error {
    let session: String = session.chars().take(80).collect();
    Error::not_found(operation, "no such payment session").with("session", session)
}
