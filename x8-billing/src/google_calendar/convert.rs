//! Our events in Google's words, and back.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil, tz::TimeZone};
use serde_json::{Map, Value, json};
use x8_core::{Error, Result, port::CalendarEvent, tenant::Tenant};

use super::{
    answer::moment,
    wire::{Event, When},
};

/// Private properties: nobody but this application sees them.
const COMPANY: &str = "x8_company";
const ORDER: &str = "x8_order";
const BOOKING: &str = "x8_booking";
const ZONE: &str = "x8_zone";
const ONLINE: &str = "x8_online";

/// The fields of an event that are ours to say.
pub(super) fn fields(tenant: Tenant, event: &CalendarEvent) -> Result<Map<String, Value>> {
    let zone = TimeZone::get(&event.time_zone)
        .map_err(|error| Error::invalid("calendar.put", "unknown time zone").caused_by(error))?;
    let when = |at: Timestamp| {
        // With the offset, so that an hour that comes twice is told apart; with the zone, so that it is shown there (B6).
        let local = at.to_zoned(zone.clone());
        let text = local.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string();
        json!({ "dateTime": text, "timeZone": event.time_zone })
    };
    let mut notes = BTreeMap::from([
        (COMPANY, tenant.company().to_string()),
        (ZONE, event.time_zone.clone()),
        (ONLINE, event.online.to_string()),
    ]);
    notes.extend(event.order.map(|order| (ORDER, order.to_string())));
    notes.extend(event.booking.map(|booking| (BOOKING, booking.to_string())));
    Ok(Map::from_iter([
        ("summary".to_owned(), json!(event.title)),
        ("description".to_owned(), json!(escaped(&event.description))),
        ("location".to_owned(), json!(event.place)),
        ("start".to_owned(), when(event.starts_at)),
        ("end".to_owned(), when(event.ends_at)),
        ("extendedProperties".to_owned(), json!({ "private": notes })),
    ]))
}

/// A new event. Its conference is asked for by the event's id: asked for again, it is the same one.
pub(super) fn insertion(tenant: Tenant, event: &CalendarEvent) -> Result<Value> {
    let mut fields = fields(tenant, event)?;
    fields.insert("id".to_owned(), json!(event.id));
    if event.online {
        fields.insert("conferenceData".to_owned(), conference(&event.id));
    }
    Ok(Value::Object(fields))
}

/// What makes `known` the event that is wanted; what people added by hand (guests, colours, reminders) stays.
pub(super) fn change(tenant: Tenant, event: &CalendarEvent, known: &Event) -> Result<Value> {
    let mut fields = fields(tenant, event)?;
    for (name, was) in [("start", &known.start), ("end", &known.end)] {
        if was.date.is_some()
            && let Some(Value::Object(when)) = fields.get_mut(name)
        {
            // Somebody made it last all day: a time beside a day is refused.
            when.insert("date".to_owned(), Value::Null);
        }
    }
    if event.online && known.conference_data.is_none() {
        fields.insert("conferenceData".to_owned(), conference(&event.id));
    }
    Ok(Value::Object(fields))
}

fn conference(id: &str) -> Value {
    json!({ "createRequest": {
        "requestId": id,
        "conferenceSolutionKey": { "type": "hangoutsMeet" },
    } })
}

/// Whether we wrote this event for this company.
pub(super) fn is_ours(tenant: Tenant, event: &Event) -> bool {
    let owner = event.extended_properties.private.get(COMPANY);
    owner.is_some_and(|owner| *owner == tenant.company().to_string())
}

/// Whether it was deleted. Its id stays reserved for ever.
pub(super) fn is_deleted(event: &Event) -> bool {
    event.status.as_deref() == Some("cancelled")
}

/// An event as it stands at Google, moved by hand or not.
pub(super) fn event(operation: &'static str, event: Event) -> Result<CalendarEvent> {
    let meeting_url = meeting(&event);
    let mut notes = event.extended_properties.private;
    let home = notes.remove(ZONE);
    let zone = event.start.time_zone.clone().or_else(|| home.clone());
    let zone = zone.unwrap_or_else(|| "UTC".to_owned());
    let starts_at = instant(operation, &event.start, home.as_deref())?;
    let ends_at = instant(operation, &event.end, home.as_deref())?;
    Ok(CalendarEvent {
        id: event.id,
        title: event.summary.unwrap_or_default(),
        description: unescaped(&event.description.unwrap_or_default()),
        place: event.location.unwrap_or_default(),
        starts_at,
        ends_at,
        time_zone: zone,
        order: notes.remove(ORDER).and_then(|id| id.parse().ok()),
        booking: notes.remove(BOOKING).and_then(|id| id.parse().ok()),
        online: notes.get(ONLINE).is_some_and(|word| word == "true"),
        meeting_url,
    })
}

fn meeting(event: &Event) -> Option<String> {
    let ways = event
        .conference_data
        .iter()
        .flat_map(|one| &one.entry_points);
    let mut videos = ways.filter(|way| way.entry_point_type.as_deref() == Some("video"));
    let video = videos.find_map(|way| way.uri.clone());
    video.or_else(|| event.hangout_link.clone())
}

/// A day begins where the event's own zone has its midnight.
fn instant(operation: &'static str, when: &When, home: Option<&str>) -> Result<Timestamp> {
    if let Some(time) = &when.date_time {
        return moment(operation, time);
    }
    let unreadable = || Error::unavailable(operation, "Google tells a day that cannot be read");
    let day: civil::Date = when
        .date
        .as_deref()
        .and_then(|day| day.parse().ok())
        .ok_or_else(unreadable)?;
    let zone = TimeZone::get(home.unwrap_or("UTC")).unwrap_or(TimeZone::UTC);
    let midnight = day.to_zoned(zone).map_err(|_| unreadable())?;
    Ok(midnight.timestamp())
}

/// Descriptions are shown as HTML, and customers' words are in them: a link there would be theirs.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}
