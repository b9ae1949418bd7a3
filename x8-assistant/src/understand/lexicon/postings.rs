//! Terms and the rows that carry them, found by likeness.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

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
    /// What was asked for of late, with the places of the terms that mean it: customers mostly use the same words.
    asked: Mutex<HashMap<String, Arc<[usize]>>>,
}

/// Longer words, and words that mean more terms, are looked for each time.
const LONGEST: usize = 48;
const MOST: usize = 24;

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
        self.known.contains_key(asked) || !self.matching(asked).is_empty()
    }

    /// The rows of every term that means the same; a row may come more than once.
    pub(super) fn like(&self, asked: &str) -> impl Iterator<Item = usize> {
        let places = self.matching(asked);
        let terms = (0..places.len()).filter_map(move |at| self.terms.get(*places.get(at)?));
        terms.flat_map(|term| term.rows.iter().copied())
    }

    /// The same, each with whether its term is the word itself or a form of it: "drip" is none of "dripper".
    pub(super) fn like_or_form(&self, asked: &str) -> impl Iterator<Item = (usize, bool)> {
        let own = asked.to_owned();
        let places = self.matching(asked);
        let terms = (0..places.len()).filter_map(move |at| self.terms.get(*places.get(at)?));
        terms.flat_map(move |term| {
            let form = is_form(&own, &term.text);
            term.rows.iter().map(move |row| (*row, form))
        })
    }

    /// The terms.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(|term| term.text.as_str())
    }

    /// The places of the terms that mean the same.
    fn matching(&self, asked: &str) -> Arc<[usize]> {
        if asked.len() > LONGEST {
            return self.searched(asked);
        }
        let memory = || self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = memory().get(asked) {
            return Arc::clone(known);
        }
        let found = self.searched(asked);
        if found.len() <= MOST {
            let mut memory = memory();
            if memory.len() >= self.terms.len() {
                memory.clear();
            }
            memory.insert(asked.to_owned(), Arc::clone(&found));
        }
        found
    }

    fn searched(&self, asked: &str) -> Arc<[usize]> {
        let outline = Outline::of(asked);
        let places = self.terms.iter().enumerate();
        places
            .filter(|(_, term)| outline.may_be(&term.outline) && alike(asked, &term.text))
            .map(|(place, _)| place)
            .collect()
    }

    pub(super) fn approx_bytes(&self) -> usize {
        let texts: usize = self.terms.iter().map(|term| 2 * term.text.len()).sum();
        let rows: usize = self.terms.iter().map(|term| term.rows.capacity()).sum();
        // The memory of what was asked holds no more words than there are terms, and each means one or two.
        let asked = size_of::<(String, Arc<[usize]>)>() + LONGEST / 2 + 4 * size_of::<usize>();
        let each = size_of::<Term>() + size_of::<(String, usize)>() + asked;
        texts + rows * size_of::<usize>() + self.terms.len() * each
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
            let places = postings.matching(asked);
            assert_eq!(places, postings.matching(asked), "remembered");
            let terms = places.iter().map(|place| &postings.terms[*place]);
            let mut found: Vec<&str> = terms.map(|term| term.text.as_str()).collect();
            let mut all: Vec<&str> = postings.words().filter(|own| alike(asked, own)).collect();
            found.sort_unstable();
            all.sort_unstable();
            assert_eq!(found, all, "{asked}");
        }
    }
}
