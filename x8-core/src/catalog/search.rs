//! Finding offerings by what customers write (K12), over one version of a catalogue.
//!
//! The index lives in memory, is made when a version is loaded and never changes: versions are immutable. It answers the
//! same question the same way every time; ties keep the order of the file.

use crate::{catalog::Catalog, id::Sku, order::Area, text::fold};

mod build;
mod score;
mod size;
mod words;

use build::{Place, Row, Term};
use score::Board;

/// What to look for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query<'a> {
    /// A SKU, a name or a question; empty: every row, in file order.
    pub text: &'a str,
    /// Only what can be had there.
    pub area: Option<Area>,
    /// Only what one unit can be had of (O6). The answer says whether, never how many (K10).
    pub available_only: bool,
    /// At most so many hits.
    pub limit: usize,
}

/// One row that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The row.
    pub sku: Sku,
    /// How well it fits, for comparing hits of one search; a better [`Why`] always has the larger score.
    pub score: u32,
    /// What fits best.
    pub why: Why,
}

/// What fits, from the weakest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Nothing was asked for.
    Listed,
    /// Some words are in the name, the sections, the tags or the description.
    Words,
    /// Every word is in the name, but not every one as it is spelled there.
    SimilarName,
    /// Every word, a form of it, or a word that begins with it is in the name.
    PartOfName,
    /// The words of the name, whole and in order.
    Name,
    /// The SKU.
    Sku,
}

/// The index of one catalogue version.
///
/// Words are compared without case and accents, in the forms of English, Russian and Spanish; unknown words of four
/// letters and more may have a slip of the pen (two from eight letters on).
///
/// ```
/// use x8_core::{Money, catalog::{Catalog, Kind, Offering, search::{Query, Search, Why}}};
///
/// let rose = Offering::new("201", Kind::Product, "Букет из 10 роз", Money::eur(29_90));
/// let tulip = Offering::new("202", Kind::Product, "Ramo de tulipanes", Money::eur(19_90));
/// let search = Search::new(&Catalog::detached(vec![rose, tulip]));
/// let best = |text| search.find(&Query { text, limit: 1, ..Query::default() }).pop();
/// assert_eq!(best("роза").map(|hit| (hit.sku, hit.why)), Some(("201".into(), Why::PartOfName)));
/// assert_eq!(best("un tulipán").map(|hit| hit.sku), Some("202".into()));
/// assert_eq!(best("piano"), None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// In file order.
    rows: Vec<Row>,
    /// By text.
    terms: Vec<Term>,
    /// Stem to the terms that share it, by stem.
    stems: Vec<(Box<str>, Vec<u32>)>,
    /// Folded SKU to rows, by SKU.
    skus: Vec<(Box<str>, u32)>,
    /// Folded name to rows, by name.
    names: Vec<(Box<str>, u32)>,
    /// Folded places.
    places: Vec<Box<str>>,
}

impl Search {
    /// Reads every row of a version.
    #[must_use]
    pub fn new(catalog: &Catalog) -> Self {
        build::index(catalog)
    }

    /// The rows that fit, best first; rows that fit equally well keep their order.
    #[must_use]
    pub fn find(&self, query: &Query<'_>) -> Vec<Hit> {
        let asked = words::asked(query.text);
        let mut found = if asked.is_empty() && words::split(query.text).next().is_none() {
            self.listed(query.text)
        } else {
            Board::of(self, query.text, &asked).found()
        };
        let wanted = query.area.as_ref().map(|area| self.place(area));
        found.retain(|(at, ..)| {
            self.rows.get(*at).is_some_and(|row| {
                (row.available || !query.available_only)
                    && wanted.is_none_or(|place| row.serves(place))
            })
        });
        found.sort_by(|(a, one, _), (b, other, _)| other.cmp(one).then(a.cmp(b)));
        found.truncate(query.limit);
        let hit = |(at, score, why): (usize, u32, Why)| {
            let sku = self.rows.get(at)?.sku.clone();
            Some(Hit { sku, score, why })
        };
        found.into_iter().filter_map(hit).collect()
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How much memory the index holds, about; for budgets of caches.
    #[must_use]
    pub fn approx_bytes(&self) -> usize {
        size::of(self)
    }

    /// Every row, unless something was asked that has no words at all ("?!").
    fn listed(&self, text: &str) -> Vec<(usize, u32, Why)> {
        let asked = !text.trim().is_empty();
        let rows = self.rows.iter().enumerate().filter(|_| !asked);
        rows.map(|(at, _)| (at, 0, Why::Listed)).collect()
    }

    fn place(&self, area: &Area) -> Place {
        match area {
            Area::Online => Place::Online,
            Area::Place(name) => {
                let known = self
                    .places
                    .binary_search_by(|own| own.as_ref().cmp(&fold(name)));
                Place::At(known.ok().and_then(|at| u32::try_from(at).ok()))
            }
        }
    }
}
