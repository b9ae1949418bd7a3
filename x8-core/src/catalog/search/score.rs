//! How well rows fit a question.

use std::collections::BTreeMap;

use super::{
    Search, Why,
    build::{Field, Term},
    words::{Forms, mask, may_be_close, slips, split},
};
use crate::text::fold;

/// How a word of the catalogue fits a word that was asked, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// With a slip of the pen.
    Close,
    /// It begins with what was asked.
    Begins,
    /// Another form of the same word.
    Form,
    /// The same.
    Same,
}

impl Fit {
    const fn weight(self) -> u32 {
        match self {
            Self::Close => 1,
            Self::Begins => 2,
            Self::Form => 3,
            Self::Same => 4,
        }
    }
}

/// At most so many words of the catalogue stand for one unfinished or misspelt word.
const MOST_GUESSES: usize = 64;

/// What a row has collected.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    sum: u32,
    /// Words that were asked and found anywhere in the row.
    words: u32,
    /// Of these, found in the name.
    in_name: u32,
    /// Of these, with a slip.
    misspelt: u32,
}

/// The best a row can say to one word.
#[derive(Clone, Copy, Debug)]
struct Best {
    worth: u32,
    in_name: Option<Fit>,
}

/// Every row that fits a question somehow.
pub(super) struct Board {
    rows: BTreeMap<usize, (u32, Why)>,
}

impl Board {
    pub(super) fn of(search: &Search, text: &str, asked: &[String]) -> Self {
        let mut board = Self {
            rows: BTreeMap::new(),
        };
        board.keys(search, text, asked);
        board.names(search, text);
        board.words(search, asked);
        board
    }

    pub(super) fn found(self) -> Vec<(usize, u32, Why)> {
        let rows = self.rows.into_iter();
        rows.map(|(at, (score, why))| (at, score, why)).collect()
    }

    /// Keeps the strongest reason a row was found for.
    fn put(&mut self, row: usize, sum: u32, why: Why) {
        const BAND: u32 = 1_000_000;
        let band = match why {
            Why::Listed => 0,
            Why::Words => 1,
            Why::SimilarName => 2,
            Why::PartOfName => 3,
            Why::Name => 4,
            Why::Sku => 5,
        };
        let score = band * BAND + sum.min(BAND - 1);
        let best = self.rows.entry(row).or_insert((score, why));
        *best = (*best).max((score, why));
    }

    /// The SKU alone, or in a question when it cannot be a mere count.
    fn keys(&mut self, search: &Search, text: &str, asked: &[String]) {
        let whole = fold(text);
        let telling = |word: &&String| {
            word.chars().count() >= 3 && word.chars().any(|letter| letter.is_ascii_digit())
        };
        let words = asked.iter().filter(telling).map(String::as_str);
        for key in std::iter::once(whole.as_str()).chain(words) {
            for row in equal(&search.skus, key) {
                self.put(row, 0, Why::Sku);
            }
        }
    }

    fn names(&mut self, search: &Search, text: &str) {
        let name = split(text).collect::<Vec<_>>().join(" ");
        for row in equal(&search.names, &name) {
            self.put(row, 0, Why::Name);
        }
    }

    fn words(&mut self, search: &Search, asked: &[String]) {
        let forms = Forms::new();
        let mut tallies: BTreeMap<usize, Tally> = BTreeMap::new();
        for word in asked {
            for (row, best) in search.says(word, &forms) {
                let tally = tallies.entry(row).or_default();
                tally.sum = tally.sum.saturating_add(best.worth);
                tally.words += 1;
                tally.in_name += u32::from(best.in_name.is_some());
                tally.misspelt += u32::from(best.in_name == Some(Fit::Close));
            }
        }
        let all = u32::try_from(asked.len()).unwrap_or(u32::MAX);
        for (row, tally) in tallies {
            let why = match (tally.in_name == all, tally.misspelt) {
                (true, 0) => Why::PartOfName,
                (true, _) => Why::SimilarName,
                (false, _) => Why::Words,
            };
            let length = search.rows.get(row).map_or(0, |row| row.name_words);
            self.put(row, tally.worth(length), why);
        }
    }
}

impl Tally {
    /// More words found beat rarer words, and of equal finds the shorter name says more.
    fn worth(&self, name_words: u32) -> u32 {
        let found = self.words.saturating_mul(20_000);
        let rare = self.sum.saturating_mul(10).min(19_000);
        found
            .saturating_add(rare)
            .saturating_add(100_u32.saturating_sub(name_words))
    }
}

impl Search {
    /// What each row says to one word.
    fn says(&self, word: &str, forms: &Forms) -> BTreeMap<usize, Best> {
        let mut best: BTreeMap<usize, Best> = BTreeMap::new();
        for (at, fit) in self.meant(word, forms) {
            let Some(term) = self.terms.get(at) else {
                continue;
            };
            let rarity = self.rarity(term);
            for posting in &term.postings {
                let worth = fit.weight() * posting.field.weight() * rarity;
                let named = Some(fit).filter(|_| posting.field == Field::Name);
                let row = best.entry(index(posting.row)).or_insert(Best {
                    worth,
                    in_name: named,
                });
                row.worth = row.worth.max(worth);
                row.in_name = row.in_name.max(named);
            }
        }
        best
    }

    /// The catalogue's words for a word that was asked. Guesses are made only when it is not known at all.
    fn meant(&self, word: &str, forms: &Forms) -> BTreeMap<usize, Fit> {
        let mut meant = BTreeMap::new();
        let mut put = |at: usize, fit: Fit| {
            let known = meant.entry(at).or_insert(fit);
            *known = fit.max(*known);
        };
        let start = self.terms.partition_point(|term| term.text.as_ref() < word);
        let begins = |term: &&Term| term.text.starts_with(word);
        if self
            .terms
            .get(start)
            .is_some_and(|term| term.text.as_ref() == word)
        {
            put(start, Fit::Same);
        }
        for stem in forms.stems(word) {
            let found = self
                .stems
                .binary_search_by(|(own, _)| own.as_ref().cmp(&stem));
            let terms = found.ok().and_then(|at| self.stems.get(at));
            for at in terms.into_iter().flat_map(|(_, terms)| terms) {
                put(index(*at), Fit::Form);
            }
        }
        if word.chars().count() >= 3 {
            let rest = self.terms.iter().skip(start).take_while(begins);
            for (at, _) in rest.take(MOST_GUESSES).enumerate() {
                put(start + at, Fit::Begins);
            }
        }
        if meant.is_empty() {
            meant.extend(self.close(word).into_iter().map(|at| (at, Fit::Close)));
        }
        meant
    }

    /// The words that a misspelt one may be: those with the fewest slips.
    fn close(&self, word: &str) -> Vec<usize> {
        let letters = word.chars().count();
        let allowed = slips(letters);
        if allowed == 0 || word.chars().any(|letter| letter.is_ascii_digit()) {
            return Vec::new();
        }
        let bits = mask(word);
        let near = self.terms.iter().enumerate().filter(|(_, term)| {
            term.letters.abs_diff(letters) <= allowed && may_be_close(bits, term.mask, allowed)
        });
        let mut found: Vec<(usize, usize)> = near
            .map(|(at, term)| (strsim::osa_distance(word, &term.text), at))
            .filter(|(distance, _)| *distance <= allowed)
            .collect();
        found.sort_unstable();
        let least = found.first().map_or(0, |(distance, _)| *distance);
        found.retain(|(distance, _)| *distance == least);
        found.truncate(MOST_GUESSES);
        found.into_iter().map(|(_, at)| at).collect()
    }

    /// 1 for a word of every row, one more for each halving.
    fn rarity(&self, term: &Term) -> u32 {
        let holders = term.postings.len().max(1);
        let ratio = self.rows.len().checked_div(holders).unwrap_or(1).max(1);
        1 + ratio.ilog2()
    }
}

/// The rows under a key in a sorted list.
fn equal<'a>(list: &'a [(Box<str>, u32)], key: &'a str) -> impl Iterator<Item = usize> + 'a {
    let start = list.partition_point(|(own, _)| own.as_ref() < key);
    let rows = list.iter().skip(start);
    rows.take_while(move |(own, _)| !key.is_empty() && own.as_ref() == key)
        .map(|(_, row)| index(*row))
}

/// A stored position as an index.
fn index(stored: u32) -> usize {
    usize::try_from(stored).unwrap_or(usize::MAX)
}
