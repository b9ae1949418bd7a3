//! The FAQ entries: a data file, searched per language.

use std::collections::BTreeMap;

use serde::Deserialize;
use x8_core::{
    Error, Money, Result,
    catalog::{
        Catalog, Kind, Offering,
        search::{Query, Search},
    },
    text::fold,
};

const SHIPPED: &str = include_str!("../../faq/v1.json");

/// Words that say nothing about what is asked, folded.
const COMMON: [&str; 79] = [
    "a",
    "an",
    "and",
    "are",
    "at",
    "by",
    "can",
    "do",
    "does",
    "for",
    "from",
    "get",
    "have",
    "how",
    "i",
    "if",
    "in",
    "is",
    "it",
    "long",
    "me",
    "my",
    "of",
    "on",
    "or",
    "that",
    "the",
    "there",
    "this",
    "to",
    "what",
    "when",
    "where",
    "which",
    "who",
    "with",
    "you",
    "your",
    "в",
    "и",
    "как",
    "какие",
    "какой",
    "когда",
    "ли",
    "мне",
    "мой",
    "на",
    "не",
    "о",
    "по",
    "с",
    "сколько",
    "что",
    "это",
    "я",
    "вас",
    "al",
    "como",
    "con",
    "cual",
    "cuando",
    "cuanto",
    "de",
    "del",
    "el",
    "en",
    "es",
    "hay",
    "la",
    "las",
    "los",
    "mi",
    "para",
    "por",
    "que",
    "se",
    "un",
    "y",
];

/// A question and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Text {
    /// As people ask it.
    pub question: String,
    /// As it is answered.
    pub answer: String,
}

/// One entry in every language it has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Entry {
    /// A short name, unique: `trial`.
    pub id: String,
    /// More words it is found by, in any language.
    #[serde(default)]
    pub tags: Vec<String>,
    /// By language code; `en` is required.
    pub texts: BTreeMap<String, Text>,
}

impl Entry {
    /// The text in a language, else in English.
    #[must_use]
    pub fn text(&self, language: &str) -> Option<&Text> {
        self.texts.get(language).or_else(|| self.texts.get("en"))
    }
}

#[derive(Debug, Deserialize)]
struct File {
    version: String,
    unknown: BTreeMap<String, String>,
    entries: Vec<Entry>,
}

/// A knowledge base of questions, searchable.
#[derive(Debug)]
pub struct Knowledge {
    file: File,
    /// By language code: questions and tags, and the answers too.
    indexes: BTreeMap<String, [Search; 2]>,
}

impl Knowledge {
    /// The entries that ship with this crate: trial, plans, channels, files, payments and more, in English, Russian and
    /// Spanish.
    ///
    /// # Errors
    /// `Invalid` when the file is broken; a test makes sure that it is not.
    pub fn shipped() -> Result<Self> {
        Self::read(SHIPPED)
    }

    /// An operator's own entries, in the form of `faq/v1.json`.
    ///
    /// # Errors
    /// `Invalid` saying what is wrong: no JSON, no entries, an id twice, an entry or `unknown` without English, an
    /// empty text.
    pub fn read(json: &str) -> Result<Self> {
        let file: File = serde_json::from_str(json)
            .map_err(|error| Error::invalid("faq.read", format!("not a FAQ file: {error}")))?;
        check(&file)?;
        let codes = file.entries.iter().flat_map(|entry| entry.texts.keys());
        let codes: std::collections::BTreeSet<&String> = codes.collect();
        let all: Vec<&Entry> = file.entries.iter().collect();
        let index = |code: &String| {
            let search = |whole| Search::new(&rows(code, &all, whole));
            (code.clone(), [false, true].map(search))
        };
        let indexes = codes.into_iter().map(index).collect();
        Ok(Self { indexes, file })
    }

    /// The version of the entries.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.file.version
    }

    /// Every entry.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.file.entries
    }

    /// The languages that at least one entry has, as codes.
    #[must_use]
    pub fn languages(&self) -> Vec<&str> {
        self.indexes.keys().map(String::as_str).collect()
    }

    /// What is said when no entry fits.
    #[must_use]
    pub fn unknown(&self, language: &str) -> &str {
        let own = self.file.unknown.get(language);
        let text = own.or_else(|| self.file.unknown.get("en"));
        text.map_or("", String::as_str)
    }

    /// The entries that fit a question, best first: those that hold at least half of its telling words. A word counts
    /// the more the fewer entries hold it.
    #[must_use]
    pub fn find(&self, language: &str, question: &str) -> Vec<&Entry> {
        let english = || self.indexes.get("en");
        let Some(index) = self.indexes.get(language).or_else(english) else {
            return Vec::new();
        };
        let words = telling(question);
        // What the answers tell by the way counts only where no question fits.
        let found = index.iter().map(|index| self.rank(index, &words));
        found
            .into_iter()
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    fn rank(&self, index: &Search, words: &[String]) -> Vec<&Entry> {
        let all = self.file.entries.len();
        let mut board: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for word in words {
            let text = word.as_str();
            let hits = index.find(&Query {
                text,
                limit: all,
                ..Query::default()
            });
            let weight = all * 10 / hits.len().max(1);
            for hit in hits {
                let one = board.entry(hit.sku.to_string()).or_default();
                one.0 += 1;
                one.1 += weight;
            }
        }
        board.retain(|_, (held, _)| *held * 2 >= words.len());
        let score = |entry: &Entry| board.get(&entry.id).map(|(_, score)| *score);
        let mut found: Vec<&Entry> = self.file.entries.iter().collect();
        found.retain(|entry| score(entry).is_some());
        found.sort_by_key(|entry| std::cmp::Reverse(score(entry)));
        found
    }
}

/// The words of a question that tell what it is about.
fn telling(question: &str) -> Vec<String> {
    let folded = fold(question);
    let words = folded.split(|c: char| !c.is_alphanumeric());
    let mut words: Vec<String> = words
        .filter(|word| word.chars().count() > 1 && !COMMON.contains(word))
        .map(str::to_owned)
        .take(40)
        .collect();
    words.dedup();
    words
}

/// Entries as rows, so that the catalogue's search and the guard can read them.
pub(super) fn rows(language: &str, entries: &[&Entry], answers: bool) -> Catalog {
    let row = |entry: &&Entry| {
        let text = entry.text(language)?;
        // Nothing here is for sale; a price of zero would allow to call anything free.
        let mut row = Offering::new(&*entry.id, Kind::Service, &*text.question, Money::eur(1));
        if answers {
            row.description = text.answer.as_str().into();
        }
        row.tags.clone_from(&entry.tags);
        Some(row)
    };
    Catalog::detached(entries.iter().filter_map(row).collect())
}

fn check(file: &File) -> Result<()> {
    let wrong = |text: String| Err(Error::invalid("faq.read", text));
    if file.entries.is_empty() {
        return wrong("a FAQ needs at least one entry".to_owned());
    }
    if !file.unknown.contains_key("en") {
        return wrong("`unknown` needs an English text".to_owned());
    }
    for (at, entry) in file.entries.iter().enumerate() {
        let id = &entry.id;
        if file.entries.iter().take(at).any(|other| other.id == *id) {
            return wrong(format!("the entry `{id}` comes twice"));
        }
        if !entry.texts.contains_key("en") {
            return wrong(format!("the entry `{id}` has no English text"));
        }
        let empty = |text: &Text| text.question.trim().is_empty() || text.answer.trim().is_empty();
        if id.trim().is_empty() || entry.texts.values().any(empty) {
            return wrong(format!("the entry `{id}` has an empty text"));
        }
    }
    Ok(())
}
