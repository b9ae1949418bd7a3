//! What one catalogue version offers for understanding: its words, names, packs, keys and places, read once.

use std::collections::{BTreeSet, HashMap, HashSet};

use x8_core::{
    Sku,
    catalog::{Catalog, DetailField, Offering},
};

use super::{
    city::Place,
    code, language,
    search::{Pack, pack},
    terms::{alike, concept, term},
    words::Words,
};

mod headed;
mod postings;
mod size;
mod weights;

use headed::Headed;
use postings::Postings;
pub(super) use weights::Weights;

/// A catalogue version, ready for understanding what customers write about it.
///
/// Versions never change, so a lexicon is made once per version and shared by all turns that read it, whatever the model.
/// It holds no reference to the catalogue.
///
/// ```
/// use x8_assistant::understand::Lexicon;
/// use x8_core::{Money, catalog::{Catalog, Kind, Offering}};
/// let tour = Offering::new("103", Kind::Service, "Wine tour", Money::eur(145_00));
/// let lexicon = Lexicon::new(&Catalog::detached(vec![tour]));
/// assert!(lexicon.approx_bytes() > 0);
/// ```
#[derive(Debug, Default)]
pub struct Lexicon {
    /// In catalogue order.
    pub(super) rows: Vec<Entry>,
    keys: HashMap<Sku, usize>,
    /// Every folded word of a name.
    name_words: HashSet<String>,
    /// The first two words of names of two and more.
    openings: HashMap<(String, String), Vec<usize>>,
    names: Postings,
    sections: Postings,
    /// Concepts of descriptions: only equal ones count.
    texts: HashMap<&'static str, Vec<usize>>,
    /// Beginnings of longer words of descriptions, for questions that name nothing else.
    described: HashMap<String, Vec<usize>>,
    /// What packs hold, and what holds it.
    contents: Postings,
    containers: Postings,
    /// The language of the descriptions, when it is clear.
    pub(crate) language: Option<&'static str>,
    /// Codes of names.
    codes: HashSet<String>,
    /// Units that rows are sold by.
    units: Postings,
    /// In first-seen order.
    pub(super) places: Vec<Place>,
    /// Rows by how their names begin.
    pub(super) headed: Headed,
}

/// One row as customers may speak of it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) sku: Sku,
    /// The folded words of the name.
    pub(super) name: Vec<String>,
    /// "Bouquet of 10 roses": 10 of `rose`.
    pub(super) pack: Option<Pack>,
    /// Whether it takes place online only.
    online: bool,
    /// Its unit, folded; empty without one.
    unit: String,
    /// The words of its unit, as terms.
    units: Vec<String>,
    for_children: bool,
}

impl Entry {
    /// Whether a folded word is its unit as the catalogue writes it.
    pub(super) fn is_called_unit(&self, folded: &str) -> bool {
        self.unit == folded
    }

    /// Whether it takes place online only, so that no place is asked for.
    pub(super) fn is_online(&self) -> bool {
        self.online
    }

    /// Whether a number stands in its name, alone or in a measure.
    pub(super) fn tells(&self, number: u32) -> bool {
        let own = number.to_string();
        self.name.iter().any(|word| {
            let tail = word.strip_prefix(own.as_str());
            tail.is_some_and(|tail| tail.is_empty() || tail.chars().all(char::is_alphabetic))
        })
    }

    /// The words of its name without numbers and measures.
    fn plain_name(&self) -> impl Iterator<Item = &String> {
        self.name
            .iter()
            .filter(|word| !word.contains(|letter: char| letter.is_ascii_digit()))
    }

    /// Whether both are sold by the same unit.
    pub(super) fn is_sold_like(&self, other: &Self) -> bool {
        !self.units.is_empty() && self.units == other.units
    }

    /// Whether its name says that it is for children.
    pub(super) fn is_for_children(&self) -> bool {
        self.for_children
    }

    /// Whether a folded word is its unit: "lessons" of a row sold by the lesson.
    pub(super) fn is_unit(&self, folded: &str) -> bool {
        term(folded).is_some_and(|asked| self.units.iter().any(|own| alike(&asked, own)))
    }
}

/// What a word is worth by where it stands.
pub(super) const NAME: u32 = 10;
/// A word of a name that is only like the one asked for, while other names carry that.
pub(super) const NEAR_NAME: u32 = NAME - 1;
/// A category, a tag.
pub(super) const SECTION: u32 = 5;
const TEXT: u32 = 2;

impl Lexicon {
    /// Reads every row of a version.
    #[must_use]
    pub fn new(catalog: &Catalog) -> Self {
        const TELLING: usize = 20;
        let told: Vec<&str> = catalog
            .offerings()
            .iter()
            .take(TELLING)
            .flat_map(|row| [row.name.as_str(), row.description.as_str()])
            .collect();
        let mut lexicon = Self {
            language: language::hear(&Words::read(&told.join("\n").to_lowercase()), None, &|_| {
                false
            }),
            places: catalog.places().into_iter().map(Place::new).collect(),
            ..Self::default()
        };
        for row in catalog.offerings() {
            lexicon.add(row);
        }
        lexicon.headed = Headed::of(catalog.offerings().iter().map(|row| row.name.as_str()));
        lexicon
    }

    /// How much memory it holds, about; for budgets of caches.
    #[must_use]
    pub fn approx_bytes(&self) -> usize {
        size::of(self)
    }

    fn add(&mut self, row: &Offering) {
        let at = self.rows.len();
        let mut words = Words::read(&row.name);
        code::join(&mut words);
        let name: Vec<String> = words
            .list()
            .iter()
            .map(|word| word.folded.clone())
            .collect();
        let pack = pack(&words);
        self.keys.entry(row.sku.clone()).or_insert(at);
        self.name_words.extend(name.iter().cloned());
        let codes = name.iter().filter(|word| code::is_code(word));
        self.codes.extend(codes.cloned());
        if let [first, second, ..] = name.as_slice() {
            let opening = (first.clone(), second.clone());
            self.openings.entry(opening).or_default().push(at);
        }
        for own in terms_of(&words) {
            self.names.add(&own, at);
        }
        for section in sections(row) {
            for own in terms_of(&Words::read(section)) {
                self.sections.add(&own, at);
            }
        }
        self.add_description(&row.description, at);
        if let Some(pack) = &pack {
            for of in &pack.of {
                self.contents.add(of, at);
            }
            if let Some(container) = &pack.container {
                self.containers.add(container, at);
            }
        }
        let units = row
            .unit
            .as_deref()
            .map(|unit| terms_of(&Words::read(unit)))
            .unwrap_or_default();
        for unit in &units {
            self.units.add(unit, at);
        }
        self.rows.push(Entry {
            sku: row.sku.clone(),
            for_children: name.iter().any(|word| concept(word) == Some("child")),
            name,
            pack,
            online: row.is_online_only(),
            unit: row
                .unit
                .as_deref()
                .map(x8_core::text::fold)
                .unwrap_or_default(),
            units,
        });
    }

    fn add_description(&mut self, description: &str, at: usize) {
        let beginnings: BTreeSet<String> = Words::read(description)
            .list()
            .iter()
            .filter_map(|word| beginning(&word.folded))
            .collect();
        for own in beginnings {
            self.described.entry(own).or_default().push(at);
        }
        // Of a description only words with a known meaning count: the rest would match by accident.
        let described: BTreeSet<&'static str> = Words::read(description)
            .list()
            .iter()
            .filter_map(|word| concept(&word.folded))
            .collect();
        for own in described {
            self.texts.entry(own).or_default().push(at);
        }
    }

    /// The row with this key.
    pub(super) fn row(&self, sku: &Sku) -> Option<&Entry> {
        self.keys.get(sku).and_then(|at| self.rows.get(*at))
    }

    /// Whether a folded word is in any row's name as it is written there.
    pub(super) fn is_name_word(&self, folded: &str) -> bool {
        self.name_words.contains(folded)
    }

    /// Whether a word names something that is sold here.
    pub(super) fn knows(&self, folded: &str) -> bool {
        term(folded).is_some_and(|asked| self.names.has(&asked) || self.sections.has(&asked))
    }

    /// Whether a concept is in the name or section of any row.
    pub(super) fn knows_term(&self, asked: &str) -> bool {
        self.names.has(asked) || self.sections.has(asked)
    }

    /// Whether names carry this code.
    pub(super) fn is_code(&self, folded: &str) -> bool {
        self.codes.contains(folded)
    }

    /// Whether a code of some name ends with this number: 16 of "R16".
    pub(super) fn is_code_number(&self, number: u32) -> bool {
        self.codes
            .iter()
            .any(|own| code::number_of(own) == Some(number))
    }

    /// The rows sold by a unit.
    pub(super) fn sold_by(&self, asked: &str) -> impl Iterator<Item = usize> {
        self.units.like(asked)
    }

    /// Whether a word is a unit that something is sold by.
    pub(super) fn is_unit(&self, folded: &str) -> bool {
        term(folded).is_some_and(|asked| self.units.has(&asked))
    }

    /// The one longer word of names that a word begins: "фила" of "филадельфия".
    pub(super) fn abbreviated(&self, folded: &str) -> Option<&str> {
        const LEAST: usize = 4;
        let long = folded.chars().count();
        let longer = |own: &&str| own.starts_with(folded) && own.chars().count() >= long + 3;
        let mut fitting = self.names.words().filter(longer);
        let (Some(own), None) = (fitting.next(), fitting.next()) else {
            return None;
        };
        (long >= LEAST).then_some(own)
    }

    /// What a term is worth in each row that it fits.
    pub(super) fn weights(&self, asked: &str) -> Weights {
        let texts = self.texts.get(asked).into_iter().flatten().copied();
        let texts = texts.map(|at| (at, TEXT));
        let sections = self.sections.like(asked).map(|at| (at, SECTION));
        let named: Vec<(usize, bool)> = self.names.like_or_form(asked).collect();
        let certain = named.iter().any(|(_, form)| *form);
        let names = named.into_iter().map(|(at, form)| {
            let weight = if form || !certain { NAME } else { NEAR_NAME };
            (at, weight)
        });
        Weights::highest(texts.chain(sections).chain(names).collect())
    }

    /// The few rows whose descriptions speak of one of these words: "can you fix my brakes?".
    pub(super) fn described<'w>(&self, words: impl Iterator<Item = &'w str>) -> Vec<&Entry> {
        const FEW: usize = 2;
        let found: BTreeSet<usize> = words
            .filter_map(beginning)
            .filter_map(|own| self.described.get(&own))
            .filter(|rows| rows.len() <= FEW)
            .flatten()
            .copied()
            .collect();
        let rows = found.iter().filter_map(|at| self.rows.get(*at));
        rows.take(FEW + 1).collect()
    }

    /// Rows whose packs hold what one of the terms names, in catalogue order.
    pub(super) fn packed(&self, asked: &[String]) -> Vec<&Entry> {
        let found: BTreeSet<usize> = asked
            .iter()
            .flat_map(|asked| self.contents.like(asked))
            .collect();
        found.iter().filter_map(|at| self.rows.get(*at)).collect()
    }

    /// The rows that are packs of just so many of what another row is.
    pub(super) fn bundles(&self, one: &Entry, pieces: u32) -> Vec<Sku> {
        let inside = |pack: &&Entry| {
            pack.pack.as_ref().is_some_and(|own| own.pieces == pieces)
                && one
                    .name
                    .iter()
                    .all(|word| pack.name.iter().any(|own| alike(word, own)))
        };
        let rows = self.rows.iter().filter(inside);
        rows.map(|row| row.sku.clone()).collect()
    }

    /// The rows that are no packs and share a word with the name of one, those that share most.
    pub(super) fn singles(&self, pack: &Entry) -> Vec<Sku> {
        let shared = |row: &Entry| {
            let words = row.name.iter().filter(|word| word.chars().count() > 3);
            words
                .filter(|word| !row.is_unit(word))
                .filter(|word| pack.name.iter().any(|own| alike(word, own)))
                .count()
        };
        let single = |row: &&Entry| row.pack.is_none() && row.unit != pack.unit;
        let rows: Vec<(usize, &Entry)> = self
            .rows
            .iter()
            .filter(single)
            .map(|row| (shared(row), row))
            .collect();
        let most = rows.iter().map(|(count, _)| *count).max().unwrap_or(0);
        let best = rows.iter().filter(|(count, _)| *count == most && most > 0);
        best.map(|(_, row)| row.sku.clone()).collect()
    }

    /// The rows that differ from one in the numbers of their names only, itself among them.
    pub(super) fn variants(&self, one: &Entry) -> impl Iterator<Item = &Entry> {
        self.rows
            .iter()
            .filter(move |row| row.plain_name().eq(one.plain_name()))
    }

    /// The measure of a name that a bare decimal stands for: "2.1" of "2.1m".
    pub(super) fn measure_of(&self, decimal: &str) -> Option<&str> {
        let tail = |word: &&String| {
            let tail = word.strip_prefix(decimal);
            tail.is_some_and(|tail| !tail.is_empty() && tail.chars().all(char::is_alphabetic))
        };
        self.name_words.iter().find(tail).map(String::as_str)
    }

    /// The rows for children whose names share a word with another's.
    pub(super) fn like_for_children(&self, one: &Entry) -> Vec<Sku> {
        let shares = |row: &&Entry| {
            let mut words = row.name.iter().filter(|word| word.chars().count() > 3);
            row.is_for_children() && words.any(|word| one.name.iter().any(|own| alike(word, own)))
        };
        let rows = self.rows.iter().filter(shares);
        rows.map(|row| row.sku.clone()).collect()
    }

    /// The containers that one of the terms names.
    pub(super) fn containers(&self, asked: &[String]) -> HashSet<&str> {
        self.containers
            .words()
            .filter(|own| asked.iter().any(|asked| alike(asked, own)))
            .collect()
    }

    /// Rows whose names may stand in a text with these words, those with longer names first.
    pub(super) fn openings(&self, words: &Words) -> Vec<&Entry> {
        let list = words.list();
        let pairs = list.iter().zip(list.iter().skip(1));
        let found: BTreeSet<usize> = pairs
            .filter_map(|(first, second)| {
                let opening = (first.folded.clone(), second.folded.clone());
                self.openings.get(&opening)
            })
            .flatten()
            .copied()
            .collect();
        let mut entries: Vec<&Entry> = found.iter().filter_map(|at| self.rows.get(*at)).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.name.len()));
        entries
    }
}

/// What words of a description are compared by: short ones say too little.
fn beginning(folded: &str) -> Option<String> {
    const LETTERS: usize = 5;
    let plain = folded.chars().all(char::is_alphabetic);
    (plain && folded.chars().count() >= LETTERS).then(|| folded.chars().take(LETTERS).collect())
}

fn terms_of(words: &Words) -> Vec<String> {
    words
        .list()
        .iter()
        .filter_map(|word| term(&word.folded))
        .collect()
}

fn sections(row: &Offering) -> impl Iterator<Item = &String> {
    let fields = [
        DetailField::ServiceCategory,
        DetailField::ServiceSubcategory,
    ];
    let fields = fields
        .into_iter()
        .filter_map(|field| row.details.get(&field));
    fields.chain(row.category.iter()).chain(&row.tags)
}
