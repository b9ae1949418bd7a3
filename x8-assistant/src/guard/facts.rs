//! What the rows of one catalogue version say, read once for every reply that is checked against it.

use std::{
    collections::HashSet,
    ops::Deref,
    sync::{Arc, OnceLock},
};

use x8_core::{
    Currency,
    catalog::{Catalog, Offering},
    text::fold,
};

use super::{
    amounts::{Figured, plain},
    g04_amounts::{Known, lasting, told},
    g06_stock,
    g07_free::Promises,
    g08_area::Places,
    g13_media::Links,
    g15_leaks::Secrets,
    letter::is_alphanumeric,
    nicknames::Nicknames,
    quotes::Quotes,
    terms::Terms,
};

/// The rows, and what the rules ask of them.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) catalog: Arc<Catalog>,
    names: Terms,
    /// What is asked of the row of each name.
    named: Vec<Own>,
    /// Words that name one row alone.
    pub(super) nicknames: Nicknames,
    /// Names with figures, which count and cost nothing.
    pub(super) figured: Figured,
    /// G4.
    pub(super) amounts: Known,
    /// G6: how many of each row there are.
    pub(super) stocks: HashSet<i64>,
    /// Whole numbers in the rows' own texts.
    pub(super) numbers: HashSet<i64>,
    /// How the words of names and units begin: what can be counted.
    pub(super) things: HashSet<String>,
    /// How the words of the names of free rows begin.
    pub(super) free_things: HashSet<String>,
    /// G7: what the rows' own texts promise.
    pub(super) promises: Promises,
    /// G7: some row costs nothing.
    pub(super) something_free: bool,
    /// G7: no row has a delivery fee.
    pub(super) delivered_free: bool,
    /// G8.
    pub(super) places: Places,
    /// G13.
    pub(super) links: Links,
    /// G15.
    pub(super) secrets: Secrets,
    quotes: Quotes,
}

impl Facts {
    pub(super) fn new(catalog: Arc<Catalog>) -> Self {
        let amounts = Known::read(&catalog);
        let rows = catalog.offerings();
        let stocks = rows.iter().filter_map(|row| row.stock);
        let stocks = stocks.map(|stock| i64::from(stock.internal())).collect();
        let numbers = rows.iter().flat_map(numbers_of).collect();
        let things = rows.iter().flat_map(things_of).collect();
        let free = rows.iter().filter(|row| row.is_free());
        let free_things = free.flat_map(things_of).collect();
        let promises = Promises::read(&catalog);
        let named = |(_, row): &(usize, &Offering)| !row.name.trim().is_empty();
        let named: Vec<(usize, &Offering)> = rows.iter().enumerate().filter(named).collect();
        Self {
            names: Terms::new(named.iter().map(|(_, row)| fold(&row.name))),
            named: named.iter().map(|(at, row)| Own::of(*at, row)).collect(),
            nicknames: Nicknames::of(rows),
            figured: Figured::of(rows),
            something_free: rows.iter().any(Offering::is_free),
            delivered_free: rows
                .iter()
                .all(|row| row.fee.is_none_or(|fee| fee.amount.is_zero())),
            places: Places::of(rows),
            links: Links::of(rows),
            secrets: Secrets::of(rows),
            quotes: Quotes::default(),
            promises,
            catalog,
            amounts,
            stocks,
            numbers,
            things,
            free_things,
        }
    }

    /// The rows, and about as much again for what was read of them, beside the automatons.
    pub(super) fn approx_bytes(&self) -> usize {
        2 * self.catalog.approx_bytes()
            + self.names.approx_bytes()
            + self.nicknames.approx_bytes()
            + self.figured.approx_bytes()
            + self.secrets.approx_bytes()
            + self.quotes.approx_bytes()
    }

    /// Whether a folded sentence stands in a row's own text.
    pub(super) fn quote(&self, folded: &str) -> bool {
        self.quotes.hold(self.catalog.offerings(), folded)
    }

    /// Whether a folded word stands in a row's own text.
    pub(super) fn name(&self, folded: &str) -> bool {
        self.quotes.name(self.catalog.offerings(), folded)
    }

    /// The rows whose names stand in a folded sentence, in catalogue order.
    pub(super) fn rows_in(&self, folded: &str) -> Vec<Named<'_>> {
        let rows = self.catalog.offerings();
        let places = self.names.found(folded).into_iter();
        let named = |place| {
            let own: &Own = self.named.get(place)?;
            let row = rows.get(own.at)?;
            Some(Named { row, own })
        };
        places.filter_map(named).collect()
    }
}

/// What a row's name and texts say, read when a sentence names the row.
#[derive(Debug)]
struct Own {
    at: usize,
    name: String,
    told: OnceLock<Vec<(i64, Currency)>>,
    lasting: OnceLock<Vec<i64>>,
}

impl Own {
    fn of(at: usize, row: &Offering) -> Self {
        Self {
            at,
            name: fold(&plain(&row.name)),
            told: OnceLock::new(),
            lasting: OnceLock::new(),
        }
    }
}

/// A row that a sentence names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    row: &'a Offering,
    own: &'a Own,
}

impl<'a> Named<'a> {
    /// Its name, plain and folded.
    pub(super) fn folded(&self) -> &'a str {
        &self.own.name
    }

    /// Amounts that its texts tell.
    pub(super) fn told(&self) -> &'a [(i64, Currency)] {
        self.own.told.get_or_init(|| told(self.row))
    }

    /// Minutes that it and its texts tell.
    pub(super) fn lasting(&self) -> &'a [i64] {
        self.own.lasting.get_or_init(|| lasting(self.row))
    }
}

impl Deref for Named<'_> {
    type Target = Offering;

    fn deref(&self) -> &Offering {
        self.row
    }
}

/// How the words of a row's name and unit begin, short words aside.
fn things_of(row: &Offering) -> Vec<String> {
    let text = fold(&format!(
        "{} {}",
        row.name,
        row.unit.as_deref().unwrap_or_default()
    ));
    let words = text.split(|c: char| !is_alphanumeric(c));
    words
        .filter(|word| word.chars().count() > 2 && !word.chars().all(|c| c.is_ascii_digit()))
        .map(|word| g06_stock::stem(word).into_owned())
        .collect()
}

/// Whole numbers in a row's name, description and unit.
fn numbers_of(row: &Offering) -> Vec<i64> {
    let unit = row.unit.as_deref().unwrap_or_default();
    let texts = [row.name.as_str(), row.description.as_str(), unit];
    let figures = texts
        .into_iter()
        .flat_map(|text| text.split(|c: char| !c.is_ascii_digit()))
        .filter_map(|digits| digits.parse().ok());
    let words = texts
        .into_iter()
        .flat_map(|text| g06_stock::numbers(&fold(text)));
    figures.chain(words).collect()
}
