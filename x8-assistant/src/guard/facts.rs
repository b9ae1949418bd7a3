//! What the rows of one catalogue version say, read once for every reply that is checked against it.

use std::{collections::HashSet, sync::Arc};

use x8_core::{
    catalog::{Catalog, Offering},
    text::fold,
};

use super::{g04_amounts::Known, g06_stock, g07_free::Promises};

/// The rows, and what the rules ask of them.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) catalog: Arc<Catalog>,
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
        Self {
            promises,
            catalog,
            amounts,
            stocks,
            numbers,
            things,
            free_things,
        }
    }
}

/// How the words of a row's name and unit begin, short words aside.
fn things_of(row: &Offering) -> Vec<String> {
    let text = fold(&format!(
        "{} {}",
        row.name,
        row.unit.as_deref().unwrap_or_default()
    ));
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| word.chars().count() > 2 && !word.chars().all(|c| c.is_ascii_digit()))
        .map(|word| g06_stock::stem(word).into_owned())
        .collect()
}

/// Whole numbers in a row's name, description and unit.
fn numbers_of(row: &Offering) -> Vec<i64> {
    let unit = row.unit.as_deref().unwrap_or_default();
    [row.name.as_str(), row.description.as_str(), unit]
        .into_iter()
        .flat_map(|text| text.split(|c: char| !c.is_ascii_digit()))
        .filter_map(|digits| digits.parse().ok())
        .collect()
}
