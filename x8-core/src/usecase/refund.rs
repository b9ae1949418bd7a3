//! Refund: money goes back, once (O12, P6, P7).

use super::{Engine, moves};
use crate::{
    error::{Error, Result},
    id::OrderId,
    order::{OrderEvent, OrderState},
    port::{Changes, CheckoutRequest, Job},
    tenant::Tenant,
};

impl Engine {
    /// The [`Refund`](crate::port::JobKind::Refund) job.
    ///
    /// *Idempotency*: the provider is given the order's own key, so a repeated call sends the money back once.
    pub(super) async fn refund(&self, job: &Job, tenant: Tenant, id: OrderId) -> Result<()> {
        let mut order = self.store.order(tenant, id).await?;
        if order.state != OrderState::RefundPending {
            return self.done(job).await;
        }
        let payment = order.payment.clone().ok_or_else(|| {
            Error::internal("order.refund", "an order to be refunded has no payment")
                .with("order", id)
        })?;
        self.payments
            .refund(
                tenant,
                &payment.reference,
                &CheckoutRequest::refund_key_for(id),
            )
            .await?;
        let mut changes = Changes::at(self.clock.now());
        changes.finish = Some(job.claim);
        moves::advance(
            &mut changes,
            &mut order,
            OrderEvent::RefundSettled,
            crate::order::LatePayment::Refund,
        )?;
        moves::write(&mut changes, &order);
        self.store.commit(tenant, changes).await.map(drop)
    }
}
