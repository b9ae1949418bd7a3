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
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::with_capacity(chars.len() / 4 + 1);
    let mut at = 0;
    // The same place in bytes.
    let mut byte = 0;
    let mut glued = false;
    while let Some(c) = chars.get(at).copied() {
        let abbreviated = c == '.'
            && found
                .last()
                .is_some_and(|token: &Token<'_>| matches!(token.kind, TokenKind::Thousand(_)));
        if c.is_whitespace() || abbreviated {
            at += 1;
            byte += c.len_utf8();
            glued = false;
            continue;
        }
        let end = if c.is_ascii_digit() {
            number_end(&chars, at)
        } else if is_alphabetic(c) {
            let dotted = dotted_end(&chars, at);
            dotted
                .unwrap_or_else(|| run(&chars, at, |c| is_alphabetic(c) || matches!(c, '\'' | '’')))
        } else {
            at + 1
        };
        let read = chars.get(at..end).unwrap_or_default().iter();
        let behind = byte + read.map(|c| c.len_utf8()).sum::<usize>();
        let written = text.get(byte..behind).unwrap_or_default();
        let written = if is_alphabetic(c) && written.contains('.') {
            written.replace('.', "").into()
        } else {
            written.into()
        };
        found.push(token(written, c, glued));
        at = end;
        byte = behind;
        glued = true;
    }
    numerals_as_figures(&mut found);
    look_alikes(&mut found);
    found
}

fn run(chars: &[char], from: usize, inside: fn(char) -> bool) -> usize {
    let rest = chars.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|c| inside(**c)).count()
}

/// `e.u.r`, `у.е.`: single letters with points between them are one word.
fn dotted_end(chars: &[char], from: usize) -> Option<usize> {
    let letter = |at: usize| chars.get(at).is_some_and(|c| is_alphabetic(*c));
    let mut end = from + 1;
    while chars.get(end) == Some(&'.') && letter(end + 1) && !letter(end + 2) {
        end += 2;
    }
    (end > from + 1).then_some(end)
}

/// Digits with marks between them; a space joins only a full group of three.
fn number_end(chars: &[char], from: usize) -> usize {
    let mut end = run(chars, from, |c| c.is_ascii_digit());
    let mut grouped = end - from <= 3;
    loop {
        let Some(mark) = chars.get(end).copied() else {
            return end;
        };
        let next = run(chars, end + 1, |c| c.is_ascii_digit());
        let digits = next.saturating_sub(end + 1);
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
    let marks: Vec<char> = written.chars().filter(|c| !c.is_ascii_digit()).collect();
    let last = marks.last().copied();
    let decimal = last.filter(|mark| {
        let tail = written.rsplit(*mark).next().unwrap_or_default();
        let once = marks.iter().filter(|other| *other == mark).count() == 1;
        matches!(mark, '.' | ',') && once && tail.len() != 3
    });
    let (whole, part) = match decimal {
        Some(mark) => written.rsplit_once(mark)?,
        None => (written, ""),
    };
    let mut groups = whole.split(|c: char| !c.is_ascii_digit());
    let first = groups.next()?;
    let grouped: Vec<&str> = groups.collect();
    let sound = grouped.iter().all(|group| group.len() == 3)
        && (grouped.is_empty() || (1..=3).contains(&first.len()));
    if !sound || part.len() > 2 {
        return None;
    }
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    format!("{digits}{part:0<2}").parse().ok()
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
