//! Places in a list: "the second", "number 2", "la opción 3" (O1).

use super::super::{number, words::Words};

/// What stands before the number of a place.
const LABELS: &[&str] = &[
    "number",
    "no",
    "nr",
    "option",
    "item",
    "variant",
    "numero",
    "num",
    "opcion",
    "n",
    "номер",
    "номером",
    "вариант",
    "пункт",
    "позиция",
    "позицию",
];

/// The longest list whose places are told by numbers.
const MOST: u32 = 30;

/// "Number 2", "la opción 3", "#4", "под номером 5": the place from 0; takes the words.
pub(in crate::understand) fn numbered(words: &mut Words) -> Option<usize> {
    let (at, place) = (0..words.list().len()).find_map(|at| {
        let word = words.at(at).filter(|word| !word.used)?;
        let place = number::value(word).filter(|place| (1..=MOST).contains(place))?;
        let label = words
            .before(at, 1)
            .filter(|before| before.segment == word.segment && !word.gap.contains([',', '.']))
            .is_some_and(|before| !before.used && LABELS.contains(&before.folded.as_str()));
        // A short number: "number 2", not "number 34 600 11".
        let longer = words
            .at(at + 1)
            .is_some_and(|next| next.digits().is_some() && next.segment == word.segment);
        let denied = words.before(at, 1).is_some_and(|before| {
            before.folded == "no" && words.before(at, 2).is_none_or(|far| far.folded != "the")
        });
        ((label && !denied) || word.gap.ends_with('#'))
            .then_some((at, place))
            .filter(|_| !longer)
    })?;
    words.take(at.saturating_sub(1)..at + 1);
    usize::try_from(place).ok()?.checked_sub(1)
}

/// "The first one", "the last one": which of several.
pub(in crate::understand) fn ordinal(words: &Words) -> Option<usize> {
    words
        .list()
        .iter()
        .filter(|word| !word.used)
        .find_map(number::ordinal)
}

/// Whether the only numbers left are written as words.
pub(in crate::understand) fn is_spelled(words: &Words) -> bool {
    let mut numbers = words
        .list()
        .iter()
        .filter(|word| !word.used && number::value(word).is_some())
        .peekable();
    numbers.peek().is_some() && numbers.all(|word| word.digits().is_none())
}
