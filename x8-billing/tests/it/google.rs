//! The Google adapter against our own stand-in, and against a third-party emulator when one is named.

mod emulator;
mod errors;
mod events;
mod requests;
mod signin;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use x8_billing::{
    google_calendar::{
        CalendarAccess, CalendarTokens, Endpoints, GoogleCalendar, GoogleConfig, GoogleOauth,
        Timeouts,
    },
    testing::{self, FakeGoogle},
};
use x8_core::{
    Error, ErrorKind, Result, Secret,
    booking::Booking,
    id::{BookingId, CompanyId, OrderId},
    port::{CalendarEvent, IdSource, SequentialIds},
    tenant::Tenant,
};

pub(crate) const SHOP: Tenant = Tenant::assume(CompanyId(7));
pub(crate) const STRANGER: Tenant = Tenant::assume(CompanyId(9));
pub(crate) const ACCOUNT: &str = "7@x.example";

/// Tokens in memory: each company has the account of its number.
pub(crate) struct Keys {
    oauth: GoogleOauth,
    known: Mutex<BTreeMap<Tenant, (Secret, Option<Secret>)>>,
    pub(crate) calendar: Mutex<String>,
    pub(crate) former: Mutex<Vec<String>>,
    pub(crate) renewals: Mutex<u32>,
}

impl Keys {
    pub(crate) fn new(config: &GoogleConfig) -> Result<Self> {
        Ok(Self {
            oauth: GoogleOauth::new(config.clone())?,
            known: Mutex::default(),
            calendar: Mutex::new("primary".to_owned()),
            former: Mutex::default(),
            renewals: Mutex::default(),
        })
    }

    pub(crate) fn connect(&self, tenant: Tenant, refresh: Secret) {
        self.known.lock().unwrap().insert(tenant, (refresh, None));
    }

    async fn fresh(&self, tenant: Tenant) -> Result<Secret> {
        let known = self.known.lock().unwrap().get(&tenant).cloned();
        let (refresh, token) = known.ok_or_else(|| {
            Error::new(ErrorKind::Unauthenticated, "keys.access", "not connected")
        })?;
        if let Some(token) = token {
            return Ok(token);
        }
        let grant = self.oauth.refresh(&refresh).await?;
        let token = grant.access_token;
        let kept = (refresh, Some(token.clone()));
        self.known.lock().unwrap().insert(tenant, kept);
        Ok(token)
    }
}

#[async_trait]
impl CalendarTokens for Keys {
    async fn access(&self, tenant: Tenant) -> Result<CalendarAccess> {
        Ok(CalendarAccess {
            token: self.fresh(tenant).await?,
            calendar: self.calendar.lock().unwrap().clone(),
            former: self.former.lock().unwrap().clone(),
        })
    }

    async fn renew(&self, tenant: Tenant, _refused: &Secret) -> Result<Secret> {
        *self.renewals.lock().unwrap() += 1;
        if let Some((_, token)) = self.known.lock().unwrap().get_mut(&tenant) {
            *token = None;
        }
        self.fresh(tenant).await
    }
}

pub(crate) struct World {
    pub(crate) google: FakeGoogle,
    pub(crate) keys: Arc<Keys>,
    pub(crate) calendar: GoogleCalendar,
    pub(crate) oauth: GoogleOauth,
}

pub(crate) fn config(url: &str) -> GoogleConfig {
    GoogleConfig::new(
        FakeGoogle::CLIENT,
        FakeGoogle::client_secret(),
        "https://x8.example/callback",
    )
    .with_endpoints(Endpoints::at(url))
    .with_timeouts(Timeouts {
        connect: Duration::from_secs(5),
        request: Duration::from_secs(5),
    })
}

impl World {
    pub(crate) async fn new() -> Result<Self> {
        let accounts = [7, 9, 900_001, 900_002].map(|company| format!("{company}@x.example"));
        let google = FakeGoogle::start(&accounts.each_ref().map(String::as_str)).await?;
        let config = config(google.url());
        let keys = Arc::new(Keys::new(&config)?);
        for company in [7, 9, 900_001, 900_002] {
            let refresh = google.refresh_token(&format!("{company}@x.example"));
            keys.connect(Tenant::assume(CompanyId(company)), refresh);
        }
        Ok(Self {
            calendar: GoogleCalendar::new(&config, Arc::<Keys>::clone(&keys))?,
            oauth: GoogleOauth::new(config)?,
            google,
            keys,
        })
    }

    /// What was asked of the API, the token endpoint left out.
    pub(crate) fn calls(&self) -> Vec<String> {
        let requests = self.google.requests().into_iter();
        requests
            .filter(|request| !request.path.starts_with("/oauth2"))
            .map(|request| format!("{} {}", request.method, request.path))
            .collect()
    }
}

pub(crate) fn start() -> Timestamp {
    "2026-12-01T09:00:00Z".parse().unwrap()
}

/// An hour from ten in Madrid.
pub(crate) fn event(generation: u32) -> CalendarEvent {
    let ids = SequentialIds::default();
    let (order, booking) = (OrderId(ids.next()), BookingId(ids.next()));
    CalendarEvent {
        id: Booking::event_id_for(order, generation),
        title: "Massage".to_owned(),
        description: "Massage & <tea>\nAna +34600111222".to_owned(),
        place: "Costa Adeje".to_owned(),
        starts_at: start(),
        ends_at: start() + SignedDuration::from_hours(1),
        time_zone: "Europe/Madrid".to_owned(),
        order: Some(order),
        booking: Some(booking),
        online: false,
        meeting_url: None,
    }
}

#[tokio::test]
async fn p12_google_is_a_calendar() {
    let world = World::new().await.unwrap();
    testing::calendar(&world.calendar, start()).await.unwrap();
}

#[tokio::test]
async fn p12_google_that_makes_no_links_is_a_calendar() {
    let world = World::new().await.unwrap();
    world.google.make_links(false);
    testing::calendar(&world.calendar, start()).await.unwrap();
}
