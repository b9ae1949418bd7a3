//! What the rows of one catalogue version say about money, percentages and time, read once.

use std::collections::HashSet;

use x8_core::{
    Currency, Money,
    catalog::{Catalog, Offering},
    text::fold,
};

use super::percents::percents;
use crate::guard::{
    amounts::{self, Figures, plain},
    lexicon::{List, hits},
};

/// The figures of all rows.
#[derive(Debug, Default)]
pub(in super::super) struct Known {
    pub(super) prices: HashSet<(i64, Currency)>,
    pub(super) fees: HashSet<(i64, Currency)>,
    pub(super) thresholds: HashSet<(i64, Currency)>,
    /// Amounts in the rows' texts.
    pub(super) told: HashSet<(i64, Currency)>,
    pub(super) percents: HashSet<String>,
    /// Some row speaks of a discount.
    pub(super) discounts: bool,
    /// Minutes that a delivery takes.
    pub(super) delivery: HashSet<i64>,
    /// Minutes until a reminder.
    pub(super) reminders: HashSet<i64>,
    /// Minutes of offerings, and any other stretch in the rows' texts.
    pub(super) lasting: HashSet<i64>,
}

impl Known {
    pub(in super::super) fn read(catalog: &Catalog) -> Self {
        let mut known = Self::default();
        for row in catalog.offerings() {
            known.row(row);
        }
        known
    }

    fn row(&mut self, row: &Offering) {
        self.prices.insert(key(row.price));
        if let Some(fee) = row.fee {
            self.fees.insert(key(fee.amount));
            self.thresholds.extend(fee.free_from.map(key));
        }
        let minutes = |hours: u32| i64::from(hours).saturating_mul(60);
        self.delivery.extend(row.delivery_hours.map(minutes));
        self.reminders.extend(row.reminder_hours.map(minutes));
        self.lasting.extend(row.duration_minutes.map(i64::from));
        for text in texts(row) {
            let folded = fold(&plain(text));
            let figures = Figures::read(&folded);
            let durations = figures.durations().into_iter();
            self.lasting
                .extend(durations.map(|duration| duration.minutes));
            let found = hits(&folded);
            // A text that gives orders to the assistant is no source of facts (G15).
            if found.has(List::INSTRUCTION) {
                continue;
            }
            self.discounts |= found.has(List::DISCOUNT);
            if folded.contains(|c: char| c.is_ascii_digit()) {
                self.told.extend(amounts_of(&figures));
                self.percents.extend(percents(&folded));
            }
        }
    }
}

pub(super) fn key(money: Money) -> (i64, Currency) {
    (money.minor(), money.currency())
}

/// Every text of a row that a customer may be told.
pub(in super::super) fn texts(row: &Offering) -> impl Iterator<Item = &str> {
    [row.name.as_str(), row.description.as_str()]
        .into_iter()
        .chain(row.details.values().map(String::as_str))
        .chain(row.extra.values().map(String::as_str))
        .chain(row.unit.as_deref())
        .chain(row.duration.as_deref())
}

fn amounts_of(figures: &Figures<'_>) -> impl Iterator<Item = (i64, Currency)> + use<> {
    let amounts = figures.amounts().into_iter();
    amounts.filter_map(|amount| Some((amount.minor?, amount.currency?)))
}

/// Amounts that a row's own texts tell.
pub(in super::super) fn told(row: &Offering) -> Vec<(i64, Currency)> {
    texts(row)
        .filter(|text| text.contains(char::is_numeric))
        .map(|text| fold(&plain(text)))
        .filter(|folded| !hits(folded).has(List::INSTRUCTION))
        .flat_map(|folded| amounts_of(&Figures::read(&folded)))
        .collect()
}

/// Minutes that a row and its texts tell.
pub(in super::super) fn lasting(row: &Offering) -> Vec<i64> {
    let told = texts(row).flat_map(|text| {
        let durations = Figures::read(&fold(&plain(text))).durations();
        durations.into_iter().map(|duration| duration.minutes)
    });
    let own = row.duration_minutes.map(i64::from);
    told.chain(own).collect::<Vec<_>>()
}

/// Amounts that the customer wrote.
pub(super) fn written(text: &str) -> Vec<i64> {
    if !text.contains(char::is_numeric) {
        return Vec::new();
    }
    let amounts = amounts::scan(text).into_iter();
    amounts.filter_map(|amount| amount.minor).collect()
}
