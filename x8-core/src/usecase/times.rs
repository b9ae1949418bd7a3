//! Times: what can be booked, from opening hours, what x8 gave away, and what the company's calendar says (B2, B3).

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::Engine;
use crate::{
    booking::{Busy, Slot, SlotQuery, free_slots},
    catalog::{Catalog, Kind, Offering},
    error::{Error, ErrorKind, Result},
    id::OrderId,
    order::OrderLine,
    port::{Alert, Changes},
    tenant::{Company, Tenant},
};

/// What is booked: where, how long, how often at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// `delivery` or `sku:<key>`.
    pub resource: String,
    /// Length of a slot in minutes.
    pub minutes: u32,
    /// Minutes from one start to the next; 0: the length.
    pub step: u32,
    /// Parallel seats.
    pub capacity: u32,
}

impl Grid {
    /// Deliveries of a company: all share one resource.
    #[must_use]
    pub fn delivery(company: &Company) -> Self {
        let opening = &company.settings.opening;
        Self {
            resource: "delivery".to_owned(),
            minutes: opening.delivery_minutes,
            step: 0,
            capacity: opening.delivery_capacity,
        }
    }

    /// Appointments for one service; an hour each when the catalogue does not say how long.
    #[must_use]
    pub fn appointment(company: &Company, service: &Offering) -> Self {
        let opening = &company.settings.opening;
        Self {
            resource: format!("sku:{}", service.sku),
            minutes: service.duration_minutes.unwrap_or(60),
            step: opening.appointment_step_minutes,
            capacity: opening.appointment_capacity,
        }
    }

    /// Services alone have the grid of the first; with goods among them it is a delivery.
    pub(super) fn of(company: &Company, catalog: &Catalog, lines: &[OrderLine]) -> Self {
        let services = lines.iter().all(|line| line.kind == Kind::Service);
        let first = lines.first().filter(|_| services);
        match first.map(|line| (line, catalog.get(&line.sku))) {
            Some((_, Some(row))) => Self::appointment(company, row),
            // The service has left the catalogue since.
            Some((line, None)) => Self {
                resource: format!("sku:{}", line.sku),
                minutes: 60,
                step: company.settings.opening.appointment_step_minutes,
                capacity: company.settings.opening.appointment_capacity,
            },
            None => Self::delivery(company),
        }
    }
}

/// Free times, and how they were found.
#[derive(Debug)]
pub struct Times {
    /// In order of time.
    pub slots: Vec<Slot>,
    /// The company's calendar could not be read: they are free as far as x8's own bookings go.
    pub calendar_unread: Option<Error>,
}

impl Engine {
    /// The first `limit` free times, not before `not_before`.
    ///
    /// - What the company's calendar holds besides x8's own bookings blocks them, at every seat.
    /// - A calendar that cannot be read blocks nothing and is told of; the caller's own bookings always count.
    ///
    /// # Errors
    /// `Invalid` for an unknown time zone; storage failures.
    pub async fn free_times(
        &self,
        company: &Company,
        grid: &Grid,
        not_before: Option<Timestamp>,
        limit: usize,
    ) -> Result<Times> {
        self.times_but_own(company, grid, not_before, limit, None)
            .await
    }

    /// The same, as if an order held and had booked nothing.
    pub(super) async fn times_but_own(
        &self,
        company: &Company,
        grid: &Grid,
        not_before: Option<Timestamp>,
        limit: usize,
        own: Option<OrderId>,
    ) -> Result<Times> {
        let (tenant, now) = (company.tenant(), self.clock.now());
        let opening = &company.settings.opening;
        let day = SignedDuration::from_hours(24);
        let until = now + day * (i32::try_from(opening.horizon_days).unwrap_or(365).min(365) + 2);
        // What began before may still go on.
        let mut taken = self
            .store
            .holds(tenant, Some(&grid.resource), now - day, until)
            .await?;
        taken.retain(|hold| Some(hold.order) != own);
        let (busy, calendar_unread) = match self.busy(tenant, now, until).await {
            Ok(busy) => (busy, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        let query = SlotQuery {
            opening,
            time_zone: &company.settings.time_zone,
            resource: &grid.resource,
            minutes: grid.minutes,
            step: grid.step,
            capacity: grid.capacity,
            now,
            not_before,
            taken: &taken,
            busy: &busy,
        };
        Ok(Times {
            slots: free_slots(&query, limit)?,
            calendar_unread,
        })
    }

    /// When the calendar is busy with anything but x8's own bookings, which have seats instead.
    async fn busy(&self, tenant: Tenant, from: Timestamp, to: Timestamp) -> Result<Vec<Busy>> {
        let busy = match self.calendar.busy(tenant, from, to).await {
            // No calendar, nothing in it.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Unsupported) => {
                return Ok(Vec::new());
            }
            read => read?,
        };
        if busy.is_empty() {
            return Ok(busy);
        }
        let day = SignedDuration::from_hours(24);
        let own = self.store.holds(tenant, None, from - day, to).await?;
        let booked = own.iter().filter(|hold| hold.expires_at.is_none());
        let own = booked.map(|hold| (hold.slot.starts_at, hold.slot.ends_at));
        Ok(own.fold(busy, |busy, own| {
            busy.into_iter().flat_map(|one| without(one, own)).collect()
        }))
    }

    /// The first free slot for these lines, not before `wished`, as if the order they replace held nothing. Adds to `changes` what the company should know: that its
    /// calendar could not be read, or that goods cannot be there in the time it promises (B2); each once a day.
    pub(super) async fn find_slot(
        &self,
        changes: &mut Changes,
        company: &Company,
        catalog: &Catalog,
        lines: &[OrderLine],
        wished: Option<Timestamp>,
        replaced: Option<OrderId>,
    ) -> Result<Option<Slot>> {
        let grid = Grid::of(company, catalog, lines);
        let times = self
            .times_but_own(company, &grid, wished, 1, replaced)
            .await?;
        note_unread(changes, company, &times);
        let slot = times.slots.into_iter().next();
        if let (Some(slot), None) = (&slot, wished)
            && let Some(hours) = promised_hours(catalog, lines)
            && is_late_for_want_of_room(company, &grid, slot, hours, changes.at)?
        {
            let message = format!(
                "goods that are promised within {hours} hours cannot be there before {}: every earlier time is taken; open more capacity",
                slot.starts_at
            );
            once_a_day(changes, company, "delivery_late", message);
        }
        Ok(slot)
    }
}

/// Tells the company, once a day, that times are offered without its calendar.
pub(super) fn note_unread(changes: &mut Changes, company: &Company, times: &Times) {
    if let Some(error) = &times.calendar_unread {
        let message = format!(
            "the calendar could not be read ({}): times are offered by x8's own bookings alone",
            error.public()
        );
        once_a_day(changes, company, "calendar_unread", message);
    }
}

fn once_a_day(changes: &mut Changes, company: &Company, code: &'static str, message: String) {
    let zone = TimeZone::get(&company.settings.time_zone).unwrap_or(TimeZone::UTC);
    let day = changes.at.to_zoned(zone).date();
    let alert = Alert {
        code,
        order: None,
        message,
    };
    changes.once.push((format!("{code}:{day}"), alert));
}

/// B2: within how many hours these goods are promised: the shortest promise counts, for they come together.
fn promised_hours(catalog: &Catalog, lines: &[OrderLine]) -> Option<u32> {
    let goods = lines.iter().filter(|line| line.kind == Kind::Product);
    let rows = goods.filter_map(|line| catalog.get(&line.sku));
    rows.filter_map(|row| row.delivery_hours).min()
}

/// Whether a slot breaks the promise that an empty book would have kept: closed hours are no fault of the capacity.
fn is_late_for_want_of_room(
    company: &Company,
    grid: &Grid,
    slot: &Slot,
    hours: u32,
    now: Timestamp,
) -> Result<bool> {
    let promised = now.checked_add(SignedDuration::from_hours(i64::from(hours)));
    let Some(promised) = promised.ok().filter(|promised| slot.ends_at > *promised) else {
        return Ok(false);
    };
    let empty = SlotQuery {
        opening: &company.settings.opening,
        time_zone: &company.settings.time_zone,
        resource: &grid.resource,
        minutes: grid.minutes,
        step: grid.step,
        capacity: grid.capacity,
        now,
        not_before: None,
        taken: &[],
        busy: &[],
    };
    let first = free_slots(&empty, 1)?;
    Ok(first.first().is_some_and(|first| first.ends_at <= promised))
}

/// What is left of one stretch without another.
fn without(one: Busy, other: Busy) -> impl Iterator<Item = Busy> {
    let before = (one.0, one.1.min(other.0));
    let after = (one.0.max(other.1), one.1);
    [before, after].into_iter().filter(|(from, to)| from < to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b3_what_is_left_of_a_busy_time_is_what_is_not_ours() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let left = |one: (i64, i64), other: (i64, i64)| -> Vec<(i64, i64)> {
            without((at(one.0), at(one.1)), (at(other.0), at(other.1)))
                .map(|(from, to)| (from.as_second(), to.as_second()))
                .collect()
        };
        assert_eq!(left((0, 10), (3, 5)), [(0, 3), (5, 10)]);
        assert_eq!(left((0, 10), (0, 10)), []);
        assert_eq!(left((0, 10), (0, 4)), [(4, 10)]);
        assert_eq!(left((0, 10), (8, 20)), [(0, 8)]);
        assert_eq!(left((0, 10), (10, 20)), [(0, 10)]);
        assert_eq!(left((5, 10), (0, 5)), [(5, 10)]);
        assert_eq!(left((3, 4), (0, 10)), []);
    }
}
