//! Fail: a step met an error. It waits for its next try, or what it was about comes to an end that people can see.

use super::{Engine, moves};
use crate::{
    conversation::{Delivery, MessageType},
    error::{Error, ErrorKind, Result, Retry},
    id::OrderId,
    order::{OrderEvent, OrderState},
    port::{Alert, Changes, Job, JobKind, Notice},
    tenant::Tenant,
};

impl Engine {
    /// Puts a failed job back with growing gaps (honouring `Retry-After`), or among the dead letters with an alert.
    ///
    /// An order whose job is given up does not stay where nothing moves it any more: one without a link is cancelled, one
    /// whose time is up expires, one that cannot be booked becomes `BookingFailed`; its customer is told.
    ///
    /// *Idempotency*: a crash in between leaves the job claimed; its next try finds the order moved on.
    ///
    /// # Errors
    /// Storage failures only.
    pub async fn fail(&self, job: &Job, error: &Error) -> Result<()> {
        let max = self.policy.max_attempts;
        let now = self.clock.now();
        let at = moves::retry_at(job.attempts, error, max, now);
        let wait = at.map(|at| now.duration_until(at));
        self.still_thinking(job, wait, error).await?;
        match at {
            None => self.give_up(job, error).await?,
            Some(_) if job.attempts == max => self.still_waiting(job, error).await?,
            Some(_) => {}
        }
        self.store.fail_job(job.claim, at, &error.to_string()).await
    }

    /// A job was asked to come again so often that somebody should look; it goes on trying.
    async fn still_waiting(&self, job: &Job, error: &Error) -> Result<()> {
        let Some((tenant, order)) = self.subject(job).await? else {
            return Ok(());
        };
        let mut changes = Changes::at(self.clock.now());
        changes.alerts.push(Alert {
            code: "still_waiting",
            order,
            message: format!("{} keeps waiting: {}", job.kind.key(), error.public()),
        });
        self.store.commit(tenant, changes).await.map(drop)
    }

    async fn give_up(&self, job: &Job, error: &Error) -> Result<()> {
        let Some((tenant, order)) = self.subject(job).await? else {
            return Ok(());
        };
        let mut changes = Changes::at(self.clock.now());
        if let JobKind::Send { message } = job.kind {
            let (problem, now) = (Some(error.public()), changes.at);
            self.store
                .mark(tenant, Some(message), None, Delivery::Failed, problem, now)
                .await?;
        }
        if let Some(order) = order {
            self.end(&mut changes, tenant, order, &job.kind, error)
                .await?;
        }
        let message = format!(
            "{} gave up after {} tries: {}",
            job.kind.key(),
            job.attempts,
            error.public()
        );
        changes.alerts.push(Alert {
            code: alert_code(&job.kind),
            order,
            message,
        });
        self.store.commit(tenant, changes).await.map(drop)
    }

    /// Whose job it is, and about which order. `None`: nobody's yet; the violations query names money without an order.
    async fn subject(&self, job: &Job) -> Result<Option<(Tenant, Option<OrderId>)>> {
        let JobKind::ApplyPayment { account, event } = &job.kind else {
            return Ok(job.tenant.map(|tenant| (tenant, order_of(&job.kind))));
        };
        match self.store.event(account, event).await {
            Ok((_, owner)) => Ok(owner.map(|(tenant, order)| (tenant, Some(order)))),
            // An event that cannot be read is buried all the same.
            Err(unreadable) if unreadable.retry() == Retry::Never => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Moves an order on whose step will not be tried again, and tells its customer.
    async fn end(
        &self,
        changes: &mut Changes,
        tenant: Tenant,
        id: OrderId,
        kind: &JobKind,
        error: &Error,
    ) -> Result<()> {
        let mut order = match self.store.order(tenant, id).await {
            Err(gone) if gone.kind() == ErrorKind::NotFound => return Ok(()),
            found => found?,
        };
        let move_on = match (kind, order.state) {
            (JobKind::OpenCheckout { .. }, OrderState::AwaitingPayment)
                if order.checkout.is_none() =>
            {
                Some((OrderEvent::Cancelled, Notice::CheckoutProblem))
            }
            (JobKind::CheckoutDue { .. }, OrderState::AwaitingPayment) => {
                Some((OrderEvent::LinkExpired, Notice::LinkExpired))
            }
            (JobKind::Book { .. }, OrderState::Paid | OrderState::Confirmed) => {
                Some((OrderEvent::BookingRefused, Notice::BookingProblem))
            }
            (JobKind::Refund { .. }, OrderState::RefundPending) => None,
            _other => return Ok(()),
        };
        order.problem = Some(error.public().to_owned());
        order.updated_at = changes.at;
        if let Some((event, notice)) = move_on {
            let settings = self
                .store
                .company_for_work(tenant.company())
                .await?
                .settings;
            moves::advance(changes, &mut order, event, settings.late_payment)?;
            let text = self
                .notices
                .write(&order.language, &settings.time_zone, &notice);
            changes
                .messages
                .push(moves::notice(&order, MessageType::Type3, text));
        }
        moves::write(changes, &order);
        Ok(())
    }
}

fn order_of(kind: &JobKind) -> Option<OrderId> {
    match kind {
        JobKind::OpenCheckout { order }
        | JobKind::ExpireCheckout { order }
        | JobKind::CheckoutDue { order }
        | JobKind::Book { order }
        | JobKind::Refund { order }
        | JobKind::OfferDue { order }
        | JobKind::Remind { order }
        | JobKind::Reconcile { order }
        | JobKind::ReturnPayment { order, .. } => Some(*order),
        JobKind::Answer { .. }
        | JobKind::AnswerHeld { .. }
        | JobKind::Send { .. }
        | JobKind::ApplyPayment { .. }
        | JobKind::WriteCalendar { .. } => None,
    }
}

/// One word per kind of trouble, so that each can be routed to whom it concerns.
fn alert_code(kind: &JobKind) -> &'static str {
    match kind {
        JobKind::Answer { .. } | JobKind::AnswerHeld { .. } => "answer_failed",
        JobKind::Send { .. } => "send_failed",
        JobKind::OpenCheckout { .. } => "checkout_failed",
        JobKind::ExpireCheckout { .. } | JobKind::CheckoutDue { .. } => "expire_failed",
        JobKind::ApplyPayment { .. } => "payment_unapplied",
        JobKind::Book { .. } => "booking_failed",
        JobKind::WriteCalendar { .. } => "calendar_failed",
        JobKind::Refund { .. } | JobKind::ReturnPayment { .. } => "refund_failed",
        JobKind::Reconcile { .. } => "reconcile_failed",
        JobKind::OfferDue { .. } => "offer_failed",
        JobKind::Remind { .. } => "reminder_failed",
    }
}
