//! Sync: what people do by hand in the company's calendar shows in x8 (P12). A booking moved there moves here; one
//! deleted there calls a human and is never silently written again.
//!
//! Every upcoming booking is looked at now and then, by a job of its own that brings the next one along: nothing is kept in
//! memory, a look that is lost to a crash comes again, and an outage of the calendar only delays it.

use jiff::{SignedDuration, Timestamp};

use super::{Engine, moves};
use crate::{
    booking::{Booking, BookingStatus, CalendarState, Slot},
    conversation::MessageType,
    error::{Error, ErrorKind, Result},
    id::BookingId,
    order::Order,
    port::{Alert, CalendarEvent, Changes, Job, JobKind, NewJob, Notice, Page},
    tenant::{Company, Tenant},
};

/// How often a booking that begins within [`SOON`] is looked at.
const OFTEN: SignedDuration = SignedDuration::from_mins(10);
/// How often any other is.
const SELDOM: SignedDuration = SignedDuration::from_hours(1);
/// See [`OFTEN`].
const SOON: SignedDuration = SignedDuration::from_hours(48);
/// How often a link to meet at is looked for while the booking is young; a calendar that makes none yet makes none soon.
const LINK: SignedDuration = SignedDuration::from_mins(1);
/// See [`LINK`].
const YOUNG: SignedDuration = SignedDuration::from_mins(15);
/// A hold that lies across a time began at most this long before it.
const LONGEST: SignedDuration = SignedDuration::from_hours(48);

/// Which bookings are written (again) when a calendar was connected or chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewrite {
    /// Those that wait: our access was given back to the same calendar (B5). The others are only looked at, so that what
    /// was moved by hand meanwhile stays moved.
    Waiting,
    /// All upcoming ones: it is another calendar. Those that were deleted by hand stay deleted.
    All,
}

/// What is known when a booking is looked at.
struct Look {
    company: Company,
    booking: Booking,
    order: Order,
}

impl Engine {
    /// Has the upcoming bookings of a company written to its calendar at once; answers how many jobs that takes.
    ///
    /// *Idempotency*: the jobs are keyed by their bookings; asking twice writes once.
    ///
    /// # Errors
    /// Storage failures only.
    pub async fn rewrite_calendar(&self, tenant: Tenant, rewrite: Rewrite) -> Result<u32> {
        let mut page = Page {
            limit: 200,
            after: None,
        };
        let mut jobs = 0;
        loop {
            let bookings = self.store.bookings(tenant, None, None, page).await?;
            let mut changes = Changes::at(self.clock.now());
            for booking in &bookings {
                changes.jobs.extend(again(booking, rewrite, changes.at));
            }
            jobs += u32::try_from(changes.jobs.len()).unwrap_or(u32::MAX);
            if !changes.jobs.is_empty() {
                self.store.commit(tenant, changes).await?;
            }
            match bookings.last() {
                Some(last) => page.after = Some(last.id),
                None => return Ok(jobs),
            }
        }
    }

    /// The [`SyncCalendar`](JobKind::SyncCalendar) job: one look at one booking's event.
    ///
    /// *Idempotency*: what was seen is written with the order's version as guard; a look that changes nothing says nothing.
    pub(super) async fn sync_calendar(
        &self,
        job: &Job,
        tenant: Tenant,
        id: BookingId,
    ) -> Result<()> {
        let mut changes = Changes::at(self.clock.now());
        changes.finish = Some(job.claim);
        let Some(mut look) = self.watched(tenant, id, changes.at).await? else {
            return self.done(job).await;
        };
        match self.calendar.get(tenant, &look.booking.event_id).await {
            Ok(None) => missing(&mut changes, &mut look),
            Ok(Some(event)) => self.found(&mut changes, &mut look, &event).await?,
            // The calendar was taken away; whoever connects one has everything written there.
            Err(error) if error.kind() == ErrorKind::Unsupported => return self.done(job).await,
            Err(error) => unreadable(&mut changes, &error),
        }
        changes.jobs.push(next_look(&look.booking, changes.at));
        self.store.commit(tenant, changes).await.map(drop)
    }

    /// The booking with its order, when its event is there to be looked at. The order is read before what is written of the
    /// booking: of two who write both, the one that read first is refused.
    async fn watched(&self, tenant: Tenant, id: BookingId, now: Timestamp) -> Result<Option<Look>> {
        let page = || Page::first(1);
        let known = self.store.bookings(tenant, None, Some(id), page()).await?;
        let Some(booking) = known.into_iter().next() else {
            return Ok(None);
        };
        let order = self.store.order(tenant, booking.order).await?;
        let known = self.store.bookings(tenant, None, Some(id), page()).await?;
        let Some(booking) = known.into_iter().find(|one| is_watched(one, now)) else {
            return Ok(None);
        };
        let company = self.store.company_for_work(tenant.company()).await?;
        Ok(Some(Look {
            company,
            booking,
            order,
        }))
    }

    /// The event is there: as it was written, or moved by hand.
    async fn found(
        &self,
        changes: &mut Changes,
        look: &mut Look,
        event: &CalendarEvent,
    ) -> Result<()> {
        let slot = &look.booking.slot;
        if (event.starts_at, event.ends_at) != (slot.starts_at, slot.ends_at) {
            return self.moved(changes, look, event).await;
        }
        let link = event
            .meeting_url
            .as_ref()
            .filter(|_| look.booking.is_online());
        let new_link = link.filter(|link| look.booking.meeting_url.as_ref() != Some(*link));
        if look.booking.calendar == CalendarState::Written && new_link.is_none() {
            return Ok(());
        }
        look.booking.calendar = CalendarState::Written;
        if let Some(url) = new_link {
            let slot = &look.booking.slot;
            self.tell_customer(changes, look, &Notice::MeetingLink { url, slot });
            look.booking.meeting_url = Some(url.clone());
        }
        write(changes, look);
        Ok(())
    }

    /// Somebody moved it: the booking and its seat follow when the time can be had here.
    async fn moved(
        &self,
        changes: &mut Changes,
        look: &mut Look,
        event: &CalendarEvent,
    ) -> Result<()> {
        let Some(slot) = self.seat_at(look, event, changes.at).await? else {
            diverged(changes, look, event);
            return Ok(());
        };
        look.booking.calendar = CalendarState::Written;
        look.booking.slot = slot.clone();
        look.order.slot = Some(slot);
        let (slot, place) = (&look.booking.slot, look.booking.place.as_str());
        self.tell_customer(changes, look, &Notice::BookingMoved { slot, place });
        write(changes, look);
        Ok(())
    }

    /// A seat at the time of the event, the booking's own one first; `None` when all are taken or the time is over. Opening
    /// hours do not matter: the company decided.
    async fn seat_at(
        &self,
        look: &Look,
        event: &CalendarEvent,
        now: Timestamp,
    ) -> Result<Option<Slot>> {
        let (starts_at, ends_at) = (event.starts_at, event.ends_at);
        if starts_at <= now || ends_at <= starts_at {
            return Ok(None);
        }
        let resource = &look.booking.slot.resource;
        let opening = &look.company.settings.opening;
        let seats = if resource == "delivery" {
            opening.delivery_capacity
        } else {
            opening.appointment_capacity
        };
        let from = starts_at.checked_sub(LONGEST).unwrap_or(Timestamp::MIN);
        let tenant = look.company.tenant();
        let holds = self
            .store
            .holds(tenant, Some(resource), from, ends_at)
            .await?;
        let taken: Vec<u32> = holds
            .iter()
            .filter(|hold| hold.order != look.order.id)
            .filter(|hold| hold.expires_at.is_none_or(|end| now < end))
            .filter(|hold| starts_at < hold.slot.ends_at && hold.slot.starts_at < ends_at)
            .map(|hold| hold.slot.seat)
            .collect();
        let mut free = std::iter::once(look.booking.slot.seat).chain(0..seats);
        let seat = free.find(|seat| *seat < seats && !taken.contains(seat));
        Ok(seat.map(|seat| Slot {
            starts_at,
            ends_at,
            seat,
            ..look.booking.slot.clone()
        }))
    }

    fn tell_customer(&self, changes: &mut Changes, look: &Look, notice: &Notice<'_>) {
        let zone = &look.company.settings.time_zone;
        let text = self.notices.write(&look.order.language, zone, notice);
        changes
            .messages
            .push(moves::notice(&look.order, MessageType::Type3, text));
    }
}

/// The booking as it was seen. The order goes along for its version: who changed either meanwhile is not overwritten.
fn write(changes: &mut Changes, look: &mut Look) {
    look.order.updated_at = changes.at;
    moves::write(changes, &look.order);
    changes.bookings.push(look.booking.clone());
}

fn missing(changes: &mut Changes, look: &mut Look) {
    if look.booking.calendar == CalendarState::Missing {
        return;
    }
    look.booking.calendar = CalendarState::Missing;
    changes.alerts.push(Alert {
        code: "calendar_deleted",
        order: Some(look.order.id),
        message: format!(
            "the event of the booking at {} was deleted by hand in the calendar; the booking still stands: cancel the order, or undelete the event",
            look.booking.slot.starts_at
        ),
    });
    write(changes, look);
}

/// Told once per time that it was moved to.
fn diverged(changes: &mut Changes, look: &mut Look, event: &CalendarEvent) {
    let (from, to) = (look.booking.slot.starts_at, event.starts_at);
    let alert = Alert {
        code: "calendar_diverged",
        order: Some(look.order.id),
        message: format!(
            "the event of the booking at {from} was moved by hand to {to}, which is taken or over; the booking stays at {from}: move the event to a free time or back",
        ),
    };
    let key = format!("calendar_diverged:{}:{to}", look.booking.id);
    changes.once.push((key, alert));
    if look.booking.calendar != CalendarState::Diverged {
        look.booking.calendar = CalendarState::Diverged;
        write(changes, look);
    }
}

/// Nothing can be seen. An outage passes; what a human must mend is told once a day.
fn unreadable(changes: &mut Changes, error: &Error) {
    if error.kind() == ErrorKind::Unavailable {
        return;
    }
    let day = changes.at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let alert = Alert {
        code: "calendar_unreadable",
        order: None,
        message: format!(
            "changes by hand in the calendar are not seen: {}",
            error.public()
        ),
    };
    changes
        .once
        .push((format!("calendar_unreadable:{day}"), alert));
}

/// Whether a booking's event is there to be looked at.
fn is_watched(booking: &Booking, now: Timestamp) -> bool {
    let there = match booking.calendar {
        CalendarState::Written | CalendarState::Missing | CalendarState::Diverged => true,
        CalendarState::Pending
        | CalendarState::Removed
        | CalendarState::Parked
        | CalendarState::None => false,
    };
    there && booking.status == BookingStatus::Booked && now < booking.slot.ends_at
}

/// What a booking needs when a calendar was connected.
fn again(booking: &Booking, rewrite: Rewrite, now: Timestamp) -> Option<NewJob> {
    let (booking_id, waits) = (booking.id, booking.calendar == CalendarState::Parked);
    let write = || {
        NewJob::new(
            JobKind::WriteCalendar {
                booking: booking_id,
            },
            now,
        )
    };
    let look = || {
        NewJob::new(
            JobKind::SyncCalendar {
                booking: booking_id,
            },
            now,
        )
    };
    if booking.status == BookingStatus::Cancelled {
        return waits.then(write);
    }
    if booking.slot.ends_at <= now {
        return None;
    }
    Some(match booking.calendar {
        CalendarState::Missing => look(),
        CalendarState::Written | CalendarState::Diverged if rewrite == Rewrite::Waiting => look(),
        CalendarState::Written
        | CalendarState::Diverged
        | CalendarState::Pending
        | CalendarState::Removed
        | CalendarState::Parked
        | CalendarState::None => write(),
    })
}

/// When the event is looked at next.
pub(super) fn next_look(booking: &Booking, now: Timestamp) -> NewJob {
    let until = now.duration_until(booking.slot.starts_at);
    let young = booking.created_at.duration_until(now) < YOUNG;
    let pace = if young && booking.is_online() && booking.meeting_url.is_none() {
        LINK
    } else if until <= SOON {
        OFTEN
    } else {
        SELDOM
    };
    let at = now.checked_add(pace).unwrap_or(Timestamp::MAX);
    let kind = JobKind::SyncCalendar {
        booking: booking.id,
    };
    NewJob::new(kind, at)
}
