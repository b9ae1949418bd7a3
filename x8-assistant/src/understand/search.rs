//! Catalogue search by words (K12): names, sections, tags and descriptions, in three languages.

use x8_core::{
    catalog::{Catalog, DetailField, Offering},
    text::fold,
};

use super::{
    number,
    terms::{alike, concept, term},
    words::Words,
};

/// One row as search terms.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) row: &'a Offering,
    /// The folded words of the name.
    pub(super) name: Vec<String>,
    name_terms: Vec<String>,
    section_terms: Vec<String>,
    text_terms: Vec<String>,
    /// "Bouquet of 10 roses": 10 of `rose`.
    pub(super) pack: Option<Pack>,
}

/// How many inner pieces one unit holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pack {
    pub(super) pieces: u32,
    pub(super) of: String,
    /// Whether a container is named ("bouquet"), so that a count may mean containers.
    pub(super) container: Option<String>,
}

/// All rows, ready for searching.
#[derive(Debug)]
pub(super) struct Index<'a>(pub(super) Vec<Entry<'a>>);

impl<'a> Index<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        Self(catalog.offerings().iter().map(entry).collect())
    }

    /// Whether a word names something that is sold here.
    pub(super) fn knows(&self, folded: &str) -> bool {
        term(folded).is_some_and(|asked| {
            self.0.iter().any(|entry| {
                entry
                    .name_terms
                    .iter()
                    .chain(&entry.section_terms)
                    .any(|own| alike(&asked, own))
            })
        })
    }

    /// The rows that fit the terms best, in catalogue order, and how well. Rows tied at the top are all returned.
    pub(super) fn best(&self, asked: &[String]) -> (u32, Vec<&Entry<'a>>) {
        let scored: Vec<(u32, &Entry<'a>)> = self
            .0
            .iter()
            .map(|entry| (entry.score(asked), entry))
            .collect();
        let top = scored.iter().map(|(score, _)| *score).max().unwrap_or(0);
        // One word may be the name of one row and the section of others: "dinner" means them all.
        let telling: Vec<&String> = asked
            .iter()
            .filter(|term| self.0.iter().any(|entry| entry.weight(term) > 0))
            .collect();
        let least = if telling.len() == 1 {
            top.min(SECTION)
        } else {
            top
        };
        let best = scored
            .into_iter()
            .filter(|(score, _)| *score >= least && top > 0);
        let best: Vec<&Entry<'a>> = best.map(|(_, entry)| entry).collect();
        if telling.len() < 2 || best.len() < 2 {
            return (top, best);
        }
        (top, self.rarest(&telling, best))
    }

    /// Of rows that fit as well, those whose matching words fewer rows carry: "dental cleaning" is a cleaning.
    fn rarest<'e>(&'e self, asked: &[&String], best: Vec<&'e Entry<'a>>) -> Vec<&'e Entry<'a>> {
        let spread = |term: &str| {
            self.0
                .iter()
                .filter(|entry| entry.weight(term) >= NAME)
                .count()
        };
        let rarity = |entry: &&Entry<'a>| {
            let own = asked.iter().filter(|term| entry.weight(term) >= NAME);
            own.map(|term| spread(term)).min().unwrap_or(usize::MAX)
        };
        let least = best.iter().map(rarity).min();
        best.into_iter()
            .filter(|entry| Some(rarity(entry)) == least)
            .collect()
    }
}

/// What a word is worth by where it stands.
const NAME: u32 = 10;
const SECTION: u32 = 5;
const TEXT: u32 = 2;

impl Entry<'_> {
    fn score(&self, asked: &[String]) -> u32 {
        asked.iter().map(|term| self.weight(term)).sum()
    }

    fn weight(&self, asked: &str) -> u32 {
        let has = |terms: &[String]| terms.iter().any(|own| alike(asked, own));
        match () {
            () if has(&self.name_terms) => NAME,
            () if has(&self.section_terms) => SECTION,
            () if self.text_terms.iter().any(|own| asked == own) => TEXT,
            () => 0,
        }
    }
}

fn terms_of(text: &str) -> Vec<String> {
    Words::read(text)
        .list()
        .iter()
        .filter_map(|word| term(&word.folded))
        .collect()
}

fn entry(row: &Offering) -> Entry<'_> {
    let words = Words::read(&row.name);
    let sections = [
        DetailField::ServiceCategory,
        DetailField::ServiceSubcategory,
    ];
    let sections = sections.iter().filter_map(|field| row.details.get(field));
    let sections = sections.chain(row.category.iter()).chain(&row.tags);
    // Of a description only words with a known meaning count: the rest would match by accident.
    let text = Words::read(&row.description);
    Entry {
        row,
        name: words
            .list()
            .iter()
            .map(|word| word.folded.clone())
            .collect(),
        name_terms: terms_of(&row.name),
        section_terms: sections.flat_map(|section| terms_of(section)).collect(),
        text_terms: text
            .list()
            .iter()
            .filter_map(|word| concept(&word.folded))
            .map(str::to_owned)
            .collect(),
        pack: pack(&words),
    }
}

/// Reads "Bouquet of 10 roses", "Букет из 10 роз", "Ramo de 10 rosas", "Одна роза".
pub(super) fn pack(words: &Words) -> Option<Pack> {
    let (at, pieces) = words.list().iter().enumerate().find_map(|(at, word)| {
        number::value(word)
            .filter(|_| !number::is_article(word) || at == 0)
            .map(|pieces| (at, pieces))
    })?;
    let led = at == 0 || words.before(at, 1).is_some_and(|word| is_of(&word.folded));
    let of = words
        .list()
        .iter()
        .skip(at + 1)
        .find_map(|word| term(&word.folded))?;
    let container = words
        .list()
        .iter()
        .take(at)
        .find_map(|word| term(&word.folded));
    (led && pieces > 0).then_some(Pack {
        pieces,
        of,
        container,
    })
}

/// "of", "из", "de", "with", "с", "con".
pub(super) fn is_of(folded: &str) -> bool {
    ["of", "из", "de", "with", "с", "со", "con", "по"].contains(&fold(folded).as_str())
}
