//! What the letters of a sentence are, read once for all rules.

use super::amounts::reads_as_written;

/// A set of traits: one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look(u8);

impl Look {
    /// A figure of any script stands in it.
    pub(super) const NUMERIC: Self = Self(1);
    /// A percent sign or a common sign of a currency.
    pub(super) const MONEY: Self = Self(1 << 1);
    /// A sign that marks of machines are made of.
    pub(super) const SIGNED: Self = Self(1 << 2);
    /// Nothing is disguised ([`reads_as_written`]).
    pub(super) const AS_WRITTEN: Self = Self(1 << 3);

    pub(super) fn of(text: &str) -> Self {
        let letters = text.chars().fold(0, |found, c| found | Self::letter(c).0);
        let plain = if reads_as_written(text) {
            Self::AS_WRITTEN.0
        } else {
            0
        };
        Self(letters | plain)
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

    fn letter(c: char) -> Self {
        match c {
            'a'..='z' | 'A'..='Z' | ' ' | 'А'..='я' => Self::none(),
            '0'..='9' => Self::NUMERIC,
            '%' => Self::MONEY.or(Self::SIGNED),
            '$' | '€' | '£' | '₽' => Self::MONEY,
            '{' | '}' | '"' | '|' | '[' | '<' | '#' | '(' => Self::SIGNED,
            '\0'..='\u{7f}' => Self::none(),
            other if other.is_numeric() => Self::NUMERIC,
            _letter => Self::none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Look, reads_as_written};

    proptest! {
        #[test]
        fn g4_one_look_sees_what_each_search_sees(text in "([a-zа-я0-9 %$€£₽{}\"|\\[<#(½٣é]|\\PC){0,8}") {
            let look = Look::of(&text);
            prop_assert_eq!(look.has(Look::NUMERIC), text.contains(char::is_numeric));
            prop_assert_eq!(look.has(Look::MONEY), text.contains(['%', '€', '$', '£', '₽']));
            let signs = ['{', '}', '%', '"', '|', '[', '<', '#', '('];
            prop_assert_eq!(look.has(Look::SIGNED), text.contains(signs));
            prop_assert_eq!(look.has(Look::AS_WRITTEN), reads_as_written(&text));
        }
    }
}
