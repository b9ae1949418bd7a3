//! Stretches of time: how long something lasts, when it comes, and when a reminder goes out.

use x8_core::text::fold;

use super::{super::known::lasting, Turn};
use crate::guard::{
    amounts::{self, Duration, Figures},
    facts::Named,
    lexicon::{Hits, List},
};

/// What a stretch of time can be of, besides a row.
const TIMES: [List; 5] = [
    List::DELIVERY,
    List::ARRIVAL,
    List::REMINDER,
    List::GUARANTEE,
    List::LASTING,
];

impl Turn<'_> {
    /// Whether every stretch of time of a sentence is what the rows tell of what it is said of.
    pub(super) fn explains_durations(
        &self,
        figures: &Figures<'_>,
        marked: &str,
        rows: &[Named<'_>],
        found: Hits,
    ) -> bool {
        // Nothing then says of what a stretch would be.
        if !found.any(&TIMES) && figures.names().next().is_none() {
            return true;
        }
        let durations = figures.durations();
        if durations.is_empty() {
            return true;
        }
        let named = figures.names().filter_map(|place| rows.get(place));
        let named: Vec<&Named<'_>> = named.collect();
        // Several belong to several rows, of which some may be named by no word of their own.
        let alone = durations.len() == 1 && named.is_empty();
        let everyday = || {
            if alone {
                self.everyday(marked)
            } else {
                Vec::new()
            }
        };
        durations.iter().all(|duration| {
            self.explains_duration(duration, &named, rows, found, everyday)
                || self.repeats(duration, found)
        })
    }

    fn explains_duration(
        &self,
        duration: &Duration,
        named: &[&Named<'_>],
        rows: &[Named<'_>],
        found: Hits,
        everyday: impl Fn() -> Vec<i64>,
    ) -> bool {
        let minutes = duration.minutes;
        if found.any(&[List::DELIVERY, List::ARRIVAL]) {
            let known: Vec<i64> = self.known.lasting.iter().copied().collect();
            return self.known.delivery.contains(&minutes) || self.lasts(&known, minutes);
        }
        if found.has(List::REMINDER) {
            return self.known.reminders.contains(&minutes);
        }
        if found.has(List::GUARANTEE) {
            return self.known.lasting.contains(&minutes);
        }
        let of = duration.of.and_then(|place| rows.get(place));
        let only = match named {
            [only] if found.has(List::LASTING) => Some(*only),
            _several => None,
        };
        match of.or(only) {
            Some(row) => self.lasts(row.lasting(), minutes),
            None if found.has(List::LASTING) => {
                let everyday = everyday();
                if everyday.is_empty() {
                    let known: Vec<i64> = self.known.lasting.iter().copied().collect();
                    self.lasts(&known, minutes)
                } else {
                    self.lasts(&everyday, minutes)
                }
            }
            None => true,
        }
    }

    /// Minutes of the rows that a sentence names by one of their words alone.
    fn everyday(&self, marked: &str) -> Vec<i64> {
        let offerings = self.facts.catalog.offerings();
        let words = self.facts.nicknames.found(marked).into_iter();
        let rows = words.filter_map(|(_, at)| offerings.get(at));
        rows.flat_map(lasting).collect()
    }

    /// One of these, or as often as it is in the cart. A row that tells no time says nothing against one.
    fn lasts(&self, known: &[i64], minutes: i64) -> bool {
        let mut times = self.quantities.iter().filter(|count| **count > 1);
        known.contains(&minutes)
            || times.any(|count| {
                known
                    .iter()
                    .any(|own| own.checked_mul(*count) == Some(minutes))
            })
    }

    /// "In two hours we cannot": the customer's own words, refused.
    fn repeats(&self, duration: &Duration, found: Hits) -> bool {
        found.has(List::REFUSAL)
            && Figures::read(&fold(&amounts::plain(self.customer)))
                .durations()
                .iter()
                .any(|own| own.minutes == duration.minutes)
    }
}
