//! Book: a paid or free order gets its booking, and the company's calendar its event (B1–B5).

use jiff::SignedDuration;

use super::{Engine, moves};
use crate::{
    booking::{Booking, BookingKind, BookingStatus, CalendarState, Hold, Slot},
    catalog::Kind,
    conversation::MessageType,
    error::{ErrorKind, Result},
    id::{BookingId, OrderId},
    order::{Order, OrderEvent, OrderState},
    port::{Alert, CalendarEvent, Changes, Job, JobKind, NewJob, Notice},
    tenant::{Company, Tenant},
};

/// How often a parked write looks whether the calendar lets us in again.
const PARKED_WAIT: SignedDuration = SignedDuration::from_mins(5);

impl Engine {
    /// The [`Book`](JobKind::Book) job: the order's own time is booked while nobody else has it; once it is lost, the
    /// customer chooses another (B4).
    pub(super) async fn book(&self, job: &Job, tenant: Tenant, id: OrderId) -> Result<()> {
        let mut order = self.store.order(tenant, id).await?;
        if !matches!(
            order.state,
            OrderState::Paid | OrderState::Confirmed | OrderState::BookingFailed
        ) || order.offer.is_some()
        {
            return self.done(job).await;
        }
        let company = self.store.company_for_work(tenant.company()).await?;
        let mut changes = Changes::at(self.clock.now());
        changes.finish = Some(job.claim);
        let own = match order.slot.clone() {
            Some(slot) if self.is_still_free(tenant, &order, &slot).await? => Some(slot),
            Some(_) | None => None,
        };
        if let Some(slot) = own {
            self.confirm(&mut changes, &company, &mut order, slot)?;
        } else {
            let wished = order.slot.as_ref().map(|slot| slot.starts_at);
            let text = self
                .offer_times(&mut changes, &company, &mut order, wished)
                .await?;
            let notice = moves::notice(&order, MessageType::Type3, text);
            changes.messages.push(notice);
        }
        self.store.commit(tenant, changes).await.map(drop)
    }

    /// Books this slot for the order, tells the customer, and has the calendar follow. A seat that another order has taken
    /// meanwhile refuses the commit.
    pub(super) fn confirm(
        &self,
        changes: &mut Changes,
        company: &Company,
        order: &mut Order,
        slot: Slot,
    ) -> Result<()> {
        let settings = &company.settings;
        moves::advance(changes, order, OrderEvent::Booked, settings.late_payment)?;
        order.slot = Some(slot.clone());
        (order.problem, order.offer) = (None, None);
        let booking = self.new_booking(company, order, slot.clone(), changes);
        let notice = Notice::Booked {
            slot: &slot,
            place: &booking.place,
        };
        let text = self
            .notices
            .write(&order.language, &settings.time_zone, &notice);
        changes
            .messages
            .push(moves::notice(order, MessageType::Type3, text));
        let calendar = JobKind::WriteCalendar {
            booking: booking.id,
        };
        changes.jobs.push(NewJob::new(calendar, changes.at));
        changes.take.push(Hold {
            order: order.id,
            slot,
            expires_at: None,
        });
        changes.bookings.push(booking);
        moves::write(changes, order);
        Ok(())
    }

    /// Whether a slot is to come, and ours or nobody's: one whose hold ran out is still there until another takes it.
    async fn is_still_free(&self, tenant: Tenant, order: &Order, slot: &Slot) -> Result<bool> {
        let now = self.clock.now();
        let longest = SignedDuration::from_hours(24);
        let holds = self
            .store
            .holds(
                tenant,
                Some(&slot.resource),
                slot.starts_at - longest,
                slot.ends_at,
            )
            .await?;
        let live = |hold: &&Hold| hold.expires_at.is_none_or(|end| now < end);
        let mut others = holds
            .iter()
            .filter(live)
            .filter(|hold| hold.order != order.id);
        Ok(slot.starts_at > now && !others.any(|hold| hold.slot.clashes(slot)))
    }

    fn new_booking(
        &self,
        company: &Company,
        order: &Order,
        slot: Slot,
        changes: &Changes,
    ) -> Booking {
        let goods = order.lines.iter().any(|line| line.kind == Kind::Product);
        Booking {
            id: BookingId(self.ids.next()),
            order: order.id,
            kind: if goods {
                BookingKind::Delivery
            } else {
                BookingKind::Appointment
            },
            slot,
            time_zone: company.settings.time_zone.clone(),
            place: order.area.as_str().to_owned(),
            title: order.description(),
            status: BookingStatus::Booked,
            calendar: CalendarState::Pending,
            event_id: Booking::event_id_for(order.id, 0),
            generation: 0,
            created_at: changes.at,
        }
    }

    /// The [`WriteCalendar`](JobKind::WriteCalendar) job: brings the calendar in line with the booking as it stands now.
    pub(super) async fn write_calendar(
        &self,
        job: &Job,
        tenant: Tenant,
        id: BookingId,
    ) -> Result<()> {
        let (order, mut booking) = match self.order_and_booking(tenant, id).await {
            Err(gone) if gone.kind() == ErrorKind::NotFound => return self.done(job).await,
            found => found?,
        };
        let written = match booking.status {
            BookingStatus::Booked => {
                self.calendar
                    .put(tenant, &calendar_event(&booking, &order))
                    .await
            }
            BookingStatus::Cancelled => self.calendar.remove(tenant, &booking.event_id).await,
        };
        let mut changes = Changes::at(self.clock.now());
        match written {
            Ok(()) if booking.status == BookingStatus::Booked => {
                booking.calendar = CalendarState::Written;
            }
            Ok(()) => booking.calendar = CalendarState::Removed,
            // The id was used and deleted by hand: the next generation has a fresh one (B5).
            Err(error) if error.kind() == ErrorKind::Conflict => {
                booking.generation += 1;
                booking.event_id = Booking::event_id_for(booking.order, booking.generation);
                changes.jobs.push(NewJob::new(
                    JobKind::WriteCalendar { booking: id },
                    changes.at,
                ));
            }
            // The write waits, however long: it drains by itself once access is given again (B5).
            Err(error) if error.kind() == ErrorKind::Unauthenticated => {
                if booking.calendar != CalendarState::Parked {
                    changes.alerts.push(parked(&order));
                }
                booking.calendar = CalendarState::Parked;
                let again = JobKind::WriteCalendar { booking: id };
                changes
                    .jobs
                    .push(NewJob::new(again, changes.at + PARKED_WAIT));
            }
            Err(error) => return Err(error),
        }
        changes.finish = Some(job.claim);
        changes.bookings.push(booking);
        moves::write(&mut changes, &order);
        self.store.commit(tenant, changes).await.map(drop)
    }
}

fn parked(order: &Order) -> Alert {
    Alert {
        code: "calendar_parked",
        order: Some(order.id),
        message: "the calendar refuses our access; connect it again and the bookings follow"
            .to_owned(),
    }
}

fn calendar_event(booking: &Booking, order: &Order) -> CalendarEvent {
    CalendarEvent {
        id: booking.event_id.clone(),
        title: booking.title.clone(),
        description: format!(
            "{}\n{} {}\n{}",
            order.description(),
            order.client_name,
            order.recipient_phone,
            order.id
        ),
        place: booking.place.clone(),
        starts_at: booking.slot.starts_at,
        ends_at: booking.slot.ends_at,
        time_zone: booking.time_zone.clone(),
    }
}
