//! Expire: links end, at the provider first, and what turns out to be paid is settled (O9, P6).

use super::{Engine, settle::Source};
use crate::{
    error::{ErrorKind, Result},
    id::OrderId,
    order::OrderState,
    port::{CheckoutState, Job, PaymentFact},
    tenant::Tenant,
};

impl Engine {
    /// The [`ExpireCheckout`](crate::port::JobKind::ExpireCheckout) job: makes the link unpayable. A link that was paid in the meantime
    /// is settled like any payment (P6).
    pub(super) async fn expire_checkout(
        &self,
        job: &Job,
        tenant: Tenant,
        id: OrderId,
    ) -> Result<()> {
        let order = self.store.order(tenant, id).await?;
        let Some(checkout) = order.checkout.clone() else {
            return self.done(job).await;
        };
        let found = match self.payments.expire(tenant, &checkout.session).await {
            // The company's account is gone, and its links with it.
            Err(error) if error.kind() == ErrorKind::PaymentRequired => {
                return self.done(job).await;
            }
            answer => answer?,
        };
        match fact_of(checkout.session, found.state) {
            Some(fact @ PaymentFact::Paid { .. }) => {
                self.settle(tenant, order, &fact, Source::job(job)).await
            }
            // Money on its way for an order that is over: news of it will come.
            Some(_) | None => self.done(job).await,
        }
    }

    /// The [`CheckoutDue`](crate::port::JobKind::CheckoutDue) job: the link's time is up. The provider is asked first: money that came in
    /// time and whose webhook is late books the order instead of being sent back.
    pub(super) async fn checkout_due(&self, job: &Job, tenant: Tenant, id: OrderId) -> Result<()> {
        let order = self.store.order(tenant, id).await?;
        let Some(checkout) = order
            .checkout
            .clone()
            .filter(|_| order.state == OrderState::AwaitingPayment)
        else {
            return self.done(job).await;
        };
        let session = checkout.session;
        let state = self.payments.expire(tenant, &session).await?.state;
        let fact = fact_of(session.clone(), state).unwrap_or(PaymentFact::Expired { session });
        self.settle(tenant, order, &fact, Source::job(job)).await
    }
}

/// What a provider's answer says about the order of a link; nothing while it can be paid.
pub(super) fn fact_of(session: String, state: CheckoutState) -> Option<PaymentFact> {
    match state {
        CheckoutState::Open => None,
        CheckoutState::Processing => Some(PaymentFact::Processing { session }),
        CheckoutState::Expired => Some(PaymentFact::Expired { session }),
        CheckoutState::Paid { reference, amount } => Some(PaymentFact::Paid {
            session,
            reference,
            amount,
        }),
    }
}
