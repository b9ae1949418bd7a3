//! Cancel: the company calls an order off; paid ones are refunded, free ones withdrawn (O11, P7).

use super::{Engine, moves};
use crate::{
    conversation::MessageType,
    error::Result,
    id::OrderId,
    order::{DisputeState, Effect, Order, OrderEvent, OrderState},
    port::{Changes, JobKind, NewJob, Notice},
    tenant::{Company, Tenant},
};

impl Engine {
    /// Calls an order off: an unpaid one is cancelled and its link expired, a paid one goes back to the customer with its
    /// booking, a free one is withdrawn with its booking.
    ///
    /// *Idempotency*: cancelling what is cancelled or on its way back changes nothing, but a refund that was given up is
    /// tried again.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when the order can no longer be called off.
    pub async fn cancel_order(&self, tenant: Tenant, id: OrderId) -> Result<Order> {
        let mut order = self.store.order(tenant, id).await?;
        let company = self.store.company_for_work(tenant.company()).await?;
        let mut changes = Changes::at(self.clock.now());
        let before = order.state;
        let event = if order.payment.is_some() {
            OrderEvent::RefundRequested
        } else if order.is_free() && order.state != OrderState::Cart {
            OrderEvent::Withdrawn
        } else {
            OrderEvent::Cancelled
        };
        let effects = moves::advance(
            &mut changes,
            &mut order,
            event,
            company.settings.late_payment,
        )?;
        if order.state == before {
            if before == OrderState::RefundPending {
                self.refund_again(changes, &company, &mut order).await?;
            }
            return Ok(order);
        }
        if effects.contains(&Effect::CancelBooking) {
            self.cancel_booking(&mut changes, tenant, &order).await?;
        }
        let notice = if order.state == OrderState::RefundPending {
            Some(Notice::RefundStarted {
                total: order.totals.total,
            })
        } else {
            // Of a cart that was never placed the customer knows nothing.
            let placed = before != OrderState::Cart && order.state == OrderState::Cancelled;
            placed.then_some(Notice::OrderCancelled)
        };
        if let Some(notice) = notice {
            let text = self
                .notices
                .write(&order.language, &company.settings.time_zone, &notice);
            changes
                .messages
                .push(moves::notice(&order, MessageType::Type3, text));
        }
        moves::write(&mut changes, &order);
        self.store.commit(tenant, changes).await?;
        self.store.order(tenant, id).await
    }

    /// A refund that was given up is tried again. A disputed payment cannot be refunded: it goes back once the dispute is over,
    /// even if that is won, and the customer hears now that it will.
    async fn refund_again(
        &self,
        mut changes: Changes,
        company: &Company,
        order: &mut Order,
    ) -> Result<()> {
        match order.trail.dispute.as_mut() {
            Some(dispute) if dispute.state == DisputeState::Open => {
                if dispute.refund {
                    return Ok(());
                }
                dispute.refund = true;
                let total = order
                    .payment
                    .as_ref()
                    .map_or(order.totals.total, |payment| payment.amount);
                let notice = Notice::RefundStarted { total };
                let zone = &company.settings.time_zone;
                let text = self.notices.write(&order.language, zone, &notice);
                changes
                    .messages
                    .push(moves::notice(order, MessageType::Type3, text));
                moves::note(
                    order,
                    changes.at,
                    "the money shall go back even if the dispute is won",
                );
                moves::write(&mut changes, order);
            }
            Some(_) | None => {
                let again = NewJob::new(JobKind::Refund { order: order.id }, changes.at);
                changes.jobs.push(again);
            }
        }
        self.store.commit(company.tenant(), changes).await.map(drop)
    }
}
