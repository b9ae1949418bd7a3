//! What Google sends back, as far as it is read; unknown keys and words are let through.

use std::collections::BTreeMap;

use serde::Deserialize;

/// An event.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) status: Option<String>,
    pub(super) etag: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) description: Option<String>,
    pub(super) location: Option<String>,
    #[serde(default)]
    pub(super) start: When,
    #[serde(default)]
    pub(super) end: When,
    #[serde(default)]
    pub(super) extended_properties: Properties,
    pub(super) hangout_link: Option<String>,
    pub(super) conference_data: Option<Conference>,
}

/// A moment, or a day.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct When {
    pub(super) date_time: Option<String>,
    pub(super) date: Option<String>,
    pub(super) time_zone: Option<String>,
}

/// What applications note on an event.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Properties {
    #[serde(default)]
    pub(super) private: BTreeMap<String, String>,
}

/// How people meet.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Conference {
    #[serde(default)]
    pub(super) entry_points: Vec<EntryPoint>,
}

/// One way in.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntryPoint {
    pub(super) entry_point_type: Option<String>,
    pub(super) uri: Option<String>,
}

/// Busy times by calendar.
#[derive(Debug, Deserialize)]
pub(super) struct FreeBusy {
    #[serde(default)]
    pub(super) calendars: BTreeMap<String, Busy>,
}

/// Busy times of one calendar, or why there are none.
#[derive(Debug, Deserialize)]
pub(super) struct Busy {
    #[serde(default)]
    pub(super) busy: Vec<Stretch>,
    #[serde(default)]
    pub(super) errors: Vec<Reason>,
}

/// From when to when.
#[derive(Debug, Deserialize)]
pub(super) struct Stretch {
    pub(super) start: String,
    pub(super) end: String,
}

/// One page of the calendars of an account.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CalendarList {
    #[serde(default)]
    pub(super) items: Vec<ListedCalendar>,
    pub(super) next_page_token: Option<String>,
}

/// A calendar of an account.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListedCalendar {
    pub(super) id: String,
    pub(super) summary: Option<String>,
    pub(super) summary_override: Option<String>,
    pub(super) time_zone: Option<String>,
    pub(super) access_role: Option<String>,
    #[serde(default)]
    pub(super) primary: bool,
}

/// The body of a refusal.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Refusal {
    #[serde(default)]
    pub(super) error: Fault,
}

/// Why Google refused.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Fault {
    pub(super) message: Option<String>,
    #[serde(default)]
    pub(super) errors: Vec<Reason>,
}

/// The word that says more than the status.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Reason {
    #[serde(default)]
    pub(super) domain: String,
    #[serde(default)]
    pub(super) reason: String,
}

/// What the token endpoint gives.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    pub(super) expires_in: Option<u64>,
    pub(super) refresh_token: Option<String>,
    pub(super) scope: Option<String>,
}

/// What the token endpoint refuses with.
#[derive(Debug, Default, Deserialize)]
pub(super) struct TokenFault {
    #[serde(default)]
    pub(super) error: String,
    pub(super) error_description: Option<String>,
}
