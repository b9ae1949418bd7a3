//! Undoing disguises: what a reader of the chat would see as a figure becomes ASCII digits in one piece.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::super::letter::is_alphanumeric;

/// Entities decoded, markup dropped, compatibility forms folded, invisible and enclosing characters dropped, digits of any
/// script in ASCII, spelled-out words closed up.
pub(in super::super) fn plain(text: &str) -> String {
    if reads_as_written(text) {
        text.to_owned()
    } else {
        disguised(text)
    }
}

/// [`plain`], the long way.
fn disguised(text: &str) -> String {
    let decoded = decode(text);
    let bare = unmarked(&decoded);
    let read: String = bare
        .nfkc()
        .filter(|c| !is_hidden(*c))
        .map(|c| ascii_digit(c).unwrap_or(c))
        .collect();
    unspaced(&read)
}

/// Whether nothing in a text is disguised: [`plain`] leaves it as it is.
pub(in super::super) fn reads_as_written(text: &str) -> bool {
    text.chars().all(is_plain) && !is_spelled(text)
}

/// Whether a character is what it seems, wherever it stands: no markup, no other form of a letter, sign or digit, and not
/// hidden.
pub(in super::super) const fn is_plain(c: char) -> bool {
    match c {
        '&' | '*' | '_' | '~' | '`' | '<' | '[' | ']' | '\\' => false,
        '\0'..='\u{7f}' | 'А'..='я' | 'ё' | 'Ё' | '¡' | '¿' | '«' | '»' | 'À'..='ÿ' => {
            true
        }
        other => matches!(other, '–' | '—' | '‘' | '’' | '“' | '”' | '„' | '•' | '€'),
    }
}

/// Whether words are spelled out: three single letters, or two single digits with marks between them.
fn is_spelled(text: &str) -> bool {
    let mut spelled = Spelled::default();
    let mut at = 0;
    for word in text.split(' ') {
        spelled.word(text, at, at + word.len());
        at += word.len() + 1;
    }
    spelled.found()
}

/// Looks for words that are spelled out, one word after the other.
#[derive(Debug, Default)]
pub(in super::super) struct Spelled {
    letters: usize,
    digit: bool,
    found: bool,
}

impl Spelled {
    /// The word between two blanks.
    pub(in super::super) fn word(&mut self, text: &str, from: usize, to: usize) {
        let bytes = text.as_bytes();
        let width = match bytes.get(from) {
            Some(..0x80) | None => 1,
            Some(..0xe0) => 2,
            Some(..0xf0) => 3,
            Some(_) => 4,
        };
        // Most words are longer.
        let behind = bytes.get(from + width);
        let long = from + width < to && !behind.is_some_and(|next| b".,!?;:".contains(next));
        let single = if long {
            None
        } else {
            text.get(from..to).and_then(Single::of)
        };
        let (letter, digit) = (Some(Single::Letter), Some(Single::Digit));
        self.letters = if single == letter {
            self.letters + 1
        } else {
            0
        };
        self.found |= self.letters > 2 || (single == digit && self.digit);
        self.digit = single == digit || (self.digit && single == Some(Single::Mark));
    }

    pub(in super::super) fn found(&self) -> bool {
        self.found
    }
}

fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{20d0}'..='\u{20f0}'
            | '\u{300}'..='\u{302}'
            | '\u{304}'..='\u{305}'
            | '\u{332}'..='\u{338}'
            | '\u{e0000}'..='\u{e01ef}'
            | '\u{feff}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{115f}' | '\u{1160}'
    )
}

/// The ASCII form of the decimal digits that other scripts use, and of those in circles.
pub(super) fn ascii_digit(c: char) -> Option<char> {
    const ZEROS: [u32; 37] = [
        0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6,
        0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0,
        0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0,
        0xaa50, 0xabf0, 0xff10, 0x1d7ce,
    ];
    // Digits in circles of any kind start at one.
    const ONES: [u32; 5] = [0x2460, 0x24f5, 0x2776, 0x2780, 0x278a];
    if c.is_ascii() || ('\u{80}'..'\u{660}').contains(&c) {
        return None;
    }
    let code = u32::from(c);
    if matches!(code, 0x24ea | 0x24ff | 0x1f10b | 0x1f10c) {
        return Some('0');
    }
    let digit = ZEROS
        .into_iter()
        .find(|zero| (*zero..*zero + 10).contains(&code))
        .map(|zero| code - zero);
    let circled = ONES
        .into_iter()
        .find(|one| (*one..*one + 9).contains(&code))
        .map(|one| code - one + 1);
    char::from_digit(digit.or(circled)?, 10)
}

/// HTML entities that can hide or split a figure.
fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        decoded.push_str(before);
        let entity = behind
            .split_once(';')
            .filter(|(name, _)| (1..=8).contains(&name.len()));
        match entity.and_then(|(name, tail)| Some((entity_char(name)?, tail))) {
            Some((c, tail)) => {
                decoded.push(c);
                rest = tail;
            }
            None => {
                decoded.push('&');
                rest = behind;
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

fn entity_char(name: &str) -> Option<char> {
    if let Some(code) = name.strip_prefix('#') {
        let number = match code.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => code.parse(),
        };
        return char::from_u32(number.ok()?);
    }
    match name {
        "nbsp" | "ensp" | "emsp" | "thinsp" => Some(' '),
        "euro" => Some('€'),
        "pound" => Some('£'),
        "yen" => Some('¥'),
        "cent" => Some('¢'),
        "dollar" => Some('$'),
        "percnt" => Some('%'),
        "zwnj" | "zwj" | "shy" => Some('\u{200b}'),
        "comma" => Some(','),
        "period" => Some('.'),
        _other => None,
    }
}

/// Without emphasis, code marks, tags and link targets: `*12*,~~50~~` is `12,50` and `12<b>.50</b>` is `12.50`.
fn unmarked(text: &str) -> Cow<'_, str> {
    if !text.contains(['*', '_', '~', '`', '<', '[', '\\']) {
        return Cow::Borrowed(text);
    }
    let letters: Vec<char> = text.chars().collect();
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = letters.get(at).copied() {
        let next = letters.get(at + 1).copied();
        at = match c {
            '*' if is_times(&letters, at) => {
                kept.push('×');
                at + 1
            }
            '~' if next != Some('~')
                && !kept.ends_with('~')
                && next.is_some_and(|c| c.is_ascii_digit() || c == ' ')
                && letters
                    .get(at + 1..)
                    .is_some_and(|rest| !rest.contains(&'~')) =>
            {
                kept.push('~');
                at + 1
            }
            '*' | '_' | '~' | '`' | '\\' => at + 1,
            '<' => tag_end(&letters, at).unwrap_or_else(|| {
                kept.push('<');
                at + 1
            }),
            '[' => at + 1,
            ']' if next == Some('(') => link_end(&letters, at + 1).unwrap_or(at + 1),
            ']' => {
                kept.push(' ');
                at + 1
            }
            other => {
                kept.push(other);
                at + 1
            }
        };
    }
    Cow::Owned(kept)
}

/// `2 * 29.90` multiplies; `*29.90*` is emphasis.
fn is_times(letters: &[char], at: usize) -> bool {
    let is_space = |c: &&char| c.is_whitespace();
    let before = letters
        .get(..at)
        .unwrap_or_default()
        .iter()
        .rev()
        .find(|c| !is_space(c));
    let behind = letters
        .get(at + 1..)
        .unwrap_or_default()
        .iter()
        .find(|c| !is_space(c));
    let spaced = |c: Option<&char>| c.is_some_and(|c| c.is_whitespace());
    let both =
        spaced(at.checked_sub(1).and_then(|at| letters.get(at))) && spaced(letters.get(at + 1));
    let glued =
        !spaced(letters.get(at + 1)) && !spaced(at.checked_sub(1).and_then(|at| letters.get(at)));
    let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
    digit(before) && (both || (glued && digit(behind)))
}

/// Where a tag ends; `<` in prose begins none.
fn tag_end(letters: &[char], at: usize) -> Option<usize> {
    let first = letters.get(at + 1)?;
    if !(first.is_ascii_alphabetic() || *first == '/') {
        return None;
    }
    let rest = letters.get(at..)?;
    let length = rest.iter().take(80).position(|c| *c == '>')?;
    Some(at + length + 1)
}

fn link_end(letters: &[char], open: usize) -> Option<usize> {
    let rest = letters.get(open..)?;
    let length = rest.iter().take(200).position(|c| *c == ')')?;
    Some(open + length + 1)
}

/// `4 5 e u r o s`, `1 2 . 5 0` and `e.u.r` closed up: three single letters, or two single digits with marks between.
fn unspaced(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let kinds: Vec<Option<Single>> = words.iter().map(|word| Single::of(word)).collect();
    let mut closed = String::with_capacity(text.len());
    for run in runs(&kinds) {
        let here = words.get(run.clone()).unwrap_or_default();
        let kind = kinds.get(run.start).copied().flatten();
        let spelled = match kind {
            Some(Single::Digit) => {
                here.iter()
                    .filter(|word| word.contains(|c: char| c.is_ascii_digit()))
                    .count()
                    > 1
            }
            Some(Single::Letter) => here.len() > 2,
            Some(Single::Mark) | None => false,
        };
        if run.start > 0 {
            closed.push(' ');
        }
        if spelled {
            closed.extend(here.iter().copied());
        } else {
            closed.push_str(&here.join(" "));
        }
    }
    closed
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Single {
    Digit,
    Letter,
    /// A mark that stands between digits.
    Mark,
}

impl Single {
    fn of(word: &str) -> Option<Self> {
        let mut letters = word.chars();
        let first = letters.next()?;
        if !letters.all(|c| matches!(c, '.' | ',' | '!' | '?' | ';' | ':')) {
            return None;
        }
        if first.is_ascii_digit() {
            Some(Self::Digit)
        } else if is_alphanumeric(first) {
            Some(Self::Letter)
        } else {
            matches!(word, "." | ",").then_some(Self::Mark)
        }
    }
}

/// Ranges of neighbours of one kind; marks belong to the digits before them.
fn runs(kinds: &[Option<Single>]) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, kind) in kinds.iter().enumerate() {
        let last = runs.last_mut();
        let first = last.as_ref().and_then(|run| kinds.get(run.start)).copied();
        match last {
            Some(run)
                if first == Some(*kind)
                    || (first == Some(Some(Single::Digit)) && *kind == Some(Single::Mark)) =>
            {
                run.end = at + 1;
            }
            _new => runs.push(at..at + 1),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{disguised, plain, reads_as_written};

    proptest! {
        #[test]
        fn g4_a_text_without_disguise_reads_as_it_is_written(
            parts in proptest::collection::vec("[a-zé0-9а-яё€×&*_~`<>.,:! ½\u{a0}\u{301}…№-]{0,4}| [a-z0-9] |\\PC{0,3}", 0..10)
        ) {
            let text = parts.concat();
            prop_assert_eq!(plain(&text), disguised(&text));
            if reads_as_written(&text) {
                prop_assert_eq!(disguised(&text), text);
            }
        }
    }
}
