//! What a letter is, without the tables of Unicode for those that most texts are made of.

/// [`char::is_alphanumeric`].
pub(super) fn is_alphanumeric(letter: char) -> bool {
    match letter {
        '\0'..='\u{7f}' => letter.is_ascii_alphanumeric(),
        '\u{2010}'..='\u{2027}' | '€' | '№' => false,
        other => is_alphabetic(other) || other.is_numeric(),
    }
}

/// [`char::is_alphabetic`].
pub(super) fn is_alphabetic(letter: char) -> bool {
    match letter {
        '\0'..='\u{7f}' => letter.is_ascii_alphabetic(),
        '×' | '÷' => false,
        'À'..='\u{24f}' | '\u{400}'..='\u{481}' => true,
        // Dashes, quotes, points, and the sign of the euro.
        '\u{2010}'..='\u{2027}' | '€' | '№' => false,
        other => other.is_alphabetic(),
    }
}

/// Whether a letter or digit stands at a byte of a text, and how many bytes it has.
#[inline]
pub(super) fn at(text: &str, at: usize) -> (bool, usize) {
    match text.as_bytes().get(at) {
        Some(ascii @ ..0x80) => (ascii.is_ascii_alphanumeric(), 1),
        // U+0400 to U+047F, all of them letters.
        Some(0xd0 | 0xd1) => (true, 2),
        Some(_) | None => other(text, at),
    }
}

fn other(text: &str, at: usize) -> (bool, usize) {
    let letter = text.get(at..).and_then(|rest| rest.chars().next());
    letter.map_or((false, 1), |c| (is_alphanumeric(c), c.len_utf8()))
}

/// Where the letters and digits end that stand at a byte.
#[inline]
pub(super) fn end(text: &str, mut from: usize) -> usize {
    loop {
        from += match text.as_bytes().get(from) {
            Some(b'a'..=b'z' | b'0'..=b'9' | b'A'..=b'Z') => 1,
            Some(0xd0 | 0xd1) => 2,
            Some(..0x80) | None => return from,
            Some(_) => match other(text, from) {
                (true, length) => length,
                (false, _) => return from,
            },
        };
    }
}

#[cfg(test)]
mod tests {
    use super::{at, end, is_alphabetic, is_alphanumeric};

    #[test]
    fn g4_every_letter_is_what_unicode_says() {
        for letter in '\0'..=char::MAX {
            assert_eq!(is_alphabetic(letter), letter.is_alphabetic(), "{letter:?}");
            let both = letter.is_alphanumeric();
            assert_eq!(is_alphanumeric(letter), both, "{letter:?}");
            let text = letter.to_string();
            assert_eq!(at(&text, 0), (both, text.len()), "{letter:?}");
            assert_eq!(end(&text, 0), if both { text.len() } else { 0 });
        }
    }
}
