//! The catalogue rows a turn needs, as lines of public columns (A2, A7, A8, K10).
//!
//! The plan has searched already: its blocks name the rows. Contacts never stand here, stock never anywhere; detail
//! columns come only for the offering whose details are asked for.

use std::collections::BTreeMap;

use x8_core::{
    Sku,
    catalog::{Kind, Offering, PublicOffering},
    port::TurnInput,
};

use super::quote::quoted;
use crate::agenda::{Plan, Say};

/// Tokens that rows may take, by [`tokens`]; the rest is counted, not told.
const BUDGET: usize = 1_500;
/// Rows that answer "what do you have?" when nothing in particular was asked.
const OVERVIEW: usize = 12;
/// Places of one row; a list of all villages helps nobody choose.
const MOST_PLACES: usize = 15;

/// How much of a row is told, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Depth {
    /// For lists.
    Line,
    /// The subject of the reply.
    Whole,
    /// With the columns of A8.
    Details,
}

/// The lines, and how many rows found no room.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) lines: Vec<String>,
    pub(super) more: usize,
}

/// `heard`: code understands this language; otherwise its plan is a guess, and the rows that fit are told.
pub(super) fn of(input: &TurnInput, plan: &Plan, heard: bool) -> Facts {
    let rows = rows(input, plan, heard);
    let all = rows.len();
    let mut lines = Vec::new();
    let mut room = BUDGET;
    for (row, depth) in rows {
        let line = line(&row.public(), row, depth, image(input, plan, row, depth));
        let cost = tokens(&line);
        if cost > room {
            break;
        }
        room -= cost;
        lines.push(line);
    }
    let more = all - lines.len();
    Facts { lines, more }
}

/// The rows of the plan, then those of the cart, then the one spoken of last, each once and in its greatest depth.
fn rows<'a>(input: &'a TurnInput, plan: &Plan, heard: bool) -> Vec<(&'a Offering, Depth)> {
    let session = &plan.session;
    let cart = session.cart.iter().map(|line| &line.sku);
    let kept = cart
        .chain(&session.focus)
        .map(|sku| (sku.clone(), Depth::Line));
    let said = plan.says.iter().flat_map(|say| {
        let (skus, depth) = told(say);
        skus.into_iter().map(move |sku| (sku, depth))
    });
    let all = input.catalog.offerings().iter();
    let all = all.take(overview(plan, heard));
    let all = all.map(|row| (row.sku.clone(), Depth::Line));
    let mut places: BTreeMap<Sku, usize> = BTreeMap::new();
    let mut rows: Vec<(&Offering, Depth)> = Vec::new();
    for (sku, depth) in said.chain(kept).chain(all) {
        let known = places.get(&sku).and_then(|at| rows.get_mut(*at));
        if let Some((_, known)) = known {
            *known = depth.max(*known);
        } else if let Some(row) = input.catalog.get(&sku) {
            places.insert(sku, rows.len());
            rows.push((row, depth));
        }
    }
    rows
}

/// How many rows are told unasked.
fn overview(plan: &Plan, heard: bool) -> usize {
    let open = |say: &Say| {
        matches!(
            say,
            Say::Declined
                | Say::WhichGeneral
                | Say::WhichAbout
                | Say::Choose { .. }
                | Say::FreeDelivery(_)
                | Say::Contact(None)
        )
    };
    if !heard {
        usize::MAX
    } else if plan.says.iter().any(open) {
        OVERVIEW
    } else {
        0
    }
}

/// Which rows a block speaks of.
fn told(say: &Say) -> (Vec<Sku>, Depth) {
    match say {
        Say::List { skus, .. }
        | Say::Which { skus }
        | Say::DeliveryTime(skus)
        | Say::FreeDelivery(skus) => (skus.clone(), Depth::Line),
        Say::Apart(each) => {
            let skus = each.iter().map(|(sku, _)| sku.clone());
            (skus.collect(), Depth::Line)
        }
        Say::Brief(sku) | Say::Photo { sku, .. } => (vec![sku.clone()], Depth::Whole),
        Say::Details(sku) => (vec![sku.clone()], Depth::Details),
        Say::Website(sku) | Say::Video(sku) | Say::NotEnough(sku) => {
            (vec![sku.clone()], Depth::Line)
        }
        Say::Contact(sku) | Say::Address(sku) | Say::CancelPaid(sku) => {
            (sku.iter().cloned().collect(), Depth::Line)
        }
        Say::Packs { options, .. } => {
            let lines = options.iter().flatten();
            (lines.map(|line| line.sku.clone()).collect(), Depth::Line)
        }
        Say::Sum(line) => (vec![line.sku.clone()], Depth::Line),
        Say::Propose { lines, .. } | Say::Quote { lines, .. } | Say::Confirm(lines) => {
            let skus = lines.iter().map(|line| line.sku.clone());
            (skus.collect(), Depth::Line)
        }
        Say::CityRefused { available, .. } => (available.clone(), Depth::Line),
        Say::Ask(missing) => (missing.quantity.clone(), Depth::Line),
        Say::Places(_)
        | Say::SamePrices
        | Say::NothingCheaper
        | Say::WhichDay { .. }
        | Say::NotSold(_)
        | Say::RemindersStopped
        | Say::NotPaidYet { .. }
        | Say::PaidIndeed
        | Say::NothingToPay
        | Say::LinkWhere { .. }
        | Say::OwnNumberUnknown
        | Say::PhoneWrong(_)
        | Say::Gone
        | Say::Checkout(_)
        | Say::Cancelled { .. }
        | Say::NothingToCancel
        | Say::WhichGeneral
        | Say::WhichAbout
        | Say::Choose { .. }
        | Say::Served(_)
        | Say::Declined
        | Say::Closing
        | Say::TimeChosen
        | Say::TimesDeclined
        | Say::WhichTime
        | Say::Status
        | Say::Standing { .. } => (Vec::new(), Depth::Line),
    }
}

/// G13: an image that was not seen yet, of the offering that is the subject.
fn image<'a>(input: &TurnInput, plan: &Plan, row: &'a Offering, depth: Depth) -> Option<&'a str> {
    let seen = plan.session.shown_images.contains(&row.sku);
    let wanted = depth > Depth::Line && !seen && !crate::policy::is_due(input);
    row.media.image.as_deref().filter(|_| wanted)
}

fn line(row: &PublicOffering<'_>, own: &Offering, depth: Depth, image: Option<&str>) -> String {
    let mut cells = vec![
        quoted(row.sku.as_str(), 40),
        quoted(row.name, 120),
        price(row),
    ];
    cells.extend(fee(row));
    cells.extend(places(row));
    cells.extend(row.duration.map(|duration| quoted(duration, 40)));
    cells.extend(row.delivery_hours.map(|hours| format!("within {hours} h")));
    // O6: whether, never how many.
    cells.extend((!own.covers(1)).then(|| "sold out".to_owned()));
    let most = if depth == Depth::Line { 110 } else { 700 };
    cells.push(quoted(row.description, most));
    if depth == Depth::Details {
        let detail = |(field, text): (&x8_core::catalog::DetailField, &String)| {
            let key = serde_json::to_value(field).unwrap_or_default();
            let key = key.as_str().unwrap_or_default().replace('_', " ");
            format!("{key}: {}", quoted(text, 400))
        };
        cells.extend(row.details.iter().map(detail));
    }
    cells.extend(image.map(|url| format!("imageurl {}", quoted(url, 500))));
    cells.retain(|cell| !cell.is_empty());
    cells.join(" | ")
}

fn price(row: &PublicOffering<'_>) -> String {
    if row.price.is_zero() {
        return "free".to_owned();
    }
    match row.unit {
        Some(unit) => format!("{} / {}", row.price, quoted(unit, 30)),
        None => row.price.to_string(),
    }
}

fn fee(row: &PublicOffering<'_>) -> Option<String> {
    let fee = row.fee?;
    let what = match row.kind {
        Kind::Product => "delivery",
        Kind::Service => "travel",
    };
    if fee.amount.is_zero() {
        return Some(format!("{what} free"));
    }
    Some(match fee.free_from {
        Some(from) => format!("{what} {}, free from {from}", fee.amount),
        None => format!("{what} {}", fee.amount),
    })
}

fn places(row: &PublicOffering<'_>) -> Option<String> {
    let named = row.areas.places();
    let mut places: Vec<String> = Vec::new();
    places.extend(row.areas.online().then(|| "online".to_owned()));
    places.extend(named.iter().take(MOST_PLACES).map(|one| quoted(one, 40)));
    places.extend((named.len() > MOST_PLACES).then(|| "…".to_owned()));
    (!places.is_empty()).then(|| places.join(", "))
}

/// Tokens of a text, estimated from above for common vocabularies: three ASCII characters or one and a half others.
pub(super) fn tokens(text: &str) -> usize {
    let all = text.chars().count();
    let ascii = text.chars().filter(char::is_ascii).count();
    (ascii * 2 + (all - ascii) * 4).div_ceil(6)
}
