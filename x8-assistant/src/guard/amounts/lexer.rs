//! Tokens of a plain, folded sentence: numbers with their thousands marks, currencies, words, names of rows, signs.

use std::borrow::Cow;

use x8_core::Currency;

use super::{
    super::letter::is_alphabetic,
    currency::{sign_kind, word_kind},
    figures::{look_alikes, numerals_as_figures},
};

/// Where the marks for names of rows begin: no text of a customer or a model keeps them.
pub(super) const FIRST_NAME: u32 = 0xf_0000;
const LAST_NAME: u32 = 0xf_fffd;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Number,
    Word,
    Sign,
    Currency(Currency),
    /// Hundredths of a currency.
    Cents(Currency),
    /// `k`, `тыс`: a factor between a number and its currency.
    Thousand(i64),
    /// The name of a row, by its place in the list that marked it.
    Name(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'s> {
    pub(super) kind: TokenKind,
    pub(super) text: Cow<'s, str>,
    /// Whether nothing separates it from the token before.
    pub(super) glued: bool,
}

impl Token<'_> {
    pub(super) fn written(&self) -> &str {
        &self.text
    }
}

pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::with_capacity(text.len() / 6 + 1);
    let mut at = 0;
    let mut glued = false;
    while let Some(c) = letter(text, at) {
        let abbreviated = c == '.'
            && found
                .last()
                .is_some_and(|token: &Token<'_>| matches!(token.kind, TokenKind::Thousand(_)));
        if c.is_whitespace() || abbreviated {
            at += c.len_utf8();
            glued = false;
            continue;
        }
        let mut dotted = None;
        let end = if c.is_ascii_digit() {
            number_end(text, at)
        } else if is_alphabetic(c) {
            dotted = dotted_end(text, at);
            dotted.unwrap_or_else(|| word_end(text, at))
        } else {
            at + c.len_utf8()
        };
        let written = text.get(at..end).unwrap_or_default();
        let written = match dotted {
            Some(_) => written.replace('.', "").into(),
            None => written.into(),
        };
        found.push(token(written, c, glued));
        at = end;
        glued = true;
    }
    numerals_as_figures(&mut found);
    look_alikes(&mut found);
    found
}

fn letter(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at)? {
        ascii @ ..0x80 => Some(char::from(*ascii)),
        _first => text.get(at..)?.chars().next(),
    }
}

fn word_end(text: &str, mut at: usize) -> usize {
    loop {
        at += match text.as_bytes().get(at) {
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'\'') => 1,
            // U+0400 to U+047F.
            Some(0xd0 | 0xd1) => 2,
            Some(..0x80) | None => return at,
            Some(_) => match letter(text, at) {
                Some(c) if is_alphabetic(c) || c == '’' => c.len_utf8(),
                Some(_) | None => return at,
            },
        };
    }
}

fn digits_end(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// `e.u.r`, `у.е.`: single letters with points between them are one word.
fn dotted_end(text: &str, from: usize) -> Option<usize> {
    let behind = |at: usize| {
        let c = letter(text, at).filter(|c| is_alphabetic(*c))?;
        Some(at + c.len_utf8())
    };
    let first = behind(from)?;
    let mut end = first;
    while text.as_bytes().get(end) == Some(&b'.')
        && let Some(next) = behind(end + 1)
        && behind(next).is_none()
    {
        end = next;
    }
    (end > first).then_some(end)
}

/// Digits with marks between them; a space joins only a full group of three.
fn number_end(text: &str, from: usize) -> usize {
    let mut end = digits_end(text, from);
    let mut grouped = end - from <= 3;
    while let Some(mark) = letter(text, end) {
        let behind = end + mark.len_utf8();
        let next = digits_end(text, behind);
        let digits = next - behind;
        let joins = match mark {
            '.' | ',' => digits > 0,
            ' ' | '\'' | '’' | '\u{a0}' | '\u{202f}' | '\u{2009}' => grouped && digits == 3,
            _other => false,
        };
        if !joins {
            return end;
        }
        grouped = grouped && digits == 3;
        end = next;
    }
    end
}

fn token(written: Cow<'_, str>, first: char, glued: bool) -> Token<'_> {
    let (kind, text) = if first.is_ascii_digit() {
        (TokenKind::Number, written)
    } else if is_alphabetic(first) {
        let word = one_script(written);
        (word_kind(&word), word)
    } else if (FIRST_NAME..=LAST_NAME).contains(&u32::from(first)) {
        let place = usize::try_from(u32::from(first) - FIRST_NAME).unwrap_or_default();
        (TokenKind::Name(place), written)
    } else {
        (sign_kind(first), written)
    };
    Token { kind, text, glued }
}

/// A word of mixed scripts in the script that its look-alikes allow: `еurо` is `euro`, `еврo` is `евро`.
fn one_script(word: Cow<'_, str>) -> Cow<'_, str> {
    const TWINS: [(char, char); 8] = [
        ('а', 'a'),
        ('е', 'e'),
        ('о', 'o'),
        ('р', 'p'),
        ('с', 'c'),
        ('у', 'y'),
        ('х', 'x'),
        ('і', 'i'),
    ];
    if word.is_ascii() || !word.bytes().any(|b| b.is_ascii_alphabetic()) {
        return word;
    }
    let to_latin = |c: char| {
        TWINS
            .iter()
            .find(|twin| twin.0 == c)
            .map_or(c, |twin| twin.1)
    };
    let to_cyrillic = |c: char| {
        TWINS
            .iter()
            .find(|twin| twin.1 == c)
            .map_or(c, |twin| twin.0)
    };
    let read: String = word.chars().map(to_latin).collect();
    if read.is_ascii() {
        read.into()
    } else {
        word.chars().map(to_cyrillic).collect()
    }
}

/// Cents of a figure as people write it; `None` for dates, versions and more than two decimals.
pub(super) fn cents(written: &str) -> Option<i64> {
    let digit = |c: &char| c.is_ascii_digit();
    let last = written.chars().rev().find(|c| !digit(c));
    let decimal = last.filter(|mark| {
        let tail = written.rsplit(*mark).next().unwrap_or_default();
        let once = written.chars().filter(|other| other == mark).count() == 1;
        matches!(mark, '.' | ',') && once && tail.len() != 3
    });
    let (whole, part) = match decimal {
        Some(mark) => written.rsplit_once(mark)?,
        None => (written, ""),
    };
    let mut groups = whole.split(|c: char| !c.is_ascii_digit());
    let first = groups.next()?;
    let mut grouped = false;
    let sound = groups.all(|group| {
        grouped = true;
        group.len() == 3
    });
    if !sound || (grouped && !(1..=3).contains(&first.len())) || part.len() > 2 {
        return None;
    }
    let digits = whole.bytes().filter(u8::is_ascii_digit);
    let digits = digits
        .chain(part.bytes())
        .chain("00".bytes().skip(part.len()));
    digits.into_iter().try_fold(0_i64, |value, digit| {
        let digit = i64::from(digit.checked_sub(b'0')?);
        value.checked_mul(10)?.checked_add(digit)
    })
}

/// `19.99`: two decimals that are no time of day.
pub(super) fn only_a_price(written: &str) -> bool {
    let Some((whole, part)) = written.rsplit_once(['.', ',']) else {
        return false;
    };
    let time = whole.parse::<u32>().is_ok_and(|hour| hour < 24)
        && part.parse::<u32>().is_ok_and(|minute| minute < 60);
    part.len() == 2 && !time && cents(written).is_some()
}
