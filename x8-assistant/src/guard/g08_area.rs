//! G8: `city` is the catalogue's own spelling of one place valid for every item, or `online` (O2, O3).
//!
//! A place that does not work for all items ends the order with the two ways out. Without an order, a place that no row
//! knows is emptied.

mod promised;

use std::collections::HashMap;

use x8_core::{
    cart::{AreaRefusal, settle_area},
    catalog::Offering,
    order::Area,
    text::fold,
};

use super::{
    Action, Rule,
    letter::is_alphanumeric,
    text::{Edit, denies, has_any, has_word},
    tongue::Phrase,
    work::Work,
};
use crate::understand::city::Served;

pub(super) fn apply(work: &mut Work<'_>) {
    let claimed = work.claims.city.clone();
    if !work.closing {
        work.city = claimed
            .clone()
            .and_then(|place| spelled(work, &place))
            .unwrap_or_default();
        record(work, claimed.as_deref());
        return;
    }
    let asked = claimed.clone().or_else(|| work.context.known.city.clone());
    let rows: Vec<&Offering> = work
        .cart
        .iter()
        .filter_map(|line| work.row(&line.sku))
        .collect();
    if rows.is_empty() {
        return;
    }
    match settle_area(&rows, asked.as_deref()) {
        Ok(area) => {
            area.as_str().clone_into(&mut work.city);
            work.area = Some(area);
            record(work, claimed.as_deref());
        }
        Err(AreaRefusal::Missing { .. }) => {}
        Err(AreaRefusal::NotServed {
            asked,
            places,
            available,
        }) => {
            let available = available
                .iter()
                .filter_map(|sku| work.row(sku))
                .map(|row| row.name.to_string())
                .collect();
            let evidence = format!("city {asked}");
            work.hold(
                Rule::G8,
                evidence,
                &Phrase::NotServed {
                    asked,
                    places,
                    available,
                },
            );
        }
    }
}

/// Removes sentences that say yes to a place that was just found to be none (O2): "Yes, you can do it in Madrid."
pub(super) fn mentions(work: &mut Work<'_>) {
    let Some(place) = &work.context.refused_place else {
        return promised::apply(work);
    };
    let place = fold(place);
    work.edit(Rule::G8, |_, sentence| {
        let folded = sentence.folded();
        let named = has_word(folded, &[place.as_str()]);
        if (named || agrees(folded)) && promises(folded) {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
}

/// Whether a folded sentence begins with a yes.
fn agrees(folded: &str) -> bool {
    folded
        .split(|c: char| !is_alphanumeric(c))
        .find(|word| !word.is_empty())
        .is_some_and(|first| YES.contains(&first))
}

/// Whether a folded sentence neither refuses nor asks.
fn promises(folded: &str) -> bool {
    !folded.ends_with('?') && !denies(folded) && !has_any(folded, &REGRETS)
}

/// Refusals without a "no" in them, as beginnings of words.
const REGRETS: [&str; 24] = [
    "unfortunately",
    "sadly",
    "sorry",
    "regret",
    "unavailable",
    "impossible",
    "only in",
    "к сожалению",
    "увы",
    "недоступ",
    "невозмож",
    "только в",
    "lamenta",
    "por desgracia",
    "imposible",
    "solo en",
    "leider",
    "bedau",
    "unmoglich",
    "malheureus",
    "helas",
    "purtroppo",
    "impossib",
    "infelizmente",
];

const YES: [&str; 10] = [
    "yes",
    "sure",
    "yeah",
    "да",
    "конечно",
    "si",
    "ja",
    "oui",
    "sim",
    "claro",
];

/// Where the rows can be had.
#[derive(Debug)]
pub(super) struct Places {
    /// The first spelling of each place, by its folded name.
    spelled: HashMap<String, String>,
    served: Served,
    /// Some row is remote.
    online: bool,
    /// Some row goes everywhere.
    anywhere: bool,
}

impl Places {
    pub(super) fn of(rows: &[Offering]) -> Self {
        let mut spelled = HashMap::new();
        for place in rows.iter().flat_map(|row| row.areas.places()) {
            spelled
                .entry(fold(place))
                .or_insert_with(|| place.to_owned());
        }
        Self {
            served: Served::of(spelled.values().map(String::as_str)),
            spelled,
            online: rows.iter().any(|row| row.areas.online()),
            anywhere: rows.iter().any(|row| row.areas.is_empty()),
        }
    }
}

/// The catalogue's spelling of a place, or `online` when some row is remote.
fn spelled(work: &Work<'_>, place: &str) -> Option<String> {
    let places = &work.facts.places;
    let wanted = fold(place);
    if places.online && wanted == Area::Online.as_str() {
        return Some(wanted);
    }
    match places.spelled.get(&wanted) {
        Some(own) => Some(own.clone()),
        // Some row goes everywhere: the customer's own spelling is as good as any.
        None if places.anywhere => Some(place.trim().to_owned()),
        None => None,
    }
}

fn record(work: &mut Work<'_>, claimed: Option<&str>) {
    let Some(claimed) = claimed.filter(|claimed| *claimed != work.city) else {
        return;
    };
    let action = if work.city.is_empty() {
        Action::Removed
    } else {
        Action::Replaced
    };
    work.find(Rule::G8, action, format!("city {claimed}"));
}
