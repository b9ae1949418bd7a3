//! A customer's text as words that extractors take away one after another.

use std::ops::Range;

use x8_core::text::fold;

/// One word and what stands before it.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// As written.
    pub(super) text: String,
    /// Folded for comparison.
    pub(super) folded: String,
    /// Byte range in the raw text.
    pub(super) span: Range<usize>,
    /// The characters between the previous word and this one.
    pub(super) gap: String,
    /// Counts parts separated by commas, sentence ends and lines.
    pub(super) segment: usize,
    /// Taken by an extractor.
    pub(super) used: bool,
}

impl Word {
    /// Whether it starts with a capital letter.
    pub(super) fn is_capitalised(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// The number, when it is one in digits.
    pub(super) fn digits(&self) -> Option<u32> {
        self.folded
            .chars()
            .all(|letter| letter.is_ascii_digit())
            .then(|| self.folded.parse().ok())
            .flatten()
    }

    /// Whether it holds letters only; "O'Brien" does.
    pub(super) fn is_letters(&self) -> bool {
        self.text
            .chars()
            .all(|one| one.is_alphabetic() || matches!(one, '\'' | '’'))
    }
}

/// The words of a burst.
#[derive(Clone, Debug)]
pub(super) struct Words {
    raw: String,
    list: Vec<Word>,
    /// Whether an amount of money or a percentage was named.
    pub(super) money: bool,
    /// Whether it is Russian in Latin letters, compared in Cyrillic ones.
    pub(super) respelled: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Other,
}

fn class(letter: char) -> Class {
    if letter.is_ascii_digit() {
        Class::Digit
    } else if letter.is_alphabetic() || matches!(letter, '\'' | '’') {
        Class::Letter
    } else {
        Class::Other
    }
}

impl Words {
    /// Splits a text: runs of letters, runs of digits; everything else is a gap. Numbers of several words become one.
    pub(super) fn read(text: &str) -> Self {
        let mut words = Self::split(text);
        words.merge();
        words
    }

    fn split(text: &str) -> Self {
        let mut words = Self {
            raw: text.to_owned(),
            list: Vec::new(),
            money: false,
            respelled: false,
        };
        let mut start: Option<(usize, Class)> = None;
        let ends = text.char_indices().map(|(at, letter)| (at, class(letter)));
        for (at, now) in ends.chain([(text.len(), Class::Other)]) {
            match start {
                Some((_, kind)) if kind == now => {}
                Some((from, _)) => {
                    words.push(from..at);
                    start = (now != Class::Other).then_some((at, now));
                }
                None => start = (now != Class::Other).then_some((at, now)),
            }
        }
        words
    }

    /// A customer's text: like [`Words::read`], and Russian in Latin letters is compared in Cyrillic ones.
    pub(super) fn heard(text: &str, language: Option<&str>) -> Self {
        let mut words = Self::split(text);
        if super::translit::is_russian(&words.list, language) {
            for word in &mut words.list {
                word.folded = super::translit::cyrillic(&word.folded);
            }
            words.respelled = true;
        }
        words.merge();
        words
    }

    fn merge(&mut self) {
        self.money = super::merge::merge(&mut self.list, &self.raw);
    }

    fn push(&mut self, span: Range<usize>) {
        let text = self.raw.get(span.clone()).unwrap_or_default().to_owned();
        let (from, segment) = self
            .list
            .last()
            .map_or((0, 0), |word| (word.span.end, word.segment));
        let gap = self
            .raw
            .get(from..span.start)
            .unwrap_or_default()
            .to_owned();
        let inner = gap == "." || (gap == "," && text.chars().all(|one| one.is_ascii_digit()));
        let breaks = !inner && gap.contains([',', ';', '\n', '.', '!', '?', '·']);
        self.list.push(Word {
            folded: fold(&text.replace('’', "'")),
            segment: segment + usize::from(breaks && !self.list.is_empty()),
            text,
            span,
            gap,
            used: false,
        });
    }

    /// Makes the word at a place and the next one a single word that means `meaning`.
    pub(super) fn join(&mut self, at: usize, meaning: String) {
        super::merge::replace(&mut self.list, at, at + 1, meaning);
    }

    /// All words in order.
    pub(super) fn list(&self) -> &[Word] {
        &self.list
    }

    /// The word at a place.
    pub(super) fn at(&self, index: usize) -> Option<&Word> {
        self.list.get(index)
    }

    /// The word `back` places before, when there is one.
    pub(super) fn before(&self, index: usize, back: usize) -> Option<&Word> {
        index.checked_sub(back).and_then(|place| self.at(place))
    }

    /// The words of a range alone.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        Self {
            raw: self.raw.clone(),
            list: self.list.get(range).unwrap_or_default().to_vec(),
            money: self.money,
            respelled: self.respelled,
        }
    }

    /// The text as written.
    pub(super) fn raw(&self) -> &str {
        &self.raw
    }

    /// The original text of a range of words.
    pub(super) fn span(&self, range: &Range<usize>) -> &str {
        let from = self.at(range.start).map(|word| word.span.start);
        let to = self.before(range.end, 1).map(|word| word.span.end);
        match (from, to) {
            (Some(from), Some(to)) => self.raw.get(from..to).unwrap_or_default(),
            _nothing => "",
        }
    }

    /// Takes a range of words away from later extractors.
    pub(super) fn take(&mut self, range: Range<usize>) {
        if let Some(words) = self.list.get_mut(range) {
            for word in words {
                word.used = true;
            }
        }
    }

    /// Takes every word that overlaps a byte range.
    pub(super) fn take_bytes(&mut self, bytes: &Range<usize>) {
        for word in &mut self.list {
            if word.span.start < bytes.end && bytes.start < word.span.end {
                word.used = true;
            }
        }
    }

    /// Where a phrase stands: words separated by spaces, `*` at the end of one means "starts with".
    pub(super) fn find(&self, phrase: &str) -> Option<Range<usize>> {
        self.find_from(phrase, 0)
    }

    /// The same, not before a place.
    pub(super) fn find_from(&self, phrase: &str, from: usize) -> Option<Range<usize>> {
        let wanted: Vec<&str> = phrase.split(' ').collect();
        (from..self.list.len()).find_map(|start| {
            let range = start..start.checked_add(wanted.len())?;
            let here = self.list.get(range.clone())?;
            here.iter()
                .zip(&wanted)
                .all(|(word, pattern)| matches(&word.folded, pattern))
                .then_some(range)
        })
    }

    /// Whether any of the phrases stands anywhere.
    pub(super) fn has(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.find(phrase).is_some())
    }
}

/// Compares a folded word with a pattern.
pub(super) fn matches(word: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == pattern,
    }
}
