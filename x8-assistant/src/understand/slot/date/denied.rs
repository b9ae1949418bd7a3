//! Days that are named to be ruled out (B2).

use super::{super::super::words::Words, is};

/// Between a denial and the day.
const BETWEEN: &[&str] = &[
    "on",
    "the",
    "this",
    "в",
    "во",
    "на",
    "el",
    "este",
    "para",
    "for",
    "make",
    "do",
    "come",
    "it",
    "can",
    "work",
    "смогу",
    "могу",
    "сможем",
    "можем",
    "получится",
    "получается",
    "выходит",
    "удобно",
    "подходит",
    "буду",
    "успею",
    "успеваю",
    "puedo",
    "podre",
    "podemos",
    "podria",
    "me",
    "va",
    "viene",
    "bien",
];

const DENIALS: &[&str] = &[
    "not", "no", "не", "can't", "cant", "cannot", "couldn't", "won't", "doesn't",
];

/// How many words may stand between.
const FAR: usize = 4;

/// "Not tomorrow", "no el viernes", "не смогу в субботу", "I can't make it on Monday".
pub(super) fn is_denied(words: &Words, start: usize) -> bool {
    for back in 1..=FAR {
        let at = start.checked_sub(back);
        if is(words, at, DENIALS) {
            return !at.is_some_and(|at| is_apart(words, at, start));
        }
        if !is(words, at, BETWEEN) {
            return false;
        }
    }
    false
}

/// "No, on Friday": a denial that ends before the day begins.
fn is_apart(words: &Words, at: usize, start: usize) -> bool {
    let segment = |at: usize| words.at(at).map(|word| word.segment);
    let parted = words
        .at(at + 1)
        .is_some_and(|next| next.gap.contains([',', '.', ';', '!']));
    parted || segment(at) != segment(start)
}
