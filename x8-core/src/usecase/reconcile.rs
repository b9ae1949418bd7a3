//! Reconcile: open links are asked about, because events may be lost (P9), and money that came twice goes back (P6).

use jiff::SignedDuration;

use super::{Engine, expire::fact_of, moves, settle::Source};
use crate::{
    error::{ErrorKind, Result},
    id::OrderId,
    order::{Order, OrderState},
    port::{Changes, CheckoutRequest, Job, JobKind, NewJob, PaymentFact},
    tenant::Tenant,
};

/// How often money that is on its way is asked about; bank debits take days.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

impl Engine {
    /// The [`Reconcile`](JobKind::Reconcile) job: asks the provider where an open link stands, applies what it says, and
    /// comes again while the link is open or its money on its way.
    ///
    /// A difference that is found although the link is old enough for its event to have come is counted in the order's
    /// history and raises `payment_reconciled`.
    pub(super) async fn reconcile(&self, job: &Job, tenant: Tenant, id: OrderId) -> Result<()> {
        let order = self.store.order(tenant, id).await?;
        let now = self.clock.now();
        let Some(checkout) = order
            .checkout
            .clone()
            .filter(|_| order.state == OrderState::AwaitingPayment)
        else {
            return self.done(job).await;
        };
        let found = match self.payments.status(tenant, &checkout.session).await {
            // An outage does not end the asking.
            Err(error) if error.kind() == ErrorKind::Unavailable => {
                return self.ask_again(job, tenant, &order).await;
            }
            answer => answer?,
        };
        let fact = fact_of(checkout.session, found.state);
        let known = order.trail.processing;
        match fact {
            Some(fact) if !(known && matches!(fact, PaymentFact::Processing { .. })) => {
                let source = Source {
                    claim: Some(job.claim),
                    healed: checkout.created_at + self.policy.reconcile_after <= now,
                };
                self.settle(tenant, order, &fact, source).await
            }
            Some(_) | None => self.ask_again(job, tenant, &order).await,
        }
    }

    /// While the link is open, or its money on its way; what runs out is the business of `CheckoutDue`.
    async fn ask_again(&self, job: &Job, tenant: Tenant, order: &Order) -> Result<()> {
        let mut changes = Changes::at(self.clock.now());
        let again = if order.trail.processing {
            changes.at + PATIENCE
        } else {
            changes.at + self.policy.reconcile_after
        };
        let ends = order.checkout.as_ref().map(|checkout| checkout.expires_at);
        if !order.trail.processing && ends.is_none_or(|end| end <= again) {
            return self.done(job).await;
        }
        changes.finish = Some(job.claim);
        let kind = JobKind::Reconcile { order: order.id };
        changes.jobs.push(NewJob::new(kind, again));
        self.store.commit(tenant, changes).await.map(drop)
    }

    /// Asks the provider about an order's link now, in the background: what the return page does, and "I already paid" (O10).
    ///
    /// *Idempotency*: asking often asks once.
    ///
    /// # Errors
    /// `NotFound`, storage failures.
    pub async fn check_payment(&self, tenant: Tenant, id: OrderId) -> Result<()> {
        let order = self.store.order(tenant, id).await?;
        if order.state != OrderState::AwaitingPayment || order.checkout.is_none() {
            return Ok(());
        }
        let mut changes = Changes::at(self.clock.now());
        let kind = JobKind::Reconcile { order: id };
        changes.jobs.push(NewJob::new(kind, changes.at));
        self.store.commit(tenant, changes).await.map(drop)
    }

    /// The [`ReturnPayment`](JobKind::ReturnPayment) job: money beside an order's own payment goes back, once.
    pub(super) async fn return_payment(
        &self,
        job: &Job,
        tenant: Tenant,
        id: OrderId,
        reference: &str,
    ) -> Result<()> {
        let mut order = self.store.order(tenant, id).await?;
        let key = format!("{}:{reference}", CheckoutRequest::refund_key_for(id));
        self.payments.refund(tenant, reference, &key).await?;
        let mut changes = Changes::at(self.clock.now());
        changes.finish = Some(job.claim);
        let note = format!("the second payment ({reference}) went back");
        moves::note(&mut order, changes.at, note);
        moves::write(&mut changes, &order);
        self.store.commit(tenant, changes).await.map(drop)
    }
}
