//! What the letters of a sentence are, read once for all rules.

use super::amounts::{Spelled, is_plain};

/// A set of traits: one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look(u16);

impl Look {
    /// A figure of any script stands in it.
    pub(super) const NUMERIC: Self = Self(1);
    /// A percent sign or a common sign of a currency.
    pub(super) const MONEY: Self = Self(1 << 1);
    /// A sign that marks of machines are made of.
    pub(super) const SIGNED: Self = Self(1 << 2);
    /// Nothing is disguised (`plain` leaves it as it is).
    pub(super) const AS_WRITTEN: Self = Self(1 << 3);
    pub(super) const ZERO: Self = Self(1 << 4);
    /// An ASCII letter.
    pub(super) const LATIN: Self = Self(1 << 5);
    /// A letter of U+0400 to U+04FF.
    pub(super) const CYRILLIC: Self = Self(1 << 6);
    pub(super) const POINT: Self = Self(1 << 7);
    pub(super) const UNDERSCORE: Self = Self(1 << 8);
    pub(super) const DASH: Self = Self(1 << 9);
    pub(super) const AT: Self = Self(1 << 10);
    /// A question mark, or the `;` that asks in Greek.
    pub(super) const QUESTION: Self = Self(1 << 11);
    /// Scripts without spaces begin there.
    pub(super) const FAR: Self = Self(1 << 12);
    /// A point or colon with something else than a blank behind it.
    pub(super) const INNER: Self = Self(1 << 14);
    /// It may be something else than it seems.
    const MASKED: Self = Self(1 << 13);

    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut found = Self::none();
        let mut spelled = Spelled::default();
        let (mut word, mut at) = (0, 0);
        while let Some(byte) = bytes.get(at) {
            found = found.or(Self::BYTES
                .get(usize::from(*byte))
                .copied()
                .unwrap_or_default());
            at += match *byte {
                b' ' => {
                    spelled.word(text, word, at);
                    word = at + 1;
                    1
                }
                b'.' | b':' => {
                    if !matches!(bytes.get(at + 1), Some(b' ') | None) {
                        found = found.or(Self::INNER);
                    }
                    1
                }
                ..0x80 => 1,
                _lead => {
                    let (look, length) = Self::at(text, at);
                    found = found.or(look);
                    length
                }
            };
        }
        spelled.word(text, word, at);
        if found.has(Self::MASKED) || spelled.found() {
            found
        } else {
            found.or(Self::AS_WRITTEN)
        }
    }

    /// By byte; those of letters beyond ASCII say nothing alone.
    const BYTES: [Self; 128] = {
        let mut looks = [Self::none(); 128];
        let (mut rest, mut byte) = (looks.as_mut_slice(), 0_u8);
        while let Some((look, behind)) = rest.split_first_mut() {
            *look = Self::ascii(byte);
            rest = behind;
            byte += 1;
        }
        looks
    };

    /// The letter beyond ASCII at a byte, and how many bytes it has.
    fn at(text: &str, at: usize) -> (Self, usize) {
        let bytes = text.as_bytes();
        match (bytes.get(at), bytes.get(at + 1)) {
            // The letters from А to я, and those with accents.
            (Some(0xd0), Some(0x90..)) | (Some(0xd1), Some(..0x90)) => (Self::CYRILLIC, 2),
            (Some(0xc3), Some(_)) => (Self::none(), 2),
            _other => {
                let letter = text.get(at..).and_then(|rest| rest.chars().next());
                letter.map_or((Self::none(), 1), |c| (Self::letter(c), c.len_utf8()))
            }
        }
    }

    /// Whether one of these is among them.
    pub(super) const fn has(self, traits: Self) -> bool {
        self.0 & traits.0 != 0
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn none() -> Self {
        Self(0)
    }

    const fn ascii(byte: u8) -> Self {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => Self::LATIN,
            b'0' => Self::NUMERIC.or(Self::ZERO),
            b'1'..=b'9' => Self::NUMERIC,
            b'%' => Self::MONEY.or(Self::SIGNED),
            b'$' => Self::MONEY,
            b'{' | b'}' | b'"' | b'|' | b'#' | b'(' => Self::SIGNED,
            b'[' | b'<' => Self::SIGNED.or(Self::MASKED),
            b'&' | b'*' | b'~' | b'`' | b']' | b'\\' => Self::MASKED,
            b'_' => Self::UNDERSCORE.or(Self::MASKED),
            b'.' => Self::POINT,
            b'-' => Self::DASH,
            b'@' => Self::AT,
            b'?' | b';' => Self::QUESTION,
            _other => Self::none(),
        }
    }

    /// A letter beyond ASCII.
    fn letter(c: char) -> Self {
        let sign = match c {
            '€' | '£' | '₽' => Self::MONEY,
            '¿' => Self::QUESTION,
            '\u{400}'..='\u{4ff}' => Self::CYRILLIC,
            // Letters with accents, dashes and quotes.
            'À'..='ÿ' | '\u{2010}'..='\u{2027}' => Self::none(),
            '？' => Self::QUESTION.or(Self::FAR),
            '\u{3000}'.. => Self::FAR.or(Self::figure(c)),
            other => Self::figure(other),
        };
        sign.or(Self::masked(c))
    }

    fn figure(c: char) -> Self {
        if c.is_numeric() {
            Self::NUMERIC
        } else {
            Self::none()
        }
    }

    const fn masked(c: char) -> Self {
        if is_plain(c) {
            Self::none()
        } else {
            Self::MASKED
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::amounts::reads_as_written, Look};

    proptest! {
        #[test]
        fn g4_one_look_sees_what_each_search_sees(text in "([a-zа-яѣ0-9 %$€£₽{}\"|\\[<#(½٣é_@.?；？¿;-]|\\PC){0,8}") {
            let look = Look::of(&text);
            prop_assert_eq!(look.has(Look::NUMERIC), text.contains(char::is_numeric));
            prop_assert_eq!(look.has(Look::MONEY), text.contains(['%', '€', '$', '£', '₽']));
            let signs = ['{', '}', '%', '"', '|', '[', '<', '#', '('];
            prop_assert_eq!(look.has(Look::SIGNED), text.contains(signs));
            prop_assert_eq!(look.has(Look::AS_WRITTEN), reads_as_written(&text));
            prop_assert_eq!(look.has(Look::QUESTION), text.contains(['?', '？', '¿', ';']));
            prop_assert_eq!(look.has(Look::FAR), text.bytes().any(|byte| byte >= 0xe3));
            let cyrillic = |c: char| ('\u{400}'..='\u{4ff}').contains(&c);
            prop_assert_eq!(look.has(Look::CYRILLIC), text.contains(cyrillic));
            prop_assert_eq!(look.has(Look::LATIN), text.contains(|c: char| c.is_ascii_alphabetic()));
            for (trait_, sign) in [
                (Look::ZERO, '0'), (Look::POINT, '.'), (Look::UNDERSCORE, '_'), (Look::DASH, '-'), (Look::AT, '@'),
            ] {
                prop_assert_eq!(look.has(trait_), text.contains(sign));
            }
        }
    }
}
