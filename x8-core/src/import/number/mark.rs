//! Decimal marks, and what else stands between digits.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What separates whole units from cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecimalMark {
    /// `1,299.50`
    Point,
    /// `1.299,50`
    Comma,
}

impl DecimalMark {
    pub(super) const BOTH: [Self; 2] = [Self::Point, Self::Comma];

    /// Reads `.`, `,`, `point`, `dot` or `comma`, as a form field or an option gives it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "." | "point" | "dot" => Some(Self::Point),
            "," | "comma" => Some(Self::Comma),
            _ => None,
        }
    }

    pub(super) fn separator(self) -> Separator {
        match self {
            Self::Point => Separator::Point,
            Self::Comma => Separator::Comma,
        }
    }
}

impl fmt::Display for DecimalMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Point => "point",
            Self::Comma => "comma",
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Point,
    Comma,
    Space,
    Apostrophe,
}

impl Separator {
    pub(super) fn of(letter: char) -> Option<Self> {
        match letter {
            '.' => Some(Self::Point),
            ',' => Some(Self::Comma),
            ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' => Some(Self::Space),
            '\'' | '\u{2019}' | '\u{2bc}' => Some(Self::Apostrophe),
            _ => None,
        }
    }
}

/// How the decimal mark of a column is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) enum Mark {
    /// The caller said so.
    Fixed(DecimalMark),
    /// Cells of the column prove it, and none proves the other.
    Proved(DecimalMark),
    /// Nothing, or both, was proved: each cell stands for itself.
    Open,
}
