//! What a budget affords, and what costs less (A2, A7).

use std::collections::BTreeSet;

use x8_core::{
    Money, Sku,
    catalog::{Catalog, Offering},
    text::fold,
};

use super::{Say, Turn};
use crate::understand::{Heard, Intent};

/// How many of the lowest prices are shown when nothing is cheap enough.
const LOWEST: usize = 3;

impl Turn<'_> {
    /// Answers questions about a budget and about lower prices. Returns whether it did.
    pub(super) fn prices(&mut self) -> bool {
        if let Some(most) = self.heard.budget
            && (self.heard.wishes.is_empty() || !self.is_ordering())
        {
            self.afford(most);
            return true;
        }
        if self.wants(Intent::Cheapest) {
            self.cheapest();
            return true;
        }
        let cheaper =
            self.wants(Intent::Cheaper) && (self.heard.wishes.is_empty() || !self.is_ordering());
        if cheaper {
            self.cheaper();
        }
        cheaper
    }

    /// The lowest price of what is named, else of what our last reply listed, else of all.
    fn cheapest(&mut self) {
        let wished = self.wished();
        let listed = || self.named().map(|wish| wish.skus).unwrap_or_default();
        let rows = if wished.is_empty() { listed() } else { wished };
        let rows = if rows.is_empty() { self.here() } else { rows };
        let lowest = self.lowest(&rows);
        self.show(lowest.get(..1).unwrap_or(&lowest), |_| true);
    }

    fn afford(&mut self, most: Money) {
        let wished = self.wished();
        let rows = if wished.is_empty() {
            self.here()
        } else {
            wished
        };
        self.show(&rows, |row| row.price.minor() <= most.minor());
    }

    /// Cheaper than what is spoken of and like it; without that, the lowest prices.
    fn cheaper(&mut self) {
        let of = self.spoken_of();
        let row = of.as_ref().and_then(|sku| self.input.catalog.get(sku));
        let Some(row) = row else {
            let rows = self.wished();
            // "Which of the two is cheaper?"
            if (2..=LOWEST).contains(&rows.len()) {
                self.cheapest();
                return;
            }
            let rows = if rows.is_empty() { self.here() } else { rows };
            let lowest = self.lowest(&rows);
            self.list(lowest, false);
            return;
        };
        let price = row.price;
        let mut rows: Vec<Sku> = self.here();
        rows.retain(|sku| *sku != row.sku);
        let less: Vec<&Offering> = rows
            .iter()
            .filter_map(|sku| self.input.catalog.get(sku))
            .filter(|other| other.price.minor() < price.minor())
            .collect();
        // Each row once: a large catalogue has thousands that cost less.
        let own = words(row);
        let likeness: Vec<usize> = less.iter().map(|other| likeness(&own, other)).collect();
        let likest = likeness.iter().max();
        let alike: Vec<Sku> = less
            .iter()
            .zip(&likeness)
            .filter(|(_, likeness)| Some(*likeness) == likest)
            .map(|(other, _)| other.sku.clone())
            .collect();
        // Who finds the only thing chosen too dear does not want it any more.
        if !alike.is_empty() && self.session.cart.len() == 1 {
            self.session.cart.clear();
        }
        self.show(&alike, |_| true);
    }

    /// Shows those of the rows that fit; when none does, says so and shows the lowest prices.
    fn show(&mut self, rows: &[Sku], fits: impl Fn(&Offering) -> bool) {
        let row = |sku: &&Sku| self.input.catalog.get(sku).is_some_and(&fits);
        let fitting: Vec<Sku> = rows.iter().filter(row).cloned().collect();
        match fitting.as_slice() {
            [one] => {
                self.session.focus = Some(one.clone());
                self.say(Say::Brief(one.clone()));
            }
            [] => {
                let all = if rows.is_empty() {
                    self.here()
                } else {
                    rows.to_vec()
                };
                let lowest = self.lowest(&all);
                self.say(Say::NothingCheaper);
                self.list(lowest, false);
            }
            _several => self.list(fitting, false),
        }
    }

    /// The rows with the lowest prices that are prices.
    fn lowest(&self, rows: &[Sku]) -> Vec<Sku> {
        let rows = rows.iter().filter_map(|sku| self.input.catalog.get(sku));
        let mut lowest: Vec<&Offering> = Vec::with_capacity(LOWEST + 1);
        for row in rows.filter(|row| !row.is_free()) {
            // Behind those that cost the same: of equals the first ones stay.
            let minor = row.price.minor();
            let place = lowest.partition_point(|own| own.price.minor() <= minor);
            if place < LOWEST {
                lowest.insert(place, row);
                lowest.truncate(LOWEST);
            }
        }
        lowest.iter().map(|row| row.sku.clone()).collect()
    }

    fn wished(&self) -> Vec<Sku> {
        let wishes = self.heard.wishes.iter();
        wishes.flat_map(|wish| wish.skus.clone()).collect()
    }
}

/// Of several rows that may be meant, keeps those that the budget affords, when there are any.
pub(super) fn afford(heard: &mut Heard, catalog: &Catalog) {
    let Some(most) = heard.budget else { return };
    let fits = |sku: &Sku| {
        catalog
            .get(sku)
            .is_some_and(|row| row.price.minor() <= most.minor())
    };
    for wish in &mut heard.wishes {
        if wish.skus.iter().any(fits) {
            wish.skus.retain(fits);
        }
    }
}

/// "A free lesson", "очно", "online": of several rows that may be meant, keeps those that cost nothing, or that take place so,
/// when there are any.
pub(super) fn told_apart(heard: &mut Heard, catalog: &Catalog, text: &str) {
    const FREE: &[&str] = &["free", "gratis", "gratuita", "gratuito", "бесплатн"];
    const HERE: &[&str] = &[
        "in person",
        "face to face",
        "presencial",
        "en persona",
        "очно",
        "очный",
        "вживую",
        "офлайн",
        "offline",
    ];
    const REMOTE: &[&str] = &[
        "online",
        "онлайн",
        "remote",
        "por video",
        "en linea",
        "удаленно",
        "дистанционно",
    ];
    let text = fold(text);
    let says = |forms: &[&str]| forms.iter().any(|form| text.contains(form));
    let free = says(FREE) && !heard.wants(Intent::FreeDelivery);
    let (here, remote) = (says(HERE), says(REMOTE));
    for wish in &mut heard.wishes {
        let fits = |sku: &Sku| {
            catalog.get(sku).is_some_and(|row| {
                (!free || row.is_free()) && (here == remote || row.is_online_only() == remote)
            })
        };
        if wish.skus.len() > 1 && wish.skus.iter().any(fits) {
            wish.skus.retain(fits);
        }
    }
}

/// How many of these words stand in the name and sections of a row.
fn likeness(words: &BTreeSet<String>, row: &Offering) -> usize {
    let mut shared: Vec<&str> = Vec::new();
    for text in texts(row) {
        let folded = fold(text);
        for word in of(&folded) {
            if let Some(word) = words.get(word)
                && !shared.contains(&word.as_str())
            {
                shared.push(word);
            }
        }
    }
    shared.len()
}

/// The words of a row's name and sections.
fn words(row: &Offering) -> BTreeSet<String> {
    let folded = texts(row).map(fold);
    let words = |text: String| of(&text).map(str::to_owned).collect::<Vec<_>>();
    folded.flat_map(words).collect()
}

fn texts(row: &Offering) -> impl Iterator<Item = &str> {
    let sections = row.details.values().filter(|value| value.len() < 40);
    std::iter::once(row.name.as_str())
        .chain(row.category.iter().map(String::as_str))
        .chain(sections.map(String::as_str))
}

fn of(folded: &str) -> impl Iterator<Item = &str> {
    let words = folded.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| word.chars().count() > 2)
}
