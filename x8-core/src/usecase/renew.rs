//! Renew: a link that cannot be opened yet waits, and a new link takes the place of an old one (O9, P3, P6).

use jiff::SignedDuration;

use super::{Engine, expire::fact_of, moves, remind::link_expiry, settle::Source};
use crate::{
    booking::Hold,
    conversation::MessageType,
    error::{Error, ErrorKind, Result},
    id::OrderId,
    order::{Order, OrderState},
    port::{Alert, Changes, Job, JobKind, NewJob, Notice, Page, PaymentFact},
    tenant::{Company, Tenant},
};

/// How often a link that waits for the company's account is tried again.
const PARKED_WAIT: SignedDuration = SignedDuration::from_mins(5);

/// How long an order waits for the company's account before it is called off.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);

impl Engine {
    /// P3: the company has no account that can be paid to. The order waits for it, its owner is called once, and the customer
    /// hears once that the link takes longer.
    pub(super) async fn park_checkout(
        &self,
        job: &Job,
        company: &Company,
        mut order: Order,
        error: Error,
    ) -> Result<()> {
        let mut changes = Changes::at(self.clock.now());
        let began = order
            .trail
            .steps
            .first()
            .map_or(order.created_at, |step| step.at);
        if began + LONGEST_WAIT <= changes.at {
            return Err(error);
        }
        if order.problem.is_none() {
            let notice = Notice::CheckoutProblem;
            self.say(&mut changes, company, &order, &notice);
            changes.alerts.push(Alert {
                code: "connect_needed",
                order: Some(order.id),
                message: "an order waits for its payment link: connect a payment account, or complete what the provider asks for".to_owned(),
            });
            order.problem = Some(error.public().to_owned());
            moves::note(&mut order, changes.at, error.public());
        }
        if job.attempts <= 1 {
            // Nothing was opened under the old key, and its time runs.
            order.trail.renewals = order.trail.renewals.saturating_add(1);
            order.trail.renewed_at = Some(changes.at);
        }
        changes.finish = Some(job.claim);
        open_later(&mut changes, &order, PARKED_WAIT);
        moves::write(&mut changes, &order);
        self.store.commit(company.tenant(), changes).await.map(drop)
    }

    /// Sends a new link for an unpaid order, after the old one was expired at the provider (O9). One that turns out to be paid
    /// is settled instead.
    ///
    /// *Idempotency*: while the new link is being made, asking again changes nothing.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when the order does not wait for a payment, or its money is on its way; `Unavailable`.
    pub async fn resend_link(&self, tenant: Tenant, id: OrderId) -> Result<Order> {
        const OPERATION: &str = "order.resend_link";
        let order = self.store.order(tenant, id).await?;
        if order.state != OrderState::AwaitingPayment {
            let why = "only an order that waits for its payment can be sent a new link";
            return Err(Error::conflict(OPERATION, why)
                .retrying(crate::Retry::Never)
                .with("order", id)
                .with("state", order.state.as_str()));
        }
        let Some(old) = order.checkout.clone() else {
            return Ok(order);
        };
        let state = self.payments.expire(tenant, &old.session).await?.state;
        match fact_of(old.session, state) {
            Some(fact @ PaymentFact::Processing { .. }) => {
                self.settle(tenant, order, &fact, Source::default()).await?;
                let why = "the customer has paid and the money is on its way; wait for it";
                Err(Error::conflict(OPERATION, why)
                    .retrying(crate::Retry::Never)
                    .with("order", id))
            }
            Some(fact @ PaymentFact::Paid { .. }) => {
                self.settle(tenant, order, &fact, Source::default()).await?;
                self.store.order(tenant, id).await
            }
            Some(_) | None => {
                self.renew(tenant, order).await?;
                self.store.order(tenant, id).await
            }
        }
    }

    /// The old link is dead: the order waits for another, with its time held as long as that one lives (B3).
    async fn renew(&self, tenant: Tenant, mut order: Order) -> Result<()> {
        let company = self.store.company_for_work(tenant.company()).await?;
        let mut changes = Changes::at(self.clock.now());
        order.checkout = None;
        order.trail.renewals = order.trail.renewals.saturating_add(1);
        order.trail.renewed_at = Some(changes.at);
        moves::note(
            &mut order,
            changes.at,
            "a new payment link was asked for; the old one is dead",
        );
        open_later(&mut changes, &order, SignedDuration::ZERO);
        moves::write(&mut changes, &order);
        let mut holding = changes.clone();
        if let Some(slot) = order.slot.clone() {
            let expires_at = Some(link_expiry(&company, &order));
            holding.take.push(Hold {
                order: order.id,
                slot,
                expires_at,
            });
        }
        match self.store.commit(tenant, holding).await {
            // Somebody else has the time by now: once the money is there, the next free one is found (B4).
            Err(error) if error.kind() == ErrorKind::Conflict => {
                self.store.commit(tenant, changes).await.map(drop)
            }
            held => held.map(drop),
        }
    }

    /// Sends an order's money back: its booking is called off, the calendar follows, the customer hears of it (P7).
    ///
    /// *Idempotency*: an order that is refunded, or about to be, stays as it is; a refund that was given up is tried again.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when nothing was paid.
    pub async fn refund_order(&self, tenant: Tenant, id: OrderId) -> Result<Order> {
        let order = self.store.order(tenant, id).await?;
        if order.payment.is_none() && order.state != OrderState::Refunded {
            let why = "nothing was paid for this order; cancel it instead";
            return Err(Error::conflict("order.refund", why)
                .retrying(crate::Retry::Never)
                .with("order", id));
        }
        if order.state == OrderState::Refunded {
            return Ok(order);
        }
        self.cancel_order(tenant, id).await
    }

    /// Makes every open link of a company unpayable and ends its orders, before its account goes (P3). What turns out to be
    /// paid is settled.
    ///
    /// # Errors
    /// `Conflict` while money of an order is on its way, in either direction; `Unavailable`.
    pub async fn close_links(&self, tenant: Tenant) -> Result<()> {
        let mut page = Page {
            limit: 200,
            after: None,
        };
        loop {
            let orders = self.store.orders(tenant, None, page).await?;
            for order in &orders {
                self.close_link(tenant, order).await?;
            }
            let Some(last) = orders.last().filter(|_| orders.len() == 200) else {
                return Ok(());
            };
            page.after = Some(last.id);
        }
    }

    async fn close_link(&self, tenant: Tenant, order: &Order) -> Result<()> {
        let busy = || {
            let why =
                "money of an order is still on its way; wait until it has arrived or gone back";
            Error::conflict("connect.disconnect", why)
                .retrying(crate::Retry::Never)
                .with("order", order.id)
        };
        match (order.state, &order.checkout) {
            (OrderState::RefundPending, _) => Err(busy()),
            (OrderState::AwaitingPayment, Some(link)) => {
                let session = link.session.clone();
                let state = self.payments.expire(tenant, &session).await?.state;
                let fact =
                    fact_of(session.clone(), state).unwrap_or(PaymentFact::Expired { session });
                if matches!(fact, PaymentFact::Processing { .. }) {
                    return Err(busy());
                }
                self.settle(tenant, order.clone(), &fact, Source::default())
                    .await
            }
            _other => Ok(()),
        }
    }

    fn say(&self, changes: &mut Changes, company: &Company, order: &Order, notice: &Notice<'_>) {
        let zone = &company.settings.time_zone;
        let text = self.notices.write(&order.language, zone, notice);
        changes
            .messages
            .push(moves::notice(order, MessageType::Type3, text));
    }
}

/// In the customer's lane, behind what is about to happen to older links (O9).
fn open_later(changes: &mut Changes, order: &Order, wait: SignedDuration) {
    let kind = JobKind::OpenCheckout { order: order.id };
    let job = NewJob::new(kind, changes.at + wait);
    changes.jobs.push(job.in_lane(moves::lane(order)));
}
