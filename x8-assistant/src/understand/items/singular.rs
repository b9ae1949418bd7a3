//! Whether a row was spoken of as one thing: "a vase", "el bizcocho", "ролл с угрём" (O1).

use super::super::{
    lexicon::{Entry, Lexicon},
    terms::alike,
    words::{Words, matches},
};

/// Endings of several things, in the letters of each script.
const PLURAL_LATIN: &[&str] = &["s"];
const PLURAL_CYRILLIC: &[&str] = &[
    "ы", "и", "ов", "ев", "ей", "ам", "ям", "ами", "ями", "ах", "ях", "их", "ых",
];

/// These say that one is meant.
const ONE: &[&str] = &[
    "the", "a", "an", "one", "this", "that", "el", "la", "un", "una", "este", "esta", "ese", "esa",
    "этот", "эту", "тот", "ту", "один", "одну", "одна", "одно",
];
/// What follows them where one of several that were shown is meant: "la de 8", "the 20 one", "la grande".
const CHOICE: &[&str] = &[
    "one",
    "de",
    "small*",
    "large*",
    "big*",
    "pequen*",
    "grande",
    "маленьк*",
    "больш*",
    "first",
    "second",
    "primer*",
    "segund*",
    "cheap*",
    "barat*",
];
const SEVERAL: &[&str] = &[
    "ones", "los", "las", "both", "all", "эти", "те", "оба", "обе",
];

/// Whether messages named a row as one thing; the newest that tells decides. `texts` are the customer's, newest first.
pub(in crate::understand) fn is_one<'t>(
    mut texts: impl Iterator<Item = &'t str>,
    entry: &Entry,
    lexicon: &Lexicon,
) -> bool {
    texts
        .find_map(|text| told(&Words::heard(text, None), entry, lexicon))
        .unwrap_or(false)
}

/// Whether a message names the row as one or as several, when it tells.
fn told(words: &Words, entry: &Entry, lexicon: &Lexicon) -> Option<bool> {
    if is_choice(words) {
        return Some(true);
    }
    let mut one = false;
    for (at, word) in words.list().iter().enumerate() {
        let own = entry.name.iter().find(|own| alike(&word.folded, own));
        let known = word.folded.chars().count() >= 3 && lexicon.knows(&word.folded);
        let Some(own) = own.filter(|_| known) else {
            continue;
        };
        if is_plural(&word.folded, own) {
            return Some(false);
        }
        one = one || (1..=2).any(|back| is(words, at.checked_sub(back), ONE));
    }
    one.then_some(true)
}

fn is(words: &Words, at: Option<usize>, forms: &[&str]) -> bool {
    at.and_then(|at| words.at(at))
        .is_some_and(|word| forms.iter().any(|form| matches(&word.folded, form)))
}

/// Whether a short answer picks one of what was shown.
fn is_choice(words: &Words) -> bool {
    let mut places = 0..words.list().len();
    let picks = |at: &usize| {
        is(words, Some(*at), ONE) && (1..=2).any(|more| is(words, Some(at + more), CHOICE))
    };
    words.list().len() <= 5
        && places.clone().any(|at| picks(&at))
        && !places.any(|at| is(words, Some(at), SEVERAL))
}

/// Whether a word is a plural, or may be one.
fn is_plural(word: &str, own: &str) -> bool {
    let cyrillic = |text: &str| text.starts_with(|letter: char| letter > '\u{3ff}');
    let ends = |text: &str| {
        let endings = if cyrillic(text) {
            PLURAL_CYRILLIC
        } else {
            PLURAL_LATIN
        };
        endings.iter().any(|ending| text.ends_with(ending))
    };
    // "Сенча" of "сенча", "маки" of "маки": as it is sold, unless that is a plural itself.
    ends(word) && !(word == own && cyrillic(word) && !ends(own))
}
