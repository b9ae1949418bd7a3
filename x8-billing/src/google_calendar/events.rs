//! The calendar port over the Calendar API.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use x8_core::{
    Error, ErrorKind, Result, Retry,
    port::{Calendar, CalendarEvent},
    tenant::Tenant,
};

use super::{
    answer::{moment, read},
    client::{Answer, Api, Call},
    config::GoogleConfig,
    convert,
    error::{lost, refused, unauthenticated},
    tokens::{CalendarAccess, CalendarTokens},
    wire::{Event, FreeBusy},
};
use crate::calendar::{Stretch, check, within};

const PUT: &str = "calendar.put";
const GET: &str = "calendar.get";
const REMOVE: &str = "calendar.remove";
const BUSY: &str = "calendar.busy";

/// Lost races against somebody who edits the same event before a call gives up.
const TRIES: u32 = 4;
/// No mail to anybody: x8 tells the customer itself.
const QUIET: (&str, &str) = ("sendUpdates", "none");
/// Without it, a wish for a meeting link is dropped silently.
const WITH_LINK: (&str, &str) = ("conferenceDataVersion", "1");

/// Companies' calendars at Google. Cheap to clone; keeps nothing but connections.
#[derive(Clone)]
pub struct GoogleCalendar {
    api: Api,
    tokens: Arc<dyn CalendarTokens>,
}

impl fmt::Debug for GoogleCalendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GoogleCalendar")
            .field("api", &self.api)
            .finish_non_exhaustive()
    }
}

/// What became of an attempt to write.
enum Written {
    /// The event is there as wanted.
    Done,
    /// An event of this id is there already.
    Taken,
}

impl GoogleCalendar {
    /// The calendars that these tokens open.
    ///
    /// # Errors
    /// `Invalid` when the configuration could not work.
    pub fn new(config: &GoogleConfig, tokens: Arc<dyn CalendarTokens>) -> Result<Self> {
        let api = Api::new(config)?;
        Ok(Self { api, tokens })
    }

    /// Sends a call; a refused token is replaced once.
    async fn send(
        &self,
        operation: &'static str,
        tenant: Tenant,
        access: &CalendarAccess,
        call: &Call<'_>,
    ) -> Result<Answer> {
        let answer = self.api.send(&access.token, call).await;
        let answer = answer.map_err(|why| lost(operation, why))?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let token = self.tokens.renew(tenant, &access.token).await?;
        let answer = self.api.send(&token, call).await;
        let answer = answer.map_err(|why| lost(operation, why))?;
        if answer.status == StatusCode::UNAUTHORIZED {
            return Err(unauthenticated(operation).with("status", 401));
        }
        Ok(answer)
    }

    async fn insert(
        &self,
        tenant: Tenant,
        access: &CalendarAccess,
        event: &CalendarEvent,
    ) -> Result<Written> {
        let body = convert::insertion(tenant, event)?;
        let path = ["calendars", &access.calendar, "events"];
        let query = [QUIET, WITH_LINK];
        let call = Call::new(Method::POST, &path).asking(&query).saying(&body);
        let answer = self.send(PUT, tenant, access, &call).await?;
        match answer.status {
            StatusCode::CONFLICT => Ok(Written::Taken),
            status if status.is_success() => Ok(Written::Done),
            _refused => Err(refused(PUT, &answer)),
        }
    }

    /// The event of this id in one calendar, deleted or not; `None` when there is none, or its trace is gone.
    async fn event(
        &self,
        operation: &'static str,
        tenant: Tenant,
        access: &CalendarAccess,
        calendar: &str,
        id: &str,
    ) -> Result<Option<Event>> {
        let path = ["calendars", calendar, "events", id];
        let call = Call::new(Method::GET, &path);
        let answer = self.send(operation, tenant, access, &call).await?;
        match answer.status {
            StatusCode::NOT_FOUND | StatusCode::GONE => Ok(None),
            _other => read(operation, &answer).map(Some),
        }
    }

    /// Brings an event that is there already in line with the wanted one.
    async fn replace(
        &self,
        tenant: Tenant,
        access: &CalendarAccess,
        wanted: &CalendarEvent,
    ) -> Result<()> {
        for _ in 0..TRIES {
            let known = self
                .event(PUT, tenant, access, &access.calendar, &wanted.id)
                .await?
                .ok_or_else(|| reserved(wanted))?;
            if convert::is_deleted(&known) || !convert::is_ours(tenant, &known) {
                return Err(reserved(wanted));
            }
            let change = convert::change(tenant, wanted, &known)?;
            let etag = known.etag.clone();
            let asks_for_link = change.get("conferenceData").is_some();
            if !asks_for_link && same(&convert::event(PUT, known)?, wanted) {
                return Ok(());
            }
            if self
                .patch(tenant, access, &wanted.id, &change, etag.as_deref())
                .await?
            {
                return Ok(());
            }
        }
        Err(Error::unavailable(
            PUT,
            "somebody is editing the event; try again",
        ))
    }

    /// `false` when the event was edited meanwhile.
    async fn patch(
        &self,
        tenant: Tenant,
        access: &CalendarAccess,
        id: &str,
        change: &Value,
        etag: Option<&str>,
    ) -> Result<bool> {
        let path = ["calendars", &access.calendar, "events", id];
        let query = [QUIET, WITH_LINK];
        let mut call = Call::new(Method::PATCH, &path)
            .asking(&query)
            .saying(change);
        call.etag = etag;
        let answer = self.send(PUT, tenant, access, &call).await?;
        match answer.status {
            // Edited or deleted since it was read: reading again tells which.
            StatusCode::PRECONDITION_FAILED | StatusCode::NOT_FOUND | StatusCode::GONE => Ok(false),
            status if status.is_success() => Ok(true),
            _refused => Err(refused(PUT, &answer)),
        }
    }

    /// Takes an event out of the calendars that were chosen before. One that is no longer ours keeps its copy.
    async fn leave(&self, tenant: Tenant, access: &CalendarAccess, id: &str) -> Result<()> {
        for former in &access.former {
            let gone = self.delete(PUT, tenant, access, former, id).await;
            let lost = [ErrorKind::Forbidden, ErrorKind::NotFound];
            gone.or_else(|error| {
                if lost.contains(&error.kind()) {
                    Ok(())
                } else {
                    Err(error)
                }
            })?;
        }
        Ok(())
    }

    async fn delete(
        &self,
        operation: &'static str,
        tenant: Tenant,
        access: &CalendarAccess,
        calendar: &str,
        id: &str,
    ) -> Result<()> {
        let path = ["calendars", calendar, "events", id];
        let query = [QUIET];
        let call = Call::new(Method::DELETE, &path).asking(&query);
        let answer = self.send(operation, tenant, access, &call).await?;
        match answer.status {
            StatusCode::NOT_FOUND | StatusCode::GONE => Ok(()),
            status if status.is_success() => Ok(()),
            _refused => Err(refused(operation, &answer)),
        }
    }
}

#[async_trait]
impl Calendar for GoogleCalendar {
    async fn put(&self, tenant: Tenant, event: &CalendarEvent) -> Result<()> {
        check(event)?;
        let access = self.tokens.access(tenant).await?;
        let written = match self.insert(tenant, &access, event).await? {
            Written::Done => Ok(()),
            Written::Taken => self.replace(tenant, &access, event).await,
        };
        let settled = |kind| kind == ErrorKind::Conflict;
        if written
            .as_ref()
            .err()
            .is_none_or(|error| settled(error.kind()))
        {
            self.leave(tenant, &access, &event.id).await?;
        }
        written
    }

    async fn remove(&self, tenant: Tenant, event_id: &str) -> Result<()> {
        let access = self.tokens.access(tenant).await?;
        for calendar in std::iter::once(&access.calendar).chain(&access.former) {
            self.delete(REMOVE, tenant, &access, calendar, event_id)
                .await?;
        }
        Ok(())
    }

    async fn get(&self, tenant: Tenant, event_id: &str) -> Result<Option<CalendarEvent>> {
        let access = self.tokens.access(tenant).await?;
        for calendar in std::iter::once(&access.calendar).chain(&access.former) {
            let found = self.event(GET, tenant, &access, calendar, event_id).await?;
            let stands =
                |event: &Event| !convert::is_deleted(event) && convert::is_ours(tenant, event);
            if let Some(event) = found.filter(stands) {
                return convert::event(GET, event).map(Some);
            }
        }
        Ok(None)
    }

    async fn busy(&self, tenant: Tenant, from: Timestamp, to: Timestamp) -> Result<Vec<Stretch>> {
        if to <= from {
            return Ok(Vec::new());
        }
        let access = self.tokens.access(tenant).await?;
        let body = json!({
            "timeMin": from.to_string(),
            "timeMax": to.to_string(),
            "items": [{ "id": access.calendar }],
        });
        let call = Call::new(Method::POST, &["freeBusy"]).saying(&body);
        let answer = self.send(BUSY, tenant, &access, &call).await?;
        let told: FreeBusy = read(BUSY, &answer)?;
        let calendar = told.calendars.into_values().next();
        let calendar = calendar.ok_or_else(|| unknown("absent"))?;
        // It comes with 200: a calendar that could not be read is not a free one.
        if let Some(reason) = calendar.errors.first() {
            return Err(unknown(&reason.reason));
        }
        let stretches: Result<Vec<Stretch>> = calendar
            .busy
            .iter()
            .map(|one| Ok((moment(BUSY, &one.start)?, moment(BUSY, &one.end)?)))
            .collect();
        Ok(within(from, to, stretches?))
    }
}

/// Whether an event says what is wanted; its link to meet at is Google's to say.
fn same(known: &CalendarEvent, wanted: &CalendarEvent) -> bool {
    let link = &wanted.meeting_url;
    let known = CalendarEvent {
        meeting_url: link.clone(),
        ..known.clone()
    };
    known == *wanted
}

fn reserved(event: &CalendarEvent) -> Error {
    Error::conflict(
        PUT,
        "the event was deleted and its id cannot be used again; write the next generation",
    )
    .with("event", &event.id)
    .retrying(Retry::Never)
}

fn unknown(reason: &str) -> Error {
    let error = match reason {
        "notFound" => Error::not_found(
            BUSY,
            "Google does not know the chosen calendar any more; choose another one",
        ),
        _other => Error::unavailable(BUSY, "Google cannot tell the busy times; try again"),
    };
    error.with("reason", reason.chars().take(80).collect::<String>())
}
