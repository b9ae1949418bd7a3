//! Places for whoever judges words that are not a customer's: what the rows serve, and which large cities there are.

use super::{
    Words,
    place::{Place, heard},
    words::{CITIES, EXONYMS},
};

/// Cities whose names are common words, or parts of what is sold, in some language.
const COMMON: [&str; 8] = [
    "nice",
    "niza",
    "cologne",
    "colonia",
    "florence",
    "granada",
    "porto",
    "порту",
];

/// The large cities as beginnings of folded words, in every language that knows them.
pub(crate) fn large() -> impl Iterator<Item = &'static str> {
    let names = CITIES.iter().chain(EXONYMS.iter().copied().flatten());
    names
        .copied()
        .filter(|name| !COMMON.contains(name))
        // Russian names change their ends.
        .map(|name| name.trim_end_matches(['а', 'я', 'ь', 'й', 'о', 'е', 'ы']))
}

/// The places that rows serve, under every name that people use.
#[derive(Debug)]
pub(crate) struct Served(Vec<Place>);

impl Served {
    pub(crate) fn of<'a>(spellings: impl Iterator<Item = &'a str>) -> Self {
        Self(spellings.map(Place::new).collect())
    }

    /// Whether one of them is named in a text, in any case, accent, script and simple inflection.
    pub(crate) fn is_named_in(&self, text: &str) -> bool {
        let words = Words::read(text);
        let sounds = heard(&words);
        let mut names = self.0.iter().flat_map(|place| &place.names);
        names.any(|name| name.find(&words, &sounds, true).is_some())
    }
}
