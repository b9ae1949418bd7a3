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
    /// How the words begin, so that most phrases need not be looked for.
    heads: Heads,
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
            heads: Heads::default(),
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
        self.heads = Heads::of(&self.list);
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
        self.heads = Heads::of(&self.list);
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

    /// Takes what is quoted to be written on something: `the card should say "Happy birthday, Rosa"`.
    pub(super) fn take_quoted(&mut self, cues: &[&str]) {
        const PAIRS: [(char, char); 4] = [('"', '"'), ('«', '»'), ('“', '”'), ('„', '“')];
        const NEAR: usize = 4;
        let mut from = 0;
        while let Some((at, open)) = self.raw.get(from..).and_then(|rest| {
            rest.char_indices()
                .find(|(_, one)| PAIRS.iter().any(|(own, _)| own == one))
        }) {
            let start = from + at + open.len_utf8();
            let close = PAIRS
                .iter()
                .find(|(own, _)| *own == open)
                .map(|(_, end)| *end);
            let length = self
                .raw
                .get(start..)
                .and_then(|rest| rest.find(|one| Some(one) == close));
            let Some(length) = length else { break };
            let led = self.list.iter().rev().filter(|word| word.span.end <= start);
            let led = led
                .take(NEAR)
                .any(|word| cues.iter().any(|cue| matches(&word.folded, cue)));
            if led {
                self.take_bytes(&(start..start + length));
            }
            from = start + length + 1;
            while !self.raw.is_char_boundary(from) {
                from += 1;
            }
        }
    }

    /// Where a phrase stands: words separated by spaces, `*` at the end of one means "starts with".
    pub(super) fn find(&self, phrase: &str) -> Option<Range<usize>> {
        self.find_from(phrase, 0)
    }

    /// The same, not before a place.
    pub(super) fn find_from(&self, phrase: &str, from: usize) -> Option<Range<usize>> {
        let mut patterns = phrase.split(' ');
        let first = patterns.next().filter(|own| self.heads.may_hold(own))?;
        let here = self.list.iter().enumerate().skip(from);
        let mut starts = here.filter(|(_, word)| matches(&word.folded, first));
        starts.find_map(|(start, _)| {
            let mut end = start + 1;
            for pattern in patterns.clone() {
                let word = self.list.get(end)?;
                if !matches(&word.folded, pattern) {
                    return None;
                }
                end += 1;
            }
            Some(start..end)
        })
    }

    /// Whether any of the phrases stands anywhere.
    pub(super) fn has(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.find(phrase).is_some())
    }
}

/// Which pairs of first letters the words of a text begin with: one bit for several pairs, so that it may say yes in vain.
#[derive(Clone, Copy, Debug, Default)]
struct Heads(u128);

impl Heads {
    fn of(list: &[Word]) -> Self {
        let bits = list.iter().map(|word| Self::bit(&word.folded));
        Self(bits.fold(0, |all, bit| all | bit))
    }

    fn bit(text: &str) -> u128 {
        let mut letters = text.chars().map(u32::from);
        let (one, two) = (letters.next(), letters.next());
        let place = one.unwrap_or(0).wrapping_mul(37) ^ two.unwrap_or(0).wrapping_mul(5);
        1 << (place % u128::BITS)
    }

    /// Whether some word may match this pattern.
    fn may_hold(self, pattern: &str) -> bool {
        match pattern.strip_suffix('*') {
            Some(start) if start.chars().nth(1).is_none() => true,
            Some(start) => self.0 & Self::bit(start) != 0,
            None => self.0 & Self::bit(pattern) != 0,
        }
    }
}

/// Compares a folded word with a pattern.
pub(super) fn matches(word: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == pattern,
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::{Words, matches};

    /// Every place is tried.
    fn walked(words: &Words, phrase: &str, from: usize) -> Option<Range<usize>> {
        let wanted: Vec<&str> = phrase.split(' ').collect();
        (from..words.list.len()).find_map(|start| {
            let range = start..start + wanted.len();
            let here = words.list.get(range.clone())?;
            let mut pairs = here.iter().zip(&wanted);
            pairs
                .all(|(word, pattern)| matches(&word.folded, pattern))
                .then_some(range)
        })
    }

    #[test]
    fn a5_a_phrase_is_found_where_a_walk_over_all_words_finds_it() {
        let file = include_str!("intents.txt");
        let lines: Vec<&str> = file.lines().collect();
        let phrases: Vec<&str> = file
            .split([',', '\n'])
            .map(str::trim)
            .filter(|phrase| !phrase.is_empty())
            .chain(["a", "y", "x*", "*", "d* y", "ещ* y", "no  mas"])
            .collect();
        let mut found = 0;
        // The phrases themselves are texts that hold many of them.
        for text in lines.chunks(3).map(|lines| lines.join(" ")) {
            let mut words = Words::heard(&text, None);
            if words.list.len() > 2 {
                words.join(1, "zz9".to_owned());
            }
            for phrase in phrases.iter().copied().chain(["zz9", "zz*"]) {
                for from in [0, 7] {
                    let own = words.find_from(phrase, from);
                    assert_eq!(own, walked(&words, phrase, from), "{phrase} in {text}");
                    found += usize::from(own.is_some());
                }
            }
        }
        assert!(found > 1_000, "only {found}");
    }
}
