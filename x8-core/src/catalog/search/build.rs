//! From rows to an index.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Search,
    words::{Forms, mask, split},
};
use crate::{
    catalog::{Catalog, DetailField, Offering},
    id::Sku,
    text::fold,
};

/// What a search must know of a row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) sku: Sku,
    /// How many words its name has.
    pub(super) name_words: u32,
    pub(super) available: bool,
    online: bool,
    /// Positions in the list of places; with `online` unset too: everywhere.
    places: Box<[u32]>,
}

/// Where it must be available.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Online,
    /// A place; `None`: no row names it.
    At(Option<u32>),
}

impl Row {
    pub(super) fn serves(&self, place: Place) -> bool {
        let everywhere = !self.online && self.places.is_empty();
        everywhere
            || match place {
                Place::Online => self.online,
                Place::At(at) => at.is_some_and(|at| self.places.contains(&at)),
            }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.sku.as_str().len() + size_of_val(self.places.as_ref())
    }
}

/// A word and the rows it stands in.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) text: Box<str>,
    pub(super) mask: u64,
    pub(super) letters: usize,
    /// By row.
    pub(super) postings: Box<[Posting]>,
}

/// A word in a row: where it counts most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Posting {
    pub(super) row: u32,
    pub(super) field: Field,
}

/// Where a word stands, from the least telling to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Text,
    Section,
    Name,
}

impl Field {
    pub(super) const fn weight(self) -> u32 {
        match self {
            Self::Text => 2,
            Self::Section => 6,
            Self::Name => 12,
        }
    }
}

pub(super) fn index(catalog: &Catalog) -> Search {
    let places = places(catalog);
    let mut words: HashMap<String, Vec<Posting>> = HashMap::new();
    let mut search = Search::default();
    for (row, offering) in (0_u32..).zip(catalog.offerings()) {
        let name: Vec<String> = split(&offering.name).collect();
        search.skus.push((fold(offering.sku.as_str()).into(), row));
        search.names.push((name.join(" ").into(), row));
        search.rows.push(read(offering, name.len(), &places));
        for (word, field) in fields(offering, name) {
            note(words.entry(word).or_default(), row, field);
        }
    }
    search.skus.sort();
    search.names.sort();
    search.terms = words.into_iter().map(term).collect();
    search.terms.sort_by(|one, other| one.text.cmp(&other.text));
    search.stems = stems(&search.terms);
    search.places = places;
    search
}

fn term((text, postings): (String, Vec<Posting>)) -> Term {
    Term {
        mask: mask(&text),
        letters: text.chars().count(),
        text: text.into(),
        postings: postings.into(),
    }
}

/// Rows come in order, so a word's latest row is its last.
fn note(postings: &mut Vec<Posting>, row: u32, field: Field) {
    match postings.last_mut() {
        Some(last) if last.row == row => last.field = last.field.max(field),
        Some(_) | None => postings.push(Posting { row, field }),
    }
}

fn places(catalog: &Catalog) -> Vec<Box<str>> {
    let rows = catalog.offerings().iter();
    let folded: BTreeSet<Box<str>> = rows
        .flat_map(|row| row.areas.places())
        .map(|place| fold(place).into())
        .collect();
    folded.into_iter().collect()
}

fn read(row: &Offering, name_words: usize, places: &[Box<str>]) -> Row {
    let position = |place: &String| {
        let at = places.binary_search_by(|own| own.as_ref().cmp(fold(place).as_str()));
        at.ok().and_then(|at| u32::try_from(at).ok())
    };
    Row {
        sku: row.sku.clone(),
        name_words: u32::try_from(name_words).unwrap_or(u32::MAX),
        available: row.covers(1),
        online: row.areas.online(),
        places: row.areas.places().iter().filter_map(position).collect(),
    }
}

/// Every word of a row and where it stands.
fn fields(row: &Offering, name: Vec<String>) -> impl Iterator<Item = (String, Field)> {
    const SECTIONS: [DetailField; 2] = [
        DetailField::ServiceCategory,
        DetailField::ServiceSubcategory,
    ];
    let sections = SECTIONS.iter().filter_map(|field| row.details.get(field));
    let sections = sections.chain(&row.category).chain(&row.tags);
    let sections = sections
        .flat_map(|text| split(text))
        .map(|word| (word, Field::Section));
    let text = split(&row.description).map(|word| (word, Field::Text));
    name.into_iter()
        .map(|word| (word, Field::Name))
        .chain(sections)
        .chain(text)
}

fn stems(terms: &[Term]) -> Vec<(Box<str>, Vec<u32>)> {
    let forms = Forms::new();
    let mut stems: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (at, term) in (0_u32..).zip(terms) {
        for stem in forms.stems(&term.text) {
            stems.entry(stem).or_default().push(at);
        }
    }
    stems
        .into_iter()
        .map(|(stem, mut terms)| {
            terms.shrink_to_fit();
            (stem.into(), terms)
        })
        .collect()
}
