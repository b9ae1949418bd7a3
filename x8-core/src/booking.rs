//! Bookings, slots and opening hours (B1–B6).

use jiff::{SignedDuration, Timestamp, civil};
use serde::{Deserialize, Serialize};

use crate::id::{BookingId, OrderId};

mod slots;

pub use slots::{SlotQuery, free_slots};

/// A stretch of time at a resource, one of a limited number of seats.
///
/// Slots of one resource start on a grid of their own length, so two slots either coincide or do not overlap. Two holds
/// of the same `(resource, starts_at, seat)` are impossible in every store (B3).
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
}

/// What a store knows to be taken: a live hold or a booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The order it belongs to.
    pub order: OrderId,
    /// What is held.
    pub slot: Slot,
    /// When it lets go by itself; `None` once booked.
    pub expires_at: Option<Timestamp>,
}

/// When bookings may start, and how many at once (B3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpeningHours {
    /// Per weekday, Monday first: opening and closing in local time; absent: closed.
    pub week: [Option<(civil::Time, civil::Time)>; 7],
    /// Closed days.
    pub holidays: Vec<civil::Date>,
    /// The earliest start is this many minutes from now.
    pub lead_minutes: u32,
    /// How many days ahead slots are offered.
    pub horizon_days: u32,
    /// Parallel deliveries per delivery slot.
    pub delivery_capacity: u32,
    /// Length of a delivery slot.
    pub delivery_minutes: u32,
    /// Parallel appointments per offering and slot.
    pub appointment_capacity: u32,
}

impl Default for OpeningHours {
    fn default() -> Self {
        let day = Some((civil::time(9, 0, 0, 0), civil::time(19, 0, 0, 0)));
        Self {
            week: [day; 7],
            holidays: Vec::new(),
            lead_minutes: 60,
            horizon_days: 14,
            delivery_capacity: 4,
            delivery_minutes: 120,
            appointment_capacity: 1,
        }
    }
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
    /// The company has no calendar outside: x8's own has it alone.
    None,
    /// Somebody deleted the event by hand and somebody was alerted. It is not written again by itself (P12).
    Missing,
    /// Somebody moved the event by hand to a time that cannot be had here, and somebody was alerted (P12).
    Diverged,
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
    /// Where to meet online, once the calendar has made the link (P12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting_url: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Slot {
    /// Its length.
    #[must_use]
    pub fn duration(&self) -> SignedDuration {
        self.starts_at.duration_until(self.ends_at)
    }
}

impl Booking {
    /// Whether people meet over the network: an appointment that is at no place.
    #[must_use]
    pub fn is_online(&self) -> bool {
        self.kind == BookingKind::Appointment && self.place == "online"
    }

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
