//! The system's own messages: links, receipts, bookings, reminders (`NoticeWriter`).

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use x8_core::{
    booking::Slot,
    port::{Notice, NoticeWriter},
};

use crate::phrases::Phrases;

impl NoticeWriter for Phrases {
    fn write(&self, language: &str, time_zone: &str, notice: &Notice<'_>) -> String {
        let (key, values) = parts(time_zone, notice);
        // Every template is rendered by a test; should one fail all the same, what must not get lost is the link.
        self.render(language, key, &values).unwrap_or_else(|_| {
            let url = values.get("url").and_then(Value::as_str);
            url.unwrap_or_default().to_owned()
        })
    }
}

fn parts(zone: &str, notice: &Notice<'_>) -> (&'static str, Value) {
    match notice {
        Notice::PaymentLink {
            url,
            total,
            slot,
            expires_at,
        } => {
            let when = slot.map(|slot| local(slot.starts_at, zone));
            let values = json!({ "url": url, "total": total.to_string(), "when": when, "until": local(*expires_at, zone) });
            ("notice_payment_link", values)
        }
        Notice::PaymentReceived { total } => (
            "notice_payment_received",
            json!({ "total": total.to_string() }),
        ),
        Notice::Booked { slot, place } => ("notice_booked", booked(slot, place, zone)),
        Notice::TimesOffered {
            slots,
            until,
            refund,
        } => {
            let times: Vec<String> = slots
                .iter()
                .map(|slot| local(slot.starts_at, zone))
                .collect();
            let refund = refund.map(|total| total.to_string());
            let values = json!({ "times": times, "until": local(*until, zone), "refund": refund });
            ("notice_times_offered", values)
        }
        Notice::NoTimeChosen { refund } => (
            "notice_no_time_chosen",
            json!({ "refund": refund.map(|total| total.to_string()) }),
        ),
        Notice::BookingMoved { slot, place } => ("notice_booking_moved", booked(slot, place, zone)),
        Notice::LinkExpired => ("notice_link_expired", json!({})),
        Notice::RefundStarted { total } => (
            "notice_refund_started",
            json!({ "total": total.to_string() }),
        ),
        Notice::BookingProblem => ("notice_booking_problem", json!({})),
        Notice::CheckoutProblem => ("notice_checkout_problem", json!({})),
        Notice::Holding => ("holding", json!({})),
        Notice::OrderCancelled => ("notice_order_cancelled", json!({})),
        Notice::Reminder { url, total } => (
            "notice_reminder",
            json!({ "url": url, "total": total.to_string() }),
        ),
        Notice::MeetingLink { url, slot } => (
            "notice_meeting_link",
            json!({ "url": url, "when": local(slot.starts_at, zone) }),
        ),
    }
}

/// When and where a booking is.
fn booked(slot: &Slot, place: &str, zone: &str) -> Value {
    let online = place == "online";
    json!({ "when": local(slot.starts_at, zone), "place": place, "online": online })
}

/// Wall time at the company (B6), day first; UTC, and saying so, when its zone is unknown.
pub(crate) fn local(at: Timestamp, zone: &str) -> String {
    match TimeZone::get(zone) {
        Ok(zone) => at.to_zoned(zone).strftime("%d.%m.%Y %H:%M").to_string(),
        Err(_) => at
            .to_zoned(TimeZone::UTC)
            .strftime("%d.%m.%Y %H:%M UTC")
            .to_string(),
    }
}
