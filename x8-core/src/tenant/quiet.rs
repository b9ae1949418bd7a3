//! Quiet hours: when nobody is reminded of anything (P10).

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// Local hours in which no reminder goes out; they may span midnight. From and until the same time: none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct QuietHours {
    /// The first quiet minute.
    pub from: civil::Time,
    /// The first minute that is not quiet any more.
    pub until: civil::Time,
}

impl Default for QuietHours {
    fn default() -> Self {
        Self {
            from: civil::time(21, 0, 0, 0),
            until: civil::time(9, 0, 0, 0),
        }
    }
}

impl QuietHours {
    /// The moment itself, or the end of the quiet hours it falls into. An end that a clock change skips is the moment of
    /// the change.
    ///
    /// ```
    /// use jiff::{Timestamp, tz::TimeZone};
    /// use x8_core::tenant::QuietHours;
    /// let madrid = TimeZone::get("Europe/Madrid")?;
    /// let night: Timestamp = "2026-11-20T23:30:00Z".parse()?;
    /// let morning: Timestamp = "2026-11-21T08:00:00Z".parse()?;
    /// assert_eq!(QuietHours::default().after(night, &madrid), morning);
    /// assert_eq!(QuietHours::default().after(morning, &madrid), morning);
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn after(&self, moment: Timestamp, zone: &TimeZone) -> Timestamp {
        let local = moment.to_zoned(zone.clone()).datetime();
        let (time, today) = (local.time(), local.date());
        let end = if self.from <= self.until {
            (self.from <= time && time < self.until).then_some(today)
        } else if time >= self.from {
            today.tomorrow().ok()
        } else {
            (time < self.until).then_some(today)
        };
        let end = end.map(|day| zone.to_ambiguous_timestamp(day.to_datetime(self.until)));
        let end = end.and_then(|end| end.compatible().ok());
        end.map_or(moment, |end| end.max(moment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(hours: QuietHours, moment: &str) -> String {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        hours.after(moment.parse().unwrap(), &zone).to_string()
    }

    fn hours(from: i8, until: i8) -> QuietHours {
        QuietHours {
            from: civil::time(from, 0, 0, 0),
            until: civil::time(until, 0, 0, 0),
        }
    }

    #[test]
    fn p10_a_moment_in_quiet_hours_waits_for_their_end() {
        let night = QuietHours::default();
        for (moment, expected) in [
            ("2026-11-20T19:59:59Z", "2026-11-20T19:59:59Z"),
            ("2026-11-20T20:00:00Z", "2026-11-21T08:00:00Z"),
            ("2026-11-20T23:30:00Z", "2026-11-21T08:00:00Z"),
            ("2026-11-21T07:59:59Z", "2026-11-21T08:00:00Z"),
            ("2026-11-21T08:00:00Z", "2026-11-21T08:00:00Z"),
        ] {
            assert_eq!(after(night, moment), expected, "{moment}");
        }
        let noon = hours(13, 16);
        assert_eq!(after(noon, "2026-11-20T12:30:00Z"), "2026-11-20T15:00:00Z");
        assert_eq!(after(noon, "2026-11-20T15:00:00Z"), "2026-11-20T15:00:00Z");
        assert_eq!(
            after(hours(9, 9), "2026-11-20T23:30:00Z"),
            "2026-11-20T23:30:00Z",
            "no quiet hours at all"
        );
    }

    #[test]
    fn p10_quiet_hours_end_by_the_wall_clock_through_its_changes() {
        let night = QuietHours::default();
        assert_eq!(after(night, "2026-03-28T22:00:00Z"), "2026-03-29T07:00:00Z");
        assert_eq!(after(night, "2026-10-24T22:00:00Z"), "2026-10-25T08:00:00Z");
        assert_eq!(
            after(hours(0, 2), "2026-03-29T00:30:00Z"),
            "2026-03-29T01:00:00Z",
            "two o'clock does not come"
        );
    }
}
