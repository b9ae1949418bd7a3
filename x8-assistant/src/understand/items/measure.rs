//! Weights and volumes that no name carries: "3 litres" of what is sold by the litre (O1).

use super::super::{lexicon::Entry, size::measured, words::Word};

/// The one row whose measure divides the one said, and how many times it does; the place of the measure in the message.
pub(super) fn multiple<'e>(
    found: &[&'e Entry],
    list: &[(usize, Word)],
) -> Option<(&'e Entry, u32, usize)> {
    let (at, said, kind) = list.iter().find_map(|(at, word)| {
        let named = |entry: &&Entry| entry.name.contains(&word.folded);
        let free = !found.iter().any(named);
        let (amount, kind) = measured(&word.folded).filter(|_| free)?;
        Some((*at, amount, kind))
    })?;
    let times = |entry: &&'e Entry| {
        let own = entry.name.iter().find_map(|word| measured(word));
        let (own, _) = own.filter(|(own, its)| *its == kind && *own > 0)?;
        let count = u32::try_from(said / own).ok()?;
        (said % own == 0 && (1..=1_000).contains(&count)).then_some((*entry, count))
    };
    let mut fitting = found.iter().filter_map(times);
    match (fitting.next(), fitting.next()) {
        (Some((entry, count)), None) => Some((entry, count, at)),
        _unclear => None,
    }
}
