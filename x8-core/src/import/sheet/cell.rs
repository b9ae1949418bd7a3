//! Cells that are numbers, as text without float noise (K3).

use std::borrow::Cow;

use jiff::{ToSpan as _, civil::date};

use super::format::Shown;
use crate::{
    error::Result,
    import::table::{Builder, Form},
};

/// Digits that a double holds exactly; spreadsheets show and calculate with no more.
const EXACT_DIGITS: usize = 15;

/// Adds a cell that the file holds as a number, as its format shows it.
pub(super) fn number(
    builder: &mut Builder<'_>,
    raw: &str,
    shown: &Shown,
    from_1904: bool,
) -> Result<()> {
    let Some(plain) = decimal(raw.trim()) else {
        return builder.text(raw);
    };
    match shown {
        Shown::Number => builder.formed(&plain, Form::Number),
        Shown::Percent => builder.text(&format!("{}%", hundredfold(&plain))),
        Shown::Beside(word) => builder.text(&format!("{plain} {word}")),
        Shown::Disguised => builder.formed(&plain, Form::Disguised),
        Shown::Date => {
            let text = moment(&plain, from_1904).unwrap_or_else(|| plain.into_owned());
            builder.formed(&text, Form::Date)
        }
    }
}

/// The shortest plain digits of a number: `12.10` and `12.1` are `12.1`, `8.1999999999999993` is `8.2`, as the
/// spreadsheet shows them. `None` when it is no number.
pub(super) fn decimal(raw: &str) -> Option<Cow<'_, str>> {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let significant = whole.trim_start_matches('0').len() + fraction.len();
    // A long code without a fraction has no noise to lose, only digits.
    let exact = significant <= EXACT_DIGITS || fraction.is_empty();
    if !whole.is_empty() && are_digits(whole) && are_digits(fraction) && exact {
        return Some(Cow::Borrowed(if fraction.is_empty() {
            raw.trim_end_matches('.')
        } else {
            raw.trim_end_matches('0').trim_end_matches('.')
        }));
    }
    nearest(raw).map(Cow::Owned)
}

#[expect(
    clippy::disallowed_types,
    reason = "a spreadsheet holds doubles: this reads one and prints the digits it stands for, and calculates nothing"
)]
fn nearest(raw: &str) -> Option<String> {
    let value: f64 = raw.parse().ok()?;
    if !value.is_finite() {
        return None;
    }
    let shown: f64 = format!("{value:.14e}").parse().ok()?;
    Some(shown.to_string())
}

/// The text of a double, for formats that hold no text of it.
#[expect(
    clippy::disallowed_types,
    reason = "the reader of old workbooks gives doubles: this prints one and calculates nothing"
)]
pub(super) fn digits(value: f64) -> String {
    value.to_string()
}

/// Plain digits times one hundred, by moving the point.
fn hundredfold(plain: &str) -> String {
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", plain),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let moved: String = fraction.chars().chain("00".chars()).take(2).collect();
    let rest = fraction.get(2..).unwrap_or_default();
    let whole = format!("{whole}{moved}");
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        some => some,
    };
    if rest.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{rest}")
    }
}

/// The date and time of a day number.
fn moment(plain: &str, from_1904: bool) -> Option<String> {
    let (days, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let days: i64 = days.parse().ok()?;
    let time = (!fraction.is_empty()).then(|| time_of_day(fraction));
    if days == 0 && !from_1904 {
        return Some(time.flatten().unwrap_or_else(|| "00:00:00".to_owned()));
    }
    let epoch = if from_1904 {
        date(1904, 1, 1)
    } else if days < 60 {
        // The first spreadsheets believed in 29 February 1900.
        date(1899, 12, 31)
    } else {
        date(1899, 12, 30)
    };
    let day = (1..3_000_000)
        .contains(&days)
        .then(|| epoch.checked_add(days.days()).ok())
        .flatten()?;
    Some(match time.flatten() {
        Some(time) => format!("{day} {time}"),
        None => day.to_string(),
    })
}

/// `25` (of a day) is six in the morning.
fn time_of_day(fraction: &str) -> Option<String> {
    let digits: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    let billionths: u64 = digits.parse().ok()?;
    let seconds = (billionths * 86_400 + 500_000_000) / 1_000_000_000;
    let (hours, minutes) = (seconds / 3_600 % 24, seconds / 60 % 60);
    Some(format!("{hours:02}:{minutes:02}:{:02}", seconds % 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k3_numbers_of_cells_have_no_float_noise() {
        for (raw, expected) in [
            ("12.1", Some("12.1")),
            ("12.10", Some("12.1")),
            ("12.0", Some("12")),
            ("8.1999999999999993", Some("8.2")),
            ("0.30000000000000004", Some("0.3")),
            ("89.699999999999989", Some("89.7")),
            ("1.2E2", Some("120")),
            ("1E-2", Some("0.01")),
            ("-5", Some("-5")),
            ("4006381333931", Some("4006381333931")),
            ("1234567890123456", Some("1234567890123456")),
            ("1299.505", Some("1299.505")),
            ("0.000", Some("0")),
            ("1e999", None),
            ("abc", None),
            ("", None),
        ] {
            assert_eq!(decimal(raw).as_deref(), expected, "{raw}");
        }
    }

    #[test]
    fn k3_percentages_and_dates_say_what_they_are() {
        for (plain, expected) in [
            ("0.15", "15"),
            ("0.155", "15.5"),
            ("1", "100"),
            ("-0.005", "-0.5"),
            ("0", "0"),
        ] {
            assert_eq!(hundredfold(plain), expected, "{plain}");
        }
        for (plain, expected) in [
            ("45424", Some("2024-05-12")),
            ("45424.5", Some("2024-05-12 12:00:00")),
            ("1", Some("1900-01-01")),
            ("0.25", Some("06:00:00")),
            ("99999999", None),
        ] {
            assert_eq!(moment(plain, false).as_deref(), expected, "{plain}");
        }
        assert_eq!(moment("0", true), None);
    }
}
