#![doc = include_str!("google_calendar/docs.md")]

mod answer;
mod calendars;
mod client;
mod config;
mod convert;
mod error;
mod events;
mod oauth;
mod tokens;
mod wire;

pub use calendars::CalendarEntry;
pub use config::{Endpoints, GoogleConfig, SCOPES, Timeouts};
pub use events::GoogleCalendar;
pub use oauth::{GoogleOauth, Grant};
pub use tokens::{CalendarAccess, CalendarTokens};
