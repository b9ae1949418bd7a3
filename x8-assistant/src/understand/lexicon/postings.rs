//! Terms and the rows that carry them, found by likeness.

use std::collections::HashMap;

use crate::understand::{
    shape::{Shape, head},
    sound::Sound,
    terms::{alike, is_form},
};

/// Distinct terms, each with its rows in order.
#[derive(Debug, Default)]
pub(super) struct Postings {
    known: HashMap<String, usize>,
    terms: Vec<Term>,
}

#[derive(Debug)]
struct Term {
    outline: Outline,
    text: String,
    rows: Vec<usize>,
}

impl Postings {
    pub(super) fn add(&mut self, term: &str, row: usize) {
        let place = match self.known.get(term) {
            Some(place) => *place,
            None => {
                let place = self.terms.len();
                self.known.insert(term.to_owned(), place);
                self.terms.push(Term {
                    outline: Outline::of(term),
                    text: term.to_owned(),
                    rows: Vec::new(),
                });
                place
            }
        };
        if let Some(term) = self.terms.get_mut(place)
            && term.rows.last() != Some(&row)
        {
            term.rows.push(row);
        }
    }

    /// Whether any term means the same as this one.
    pub(super) fn has(&self, asked: &str) -> bool {
        self.known.contains_key(asked) || self.matching(asked).next().is_some()
    }

    /// The rows of every term that means the same; a row may come more than once.
    pub(super) fn like(&self, asked: &str) -> impl Iterator<Item = usize> {
        self.matching(asked)
            .flat_map(|term| term.rows.iter().copied())
    }

    /// The same, each with whether its term is the word itself or a form of it: "drip" is none of "dripper".
    pub(super) fn like_or_form(&self, asked: &str) -> impl Iterator<Item = (usize, bool)> {
        let own = asked.to_owned();
        self.matching(asked).flat_map(move |term| {
            let form = is_form(&own, &term.text);
            term.rows.iter().map(move |row| (*row, form))
        })
    }

    /// The terms.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(|term| term.text.as_str())
    }

    fn matching(&self, asked: &str) -> impl Iterator<Item = &Term> {
        let outline = Outline::of(asked);
        let asked = asked.to_owned();
        self.terms
            .iter()
            .filter(move |term| outline.may_be(&term.outline) && alike(&asked, &term.text))
    }

    pub(super) fn approx_bytes(&self) -> usize {
        let texts: usize = self.terms.iter().map(|term| 2 * term.text.len()).sum();
        let rows: usize = self.terms.iter().map(|term| term.rows.capacity()).sum();
        texts
            + rows * size_of::<usize>()
            + self.terms.len() * (size_of::<Term>() + size_of::<(String, usize)>())
    }
}

/// What decides cheaply that two terms are not alike; mirrors [`alike`] and never excludes what it accepts.
#[derive(Debug, PartialEq, Eq)]
struct Outline {
    cyrillic: bool,
    head: (Option<char>, Option<char>),
    shape: Shape,
    sound_head: (Option<char>, Option<char>),
    sound: Shape,
}

impl Outline {
    fn of(term: &str) -> Self {
        let (sound_head, sound) = Sound::of(term).outline();
        Self {
            cyrillic: term.starts_with(|letter: char| letter > '\u{3ff}'),
            head: head(term),
            shape: Shape::of(term),
            sound_head,
            sound,
        }
    }

    fn may_be(&self, own: &Self) -> bool {
        if self.cyrillic != own.cyrillic {
            return self.sound_head == own.sound_head || self.sound.within(own.sound, 1);
        }
        let edits = if self.shape.count >= 9 { 2 } else { 1 };
        self.head == own.head
            || (self.shape.count >= 6
                && own.shape.count >= 6
                && self.shape.within(own.shape, edits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of both scripts, their forms, slips and look-alikes.
    fn words() -> Vec<String> {
        let texts = [
            include_str!("../synonyms.txt"),
            include_str!("../intents.txt"),
        ];
        let mut words: Vec<String> = texts
            .iter()
            .flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()))
            .filter(|word| !word.is_empty())
            .map(x8_core::text::fold)
            .collect();
        words.sort();
        words.dedup();
        let slips: Vec<String> = words
            .iter()
            .step_by(3)
            .flat_map(|word| {
                let dropped: String = word.chars().skip(1).collect();
                let mut turned: Vec<char> = word.chars().collect();
                if turned.len() > 2 {
                    turned.swap(0, 1);
                }
                [dropped, turned.into_iter().collect(), format!("{word}s")]
            })
            .filter(|word| !word.is_empty())
            .collect();
        words.extend(slips);
        words.extend(["2kg", "1.5kg", "чай", "чаю", "валенсию", "valencia"].map(str::to_owned));
        words
    }

    #[test]
    fn k12_the_outline_excludes_nothing_that_is_alike() {
        let words = words();
        let mut postings = Postings::default();
        for (row, word) in words.iter().enumerate() {
            postings.add(word, row);
        }
        for asked in words.iter().step_by(7) {
            let mut found: Vec<&str> = postings
                .matching(asked)
                .map(|term| term.text.as_str())
                .collect();
            let mut all: Vec<&str> = postings.words().filter(|own| alike(asked, own)).collect();
            found.sort_unstable();
            all.sort_unstable();
            assert_eq!(found, all, "{asked}");
        }
    }
}
