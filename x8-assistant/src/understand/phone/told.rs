//! "The phone is mine", "you already have my number", "номер тот же самый": whose number it is, told in a sentence (G9).

use std::ops::Range;

use super::{
    super::words::{Words, matches},
    own::NOUNS,
};

/// Whose number it is.
const WHOSE: &[&str] = &[
    "mine",
    "this",
    "same",
    "мой",
    "моем",
    "тот",
    "этот",
    "прежний",
    "прежнем",
    "старый",
    "mio",
    "mismo",
    "misma",
    "este",
    "igual",
];

/// Between the noun and whose it is.
const LINKS: &[&str] = &[
    "is",
    "it's",
    "its",
    "the",
    "still",
    "just",
    "will",
    "be",
    "one",
    "number",
    "es",
    "sigue",
    "siendo",
    "el",
    "la",
    "lo",
    "del",
    "de",
    "que",
    "numero",
    "aqui",
    "у",
    "меня",
    "будет",
    "все",
    "всё",
    "же",
    "самый",
    "который",
    "и",
    "да",
    "как",
    "whatsapp",
    "telefono",
];

/// What may stand around the noun without being anything else.
const AROUND: &[&str] = &[
    "the", "my", "mi", "el", "la", "y", "and", "и", "а", "мой", "su", "con", "with", "phone",
    "contact", "contacto", "telefono", "numero", "number", "на", "по",
];

/// What may stand behind whose it is.
const BEHIND: &[&str] = &[
    "же",
    "самый",
    "one",
    "number",
    "mismo",
    "numero",
    "aqui",
    "here",
    "номер",
    "telefono",
];

/// "You already have my number": the verb and the possessive.
const HAVE: &[&str] = &[
    "have my",
    "got my",
    "know my",
    "see my",
    "teneis mi",
    "tienes mi",
    "tienen mi",
    "tiene mi",
    "есть мой",
    "знаете мой",
    "видите мой",
    "видно мой",
];

/// What goes before that verb.
const LEADS: &[&str] = &[
    "you", "u", "already", "should", "must", "do", "ya", "lo", "у", "вас", "уже", "вы", "тебя",
    "там", "and", "y", "и",
];

/// The words that say so.
pub(super) fn told(words: &Words) -> Option<Range<usize>> {
    had(words).or_else(|| called(words))
}

fn is(words: &Words, at: usize, forms: &[&str]) -> bool {
    words
        .at(at)
        .is_some_and(|word| !word.used && forms.iter().any(|form| matches(&word.folded, form)))
}

/// Where the words before a place that are among these begin, within its part.
fn from(words: &Words, at: usize, forms: &[&str]) -> usize {
    let segment = words.at(at).map(|word| word.segment);
    let same = |place: usize| words.at(place).map(|word| word.segment) == segment;
    let near = (0..at)
        .rev()
        .take_while(|place| same(*place) && is(words, *place, forms));
    near.last().unwrap_or(at)
}

fn had(words: &Words) -> Option<Range<usize>> {
    let range = HAVE.iter().find_map(|phrase| words.find(phrase))?;
    let noun = is(words, range.end, NOUNS);
    noun.then(|| from(words, range.start, LEADS)..range.end + 1)
}

fn called(words: &Words) -> Option<Range<usize>> {
    const FAR: usize = 4;
    (0..words.list().len()).find_map(|at| {
        if !is(words, at, NOUNS) {
            return None;
        }
        let segment = words.at(at)?.segment;
        let same = |place: usize| words.at(place).is_some_and(|word| word.segment == segment);
        let whose = (at + 1..=at + FAR)
            .take_while(|place| same(*place))
            .find(|place| !is(words, *place, LINKS))?;
        if !is(words, whose, WHOSE) {
            return None;
        }
        let more = (whose + 1..).take_while(|place| same(*place) && is(words, *place, BEHIND));
        let end = more.last().unwrap_or(whose) + 1;
        Some(from(words, at, AROUND)..end)
    })
}
