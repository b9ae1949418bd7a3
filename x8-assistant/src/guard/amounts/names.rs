//! Rows named in a sentence, and list markers: numbers that are no amounts.

use std::borrow::Cow;

use x8_core::{catalog::Offering, text::fold};

use super::{
    super::{facts::Named, letter, look::Look, page::Sentence, terms::Terms},
    lexer::FIRST_NAME,
    plain,
};

/// Names of rows that hold figures, folded, the longest first.
#[derive(Debug)]
pub(in super::super) struct Figured(Terms);

impl Figured {
    pub(in super::super) fn of(rows: &[Offering]) -> Self {
        let figured = rows
            .iter()
            .filter(|row| row.name.chars().any(char::is_numeric))
            .map(|row| fold(&plain(&row.name)));
        let mut names: Vec<String> = figured
            .filter(|name| name.chars().any(|c| c.is_ascii_digit()))
            .collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Self(Terms::new(names))
    }

    pub(in super::super) fn approx_bytes(&self) -> usize {
        self.0.approx_bytes()
    }
}

/// What a rule made of a sentence.
#[derive(Debug)]
pub(in super::super) struct Made<'s> {
    pub(in super::super) text: Cow<'s, str>,
    /// It is the folded sentence, with whole words taken away: of no list it holds more than the sentence.
    pub(in super::super) part: bool,
}

/// A sentence, folded, without list marker and without the rows' names: their numbers count nothing and cost nothing.
pub(in super::super) fn mask_names<'s>(
    Figured(names): &Figured,
    sentence: &Sentence<'s>,
) -> Made<'s> {
    let (mut folded, mut part) = (body(sentence), is_as_is(sentence));
    // Only names with figures are masked, so a sentence without one needs no look at the rows.
    if !folded.bytes().any(|b| b.is_ascii_digit()) {
        return Made { text: folded, part };
    }
    for name in names
        .found(&folded)
        .into_iter()
        .filter_map(|at| names.get(at))
    {
        // A longer name may have taken it away.
        folded = put(&folded, name, &[' ', '…', ' '], &mut part).into();
    }
    Made { text: folded, part }
}

/// A sentence, plain and folded, behind its list marker.
fn body<'s>(sentence: &Sentence<'s>) -> Cow<'s, str> {
    // Where nothing is disguised the folded sentence begins with the same marker, and the rest folds letter by letter.
    if is_as_is(sentence) {
        let folded = sentence.folded();
        let mark = mark_end(sentence).unwrap_or_default();
        return folded.get(mark..).unwrap_or_default().trim_start().into();
    }
    let rest: String = sentence
        .chars()
        .skip(marker(sentence).chars().count())
        .collect();
    fold(&plain(&rest)).into()
}

fn is_as_is(sentence: &Sentence<'_>) -> bool {
    sentence.looks(Look::AS_WRITTEN) && !sentence.starts_with(char::is_whitespace)
}

/// The list marker a sentence begins with: `1. `, `- `, `• `.
pub(in super::super) fn marker(sentence: &str) -> String {
    let body = sentence.trim_start();
    let mark = mark_end(body).and_then(|end| body.get(..end));
    mark.map(|mark| format!("{mark} ")).unwrap_or_default()
}

/// Where the marker in front of a blank ends.
fn mark_end(body: &str) -> Option<usize> {
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let sign = body.get(digits..)?.chars().next()?;
    let end = match sign {
        '.' | ')' if (1..4).contains(&digits) => digits + 1,
        '-' | '*' | '•' | '–' | '—' if digits == 0 => sign.len_utf8(),
        _other => return None,
    };
    body.get(end..)?.starts_with(' ').then_some(end)
}

/// The same with a mark for each of these words that name a row alone; `first` is the place of the first one.
pub(in super::super) fn mark_words<'s>(
    marked: Cow<'s, str>,
    words: &[&str],
    first: usize,
) -> Cow<'s, str> {
    words.iter().enumerate().fold(marked, |marked, (at, word)| {
        let mark = u32::try_from(first + at)
            .ok()
            .and_then(|place| char::from_u32(FIRST_NAME + place));
        match mark {
            Some(mark) => marked.replace(word, &format!(" {mark} ")).into(),
            None => marked,
        }
    })
}

/// A plain, folded sentence without list marker, in which each row's name is one mark; `rows` are those named in it.
pub(in super::super) fn mark_names<'s>(sentence: &Sentence<'s>, rows: &[Named<'_>]) -> Made<'s> {
    let mut part = is_as_is(sentence);
    let mut folded = if !sentence.looks(Look::FAR) || sentence.chars().all(is_no_mark) {
        body(sentence)
    } else {
        let skipped = marker(sentence).chars().count();
        let kept = sentence.chars().skip(skipped).filter(|c| is_no_mark(*c));
        fold(&plain(&kept.collect::<String>())).into()
    };
    let names = rows.iter().map(Named::folded).enumerate();
    let mut names: Vec<(usize, &str)> = names.collect();
    names.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
    for (place, name) in names.iter().filter(|(_, name)| !name.is_empty()) {
        let mark = u32::try_from(*place)
            .ok()
            .and_then(|place| char::from_u32(FIRST_NAME + place));
        if let Some(mark) = mark {
            folded = put(&folded, name, &[' ', mark, ' '], &mut part).into();
        }
    }
    Made { text: folded, part }
}

/// What stands before a word and ends no entry of a list.
pub(in super::super) const OPENING: [char; 5] = [' ', '“', '«', '"', '('];

/// A text with letters in the place of each of these names; `whole` while no name is part of a word.
fn put(text: &str, name: &str, letters: &[char], whole: &mut bool) -> String {
    let mut kept = String::with_capacity(text.len() + letters.len());
    let mut rest = text;
    while let Some(at) = find(rest, name) {
        let before = rest.get(..at).and_then(|head| head.chars().next_back());
        *whole &= match before {
            Some(c) => OPENING.contains(&c),
            None => rest.len() == text.len(),
        };
        *whole &= !letter::at(rest, at + name.len()).0;
        kept.push_str(rest.get(..at).unwrap_or_default());
        kept.extend(letters);
        rest = rest.get(at + name.len()..).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

/// [`str::find`], without what that prepares for long texts.
fn find(text: &str, name: &str) -> Option<usize> {
    let (bytes, name) = (text.as_bytes(), name.as_bytes());
    let head = name.get(..name.len().min(3))?;
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let at = rest.windows(head.len()).position(|here| here == head)?;
        if rest.get(at..)?.starts_with(name) {
            return Some(from + at);
        }
        from += at + 1;
    }
}

fn is_no_mark(c: char) -> bool {
    u32::from(c) < FIRST_NAME
}
