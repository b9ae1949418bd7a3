//! Offer: the time of a paid or free order was lost, so its customer chooses another, or gets the money back (B4).
//!
//! The order stays paid while its [`Offer`] is open. What the customer answers comes through the turn, like everything
//! they say; silence comes through the [`OfferDue`](JobKind::OfferDue) job. Nothing that is offered is held: who chooses
//! first has it, and who comes late is offered the next.

use jiff::{SignedDuration, Timestamp};

use super::{Engine, checkout::Placement, moves, times};
use crate::{
    conversation::MessageType,
    error::Result,
    id::OrderId,
    order::{Offer, Order, OrderEvent, OrderState},
    port::{Alert, Changes, Job, JobKind, NewJob, Notice, TurnInput, TurnState},
    tenant::{Company, Tenant},
};

/// How many times are offered at once.
const CHOICES: usize = 3;

impl Engine {
    /// Offers the next free times, not before `wished`, and says until when; without any, the order is one that cannot be
    /// booked. Returns what the customer is told.
    pub(super) async fn offer_times(
        &self,
        changes: &mut Changes,
        company: &Company,
        order: &mut Order,
        wished: Option<Timestamp>,
    ) -> Result<String> {
        let catalog = self.store.live_catalog(company.tenant()).await?;
        let grid = times::Grid::of(company, &catalog, &order.lines);
        let found = self.free_times(company, &grid, wished, CHOICES).await?;
        times::note_unread(changes, company, &found);
        let settings = &company.settings;
        let minutes = i64::from(settings.offer_minutes);
        let until = changes.at + SignedDuration::from_mins(minutes);
        let notice = if found.slots.is_empty() {
            if order.state != OrderState::BookingFailed {
                let refused = OrderEvent::BookingRefused;
                moves::advance(changes, order, refused, settings.late_payment)?;
            }
            order.problem = Some("no free time within the booking horizon".to_owned());
            Notice::BookingProblem
        } else {
            if order.offer.is_none() {
                changes.alerts.push(lost(order));
            }
            order.problem = Some(format!(
                "its time was lost; the customer chooses another until {until}"
            ));
            Notice::TimesOffered {
                slots: &found.slots,
                until,
                refund: (!order.is_free()).then_some(order.totals.total),
            }
        };
        let text = self
            .notices
            .write(&order.language, &settings.time_zone, &notice);
        order.updated_at = changes.at;
        order.offer = Some(Offer {
            slots: found.slots,
            until,
        });
        changes.release.push(order.id);
        let due = JobKind::OfferDue { order: order.id };
        changes.jobs.push(NewJob::new(due, until));
        moves::write(changes, order);
        Ok(text)
    }

    /// The customer wants this start: it is booked when it is free, else the next times are offered.
    pub(super) async fn choose_time(
        &self,
        changes: &mut Changes,
        input: &TurnInput,
        state: &TurnState,
        starts_at: Timestamp,
    ) -> Result<Placement> {
        let Some(mut order) = choosing(state, changes.at) else {
            return Ok(Placement::Placed);
        };
        let company = &input.company;
        let grid = times::Grid::of(company, &input.catalog, &order.lines);
        let found = self.free_times(company, &grid, Some(starts_at), 1).await?;
        times::note_unread(changes, company, &found);
        let free = found.slots.into_iter().next();
        if let Some(slot) = free.filter(|slot| slot.starts_at == starts_at) {
            self.confirm(changes, company, &mut order, slot)?;
            return Ok(Placement::Placed);
        }
        let text = self
            .offer_times(changes, company, &mut order, Some(starts_at))
            .await?;
        Ok(Placement::NoSlot(text))
    }

    /// The customer wants none of the times: what was paid goes back.
    pub(super) fn decline_times(
        &self,
        changes: &mut Changes,
        company: &Company,
        state: &TurnState,
    ) -> Result<()> {
        let Some(mut order) = choosing(state, changes.at) else {
            return Ok(());
        };
        if order.payment.is_some() {
            let total = order.totals.total;
            self.give_back(
                changes,
                company,
                &mut order,
                &Notice::RefundStarted { total },
            )
        } else {
            end(changes, company, &mut order)
        }
    }

    /// The [`OfferDue`](JobKind::OfferDue) job: nobody chose in time, so what was paid goes back and what was free is off.
    pub(super) async fn offer_due(&self, job: &Job, tenant: Tenant, id: OrderId) -> Result<()> {
        let mut order = self.store.order(tenant, id).await?;
        let now = self.clock.now();
        let is_over = |offer: &Offer| offer.until <= now;
        if !awaits_time(&order) || !order.offer.as_ref().is_some_and(is_over) {
            return self.done(job).await;
        }
        let company = self.store.company_for_work(tenant.company()).await?;
        let mut changes = Changes::at(now);
        changes.finish = Some(job.claim);
        let refund = order.payment.as_ref().map(|payment| payment.amount);
        let notice = Notice::NoTimeChosen { refund };
        self.give_back(&mut changes, &company, &mut order, &notice)?;
        self.store.commit(tenant, changes).await.map(drop)
    }

    fn give_back(
        &self,
        changes: &mut Changes,
        company: &Company,
        order: &mut Order,
        notice: &Notice<'_>,
    ) -> Result<()> {
        let zone = &company.settings.time_zone;
        let text = self.notices.write(&order.language, zone, notice);
        end(changes, company, order)?;
        let notice = moves::notice(order, MessageType::Type3, text);
        changes.messages.push(notice);
        Ok(())
    }
}

/// Paid orders go back, free ones are withdrawn.
fn end(changes: &mut Changes, company: &Company, order: &mut Order) -> Result<()> {
    let event = if order.payment.is_some() {
        OrderEvent::RefundRequested
    } else {
        OrderEvent::Withdrawn
    };
    order.offer = None;
    order.problem = None;
    moves::advance(changes, order, event, company.settings.late_payment)?;
    moves::write(changes, order);
    Ok(())
}

/// The order whose time its customer chooses just now.
fn choosing(state: &TurnState, now: Timestamp) -> Option<Order> {
    let order = state.order.clone()?;
    order.open_offer(now).is_some().then_some(order)
}

fn awaits_time(order: &Order) -> bool {
    matches!(
        order.state,
        OrderState::Paid | OrderState::Confirmed | OrderState::BookingFailed
    )
}

fn lost(order: &Order) -> Alert {
    Alert {
        code: "slot_lost",
        order: Some(order.id),
        message: "the time of a paid or free order was lost; its customer is choosing another"
            .to_owned(),
    }
}
