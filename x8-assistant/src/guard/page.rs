//! The words of a reply, split into sentences and folded once for all rules.

use std::{cell::OnceCell, ops::Deref};

use x8_core::text::fold_onto;

use super::{
    cues::Cues,
    lexicon::{Hits, List, hits},
    look::Look,
    text::{Edit, sentences, tidy},
};

/// The words so far; another text is another page.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    read: OnceCell<Read>,
}

#[derive(Debug)]
struct Read {
    /// The folded sentences, one behind the other.
    folded: String,
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
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether any sentence holds something of one of these lists.
    pub(super) fn tells(&self, lists: &[List]) -> bool {
        self.read().parts.iter().any(|part| part.hits.any(lists))
    }

    pub(super) fn sentences(&self) -> impl Iterator<Item = Sentence<'_>> {
        let read = self.read();
        read.parts.iter().map(|part| Sentence {
            words: self.text.get(part.start..part.words).unwrap_or_default(),
            folded: read.folded.get(part.folded.clone()).unwrap_or_default(),
            cues: part.cues,
            hits: part.hits,
            look: part.look,
        })
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
        self.read.get_or_init(|| Read::of(&self.text))
    }
}

impl Read {
    fn of(text: &str) -> Self {
        let mut read = Self {
            folded: String::with_capacity(text.len()),
            parts: Vec::new(),
        };
        let mut start = 0;
        for piece in sentences(text) {
            let words = piece.trim_end();
            let begin = read.folded.len();
            fold_onto(words, &mut read.folded);
            let folded = read.folded.get(begin..).unwrap_or_default();
            let cues = Cues::of(folded);
            let hits = hits(folded);
            read.parts.push(Part {
                start,
                words: start + words.len(),
                end: start + piece.len(),
                folded: begin..read.folded.len(),
                cues,
                hits,
                look: Look::of(words),
            });
            start += piece.len();
        }
        read
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

    /// The same of what a rule made of the sentence, which often is the whole of it.
    pub(super) fn hits_in(&self, made: &str) -> Hits {
        if made == self.folded {
            self.hits
        } else {
            hits(made)
        }
    }
}

impl Deref for Sentence<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.words
    }
}
