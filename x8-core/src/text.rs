//! Comparing what people write: case, accents and odd spaces do not matter.

use unicode_normalization::{
    IsNormalized, UnicodeNormalization, char::is_combining_mark, is_nfc_quick,
};

mod shelf;

pub(crate) use shelf::Shelf;
pub use shelf::Text;

/// Folds text for comparison: lower case, no accents, `ё` as `е`, single spaces, no edges.
///
/// ```
/// use x8_core::text::fold;
/// assert_eq!(fold("  Córdoba\u{a0}Centro "), fold("CORDOBA  centro"));
/// assert_eq!(fold("Щёлково"), "щелково");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    // Most text is composed already, and finding that out costs a fraction of composing it again.
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        fold_letters(text.chars(), text.len())
    } else {
        fold_letters(text.nfc(), text.len())
    }
}

fn fold_letters(letters: impl Iterator<Item = char>, length: usize) -> String {
    let mut folded = String::with_capacity(length);
    for letter in letters {
        let plain = unaccented(letter);
        if plain.is_whitespace() || plain == '\u{200b}' || plain == '\u{feff}' {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else if plain.is_ascii() {
            folded.push(plain.to_ascii_lowercase());
        } else {
            folded.extend(plain.to_lowercase());
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// `й` is `и` + breve when decomposed: Cyrillic marks change the letter, so only Latin ones are dropped.
fn unaccented(letter: char) -> char {
    match letter {
        'ё' | 'Ё' => 'е',
        'й' | 'Й' => 'й',
        '\0'..='\u{bf}' | 'А'..='я' => letter,
        other => std::iter::once(other)
            .nfd()
            .find(|part| !is_combining_mark(*part))
            .unwrap_or(other),
    }
}
