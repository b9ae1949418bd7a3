//! Words of a sentence with what they count; number words in a row are one count.

use std::borrow::Cow;

use crate::guard::{
    amounts::numerals::{GLUE, Sum, value},
    letter,
    lexicon::{Hits, List, hits},
};

/// A word, or several that are one number.
#[derive(Clone, Debug)]
pub(super) struct Counted<'a> {
    /// The word, the last of several.
    pub(super) text: &'a str,
    pub(super) value: Option<i64>,
    /// The first of several.
    first: &'a str,
}

impl Counted<'_> {
    /// The lists that the word, or the first of several, is an entry of.
    pub(super) fn lists(&self) -> Hits {
        hits(self.first)
    }

    /// Whether it counts something. Articles look like "one" and do only in front of a unit, or at the end.
    pub(super) fn is_count(&self, next: Option<&Self>) -> bool {
        const ARTICLES: [&str; 9] = ["a", "un", "una", "une", "ein", "eine", "um", "uma", "einen"];
        let article = ARTICLES.contains(&self.text);
        self.value.is_some() && (!article || next.is_none_or(Self::is_between))
    }

    /// A unit or a small word around a count.
    pub(super) fn is_between(&self) -> bool {
        self.value.is_none() && self.lists().has(List::BETWEEN)
    }
}

/// Words and numbers, in order; `29.90` and `10:30` stay one word and so are no counts.
pub(super) fn read(folded: &str) -> Vec<Counted<'_>> {
    let words = words(folded);
    let mut counted = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at).copied() {
        let end = number_end(&words, at);
        let run = words.get(at..end).unwrap_or_default();
        let value = match run {
            [] => figure(word).or_else(|| pair(&words, at)),
            run => {
                let mut sum = Sum::default();
                run.iter()
                    .filter_map(|word| value(word))
                    .for_each(|value| sum.add(value));
                Some(sum.total())
            }
        };
        if run.is_empty() && value.is_some() && pair(&words, at).is_some() {
            // Its article counts nothing.
            counted.pop_if(|article: &mut Counted<'_>| article.value == Some(1));
        }
        // "Ein einziges": several words are no article.
        let text = run
            .last()
            .filter(|_| run.len() > 1)
            .copied()
            .unwrap_or(word);
        counted.push(Counted {
            text,
            value,
            first: word,
        });
        at = end.max(at + 1);
    }
    counted
}

/// Letters and digits with marks between them.
fn words(folded: &str) -> Vec<&str> {
    const MARKS: [char; 4] = ['.', ',', ':', '\''];
    let is_mark = |byte: &u8| matches!(byte, b'.' | b',' | b':' | b'\'');
    let mut words = Vec::with_capacity(folded.len() / 6 + 1);
    let mut add = |from: usize, to: usize| {
        let word = folded.get(from..to).unwrap_or_default();
        let marked = [word.as_bytes().first(), word.as_bytes().last()];
        let word = if marked.into_iter().flatten().any(is_mark) {
            word.trim_matches(MARKS)
        } else {
            word
        };
        if !word.is_empty() {
            words.push(word);
        }
    };
    let (mut from, mut at) = (0, 0);
    while let Some(byte) = folded.as_bytes().get(at) {
        let (alphanumeric, length) = letter::at(folded, at);
        if alphanumeric {
            at = letter::end(folded, at);
            continue;
        }
        if !is_mark(byte) {
            add(from, at);
            from = at + length;
        }
        at += length;
    }
    add(from, at);
    words
}

/// Every number of a text, in figures or words.
pub(in super::super) fn numbers(folded: &str) -> Vec<i64> {
    read(folded)
        .into_iter()
        .filter_map(|word| word.value)
        .collect()
}

/// Every number in figures.
pub(super) fn figures(folded: &str) -> impl Iterator<Item = i64> {
    words(folded).into_iter().filter_map(figure)
}

/// "A couple of", "un par de", "пара": two.
fn pair(words: &[&str], at: usize) -> Option<i64> {
    let before = at
        .checked_sub(1)
        .and_then(|before| words.get(before))
        .copied();
    let article = matches!(before, Some("a" | "un" | "um" | "ein" | "une"));
    match words.get(at).copied()? {
        "couple" | "pair" | "par" | "paio" | "paar" if article => Some(2),
        _other => None,
    }
}

/// A whole number in figures; marks between thousands do not hide it.
fn figure(word: &str) -> Option<i64> {
    let part = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'\'');
    if !word.bytes().all(part) {
        return None;
    }
    let mut groups = word.split(['.', ',', '\'']);
    let first = groups.next()?;
    let thousands = groups.all(|group| group.len() == 3);
    (thousands && (1..=3).contains(&first.len()) || !word.contains(['.', ',', '\'']))
        .then(|| word.replace(['.', ',', '\''], ""))?
        .parse()
        .ok()
}

/// Behind the number words that begin here.
fn number_end(words: &[&str], from: usize) -> usize {
    let is_number = |at: usize| words.get(at).is_some_and(|word| value(word).is_some());
    if !is_number(from) {
        return from;
    }
    let mut end = from + 1;
    loop {
        let glue = words.get(end).is_some_and(|word| GLUE.contains(word));
        if is_number(end) {
            end += 1;
        } else if glue && is_number(end + 1) {
            end += 2;
        } else {
            return end;
        }
    }
}

/// How a word begins, so that its forms are one.
pub(in super::super) fn stem(word: &str) -> Cow<'_, str> {
    match word.char_indices().nth(4) {
        Some((end, _)) => Cow::Borrowed(word.get(..end).unwrap_or(word)),
        None => Cow::Borrowed(word),
    }
}
