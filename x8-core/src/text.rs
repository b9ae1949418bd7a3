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
    let mut folded = String::with_capacity(text.len());
    fold_onto(text, &mut folded);
    folded
}

/// [`fold`], behind what `folded` already holds.
///
/// ```
/// let mut folded = "1 ".to_owned();
/// x8_core::text::fold_onto(" Málaga ", &mut folded);
/// assert_eq!(folded, "1 malaga");
/// ```
pub fn fold_onto(text: &str, folded: &mut String) {
    let start = folded.len();
    // Most letters are folded already; those in a row are copied together.
    let (mut copied, mut at) = (0, 0);
    loop {
        at = folded_end(text.as_bytes(), copied, at);
        let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        let Some(plain) = folded_alone(letter) else {
            folded.truncate(start);
            return fold_any(text, folded);
        };
        if plain == letter && plain != ' ' {
            at += letter.len_utf8();
            continue;
        }
        folded.push_str(text.get(copied..at).unwrap_or_default());
        if plain != ' ' || (folded.len() > start && !folded.ends_with(' ')) {
            folded.push(plain);
        }
        at += letter.len_utf8();
        copied = at;
    }
    folded.push_str(text.get(copied..).unwrap_or_default());
    if folded.len() > start && folded.ends_with(' ') {
        folded.pop();
    }
}

/// Where the letters end that are surely their own folded form: small letters, figures, signs, and a blank behind one of
/// them.
fn folded_end(bytes: &[u8], from: usize, mut at: usize) -> usize {
    loop {
        let Some(byte) = bytes.get(at) else {
            return at;
        };
        // The most frequent first.
        if byte.wrapping_sub(b'a') < 26 {
            at += 1;
        } else if byte & 0xfe == 0xd0 {
            let small =
                |next: &u8| (*byte == 0xd0) == (*next >= 0xb0) && (*byte == 0xd0 || *next < 0x90);
            if !bytes.get(at + 1).is_some_and(small) {
                return at;
            }
            at += 2;
        } else {
            let sign = matches!(byte, b'!'..=b'@' | b'['..=b'~')
                || (*byte == b' ' && at > from && bytes.get(at - 1) != Some(&b' '));
            if !sign {
                return at;
            }
            at += 1;
        }
    }
}

/// The folded form of a letter that no neighbour changes: all that most texts consist of.
fn folded_alone(letter: char) -> Option<char> {
    const LATIN: [char; 64] = [
        'a', 'a', 'a', 'a', 'a', 'a', 'æ', 'c', 'e', 'e', 'e', 'e', 'i', 'i', 'i', 'i', 'ð', 'n',
        'o', 'o', 'o', 'o', 'o', '×', 'ø', 'u', 'u', 'u', 'u', 'y', 'þ', 'ß', 'a', 'a', 'a', 'a',
        'a', 'a', 'æ', 'c', 'e', 'e', 'e', 'e', 'i', 'i', 'i', 'i', 'ð', 'n', 'o', 'o', 'o', 'o',
        'o', '÷', 'ø', 'u', 'u', 'u', 'u', 'y', 'þ', 'y',
    ];
    match letter {
        '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}' => Some(' '),
        '\0'..='\u{7f}' => Some(letter.to_ascii_lowercase()),
        '\u{80}'..='\u{bf}' | 'а'..='я' => Some(letter),
        '\u{c0}'..='\u{ff}' => {
            let place = usize::try_from(u32::from(letter) - 0xc0).ok()?;
            LATIN.get(place).copied()
        }
        'А'..='Я' => char::from_u32(u32::from(letter) + 0x20),
        'ё' | 'Ё' => Some('е'),
        '–' | '—' | '‘' | '’' | '“' | '”' | '„' | '•' | '…' | '€' | '№' => {
            Some(letter)
        }
        _other => None,
    }
}

fn fold_any(text: &str, folded: &mut String) {
    // Most text is composed already, and finding that out costs a fraction of composing it again.
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        fold_letters(text.chars(), folded);
    } else {
        fold_letters(text.nfc(), folded);
    }
}

fn fold_letters(letters: impl Iterator<Item = char>, folded: &mut String) {
    let start = folded.len();
    for letter in letters {
        let plain = unaccented(letter);
        if plain.is_whitespace() || plain == '\u{200b}' || plain == '\u{feff}' {
            if folded.len() > start && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else if plain.is_ascii() {
            folded.push(plain.to_ascii_lowercase());
        } else {
            folded.extend(plain.to_lowercase());
        }
    }
    if folded.len() > start && folded.ends_with(' ') {
        folded.pop();
    }
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

#[cfg(test)]
mod tests {
    use super::{fold, fold_any, folded_alone};

    #[test]
    fn k3_the_short_way_folds_every_letter_like_the_long_one() {
        let mut short = 0;
        for letter in '\0'..='\u{3000}' {
            let mut long = String::new();
            fold_any(&format!("x{letter}Y"), &mut long);
            assert_eq!(fold(&format!("x{letter}Y")), long, "{letter:?}");
            short += usize::from(folded_alone(letter).is_some());
        }
        assert!(short > 300, "only {short}");
    }
}
