//! The words of a reply, split into sentences and folded once for all rules.

use std::{
    cell::{Cell, OnceCell},
    ops::Deref,
};

use x8_core::text::fold_onto;

use super::{
    amounts::Made,
    cues::Cues,
    lexicon::{Hits, List, hits},
    look::Look,
    text::{Edit, sentences, tidy},
    tree,
};

/// The words so far; another text is another page.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    read: OnceCell<Read>,
    /// The page before this one: sentences that it shares are not read again.
    former: Option<(String, Read)>,
}

/// Checks that judge a sentence by nothing but itself and what never changes in a turn: one bit each. What one of them
/// kept it keeps on the next page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Checks(u16);

impl Checks {
    pub(super) const LEAKS: Self = Self(1);
    pub(super) const ZERO: Self = Self(1 << 1);
    pub(super) const STOCK: Self = Self(1 << 2);
    pub(super) const AMOUNTS: Self = Self(1 << 3);
    /// The same under a heading about deliveries.
    pub(super) const FEES: Self = Self(1 << 4);
    pub(super) const LINKS: Self = Self(1 << 5);
    pub(super) const PAYMENT: Self = Self(1 << 6);
    /// Amounts where deliveries are told of.
    pub(super) const DELIVERIES: Self = Self(1 << 7);
    /// Both.
    pub(super) const DELIVERY_FEES: Self = Self(1 << 8);
}

#[derive(Debug)]
struct Read {
    /// The folded sentences, one behind the other.
    folded: String,
    /// What any of them says.
    cues: Cues,
    hits: Hits,
    parts: Vec<Part>,
}

/// Where one sentence stands.
#[derive(Debug)]
struct Part {
    /// In the text: its start, the end of its words, the end of the white space behind them.
    start: usize,
    words: usize,
    end: usize,
    folded: std::ops::Range<usize>,
    cues: Cues,
    hits: Hits,
    look: Look,
    /// What kept it as it is.
    kept: Cell<Checks>,
}

/// A sentence as the rules see it. It is its own words without the white space behind them.
#[derive(Debug)]
pub(super) struct Sentence<'a> {
    words: &'a str,
    folded: &'a str,
    cues: Cues,
    hits: Hits,
    look: Look,
}

impl Page {
    pub(super) fn new(text: String) -> Self {
        Self {
            text,
            read: OnceCell::new(),
            former: None,
        }
    }

    /// Another text in the place of this one.
    pub(super) fn turn(&mut self, text: String) {
        let turned = std::mem::replace(self, Self::new(text));
        self.former = match turned.read.into_inner() {
            Some(read) => Some((turned.text, read)),
            None => turned.former,
        };
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether any sentence holds something of one of these lists.
    pub(super) fn tells(&self, lists: &[List]) -> bool {
        self.read().hits.any(lists)
    }

    /// Whether any sentence holds one of these.
    pub(super) fn says(&self, cues: Cues) -> bool {
        self.read().cues.has(cues)
    }

    pub(super) fn sentences(&self) -> impl Iterator<Item = Sentence<'_>> {
        self.read().parts.iter().map(|part| self.sentence(part))
    }

    /// The sentences that a check has not kept yet, with their places.
    pub(super) fn open(&self, check: Checks) -> impl Iterator<Item = (usize, Sentence<'_>)> {
        let parts = self.read().parts.iter().enumerate();
        let open = parts.filter(move |(_, part)| part.kept.get().0 & check.0 == 0);
        open.map(|(at, part)| (at, self.sentence(part)))
    }

    /// Remembers that a check keeps a sentence.
    pub(super) fn keep(&self, at: usize, check: Checks) {
        if let Some(part) = self.read().parts.get(at) {
            part.kept.set(Checks(part.kept.get().0 | check.0));
        }
    }

    fn sentence(&self, part: &Part) -> Sentence<'_> {
        let folded = &self.read().folded;
        Sentence {
            words: self.text.get(part.start..part.words).unwrap_or_default(),
            folded: folded.get(part.folded.clone()).unwrap_or_default(),
            cues: part.cues,
            hits: part.hits,
            look: part.look,
        }
    }

    /// The text after these edits, by the places of their sentences, in order.
    pub(super) fn edited(&self, edits: Vec<(usize, Edit)>) -> String {
        let mut edits = edits.into_iter().peekable();
        let mut edited = String::with_capacity(self.text.len());
        for (at, part) in self.read().parts.iter().enumerate() {
            let edit = edits.next_if(|(place, _)| *place == at);
            let space = self.text.get(part.words..part.end).unwrap_or_default();
            match edit.map(|(_, edit)| edit) {
                None | Some(Edit::Keep) => {
                    edited.push_str(self.text.get(part.start..part.end).unwrap_or_default());
                }
                Some(Edit::Replace(other)) => {
                    edited.push_str(&other);
                    edited.push_str(space);
                }
                Some(Edit::Remove) => {
                    if space.contains('\n') && !edited.is_empty() && !edited.ends_with('\n') {
                        edited.push_str(space);
                    }
                }
            }
        }
        tidy(&edited)
    }

    fn read(&self) -> &Read {
        let former = self.former.as_ref();
        self.read.get_or_init(|| Read::of(&self.text, former))
    }
}

/// So many sentences may have gone between two that stayed; further ones are read again.
const FARTHEST: usize = 8;

impl Read {
    fn of(text: &str, former: Option<&(String, Self)>) -> Self {
        let mut read = Self {
            folded: String::with_capacity(text.len()),
            cues: Cues::default(),
            hits: Hits::default(),
            parts: Vec::new(),
        };
        let (mut start, mut passed) = (0, 0);
        for piece in sentences(text) {
            let words = piece.trim_end();
            let known = former.and_then(|(text, former)| {
                let here = former.parts.iter().enumerate().skip(passed).take(FARTHEST);
                let mut same = here.filter(|(_, part)| part.is(words, text));
                same.next().map(|(at, part)| (at, part, former))
            });
            match known {
                Some((at, part, former)) => {
                    passed = at + 1;
                    read.again(part, &former.folded, start);
                }
                None => read.first(words, start),
            }
            start += piece.len();
            if let Some(part) = read.parts.last_mut() {
                part.end = start;
                read.cues = read.cues.or(part.cues);
                read.hits = read.hits.or(part.hits);
            }
        }
        read
    }

    /// A sentence that was read before.
    fn again(&mut self, known: &Part, folded: &str, start: usize) {
        let begin = self.folded.len();
        let folded = folded.get(known.folded.clone()).unwrap_or_default();
        self.folded.push_str(folded);
        self.parts.push(Part {
            start,
            words: start + (known.words - known.start),
            end: 0,
            folded: begin..self.folded.len(),
            kept: known.kept.clone(),
            ..*known
        });
    }

    fn first(&mut self, words: &str, start: usize) {
        let begin = self.folded.len();
        fold_onto(words, &mut self.folded);
        let lists = tree::read(self.folded.get(begin..).unwrap_or_default());
        self.parts.push(Part {
            start,
            words: start + words.len(),
            end: 0,
            folded: begin..self.folded.len(),
            cues: Cues::among(lists),
            hits: Hits::of(lists),
            look: Look::of(words),
            kept: Cell::default(),
        });
    }
}

impl Part {
    fn is(&self, words: &str, text: &str) -> bool {
        text.get(self.start..self.words) == Some(words)
    }
}

impl<'a> Sentence<'a> {
    /// Without case and accents (`x8_core::text::fold`).
    pub(super) fn folded(&self) -> &'a str {
        self.folded
    }

    /// Whether the folded sentence holds one of these.
    pub(super) fn says(&self, cues: Cues) -> bool {
        self.cues.has(cues)
    }

    /// Whether one of these traits is among its letters'.
    pub(super) fn looks(&self, traits: Look) -> bool {
        self.look.has(traits)
    }

    /// The lists of the lexicon of which the folded sentence holds something.
    pub(super) fn hits(&self) -> Hits {
        self.hits
    }

    /// The same of what a rule made of the sentence, as far as it asks for these.
    pub(super) fn hits_in(&self, made: &Made<'_>, asked: &[List]) -> Hits {
        if made.part && !self.hits.any(asked) {
            Hits::default()
        } else if made.text == self.folded {
            self.hits
        } else {
            hits(&made.text)
        }
    }
}

impl Deref for Sentence<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.words
    }
}
