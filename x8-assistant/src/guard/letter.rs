//! What a letter is, without the tables of Unicode for those that most texts are made of.

/// [`char::is_alphanumeric`].
pub(super) fn is_alphanumeric(letter: char) -> bool {
    match letter {
        '\0'..='\u{7f}' => letter.is_ascii_alphanumeric(),
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

#[cfg(test)]
mod tests {
    use super::{is_alphabetic, is_alphanumeric};

    #[test]
    fn g4_every_letter_is_what_unicode_says() {
        for letter in '\0'..=char::MAX {
            assert_eq!(is_alphabetic(letter), letter.is_alphabetic(), "{letter:?}");
            let both = letter.is_alphanumeric();
            assert_eq!(is_alphanumeric(letter), both, "{letter:?}");
        }
    }
}
