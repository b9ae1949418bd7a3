//! When a company is open: intervals per weekday, closed and special days (B3).

use jiff::civil;
use serde::{Deserialize, Deserializer, Serialize};

/// The most intervals that one day may have.
const MOST_INTERVALS: usize = 12;

/// The most closed days, and the most special days, that are kept.
const MOST_DAYS: usize = 400;

/// The intervals of one day in local time, each with its opening and closing; none: closed.
///
/// Read from a list of pairs, from one pair, or from `null`, the latter two being what was written before a day could have
/// a lunch break; written as a list.
///
/// ```
/// use x8_core::booking::DayHours;
/// let lunch: DayHours = serde_json::from_str(r#"[["09:00:00","13:00:00"],["14:00:00","19:00:00"]]"#)?;
/// let plain: DayHours = serde_json::from_str(r#"["09:00:00","19:00:00"]"#)?;
/// let closed: DayHours = serde_json::from_str("null")?;
/// assert_eq!([lunch.0.len(), plain.0.len(), closed.0.len()], [2, 1, 0]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct DayHours(pub Vec<(civil::Time, civil::Time)>);

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a day needs a list of pairs of opening and closing, such as [[\"09:00\", \"13:00\"], [\"14:00\", \"19:00\"]], one such pair, or null"
)]
enum Shape {
    Closed(()),
    One(civil::Time, civil::Time),
    Many(Vec<(civil::Time, civil::Time)>),
}

impl<'de> Deserialize<'de> for DayHours {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Ok(Self(match Shape::deserialize(value)? {
            Shape::Closed(()) => Vec::new(),
            Shape::One(open, close) => vec![(open, close)],
            Shape::Many(intervals) => intervals,
        }))
    }
}

impl DayHours {
    /// Open once, without a break.
    #[must_use]
    pub fn between(open: civil::Time, close: civil::Time) -> Self {
        Self(vec![(open, close)])
    }

    /// What is wrong with them, for people.
    fn problem(&self) -> Option<String> {
        if self.0.len() > MOST_INTERVALS {
            return Some(format!(
                "a day has at most {MOST_INTERVALS} intervals, not {}",
                self.0.len()
            ));
        }
        if let Some((open, close)) = self.0.iter().find(|(open, close)| open >= close) {
            return Some(format!(
                "each interval must open before it closes, not {open} to {close}"
            ));
        }
        let ends = self.0.iter().map(|(_, close)| close);
        let next = self.0.iter().skip(1).map(|(open, _)| open);
        let crossed = ends.zip(next).find(|(end, next)| end > next);
        crossed.map(|(end, next)| {
            format!(
                "intervals must follow each other, but one starts at {next} before {end}, when the one before it ends"
            )
        })
    }
}

/// A day with hours of its own, whatever its weekday.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SpecialDay {
    /// Which day, in the company's time zone.
    pub date: civil::Date,
    /// Its hours; none: closed.
    #[serde(default)]
    pub hours: DayHours,
}

/// When bookings may start, and how many at once (B3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpeningHours {
    /// Per weekday, Monday first.
    pub week: [DayHours; 7],
    /// Closed days.
    pub holidays: Vec<civil::Date>,
    /// Days with other hours; they win over weekday and holiday.
    pub special_days: Vec<SpecialDay>,
    /// The earliest start is this many minutes from now.
    pub lead_minutes: u32,
    /// How many days ahead slots are offered.
    pub horizon_days: u32,
    /// Parallel deliveries per delivery slot.
    pub delivery_capacity: u32,
    /// Length of a delivery slot; one follows the other from the opening of each interval.
    pub delivery_minutes: u32,
    /// Parallel appointments per offering.
    pub appointment_capacity: u32,
    /// Appointments may start this many minutes apart, counted from the opening of each interval, whatever their length;
    /// 0: one follows the other.
    pub appointment_step_minutes: u32,
}

impl Default for OpeningHours {
    fn default() -> Self {
        let (open, close) = (civil::time(9, 0, 0, 0), civil::time(19, 0, 0, 0));
        Self {
            week: Self::daily(&DayHours::between(open, close)),
            holidays: Vec::new(),
            special_days: Vec::new(),
            lead_minutes: 60,
            horizon_days: 14,
            delivery_capacity: 4,
            delivery_minutes: 120,
            appointment_capacity: 1,
            appointment_step_minutes: 30,
        }
    }
}

impl OpeningHours {
    /// A week in which every day is the same.
    #[must_use]
    pub fn daily(hours: &DayHours) -> [DayHours; 7] {
        std::array::from_fn(|_| hours.clone())
    }

    /// The intervals of a local day: those of the special day, none on a holiday, else those of its weekday.
    #[must_use]
    pub fn on(&self, day: civil::Date) -> &[(civil::Time, civil::Time)] {
        if let Some(special) = self.special_days.iter().find(|one| one.date == day) {
            return &special.hours.0;
        }
        if self.holidays.contains(&day) {
            return &[];
        }
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
        self.week.get(weekday).map_or(&[], |hours| &hours.0)
    }

    /// How long a cell of the grid must be so that slots of this length, of which one may start every `step` minutes,
    /// always share one when they overlap; 0 when they cannot overlap but by being the same slot.
    ///
    /// A cell divides the step and every opening time, so that all slots start at the start of a cell; and half an hour, so
    /// that they still do after a clock change.
    pub(super) fn cell_minutes(&self, length: u32, step: u32) -> u32 {
        if step >= length {
            return 0;
        }
        let special = self.special_days.iter().map(|one| &one.hours);
        let intervals = self.week.iter().chain(special).flat_map(|day| &day.0);
        let opens = intervals.map(|(open, _)| {
            let minutes = i64::from(open.hour()) * 60 + i64::from(open.minute());
            u32::try_from(minutes).unwrap_or(0)
        });
        opens.fold(gcd(step, 30), gcd).max(1)
    }

    /// Everything that is wrong with them: the field, and why, for people. None: they may be saved.
    #[must_use]
    pub fn problems(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (weekday, hours) in self.week.iter().enumerate() {
            let problem = hours.problem();
            found.extend(problem.map(|why| (format!("week.{weekday}"), why)));
        }
        for (number, day) in self.special_days.iter().enumerate() {
            let earlier = self.special_days.iter().take(number);
            let twice = earlier
                .clone()
                .any(|other| other.date == day.date)
                .then(|| format!("{} is named twice", day.date));
            let problem = day.hours.problem().or(twice);
            found.extend(problem.map(|why| (format!("special_days.{number}"), why)));
        }
        let sizes = [
            ("holidays", self.holidays.len()),
            ("special_days", self.special_days.len()),
        ];
        for (field, size) in sizes {
            if size > MOST_DAYS {
                let why = format!("at most {MOST_DAYS} days are kept, not {size}");
                found.push((field.to_owned(), why));
            }
        }
        let limits = [
            ("lead_minutes", self.lead_minutes, 0..=60 * 24 * 60, false),
            ("horizon_days", self.horizon_days, 0..=365, false),
            (
                "delivery_capacity",
                self.delivery_capacity,
                0..=1_000,
                false,
            ),
            ("delivery_minutes", self.delivery_minutes, 5..=1_440, false),
            (
                "appointment_capacity",
                self.appointment_capacity,
                0..=1_000,
                false,
            ),
            (
                "appointment_step_minutes",
                self.appointment_step_minutes,
                5..=1_440,
                true,
            ),
        ];
        for (field, value, range, or_zero) in limits {
            if !(range.contains(&value) || or_zero && value == 0) {
                let zero = if or_zero { "0, or " } else { "" };
                let why = format!("{zero}{} to {}, not {value}", range.start(), range.end());
                found.push((field.to_owned(), why));
            }
        }
        found
    }
}

fn gcd(one: u32, other: u32) -> u32 {
    if other == 0 {
        one
    } else {
        gcd(other, one % other)
    }
}
