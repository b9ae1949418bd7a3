//! Numbers as people write them: every reading of a cell, and which one the column proves (K3).
//!
//! Nothing is guessed. A cell with one possible reading is read; with two, the other cells of its column must have
//! settled the decimal mark, or the caller did; otherwise it is refused with both readings.

mod mark;
mod quick;

pub use mark::DecimalMark;
pub(super) use mark::Mark;
use mark::Separator;
pub(super) use quick::quick;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape<'a> {
    /// Begins and ends with a digit; no two separators meet.
    body: &'a str,
}

/// A cell taken apart: words before, the number, words after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scanned<'a> {
    pub(super) before: &'a str,
    pub(super) shape: Shape<'a>,
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
    let after = without_dash_for_cents(&shape, after);
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

/// `12.-` and `12,–` are whole amounts. Behind a number with marks of its own a dash is not read.
fn without_dash_for_cents<'a>(shape: &Shape<'_>, after: &'a str) -> &'a str {
    let dashes = after
        .strip_prefix([',', '.'])
        .filter(|_| !shape.is_marked());
    let Some(dashes) = dashes else {
        return after;
    };
    let rest = dashes.trim_start_matches(MINUS);
    if (1..=2).contains(&(dashes.chars().count() - rest.chars().count())) {
        rest.trim_start()
    } else {
        after
    }
}

const MINUS: [char; 5] = ['-', '\u{2212}', '\u{2013}', '\u{2014}', '\u{2010}'];

impl<'a> Shape<'a> {
    fn parse(body: &'a str) -> Result<Self, Refusal> {
        let mut apart = true;
        for letter in body.chars() {
            if letter.is_ascii_digit() {
                apart = false;
            } else if Separator::of(letter).is_none() {
                return Err(odd(body));
            } else if std::mem::replace(&mut apart, true) {
                return Err(malformed(body));
            }
        }
        if apart {
            return Err(Refusal::Malformed);
        }
        Ok(Self { body })
    }

    fn separators(&self) -> impl DoubleEndedIterator<Item = Separator> + 'a {
        self.body.chars().filter_map(Separator::of)
    }

    /// The value if `mark` is the decimal mark; `None` when the digits are not grouped like that.
    fn under(&self, mark: DecimalMark, decimals: u32) -> Option<Reading> {
        let decimal = mark.separator();
        let (whole, fraction) = if self.separators().next_back() == Some(decimal) {
            self.body
                .rsplit_once(|letter: char| !letter.is_ascii_digit())?
        } else {
            (self.body, "")
        };
        let mut grouping = Shape { body: whole }.separators();
        let first = grouping.next();
        let uniform = first != Some(decimal) && grouping.all(|own| Some(own) == first);
        if !uniform || !is_grouped(whole) {
            return None;
        }
        let width = usize::try_from(decimals).unwrap_or(usize::MAX);
        if fraction.len() > width {
            return Some(Reading::TooPrecise);
        }
        let padding = std::iter::repeat_n('0', width - fraction.len());
        let digits = whole.chars().chain(fraction.chars()).chain(padding);
        let exact = digits
            .filter_map(|letter| letter.to_digit(10))
            .try_fold(0_i64, |sum, digit| {
                sum.checked_mul(10)?.checked_add(i64::from(digit))
            })
            .filter(|minor| *minor <= LARGEST);
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
        self.body.contains(['.', ','])
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
        let digits = |part: &str| -> String { part.chars().filter(char::is_ascii_digit).collect() };
        if self.separators().next_back() == Some(mark.separator())
            && let Some((whole, fraction)) = self
                .body
                .rsplit_once(|letter: char| !letter.is_ascii_digit())
        {
            return format!("{}.{fraction}", digits(whole));
        }
        digits(self.body)
    }
}

/// `1 299` and `1 299 000` are groups of thousands; `0 299` and `12 50` are not.
fn is_grouped(whole: &str) -> bool {
    let mut groups = whole.split(|letter: char| !letter.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    rest.peek().is_none()
        || first.len() <= 3 && !first.starts_with('0') && rest.all(|group| group.len() == 3)
}

/// Two separators meet; a letter further on says more about what it is.
fn malformed(body: &str) -> Refusal {
    let other = |letter: char| !letter.is_ascii_digit() && Separator::of(letter).is_none();
    if body.contains(other) {
        odd(body)
    } else {
        Refusal::Malformed
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
