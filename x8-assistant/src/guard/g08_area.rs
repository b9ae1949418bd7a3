//! G8: `city` is the catalogue's own spelling of one place valid for every item, or `online` (O2, O3).
//!
//! A place that does not work for all items ends the order with the two ways out. Without an order, a place that no row
//! knows is emptied.

use x8_core::{
    cart::{AreaRefusal, settle_area},
    catalog::Offering,
    order::Area,
    text::fold,
};

use super::{Action, Rule, tongue::Phrase, work::Work};

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

/// The catalogue's spelling of a place, or `online` when some row is remote.
fn spelled(work: &Work<'_>, place: &str) -> Option<String> {
    let wanted = fold(place);
    let rows = work.catalog.offerings();
    if wanted == Area::Online.as_str() && rows.iter().any(|row| row.areas.online()) {
        return Some(wanted);
    }
    let found = rows.iter().find_map(|row| row.areas.find(place));
    if found.is_none() && rows.iter().any(|row| row.areas.is_empty()) {
        // Some row goes everywhere: the customer's own spelling is as good as any.
        return Some(place.trim().to_owned());
    }
    found.map(str::to_owned)
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
