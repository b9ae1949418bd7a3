//! Rebook: the company moves a booking to another free time (B2, B5).

use jiff::Timestamp;

use super::{Engine, moves, times::Grid};
use crate::{
    booking::{Booking, BookingStatus, CalendarState},
    conversation::MessageType,
    error::{Error, Result},
    id::BookingId,
    port::{Changes, JobKind, NewJob, Notice, Page},
    tenant::Tenant,
};

impl Engine {
    /// One booking of the company.
    ///
    /// # Errors
    /// `NotFound`, also for another tenant's.
    pub async fn booking(&self, tenant: Tenant, id: BookingId) -> Result<Booking> {
        let page = Page {
            limit: 1,
            after: None,
        };
        let found = self.store.bookings(tenant, None, Some(id), page).await?;
        found
            .into_iter()
            .next()
            .ok_or_else(|| Error::not_found("booking.get", "no such booking").with("booking", id))
    }

    /// Moves a booking that stands to the free time that starts at `starts_at`. The calendar follows and the customer is
    /// told.
    ///
    /// - `seen`: the start that the caller saw; another one refuses the move.
    ///
    /// *Idempotency*: moving it to where it is changes nothing.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when the time is not free, the booking does not stand, or it was moved meanwhile.
    pub async fn move_booking(
        &self,
        tenant: Tenant,
        id: BookingId,
        starts_at: Timestamp,
        seen: Option<Timestamp>,
    ) -> Result<Booking> {
        let (mut order, mut booking) = self.order_and_booking(tenant, id).await?;
        let refuse = |why| Err(Error::conflict("booking.move", why).with("booking", id));
        if seen.is_some_and(|seen| seen != booking.slot.starts_at) {
            return refuse("the booking was moved meanwhile; load it again");
        }
        if booking.status != BookingStatus::Booked {
            return refuse("the booking was called off");
        }
        if booking.slot.starts_at == starts_at {
            return Ok(booking);
        }
        let company = self.store.company_for_work(tenant.company()).await?;
        let catalog = self.store.live_catalog(tenant).await?;
        let minutes = u32::try_from(booking.slot.duration().as_mins()).unwrap_or(60);
        let grid = Grid {
            resource: booking.slot.resource.clone(),
            minutes,
            ..Grid::of(&company, &catalog, &order.lines)
        };
        let times = self
            .times_but_own(&company, &grid, Some(starts_at), 1, Some(order.id))
            .await?;
        let free = times.slots.into_iter().next();
        let Some(slot) = free.filter(|slot| slot.starts_at == starts_at) else {
            return refuse("this time is not free; ask for the free times");
        };
        let mut changes = Changes::at(self.clock.now());
        booking.slot = slot.clone();
        booking.time_zone.clone_from(&company.settings.time_zone);
        booking.calendar = CalendarState::Pending;
        let notice = Notice::BookingMoved {
            slot: &slot,
            place: &booking.place,
        };
        let text = self
            .notices
            .write(&order.language, &company.settings.time_zone, &notice);
        changes
            .messages
            .push(moves::notice(&order, MessageType::Type3, text));
        order.slot = Some(slot);
        order.updated_at = changes.at;
        changes.bookings.push(booking.clone());
        let job = JobKind::WriteCalendar { booking: id };
        changes.jobs.push(NewJob::new(job, changes.at));
        moves::write(&mut changes, &order);
        self.store.commit(tenant, changes).await?;
        Ok(booking)
    }

    /// A booking with its order, the order read before it: bookings carry no version of their own, so whoever writes one
    /// writes its order along, and of two writers the one that read first is refused.
    pub(super) async fn order_and_booking(
        &self,
        tenant: Tenant,
        id: BookingId,
    ) -> Result<(crate::order::Order, Booking)> {
        let known = self.booking(tenant, id).await?;
        let order = self.store.order(tenant, known.order).await?;
        Ok((order, self.booking(tenant, id).await?))
    }
}
