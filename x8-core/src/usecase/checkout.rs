//! Checkout: from an agreed cart to an order with a held slot and a payment link (O4–O9, B3, P4, P6).

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{Engine, moves, remind};
use crate::{
    booking::{Hold, Slot},
    cart,
    conversation::MessageType,
    error::{Error, ErrorKind, Result},
    id::{CompanyId, OrderId},
    order::{Area, Checkout, Order, OrderEvent, OrderState, Trail},
    port::{
        Alert, Changes, CheckoutRequest, Draft, Job, JobKind, NewJob, Notice, TurnInput, TurnState,
    },
    tenant::{Company, Tenant},
};

/// What came of placing an order.
pub(super) enum Placement {
    /// It is in the change set.
    Placed,
    /// No time could be held; here is what to tell the customer.
    NoSlot(String),
}

/// A slot is held this long for a free order, which is booked at once.
const FREE_HOLD: SignedDuration = SignedDuration::from_mins(30);

impl Engine {
    /// Writes a new order with its hold into the change set, superseding an open one (O9).
    ///
    /// *Money*: everything is priced again from the rows of this turn.
    pub(super) async fn place(
        &self,
        changes: &mut Changes,
        input: &TurnInput,
        state: &TurnState,
        draft: &Draft,
    ) -> Result<Placement> {
        let company = &input.company;
        let priced = cart::price(&input.catalog, &draft.cart, draft.area != Area::Online).map_err(
            |refusal| {
                Error::internal("checkout.price", refusal).with("conversation", input.conversation)
            },
        )?;
        let wished = wished(company, draft, changes.at);
        let open = state.order.as_ref().filter(|order| order.state.is_open());
        let replaced = open.map(|order| order.id);
        let Some(slot) = self
            .find_slot(
                changes,
                company,
                &input.catalog,
                &priced.lines,
                wished,
                replaced,
            )
            .await?
        else {
            changes.alerts.push(Alert {
                code: "no_slots",
                order: None,
                message: no_slots(company),
            });
            let notice = self.notices.write(
                &draft.language,
                &company.settings.time_zone,
                &Notice::BookingProblem,
            );
            return Ok(Placement::NoSlot(notice));
        };
        let late = company.settings.late_payment;
        if let Some(mut old) = state.order.clone().filter(|order| order.state.is_open()) {
            moves::advance(changes, &mut old, OrderEvent::Superseded, late)?;
            moves::write(changes, &old);
        }
        let mut order = self.new_order(company.id, state, draft, priced, slot.clone(), changes.at);
        let free = order.is_free();
        let event = if free {
            OrderEvent::ConfirmedFree
        } else {
            OrderEvent::CheckoutRequested
        };
        moves::advance(changes, &mut order, event, late)?;
        let expires_at = if free {
            changes.at + FREE_HOLD
        } else {
            remind::link_expiry(company, &order)
        };
        changes.take.push(Hold {
            order: order.id,
            slot,
            expires_at: Some(expires_at),
        });
        moves::write(changes, &order);
        Ok(Placement::Placed)
    }

    fn new_order(
        &self,
        company: CompanyId,
        state: &TurnState,
        draft: &Draft,
        priced: cart::Priced,
        slot: Slot,
        now: Timestamp,
    ) -> Order {
        Order {
            id: OrderId(self.ids.next()),
            company,
            customer: state.conversation.customer,
            conversation: state.conversation.id,
            version: 0,
            state: OrderState::Cart,
            lines: priced.lines,
            area: draft.area.clone(),
            totals: priced.totals,
            client_name: draft.client_name.clone(),
            recipient_phone: draft.recipient_phone.clone(),
            language: draft.language.clone(),
            reminder_hours: priced.reminder_hours.filter(|_| draft.remind),
            slot: Some(slot),
            checkout: None,
            payment: None,
            problem: None,
            trail: Trail::default(),
            reminded_at: None,
            offer: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// The [`OpenCheckout`](JobKind::OpenCheckout) job: opens the link and sends it.
    pub(super) async fn open_checkout(&self, job: &Job, tenant: Tenant, id: OrderId) -> Result<()> {
        let mut order = self.store.order(tenant, id).await?;
        if order.checkout.is_some() {
            return self.done(job).await;
        }
        let company = self.store.company_for_work(tenant.company()).await?;
        let request = checkout_request(&company, &order);
        let expires_at = request.expires_at;
        if order.state != OrderState::AwaitingPayment {
            // An earlier try may have opened the link before the order was superseded: nobody has its address, and nobody
            // shall be able to pay it (P6).
            if job.attempts > 1 {
                let opened = self.payments.open(tenant, &request).await?;
                self.payments.expire(tenant, &opened.session).await?;
            }
            return self.done(job).await;
        }
        let opened = match self.payments.open(tenant, &request).await {
            Err(error) if error.kind() == ErrorKind::PaymentRequired => {
                return self.park_checkout(job, &company, order, error).await;
            }
            answer => answer?,
        };
        let url = opened.url.ok_or_else(|| {
            Error::new(
                ErrorKind::Invalid,
                "checkout.open",
                "the link could no longer be opened",
            )
            .with("order", id)
        })?;
        let mut changes = Changes::at(self.clock.now());
        changes.finish = Some(job.claim);
        order.checkout = Some(Checkout {
            session: opened.session,
            url,
            expires_at,
            created_at: changes.at,
        });
        self.hand_over(&mut changes, &company, &mut order);
        moves::write(&mut changes, &order);
        self.store.commit(tenant, changes).await.map(drop)
    }

    /// The link goes to the customer, with everything that its life brings.
    fn hand_over(&self, changes: &mut Changes, company: &Company, order: &mut Order) {
        let Some(link) = order.checkout.clone() else {
            return;
        };
        order.problem = None;
        let sent = format!("the payment link was sent; for {}", order.recipient_phone);
        moves::note(order, changes.at, sent);
        let notice = Notice::PaymentLink {
            url: &link.url,
            total: order.totals.total,
            slot: order.slot.as_ref(),
            expires_at: link.expires_at,
        };
        let zone = &company.settings.time_zone;
        let text = self.notices.write(&order.language, zone, &notice);
        changes
            .messages
            .push(moves::notice(order, MessageType::Type2, text));
        let id = order.id;
        let ask_at = changes.at + self.policy.reconcile_after;
        let mut jobs = vec![
            NewJob::new(JobKind::CheckoutDue { order: id }, link.expires_at),
            NewJob::new(JobKind::Reconcile { order: id }, ask_at),
        ];
        let reminder = remind::due(company, order, changes.at, link.expires_at);
        jobs.extend(reminder.map(|at| NewJob::new(JobKind::Remind { order: id }, at)));
        changes.jobs.extend(jobs);
    }
}

/// The same for every try, so that the provider opens one link (P4).
fn checkout_request(company: &Company, order: &Order) -> CheckoutRequest {
    CheckoutRequest {
        order: order.id,
        idempotency_key: CheckoutRequest::renewal_key_for(order.id, order.trail.renewals),
        lines: order.lines.clone(),
        totals: order.totals,
        locale: order.language.clone(),
        expires_at: remind::link_expiry(company, order),
    }
}

/// The customer's wish as a moment, when it is not over yet.
fn wished(company: &Company, draft: &Draft, now: Timestamp) -> Option<Timestamp> {
    let zone = TimeZone::get(&company.settings.time_zone).ok()?;
    let start = zone
        .to_ambiguous_zoned(draft.wished_start?)
        .compatible()
        .ok()?
        .timestamp();
    (start > now).then_some(start)
}

fn no_slots(company: &Company) -> String {
    format!(
        "{} has no free time within its booking horizon; open more hours or capacity",
        company.name
    )
}
