//! Numbers as people write them: every reading of a cell, and which one the column proves (K3).
//!
//! Nothing is guessed. A cell with one possible reading is read; with two, the other cells of its column must have
//! settled the decimal mark, or the caller did; otherwise it is refused with both readings.

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
    const BOTH: [Self; 2] = [Self::Point, Self::Comma];

    /// Reads `.`, `,`, `point`, `dot` or `comma`, as a form field or an option gives it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "." | "point" | "dot" => Some(Self::Point),
            "," | "comma" => Some(Self::Comma),
            _ => None,
        }
    }

    fn separator(self) -> Separator {
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
enum Separator {
    Point,
    Comma,
    Space,
    Apostrophe,
}

impl Separator {
    fn of(letter: char) -> Option<Self> {
        match letter {
            '.' => Some(Self::Point),
            ',' => Some(Self::Comma),
            ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' => Some(Self::Space),
            '\'' | '\u{2019}' | '\u{2bc}' => Some(Self::Apostrophe),
            _ => None,
        }
    }
}

/// Why a cell is not a number at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A minus sign, or accountants' brackets.
    Negative,
    /// A percent sign.
    Percent,
    /// `1.2E+05`: a spreadsheet rewrote it, digits are lost.
    Scientific,
    /// Words that are no unit; which.
    Words(String),
    /// An amount in another currency; which.
    Foreign(&'static str),
    /// A unit of time other than the column's, or anything else that is not a whole number.
    NotWhole,
    /// Digits that make no single number.
    Malformed,
    /// More decimals than the currency has.
    TooPrecise,
    /// Beyond what any price or count is.
    TooLarge,
    /// Two readings and nothing to choose by.
    Ambiguous,
    /// The mark fixed by the caller does not fit.
    NotUnder(DecimalMark),
}

/// One way to read a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// In minor units.
    Exact(i64),
    /// Well formed, but with too many decimals.
    TooPrecise,
    /// Well formed, but too large.
    TooLarge,
}

/// The digits and separators of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    groups: Vec<String>,
    separators: Vec<Separator>,
}

/// A cell taken apart: words before, the number, words after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scanned<'a> {
    pub(super) before: &'a str,
    pub(super) shape: Shape,
    pub(super) after: &'a str,
}

/// The largest amount that is read: 999 999 999.99 in minor units. A pasted phone number is above it.
const LARGEST: i64 = 99_999_999_999;

/// Takes a non-empty cell apart.
pub(super) fn scan(text: &str) -> Result<Scanned<'_>, Refusal> {
    let text = text.trim();
    if text.contains(['%', '‰']) {
        return Err(Refusal::Percent);
    }
    let digit = |letter: char| letter.is_ascii_digit();
    let (Some(first), Some(last)) = (text.find(digit), text.rfind(digit)) else {
        return Err(Refusal::Words(text.to_owned()));
    };
    let (head, after) = text.split_at_checked(last + 1).ok_or(Refusal::Malformed)?;
    let (before, body) = head.split_at_checked(first).ok_or(Refusal::Malformed)?;
    let (before, after) = (before.trim(), after.trim());
    let shape = Shape::parse(body)?;
    if after.starts_with([',', '.']) || before.ends_with([',', '.']) {
        return Err(Refusal::Malformed);
    }
    if before.contains(MINUS)
        || after.contains(MINUS)
        || (before.ends_with('(') && after.starts_with(')'))
    {
        return Err(Refusal::Negative);
    }
    Ok(Scanned {
        before,
        shape,
        after,
    })
}

const MINUS: [char; 5] = ['-', '\u{2212}', '\u{2013}', '\u{2014}', '\u{2010}'];

impl Shape {
    fn parse(body: &str) -> Result<Self, Refusal> {
        let mut shape = Self {
            groups: vec![String::new()],
            separators: Vec::new(),
        };
        for letter in body.chars() {
            if letter.is_ascii_digit() {
                if let Some(group) = shape.groups.last_mut() {
                    group.push(letter);
                }
            } else if let Some(separator) = Separator::of(letter) {
                shape.separators.push(separator);
                shape.groups.push(String::new());
            } else {
                return Err(odd(body));
            }
        }
        if shape.groups.iter().any(String::is_empty) {
            return Err(Refusal::Malformed);
        }
        Ok(shape)
    }

    /// The value if `mark` is the decimal mark; `None` when the digits are not grouped like that.
    fn under(&self, mark: DecimalMark, decimals: u32) -> Option<Reading> {
        let decimal = mark.separator();
        let (whole, fraction, grouping) = match self.separators.split_last() {
            Some((last, rest)) if *last == decimal => {
                let (fraction, whole) = self.groups.split_last()?;
                (whole, fraction.as_str(), rest)
            }
            _ => (self.groups.as_slice(), "", self.separators.as_slice()),
        };
        let uniform = grouping.windows(2).all(|pair| pair.first() == pair.last());
        if grouping.contains(&decimal) || !uniform || !is_grouped(whole) {
            return None;
        }
        let width = usize::try_from(decimals).unwrap_or(usize::MAX);
        if fraction.len() > width {
            return Some(Reading::TooPrecise);
        }
        let digits = format!("{}{fraction:0<width$}", whole.concat());
        let exact = digits.parse().ok().filter(|minor| *minor <= LARGEST);
        Some(exact.map_or(Reading::TooLarge, Reading::Exact))
    }

    /// The mark that this cell alone proves: under it the cell is an amount, under the other it is nothing.
    pub(super) fn proves(&self, decimals: u32) -> Option<DecimalMark> {
        match DecimalMark::BOTH.map(|mark| self.under(mark, decimals)) {
            [Some(Reading::Exact(_)), None] => Some(DecimalMark::Point),
            [None, Some(Reading::Exact(_))] => Some(DecimalMark::Comma),
            _ => None,
        }
    }

    /// Whether the cell has any point or comma, so that the mark matters.
    pub(super) fn is_marked(&self) -> bool {
        self.separators
            .iter()
            .any(|own| matches!(own, Separator::Point | Separator::Comma))
    }

    /// The value in minor units, under the mark that the column settled on.
    pub(super) fn value(&self, mark: Mark, decimals: u32) -> Result<i64, Refusal> {
        let [point, comma] = DecimalMark::BOTH.map(|mark| self.under(mark, decimals));
        let of = |mark: DecimalMark| match mark {
            DecimalMark::Point => point,
            DecimalMark::Comma => comma,
        };
        let reading = match mark {
            Mark::Fixed(mark) => of(mark).ok_or(Refusal::NotUnder(mark))?,
            Mark::Proved(mark) => of(mark).or(point).or(comma).ok_or(Refusal::Malformed)?,
            Mark::Open => match (point, comma) {
                (Some(one), Some(other)) if one == other => one,
                (Some(_), Some(_)) => return Err(Refusal::Ambiguous),
                (one, other) => one.or(other).ok_or(Refusal::Malformed)?,
            },
        };
        match reading {
            Reading::Exact(minor) => Ok(minor),
            Reading::TooPrecise => Err(Refusal::TooPrecise),
            Reading::TooLarge => Err(Refusal::TooLarge),
        }
    }

    /// The number in plain notation with `mark` as the decimal mark, for showing the readings of a refused cell.
    pub(super) fn plain(&self, mark: DecimalMark) -> String {
        let last = self.separators.len();
        let mut plain = String::new();
        for (at, group) in self.groups.iter().enumerate() {
            let own = at
                .checked_sub(1)
                .and_then(|before| self.separators.get(before));
            if at == last && own == Some(&mark.separator()) {
                plain.push('.');
            }
            plain.push_str(group);
        }
        plain
    }
}

/// How the decimal mark of a column is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// The caller said so.
    Fixed(DecimalMark),
    /// Cells of the column prove it, and none proves the other.
    Proved(DecimalMark),
    /// Nothing, or both, was proved: each cell stands for itself.
    Open,
}

/// `1`, `299` and `1`, `299`, `000` are groups of thousands; `0`, `299` and `12`, `50` are not.
fn is_grouped(whole: &[String]) -> bool {
    match whole {
        [] => false,
        [_] => true,
        [first, rest @ ..] => {
            first.len() <= 3 && !first.starts_with('0') && rest.iter().all(|group| group.len() == 3)
        }
    }
}

fn odd(body: &str) -> Refusal {
    let letters: String = body
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .collect();
    match letters.as_str() {
        "" => Refusal::Malformed,
        "e" | "E" => Refusal::Scientific,
        _ => Refusal::Words(letters),
    }
}
