//! Settle: what the provider says about money becomes the state of an order (O10–O13, P5–P7).

use super::{Engine, dispute, money, moves};
use crate::{
    booking::BookingStatus,
    conversation::MessageType,
    error::Result,
    order::{Effect, Order, OrderEvent, OrderState, Payment},
    port::{Alert, Changes, Claim, Job, JobKind, NewJob, Notice, Page, PaymentFact},
    tenant::{Company, Tenant},
};

/// How a fact became known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Source {
    /// The job that ends with it; none when a person asked.
    pub(super) claim: Option<Claim>,
    /// P9: nobody had told; the provider was asked because it was time to.
    pub(super) healed: bool,
}

impl Source {
    /// A job came upon it.
    pub(super) fn job(job: &Job) -> Self {
        Self {
            claim: Some(job.claim),
            healed: false,
        }
    }
}

/// What became of a fact about an order.
pub(super) enum Outcome {
    /// It was known, or is nothing to the order as it stands.
    Known,
    /// The order changed, by these effects.
    Moved(Vec<Effect>),
}

impl Engine {
    /// The [`ApplyPayment`](JobKind::ApplyPayment) job. An event whose order is not stored yet is kept, and comes again
    /// when the order appears (O13).
    pub(super) async fn apply_payment(&self, job: &Job, account: &str, event: &str) -> Result<()> {
        let (event, owner) = self.store.event(account, event).await?;
        if let Some(PaymentFact::AccountChanged { account }) = &event.fact {
            return self.account_changed(job, account).await;
        }
        let (Some(fact), Some((tenant, order))) = (&event.fact, owner) else {
            return self.done(job).await;
        };
        let order = self.store.order(tenant, order).await?;
        if !self.payments.owns(tenant, &event.account).await? {
            return self.foreign_event(job, tenant, &order, &event).await;
        }
        self.settle(tenant, order, fact, Source::job(job)).await
    }

    /// Applies one fact to its order and commits; replays and reorderings change nothing.
    pub(super) async fn settle(
        &self,
        tenant: Tenant,
        mut order: Order,
        fact: &PaymentFact,
        source: Source,
    ) -> Result<()> {
        let company = self.store.company_for_work(tenant.company()).await?;
        let mut changes = Changes::at(self.clock.now());
        changes.finish = source.claim;
        let before = order.state;
        let outcome = self.apply(&mut changes, &company, &mut order, fact).await?;
        let Outcome::Moved(effects) = outcome else {
            return self.nothing_new(source.claim).await;
        };
        if effects.contains(&Effect::CancelBooking) {
            self.cancel_booking(&mut changes, tenant, &order).await?;
        }
        if let Some(notice) = tell(&order, before, fact) {
            let text = self
                .notices
                .write(&order.language, &company.settings.time_zone, &notice);
            changes
                .messages
                .push(moves::notice(&order, MessageType::Type3, text));
        }
        if source.healed {
            healed(&mut changes, &mut order);
        }
        moves::write(&mut changes, &order);
        self.store.commit(tenant, changes).await.map(drop)
    }

    /// One fact, one order; what must be read for it is read here.
    async fn apply(
        &self,
        changes: &mut Changes,
        company: &Company,
        order: &mut Order,
        fact: &PaymentFact,
    ) -> Result<Outcome> {
        let event = match fact {
            PaymentFact::Paid {
                session,
                reference,
                amount,
            } => {
                let payment = Payment {
                    session: session.clone(),
                    reference: reference.clone(),
                    amount: *amount,
                    paid_at: changes.at,
                };
                return self.money_came(changes, company, order, payment).await;
            }
            PaymentFact::Expired { session } | PaymentFact::Failed { session } => {
                // A link that was replaced may run out: the order lives by its present one.
                if !is_present_link(order, session) {
                    return Ok(Outcome::Known);
                }
                OrderEvent::LinkExpired
            }
            PaymentFact::Processing { session } => {
                return Ok(money::processing(changes, order, session));
            }
            PaymentFact::Refunded { .. } => OrderEvent::RefundSettled,
            PaymentFact::PartlyRefunded { returned, .. } => {
                return money::partly_refunded(changes, order, *returned);
            }
            PaymentFact::Disputed {
                dispute, inquiry, ..
            } => return dispute::opened(changes, order, dispute, *inquiry).map(Outcome::from),
            PaymentFact::DisputeClosed { dispute, won, .. } => {
                return dispute::closed(changes, order, dispute, *won).map(Outcome::from);
            }
            PaymentFact::AccountChanged { .. } => return Ok(Outcome::Known),
        };
        let late = company.settings.late_payment;
        let before = order.state;
        let effects = moves::advance(changes, order, event, late)?;
        if order.state == before {
            return Ok(Outcome::Known);
        }
        order.trail.processing = false;
        Ok(Outcome::Moved(effects))
    }

    async fn nothing_new(&self, claim: Option<Claim>) -> Result<()> {
        match claim {
            Some(claim) => self.store.finish_job(claim).await,
            None => Ok(()),
        }
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

impl From<Option<Vec<Effect>>> for Outcome {
    fn from(effects: Option<Vec<Effect>>) -> Self {
        effects.map_or(Self::Known, Self::Moved)
    }
}

fn is_present_link(order: &Order, session: &str) -> bool {
    order
        .checkout
        .as_ref()
        .is_some_and(|checkout| checkout.session == session)
}

/// P9: a difference between the provider's book and ours, which is none any more.
fn healed(changes: &mut Changes, order: &mut Order) {
    let message = format!(
        "the provider was asked and knew more than its events had told: the order is {} now",
        order.state.as_str()
    );
    moves::note(order, changes.at, message.clone());
    changes.alerts.push(Alert {
        code: "payment_reconciled",
        order: Some(order.id),
        message,
    });
}

/// What the customer hears about the new state, if anything: one receipt per payment, one word per refund.
fn tell(order: &Order, before: OrderState, fact: &PaymentFact) -> Option<Notice<'static>> {
    let total = order
        .payment
        .as_ref()
        .map_or(order.totals.total, |payment| payment.amount);
    match (fact, order.state) {
        (PaymentFact::Paid { .. }, OrderState::Paid) if before != OrderState::Paid => {
            Some(Notice::PaymentReceived { total })
        }
        (PaymentFact::Paid { .. }, OrderState::RefundPending)
            if before != OrderState::RefundPending =>
        {
            Some(Notice::RefundStarted { total })
        }
        (PaymentFact::Expired { .. } | PaymentFact::Failed { .. }, OrderState::Expired) => {
            Some(Notice::LinkExpired)
        }
        // Made at the provider by hand: the customer hears it from nobody else.
        (PaymentFact::Refunded { .. }, OrderState::Refunded)
            if before != OrderState::RefundPending && order.payment.is_some() =>
        {
            Some(Notice::RefundStarted { total })
        }
        _other => None,
    }
}
