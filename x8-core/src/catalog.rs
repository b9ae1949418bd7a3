//! What a company sells: offerings, their areas, and the versions of a knowledge base.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    id::{CatalogId, CompanyId, Sku},
    money::Money,
    text::fold,
};

mod cache;
mod offering;
mod pack;
mod public;
pub mod search;
mod size;
mod stored;

pub use cache::{VersionCache, VersionKey};
pub use offering::{Common, Contacts, DetailField, Fee, Group, Kind, Media, Offering, Stock};
pub use public::PublicOffering;

/// Where an offering is available: a set of places, and whether it also works remotely (K4).
///
/// ```
/// use x8_core::catalog::Areas;
/// let areas = Areas::parse("Málaga; online, Madrid").unwrap();
/// assert!(areas.online());
/// assert_eq!(areas.find("malaga"), Some("Málaga"), "the catalogue's own spelling");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Areas {
    online: bool,
    places: Vec<String>,
}

impl Areas {
    /// Reads a JSON array, or a list separated by comma, semicolon or newline.
    ///
    /// # Errors
    /// The reason, when the text opens a JSON array and is not one of strings.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.starts_with('[') {
            let items: Vec<String> =
                serde_json::from_str(text).map_err(|error| format!("not a JSON list: {error}"))?;
            return Ok(items.iter().map(String::as_str).collect());
        }
        Ok(text.split([',', ';', '\n', '\r']).collect())
    }

    /// Whether it works remotely.
    #[must_use]
    pub fn online(&self) -> bool {
        self.online
    }

    /// The places, in catalogue order and spelling.
    #[must_use]
    pub fn places(&self) -> &[String] {
        &self.places
    }

    /// Whether no area was given at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.online && self.places.is_empty()
    }

    /// The catalogue's spelling of a place, compared without case and accents.
    #[must_use]
    pub fn find(&self, place: &str) -> Option<&str> {
        // Most ask in the catalogue's own spelling, and folding every place of every row takes long.
        if let Some(own) = self.places.iter().find(|own| own.as_str() == place) {
            return Some(own);
        }
        let wanted = fold(place);
        self.places
            .iter()
            .find(|own| fold(own) == wanted)
            .map(String::as_str)
    }
}

impl<'a> FromIterator<&'a str> for Areas {
    fn from_iter<I: IntoIterator<Item = &'a str>>(items: I) -> Self {
        const REMOTE: [&str; 5] = ["online", "онлайн", "remote", "en linea", "дистанционно"];
        let mut areas = Self::default();
        for item in items
            .into_iter()
            .map(str::trim)
            .filter(|item| !item.is_empty())
        {
            if REMOTE.contains(&fold(item).as_str()) {
                areas.online = true;
            } else if areas.find(item).is_none() {
                areas.places.push(item.to_owned());
            }
        }
        areas
    }
}

/// One published version of a company's knowledge base. Immutable; a change makes the next version (K7, K11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    /// Key of this version.
    pub id: CatalogId,
    /// The tenant.
    pub company: CompanyId,
    /// 1, 2, 3, … per company.
    pub version: u32,
    /// `DB Product <Name>`; display only, never a storage key.
    pub name: String,
    offerings: Vec<Offering>,
    /// Places of the rows, by their keys.
    by_sku: Vec<usize>,
}

impl Catalog {
    /// Assembles a version from its rows, in file order. They are packed: equal parts are held once.
    #[must_use]
    pub fn new(
        id: CatalogId,
        company: CompanyId,
        version: u32,
        name: String,
        mut offerings: Vec<Offering>,
    ) -> Self {
        pack::pack(&mut offerings);
        let mut by_sku: Vec<usize> = (0..offerings.len()).collect();
        by_sku.sort_by_key(|at| offerings.get(*at).map(|row| &row.sku));
        Self {
            id,
            company,
            version,
            name,
            offerings,
            by_sku,
        }
    }

    /// A catalogue outside any store, for previews, the guard called alone, and tests.
    #[must_use]
    pub fn detached(offerings: Vec<Offering>) -> Self {
        Self::new(CatalogId(0), CompanyId(0), 0, String::new(), offerings)
    }

    /// The rows, in file order.
    #[must_use]
    pub fn offerings(&self) -> &[Offering] {
        &self.offerings
    }

    /// The row with this key (G5).
    #[must_use]
    pub fn get(&self, sku: &Sku) -> Option<&Offering> {
        let row = |at: &usize| self.offerings.get(*at);
        let first = self
            .by_sku
            .partition_point(|at| row(at).is_some_and(|row| row.sku < *sku));
        let found = self.by_sku.get(first).and_then(row);
        found.filter(|offering| offering.sku == *sku)
    }

    /// Every place served by any row, in first-seen order and spelling.
    #[must_use]
    pub fn places(&self) -> Vec<&str> {
        let mut seen = BTreeMap::new();
        let mut places = Vec::new();
        // Neighbours mostly name the same places.
        let mut last: &[String] = &[];
        for offering in &self.offerings {
            let own = offering.areas.places();
            if own == last {
                continue;
            }
            last = own;
            for place in own {
                if seen.insert(fold(place), ()).is_none() {
                    places.push(place.as_str());
                }
            }
        }
        places
    }

    /// The prices of all rows, for explaining amounts in text (G4).
    pub fn prices(&self) -> impl Iterator<Item = Money> + '_ {
        self.offerings.iter().map(|offering| offering.price)
    }
}
