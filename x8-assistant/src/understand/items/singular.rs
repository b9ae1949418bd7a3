//! Whether a row was spoken of as one thing: "a vase", "el bizcocho", "ролл с угрём" (O1).

use super::super::{
    lexicon::{Entry, Lexicon},
    terms::alike,
    words::Words,
};

/// Endings of several things, in the letters of each script.
const PLURAL_LATIN: &[&str] = &["s"];
const PLURAL_CYRILLIC: &[&str] = &[
    "ы", "и", "ов", "ев", "ей", "ам", "ям", "ами", "ями", "ах", "ях", "их", "ых",
];

/// Whether messages named a row, and only in the singular. `texts` are the customer's.
pub(in crate::understand) fn is_one<'t>(
    texts: impl Iterator<Item = &'t str>,
    entry: &Entry,
    lexicon: &Lexicon,
) -> bool {
    let mut named = false;
    for text in texts {
        for word in Words::heard(text, None).list() {
            let own = entry.name.iter().find(|own| alike(&word.folded, own));
            let known = word.folded.chars().count() >= 3 && lexicon.knows(&word.folded);
            let Some(own) = own.filter(|_| known) else {
                continue;
            };
            named = true;
            if is_plural(&word.folded, own) {
                return false;
            }
        }
    }
    named
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
