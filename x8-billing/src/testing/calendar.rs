//! What every calendar must do.

use jiff::{SignedDuration, Timestamp};
use x8_core::{
    ErrorKind, Result,
    booking::Booking,
    id::{BookingId, CompanyId, OrderId},
    port::{Calendar, CalendarEvent, IdSource, SequentialIds},
    tenant::Tenant,
};

use super::{broken, rule, works};

const SUITE: &str = "suite.calendar";
const OWN: Tenant = Tenant::assume(CompanyId(900_001));
const OTHER: Tenant = Tenant::assume(CompanyId(900_002));

/// Runs the suite on a calendar in which the hours after `start` are empty.
///
/// # Errors
/// The first broken rule, as the message.
pub async fn calendar(calendar: &dyn Calendar, start: Timestamp) -> Result<()> {
    let ids = SequentialIds::default();
    let event = event(&Booking::event_id_for(OrderId(ids.next()), 1), start);
    writing(calendar, &event).await?;
    replacing(calendar, &event).await?;
    seeing_busy(calendar, &event).await?;
    meeting(calendar, &event).await?;
    removing(calendar, &event).await?;
    reusing(calendar, &event).await
}

async fn writing(calendar: &dyn Calendar, event: &CalendarEvent) -> Result<()> {
    let absent = works(
        calendar.get(OWN, &event.id).await,
        SUITE,
        "what is absent can be looked for",
    )?;
    rule(
        absent.is_none(),
        SUITE,
        "an event that was never written is absent",
    )?;
    works(
        calendar
            .remove(OWN, "00000000000000000000000000000000g9")
            .await,
        SUITE,
        "removing what is absent succeeds",
    )?;
    for promise in [
        "an event can be written",
        "writing the same content again succeeds",
    ] {
        works(calendar.put(OWN, event).await, SUITE, promise)?;
    }
    let written = works(
        calendar.get(OWN, &event.id).await,
        SUITE,
        "a written event can be read",
    )?;
    rule(
        written.as_ref() == Some(event),
        SUITE,
        "an event reads as it was written, zone included (B6)",
    )?;
    let foreign = works(
        calendar.get(OTHER, &event.id).await,
        SUITE,
        "any company may look",
    )?;
    rule(
        foreign.is_none(),
        SUITE,
        "an event is in its own company's calendar only (T6)",
    )?;
    let busy = busy_hours(calendar, event).await?;
    rule(
        busy == [(event.starts_at, event.ends_at)],
        SUITE,
        "writing the same id twice leaves one event",
    )
}

async fn replacing(calendar: &dyn Calendar, event: &CalendarEvent) -> Result<()> {
    let moved = CalendarEvent {
        title: "Moved".to_owned(),
        starts_at: event.starts_at + SignedDuration::from_hours(2),
        ends_at: event.ends_at + SignedDuration::from_hours(2),
        ..event.clone()
    };
    works(
        calendar.put(OWN, &moved).await,
        SUITE,
        "an event can be written with other content",
    )?;
    let now = works(
        calendar.get(OWN, &event.id).await,
        SUITE,
        "a moved event can be read",
    )?;
    rule(
        now.as_ref() == Some(&moved),
        SUITE,
        "writing the same id with other content replaces it",
    )?;
    let busy = busy_hours(calendar, event).await?;
    rule(
        busy == [(moved.starts_at, moved.ends_at)],
        SUITE,
        "a moved event leaves its old time",
    )?;
    works(
        calendar.put(OWN, event).await,
        SUITE,
        "an event can be moved back",
    )
}

async fn seeing_busy(calendar: &dyn Calendar, event: &CalendarEvent) -> Result<()> {
    let half = SignedDuration::from_mins(30);
    let middle = event.starts_at + half;
    let inside = works(
        calendar.busy(OWN, event.starts_at, middle).await,
        SUITE,
        "part of an event can be asked for",
    )?;
    rule(
        inside == [(event.starts_at, middle)],
        SUITE,
        "busy times lie within the range asked for",
    )?;
    for (from, to) in [
        (event.ends_at, event.ends_at + half),
        (event.starts_at - half, event.starts_at),
    ] {
        let beside = works(
            calendar.busy(OWN, from, to).await,
            SUITE,
            "free time can be asked for",
        )?;
        rule(
            beside.is_empty(),
            SUITE,
            "an event that ends where the range begins, or begins where it ends, is outside",
        )?;
    }
    let foreign = works(
        calendar.busy(OTHER, event.starts_at, event.ends_at).await,
        SUITE,
        "any company may ask",
    )?;
    rule(
        foreign.is_empty(),
        SUITE,
        "another company's events are not seen (T6)",
    )
}

/// People who meet online have one link at most, whatever the calendar can make.
async fn meeting(calendar: &dyn Calendar, event: &CalendarEvent) -> Result<()> {
    let online = CalendarEvent {
        id: Booking::event_id_for(OrderId(SequentialIds::default().next()), 7),
        online: true,
        ..event.clone()
    };
    let mut links = Vec::new();
    for _ in 0..2 {
        works(
            calendar.put(OWN, &online).await,
            SUITE,
            "an event online can be written, and again",
        )?;
        let known = works(
            calendar.get(OWN, &online.id).await,
            SUITE,
            "an event online can be read",
        )?;
        let link = known.as_ref().and_then(|known| known.meeting_url.clone());
        let wanted = CalendarEvent {
            meeting_url: link.clone(),
            ..online.clone()
        };
        rule(
            known == Some(wanted),
            SUITE,
            "an event online reads as it was written, but for its link",
        )?;
        links.push(link);
    }
    rule(
        links.first() == links.last(),
        SUITE,
        "writing an event online again keeps its link",
    )?;
    works(
        calendar.remove(OWN, &online.id).await,
        SUITE,
        "an event online can be removed",
    )
}

async fn removing(calendar: &dyn Calendar, event: &CalendarEvent) -> Result<()> {
    works(
        calendar.remove(OTHER, &event.id).await,
        SUITE,
        "removing what is absent succeeds",
    )?;
    let kept = works(
        calendar.get(OWN, &event.id).await,
        SUITE,
        "an event can be read",
    )?;
    rule(
        kept.is_some(),
        SUITE,
        "another company cannot remove an event (T6)",
    )?;
    for promise in ["an event can be removed", "removing it again succeeds"] {
        works(calendar.remove(OWN, &event.id).await, SUITE, promise)?;
    }
    let gone = works(
        calendar.get(OWN, &event.id).await,
        SUITE,
        "what was removed can be looked for",
    )?;
    rule(gone.is_none(), SUITE, "a removed event is absent")?;
    let busy = busy_hours(calendar, event).await?;
    rule(busy.is_empty(), SUITE, "a removed event makes nobody busy")
}

/// A removed id either works again or is refused for good; the next generation always works (B5).
async fn reusing(calendar: &dyn Calendar, event: &CalendarEvent) -> Result<()> {
    const PROMISE: &str = "a removed id can be written again or is a `Conflict`";
    match calendar.put(OWN, event).await {
        Ok(()) => calendar.remove(OWN, &event.id).await?,
        Err(error) if error.kind() == ErrorKind::Conflict => {}
        Err(error) => return Err(broken(SUITE, PROMISE).caused_by(error)),
    }
    let ids = SequentialIds::default();
    let next = CalendarEvent {
        id: Booking::event_id_for(OrderId(ids.next()), 2),
        ..event.clone()
    };
    works(
        calendar.put(OWN, &next).await,
        SUITE,
        "the next generation of a removed event can be written",
    )?;
    works(
        calendar.remove(OWN, &next.id).await,
        SUITE,
        "the suite cleans up",
    )
}

async fn busy_hours(
    calendar: &dyn Calendar,
    event: &CalendarEvent,
) -> Result<Vec<(Timestamp, Timestamp)>> {
    let to = event.ends_at + SignedDuration::from_hours(6);
    works(
        calendar.busy(OWN, event.starts_at, to).await,
        SUITE,
        "busy times can be asked for",
    )
}

fn event(id: &str, starts_at: Timestamp) -> CalendarEvent {
    CalendarEvent {
        id: id.to_owned(),
        title: "Suite".to_owned(),
        description: "Written by the conformance suite".to_owned(),
        place: "online".to_owned(),
        starts_at,
        ends_at: starts_at + SignedDuration::from_hours(1),
        time_zone: "Europe/Madrid".to_owned(),
        order: Some(OrderId(SequentialIds::default().next())),
        booking: Some(BookingId(SequentialIds::default().next())),
        online: false,
        meeting_url: None,
    }
}
