//! Bookings, slots and opening hours (B1–B6).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::{BookingId, OrderId};

mod hours;
mod slots;

pub use hours::{DayHours, OpeningHours, SpecialDay};
pub use slots::{Busy, SlotQuery, free_slots};

/// A stretch of time at a resource, one of a limited number of seats.
///
/// It covers one cell of its resource's grid, or several. Two slots of a resource and seat either share a cell or do not
/// overlap, and two holds of the same cell, `(resource, starts_at, seat)`, are impossible in every store (B3).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Slot {
    /// What is taken: `delivery`, or `sku:<key>` for an appointment.
    pub resource: String,
    /// Start, UTC (B6).
    pub starts_at: Timestamp,
    /// End, UTC.
    pub ends_at: Timestamp,
    /// Which of the parallel places, from 0.
    pub seat: u32,
    /// Length of a cell of its grid; 0: the slot is one cell.
    #[serde(default, skip_serializing_if = "is_one_cell")]
    pub cell_minutes: u32,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
fn is_one_cell(minutes: &u32) -> bool {
    *minutes == 0
}

/// What a store knows to be taken: a live hold or a booking. A slot of several cells is read back as one hold per cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The order it belongs to.
    pub order: OrderId,
    /// What is held.
    pub slot: Slot,
    /// When it lets go by itself; `None` once booked.
    pub expires_at: Option<Timestamp>,
}

/// What a booking is (B2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingKind {
    /// Goods to a city.
    Delivery,
    /// A person at a place or online.
    Appointment,
}

/// Whether a booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingStatus {
    /// It stands.
    Booked,
    /// It was called off.
    Cancelled,
}

/// Where the copy in the company's calendar stands (B5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarState {
    /// Its write is queued.
    Pending,
    /// The event is there.
    Written,
    /// The event was taken out.
    Removed,
    /// The calendar refused; somebody was alerted and the write waits.
    Parked,
}

/// A delivery or an appointment. Exists only for a paid or free order, one per order; the database refuses otherwise (B1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Key.
    pub id: BookingId,
    /// Its order.
    pub order: OrderId,
    /// B2.
    pub kind: BookingKind,
    /// When and where in the grid.
    pub slot: Slot,
    /// The company's zone at that time (B6).
    pub time_zone: String,
    /// City, or `online`.
    pub place: String,
    /// What it is about, for the calendar.
    pub title: String,
    /// Whether it stands.
    pub status: BookingStatus,
    /// B5.
    pub calendar: CalendarState,
    /// The calendar's event id, deterministic from order and generation.
    pub event_id: String,
    /// Grows when a deleted event must be made anew (B5).
    pub generation: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Slot {
    /// Its length.
    #[must_use]
    pub fn duration(&self) -> SignedDuration {
        self.starts_at.duration_until(self.ends_at)
    }

    /// The cells it covers, each a slot of its own; the last may end early. What a store must find free, and keep.
    ///
    /// ```
    /// use x8_core::booking::Slot;
    /// let hour = Slot {
    ///     resource: "sku:101".to_owned(),
    ///     starts_at: "2026-11-20T09:30:00Z".parse()?,
    ///     ends_at: "2026-11-20T10:30:00Z".parse()?,
    ///     seat: 0,
    ///     cell_minutes: 30,
    /// };
    /// let starts: Vec<String> = hour.cells().iter().map(|cell| cell.starts_at.to_string()).collect();
    /// assert_eq!(starts, ["2026-11-20T09:30:00Z", "2026-11-20T10:00:00Z"]);
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn cells(&self) -> Vec<Self> {
        let step = SignedDuration::from_mins(i64::from(self.cell_minutes));
        let mut cells = Vec::new();
        let mut starts_at = self.starts_at;
        loop {
            let next = starts_at.checked_add(step);
            let ends_at = next.map_or(self.ends_at, |next| next.min(self.ends_at));
            let last = step.is_zero() || ends_at <= starts_at || ends_at >= self.ends_at;
            cells.push(Self {
                resource: self.resource.clone(),
                starts_at,
                ends_at: if last { self.ends_at } else { ends_at },
                seat: self.seat,
                cell_minutes: 0,
            });
            if last {
                return cells;
            }
            starts_at = ends_at;
        }
    }

    /// Whether both take the same seat for some time.
    #[must_use]
    pub fn clashes(&self, other: &Self) -> bool {
        self.resource == other.resource
            && self.seat == other.seat
            && self.starts_at < other.ends_at
            && other.starts_at < self.ends_at
    }
}

impl Booking {
    /// The calendar's event id: lower-case base32hex as Google demands, the same for every try of one generation (B5).
    ///
    /// ```
    /// use x8_core::{booking::Booking, id::OrderId};
    /// let id = Booking::event_id_for(OrderId("6f9619ff-8b86-d011-b42d-00cf4fc964ff".parse()?), 2);
    /// assert_eq!(id, "6f9619ff8b86d011b42d00cf4fc964ffg2");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn event_id_for(order: OrderId, generation: u32) -> String {
        format!("{}g{generation}", order.0.simple())
    }
}
