//! Book: a paid or free order gets its booking, and the company's calendar its event (B1–B5).

use jiff::SignedDuration;

use super::{Engine, moves, sync_calendar};
use crate::{
    booking::{Booking, BookingKind, BookingStatus, CalendarState, Hold, Slot},
    catalog::Kind,
    conversation::MessageType,
    error::{ErrorKind, Result},
    id::{BookingId, OrderId},
    order::{Order, OrderEvent, OrderState},
    port::{Alert, CalendarEvent, Changes, Job, JobKind, NewJob, Notice, Page},
    tenant::{Company, Tenant},
};

/// How often a parked write looks whether the calendar lets us in again.
const PARKED_WAIT: SignedDuration = SignedDuration::from_mins(5);

impl Engine {
    /// The [`Book`](JobKind::Book) job. The held slot is taken; if the hold is gone, the next free one is, and the customer
    /// is told (B4).
    pub(super) async fn book(&self, job: &Job, tenant: Tenant, id: OrderId) -> Result<()> {
        let mut order = self.store.order(tenant, id).await?;
        if !matches!(
            order.state,
            OrderState::Paid | OrderState::Confirmed | OrderState::BookingFailed
        ) {
            return self.done(job).await;
        }
        let company = self.store.company_for_work(tenant.company()).await?;
        let mut changes = Changes::at(self.clock.now());
        changes.finish = Some(job.claim);
        let (slot, moved) = self.slot_for(&company, &order, &changes).await?;
        let late = company.settings.late_payment;
        let zone = company.settings.time_zone.clone();
        let Some(slot) = slot else {
            if order.state == OrderState::BookingFailed {
                return self.done(job).await;
            }
            moves::advance(&mut changes, &mut order, OrderEvent::BookingRefused, late)?;
            order.problem = Some("no free time within the booking horizon".to_owned());
            let text = self
                .notices
                .write(&order.language, &zone, &Notice::BookingProblem);
            changes
                .messages
                .push(moves::notice(&order, MessageType::Type3, text));
            moves::write(&mut changes, &order);
            return self.store.commit(tenant, changes).await.map(drop);
        };
        moves::advance(&mut changes, &mut order, OrderEvent::Booked, late)?;
        order.slot = Some(slot.clone());
        order.problem = None;
        let booking = self.booking(&company, &order, slot.clone(), &changes);
        let notice = Notice::Booked {
            slot: &slot,
            place: &booking.place,
            moved,
        };
        let text = self.notices.write(&order.language, &zone, &notice);
        changes
            .messages
            .push(moves::notice(&order, MessageType::Type3, text));
        changes.jobs.push(NewJob::new(
            JobKind::WriteCalendar {
                booking: booking.id,
            },
            changes.at,
        ));
        changes.take.push(Hold {
            order: order.id,
            slot,
            expires_at: None,
        });
        changes.bookings.push(booking);
        moves::write(&mut changes, &order);
        self.store.commit(tenant, changes).await.map(drop)
    }

    /// The order's own live hold, or the next free slot and `true`.
    async fn slot_for(
        &self,
        company: &Company,
        order: &Order,
        changes: &Changes,
    ) -> Result<(Option<Slot>, bool)> {
        let now = changes.at;
        if let Some(held) = &order.slot {
            let holds = self
                .store
                .holds(
                    company.tenant(),
                    &held.resource,
                    held.starts_at,
                    held.ends_at,
                )
                .await?;
            let live = |hold: &&Hold| hold.expires_at.is_none_or(|end| now < end);
            let same =
                |hold: &&Hold| hold.slot.starts_at == held.starts_at && hold.slot.seat == held.seat;
            match holds.iter().filter(live).find(same) {
                Some(hold) if hold.order != order.id => {}
                // Ours, or nobody's since it ran out: the seat is still there, and the commit takes it.
                _ours_or_free if held.starts_at > now => return Ok((Some(held.clone()), false)),
                _past => {}
            }
        }
        let wished = order.slot.as_ref().map(|slot| slot.starts_at);
        let catalog = self.store.live_catalog(company.tenant()).await?;
        Ok((
            self.find_slot(company, &catalog, &order.lines, wished, now)
                .await?,
            true,
        ))
    }

    fn booking(&self, company: &Company, order: &Order, slot: Slot, changes: &Changes) -> Booking {
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
            meeting_url: None,
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
        let page = Page {
            limit: 1,
            after: None,
        };
        let Some(mut booking) = self
            .store
            .bookings(tenant, None, Some(id), page)
            .await?
            .into_iter()
            .next()
        else {
            return self.done(job).await;
        };
        let order = self.store.order(tenant, booking.order).await?;
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
                changes
                    .jobs
                    .push(sync_calendar::next_look(&booking, changes.at));
            }
            Ok(()) => booking.calendar = CalendarState::Removed,
            // Nobody is to be called: there is nothing to write to, and connecting a calendar writes it.
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                booking.calendar = CalendarState::None;
            }
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
        order: Some(order.id),
        booking: Some(booking.id),
        online: booking.is_online(),
        meeting_url: None,
    }
}
