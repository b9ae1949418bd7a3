//! Comparing what people write: case, accents and odd spaces do not matter.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Folds text for comparison: lower case, no accents, `ё` as `е`, single spaces, no edges.
///
/// ```
/// use x8_core::text::fold;
/// assert_eq!(fold("  Córdoba\u{a0}Centro "), fold("CORDOBA  centro"));
/// assert_eq!(fold("Щёлково"), "щелково");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // `й` is `и` + breve when decomposed; Cyrillic marks change the letter, so only Latin ones are dropped.
    for letter in text.nfc() {
        let plain = match letter {
            'ё' | 'Ё' => 'е',
            'й' | 'Й' => 'й',
            other => std::iter::once(other)
                .nfd()
                .find(|part| !is_combining_mark(*part))
                .unwrap_or(other),
        };
        if plain.is_whitespace() || plain == '\u{200b}' || plain == '\u{feff}' {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else {
            folded.extend(plain.to_lowercase());
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}
