//! How long a service takes, when its text says so plainly.

use super::{
    header::is_unit,
    number::{Mark, scan},
};
use crate::text::fold;

/// Longest duration that is read: thirty-one days, in minutes.
const LONGEST: i64 = 31 * 24 * 60;

/// Minutes of "90 minutes", "2.5 hours", "1,5 часа", "1 h 30 min"; `None` when it is not plain.
///
/// `unit` is what a bare number counts: the list of units that the header named, if any.
pub(super) fn minutes(text: &str, unit: Option<&str>) -> Option<u32> {
    let folded = fold(text);
    let total = parts(&folded).into_iter().try_fold(0_i64, |sum, part| {
        sum.checked_add(part_minutes(part, unit)?)
    })?;
    (0 < total && total <= LONGEST)
        .then(|| u32::try_from(total).ok())
        .flatten()
}

/// Splits before every number that follows a word: "1 h 30 min" is two parts.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut after_word = false;
    for (at, letter) in text.char_indices() {
        if letter.is_ascii_digit() && after_word {
            parts.extend(text.get(start..at));
            start = at;
            after_word = false;
        } else if letter.is_alphabetic() {
            after_word = true;
        }
    }
    parts.extend(text.get(start..));
    parts
}

fn part_minutes(part: &str, unit: Option<&str>) -> Option<i64> {
    let scanned = scan(part).ok()?;
    if !scanned.before.is_empty() {
        return None;
    }
    let word = scanned.after.trim_end_matches('.');
    let hundredths = scanned.shape.value(Mark::Open, 2).ok()?;
    let is = |list: &str| {
        if word.is_empty() {
            unit == Some(list)
        } else {
            is_unit(list, word)
        }
    };
    let per_unit = if is("hours") {
        60
    } else if is("minutes") {
        1
    } else {
        return None;
    };
    let exact = hundredths.checked_mul(per_unit)?;
    (exact % 100 == 0).then_some(exact / 100)
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn k1_plain_durations_are_read_and_others_stay_text() {
        for (text, expected) in [
            ("90 minutes", Some(90)),
            ("2.5 hours", Some(150)),
            ("1,5 часа", Some(90)),
            ("2 horas", Some(120)),
            ("1 h 30 min.", Some(90)),
            ("1 час 15 минут", Some(75)),
            ("45min", Some(45)),
            ("90", None),
            ("2-3 hours", None),
            ("1:30", None),
            ("about 2 hours", None),
            ("1,500 minutes", None),
            ("0.33 h", None),
            ("0 min", None),
            ("", None),
            ("99999999 hours", None),
        ] {
            assert_eq!(minutes(text, None), expected, "{text}");
        }
        assert_eq!(minutes("90", Some("minutes")), Some(90));
        assert_eq!(minutes("2", Some("hours")), Some(120));
    }
}
