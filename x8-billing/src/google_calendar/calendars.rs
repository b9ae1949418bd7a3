//! The calendars of an account, for a company to choose from.

use reqwest::Method;
use x8_core::{Result, Secret};

use super::{
    answer::read,
    client::{Api, Call},
    error::lost,
    wire::{CalendarList, ListedCalendar},
};

const OPERATION: &str = "google.calendars";
/// Pages of 250; nobody has more calendars than that.
const PAGES: u32 = 8;

/// A calendar that an account can see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEntry {
    /// Its address.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Its own IANA zone, if it has one.
    pub time_zone: Option<String>,
    /// Whether it is the account's main one.
    pub primary: bool,
    /// Whether events may be written to it.
    pub writable: bool,
}

impl From<ListedCalendar> for CalendarEntry {
    fn from(listed: ListedCalendar) -> Self {
        let role = listed.access_role.as_deref().unwrap_or_default();
        Self {
            writable: matches!(role, "owner" | "writer"),
            name: listed
                .summary_override
                .or(listed.summary)
                .unwrap_or_else(|| listed.id.clone()),
            id: listed.id,
            time_zone: listed.time_zone,
            primary: listed.primary,
        }
    }
}

pub(super) async fn list(api: &Api, token: &Secret) -> Result<Vec<CalendarEntry>> {
    let mut found = Vec::new();
    let mut next: Option<String> = None;
    for _ in 0..PAGES {
        let mut query = vec![("maxResults", "250")];
        query.extend(next.as_deref().map(|token| ("pageToken", token)));
        let path = ["users", "me", "calendarList"];
        let call = Call::new(Method::GET, &path).asking(&query);
        let answer = api.send(token, &call).await;
        let answer = answer.map_err(|why| lost(OPERATION, why))?;
        let page: CalendarList = read(OPERATION, &answer)?;
        found.extend(page.items.into_iter().map(CalendarEntry::from));
        match page.next_page_token {
            Some(token) => next = Some(token),
            None => break,
        }
    }
    Ok(found)
}
