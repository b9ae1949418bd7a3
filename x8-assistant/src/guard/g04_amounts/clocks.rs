//! Times of day: what is free or comes when is told by the system alone, so a clock in a model's words must have been told
//! before, or stand in a row.

use std::collections::BTreeSet;

use x8_core::catalog::Offering;

use crate::guard::{Rule, look::Look, text::Edit, work::Work};

/// Minutes of a day.
const NOON: u32 = 12 * 60;

/// Removes sentences with times of day that nobody told; nothing where the context does not say what was told.
pub(in super::super) fn apply(work: &mut Work<'_>) {
    let Some(told) = work.context.told.as_deref() else {
        return;
    };
    if !work.page().sentences().any(|one| one.looks(Look::NUMERIC))
        || clocks(work.text()).is_empty()
    {
        return;
    }
    let mut known = hours(told);
    known.extend(hours(&work.context.customer_text));
    for row in work.catalog.offerings() {
        known.extend(of_row(row));
    }
    work.edit(Rule::G4, |_, sentence| {
        if clocks(sentence).is_subset(&known) {
            Edit::Keep
        } else {
            Edit::Remove
        }
    });
}

fn of_row(row: &Offering) -> BTreeSet<u32> {
    let texts = row
        .details
        .values()
        .chain(row.extra.values())
        .map(String::as_str);
    let own = [row.name.as_str(), row.description.as_str()].into_iter();
    let own = own.chain(row.duration.as_deref());
    texts.chain(own).flat_map(clocks).collect()
}

/// Minutes since midnight of every `10:58`, `10:58 pm` and `10 am`.
fn clocks(text: &str) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    for (number, rest) in numbers(text) {
        let (hour, rest) = (number, rest);
        let minutes = rest.strip_prefix(':').and_then(|rest| rest.get(..2));
        let minutes = minutes.and_then(|minutes| minutes.parse().ok());
        let behind = minutes.map_or(rest, |_: u32| rest.get(3..).unwrap_or_default());
        let half = half_of_day(behind);
        if hour > 24 || (minutes.is_none() && half.is_none()) || minutes > Some(59) {
            continue;
        }
        let at = hour * 60 + minutes.unwrap_or_default();
        found.insert(match half {
            Some(true) if hour < 12 => at + NOON,
            Some(false) if hour == 12 => at - NOON,
            Some(_) | None => at,
        });
    }
    found
}

/// What a person may have meant as a time of day: clocks, and any small number by itself, before and after noon.
fn hours(text: &str) -> BTreeSet<u32> {
    let clocks = clocks(text);
    let bare = numbers(text).into_iter().map(|(number, _)| number);
    let bare = bare.filter(|hour| *hour <= 24).map(|hour| hour * 60);
    let all: BTreeSet<u32> = clocks.into_iter().chain(bare).collect();
    let later = all.iter().filter(|at| **at < NOON).map(|at| at + NOON);
    later
        .collect::<BTreeSet<u32>>()
        .union(&all)
        .copied()
        .collect()
}

/// `pm` is true, `am` false.
fn half_of_day(rest: &str) -> Option<bool> {
    let rest: String = rest.chars().take(6).filter(|c| c.is_alphabetic()).collect();
    let rest = rest.to_lowercase();
    let word = |word: &str| rest.starts_with(word) && rest.len() == word.len();
    match () {
        () if word("pm") => Some(true),
        () if word("am") => Some(false),
        () => None,
    }
}

/// Every whole number of one or two digits, with what follows it.
fn numbers(text: &str) -> Vec<(u32, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        before = rest
            .get(..start)
            .and_then(|ahead| ahead.chars().next_back())
            .unwrap_or(before);
        let tail = rest.get(start..).unwrap_or_default();
        let end = tail
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(tail.len());
        let (number, behind) = tail.split_at(end);
        // "10:58" is one time, not two; "1.58" and "29,90" are none.
        let part = matches!(before, ':' | '.' | ',');
        if !part
            && end <= 2
            && let Ok(number) = number.parse()
        {
            found.push((number, behind));
        }
        before = number.chars().next_back().unwrap_or(' ');
        rest = behind;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(u32, u32)> {
        clocks(text)
            .into_iter()
            .map(|at| (at / 60, at % 60))
            .collect()
    }

    #[test]
    fn g4_clocks_are_read() {
        assert_eq!(
            told("at 10:58 am to the 3rd, 4:30 pm"),
            [(10, 58), (16, 30)]
        );
        assert_eq!(told("в 9:05, 12 am, 7pm"), [(0, 0), (9, 5), (19, 0)]);
        assert_eq!(
            told("29.90 EUR, 1:75, 24/7, 2 × 3, 10 amigos, ratio 1.58"),
            []
        );
    }

    #[test]
    fn g4_what_people_say_may_be_a_time() {
        let hours = hours("mañana a las 9, o 16:30");
        assert!(
            [9 * 60, 21 * 60, 16 * 60 + 30]
                .iter()
                .all(|at| hours.contains(at))
        );
        assert!(!hours.contains(&(10 * 60)));
    }
}
