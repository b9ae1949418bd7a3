//! Settle: what the provider says about money becomes the state of an order (O10–O13, P5).

use super::{Engine, moves};
use crate::{
    booking::BookingStatus,
    conversation::MessageType,
    error::Result,
    order::{Effect, Order, OrderEvent, OrderState, Payment},
    port::{Alert, Changes, Claim, Job, JobKind, NewJob, Notice, Page, PaymentFact},
    tenant::Tenant,
};

impl Engine {
    /// The [`ApplyPayment`](JobKind::ApplyPayment) job. An event whose order is not stored yet is kept, and comes again
    /// when the order appears (O13).
    pub(super) async fn apply_payment(&self, job: &Job, account: &str, event: &str) -> Result<()> {
        let (event, owner) = self.store.event(account, event).await?;
        let (Some(fact), Some((tenant, order))) = (event.fact, owner) else {
            return self.done(job).await;
        };
        let order = self.store.order(tenant, order).await?;
        self.settle(tenant, order, &fact, job.claim).await
    }

    /// Applies one fact to its order and commits; replays and reorderings change nothing.
    pub(super) async fn settle(
        &self,
        tenant: Tenant,
        mut order: Order,
        fact: &PaymentFact,
        claim: Claim,
    ) -> Result<()> {
        let company = self.store.company_for_work(tenant.company()).await?;
        let mut changes = Changes::at(self.clock.now());
        changes.finish = Some(claim);
        let before = order.state;
        let event = match fact {
            PaymentFact::Paid {
                session,
                reference,
                amount,
            } => {
                if *amount != order.totals.total {
                    return self.amount_differs(tenant, order, fact, changes).await;
                }
                if order.payment.is_none() {
                    let (session, reference) = (session.clone(), reference.clone());
                    order.payment = Some(Payment {
                        session,
                        reference,
                        amount: *amount,
                        paid_at: changes.at,
                    });
                }
                OrderEvent::PaymentArrived {
                    newer_exists: self.newer_exists(tenant, &order).await?,
                }
            }
            PaymentFact::Expired { .. } => OrderEvent::LinkExpired,
            PaymentFact::Refunded { .. } => OrderEvent::RefundSettled,
        };
        let effects = moves::advance(
            &mut changes,
            &mut order,
            event,
            company.settings.late_payment,
        )?;
        if order.state == before {
            return self.store.finish_job(claim).await;
        }
        if effects.contains(&Effect::CancelBooking) {
            self.cancel_booking(&mut changes, tenant, &order).await?;
        }
        if let Some(text) = self.tell(&order, &company.settings.time_zone) {
            changes
                .messages
                .push(moves::notice(&order, MessageType::Type3, text));
        }
        moves::write(&mut changes, &order);
        self.store.commit(tenant, changes).await.map(drop)
    }

    /// What the customer hears about the new state, if anything.
    fn tell(&self, order: &Order, zone: &str) -> Option<String> {
        let total = order.totals.total;
        let notice = match order.state {
            OrderState::Paid => Notice::PaymentReceived { total },
            OrderState::Expired => Notice::LinkExpired,
            OrderState::RefundPending => Notice::RefundStarted { total },
            OrderState::Cart
            | OrderState::AwaitingPayment
            | OrderState::Confirmed
            | OrderState::Booked
            | OrderState::Fulfilled
            | OrderState::Superseded
            | OrderState::Cancelled
            | OrderState::Refunded
            | OrderState::BookingFailed => return None,
        };
        Some(self.notices.write(&order.language, zone, &notice))
    }

    async fn newer_exists(&self, tenant: Tenant, order: &Order) -> Result<bool> {
        let newest = self
            .store
            .orders(
                tenant,
                Some(order.customer),
                Page {
                    limit: 1,
                    after: None,
                },
            )
            .await?;
        Ok(newest
            .first()
            .is_some_and(|other| other.id != order.id && other.created_at >= order.created_at))
    }

    /// Money of another amount is never taken for the order's: a human decides (principle 2).
    async fn amount_differs(
        &self,
        tenant: Tenant,
        mut order: Order,
        fact: &PaymentFact,
        mut changes: Changes,
    ) -> Result<()> {
        let PaymentFact::Paid {
            amount, reference, ..
        } = fact
        else {
            return Ok(());
        };
        let message = format!(
            "{amount} came ({reference}) for an order of {}; check the provider, then refund or correct it",
            order.totals.total
        );
        if order.problem.as_deref() == Some(message.as_str()) {
            // The same money again, by another event or by asking: it was said.
            return match changes.finish {
                Some(claim) => self.store.finish_job(claim).await,
                None => Ok(()),
            };
        }
        order.problem = Some(message.clone());
        order.updated_at = changes.at;
        changes.alerts.push(Alert {
            code: "paid_amount_differs",
            order: Some(order.id),
            message,
        });
        moves::write(&mut changes, &order);
        self.store.commit(tenant, changes).await.map(drop)
    }

    /// Calls the order's booking off and has the calendar follow (P7).
    pub(super) async fn cancel_booking(
        &self,
        changes: &mut Changes,
        tenant: Tenant,
        order: &Order,
    ) -> Result<()> {
        let page = Page {
            limit: 10,
            after: None,
        };
        for mut booking in self
            .store
            .bookings(tenant, Some(order.id), None, page)
            .await?
        {
            if booking.status == BookingStatus::Booked {
                booking.status = BookingStatus::Cancelled;
                let job = JobKind::WriteCalendar {
                    booking: booking.id,
                };
                changes.jobs.push(NewJob::new(job, changes.at));
                changes.bookings.push(booking);
            }
        }
        changes.release.push(order.id);
        Ok(())
    }
}
