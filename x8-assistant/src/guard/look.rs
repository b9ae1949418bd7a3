//! What the letters of a sentence are, read once for all rules.

use super::amounts::{is_plain, is_spelled};

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
    /// It may be something else than it seems.
    const MASKED: Self = Self(1 << 13);

    pub(super) fn of(text: &str) -> Self {
        let mut found = Self::none();
        let mut rest = text.as_bytes().iter().enumerate();
        while let Some((at, byte)) = rest.next() {
            found = found.or(match byte {
                ascii @ ..0x80 => Self::ascii(*ascii),
                0xd0 | 0xd1 => match rest.next() {
                    // The letters from А to я.
                    Some((_, next)) if (*byte == 0xd0) == (*next >= 0x90) => Self::CYRILLIC,
                    _other => Self::at(text, at),
                },
                0x80..0xc0 => Self::none(),
                _lead => Self::at(text, at),
            });
        }
        if found.has(Self::MASKED) || is_spelled(text) {
            found
        } else {
            found.or(Self::AS_WRITTEN)
        }
    }

    /// The letter at a byte.
    fn at(text: &str, at: usize) -> Self {
        let letter = text.get(at..).and_then(|rest| rest.chars().next());
        letter.map_or(Self::none(), Self::letter)
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
