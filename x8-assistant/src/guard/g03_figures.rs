//! G3: every figure is recomputed from rows (O5) and what a model claimed is overwritten.
//!
//! This is also where an order is found complete (O4). What is missing is asked for once and together; a quantity that
//! cannot be had is refused without the number (O6).

use x8_core::{
    cart::{AreaRefusal, CartRefusal, price, settle_area},
    catalog::Offering,
    order::{Area, CartLine},
};

use super::{
    Action, CheckedOrder, Rule,
    tongue::{Part, Phrase},
    work::Work,
};
use crate::contract::{ClaimedItem, Reply};

/// Prices the cart and checks O4.
pub(super) fn apply(work: &mut Work<'_>) {
    work.name = work
        .claims
        .client_name
        .clone()
        .or_else(|| work.context.known.name.clone())
        .unwrap_or_default();
    if !work.closing {
        return;
    }
    let at_place = !matches!(work.area, Some(Area::Online));
    let priced = match price(work.catalog, &work.cart, at_place) {
        Ok(priced) => priced,
        Err(CartRefusal::NotEnough(sku)) => {
            let name = work
                .row(&sku)
                .map(|row| row.name.to_string())
                .unwrap_or_default();
            return work.hold(
                Rule::G3,
                format!("quantity of SKU {sku}"),
                &Phrase::NotEnough { name },
            );
        }
        Err(
            refusal @ (CartRefusal::Empty
            | CartRefusal::NoQuantity(_)
            | CartRefusal::UnknownSku(_)
            | CartRefusal::Money(_)),
        ) => {
            return ask(work, Part::Offering, &refusal.to_string());
        }
    };
    let paid_without_link =
        !priced.totals.total.is_zero() && work.claims.send_payment_link != Some(true);
    if paid_without_link {
        // The model lists a cart but does not close it: words only.
        work.closing = false;
        work.find(
            Rule::G10,
            Action::Removed,
            "items without send_payment_link",
        );
        return;
    }
    if work.area.is_none() || work.name.is_empty() || work.phone.is_empty() {
        return ask(work, Part::Place, "order incomplete");
    }
    let Some(area) = work.area.clone() else {
        return;
    };
    work.order = Some(CheckedOrder {
        cart: merged(&priced),
        area,
        client_name: work.name.clone(),
        recipient_phone: work.phone.clone(),
        priced,
    });
}

fn merged(priced: &x8_core::cart::Priced) -> Vec<CartLine> {
    let line = |line: &x8_core::order::OrderLine| CartLine {
        sku: line.sku.clone(),
        quantity: line.quantity,
    };
    priced.lines.iter().map(line).collect()
}

/// Asks for everything that is missing (O4).
fn ask(work: &mut Work<'_>, first: Part, evidence: &str) {
    let mut parts = Vec::new();
    let mut places = Vec::new();
    if first == Part::Offering {
        parts.push(Part::Offering);
    }
    if work.area.is_none() && !work.cart.is_empty() {
        let rows: Vec<&Offering> = work
            .cart
            .iter()
            .filter_map(|line| work.row(&line.sku))
            .collect();
        if let Err(AreaRefusal::Missing { places: valid }) = settle_area(&rows, None) {
            places = valid;
        }
        parts.push(Part::Place);
    }
    if work.name.is_empty() {
        parts.push(Part::Name);
    }
    if work.phone.is_empty() {
        parts.push(Part::Phone);
    }
    work.hold(Rule::G10, evidence, &Phrase::Missing { parts, places });
}

/// Compares the model's figures with the reply's and records every difference.
pub(super) fn compare(work: &mut Work<'_>, reply: &Reply) {
    let claims = std::mem::take(&mut work.claims);
    let items = claims.items;
    let pairs = [
        (
            "total_sum",
            claims.total_sum,
            reply.total_sum.to_json_number().to_string(),
        ),
        (
            "products_sum",
            claims.products_sum,
            reply.products_sum.to_json_number().to_string(),
        ),
        (
            "delivery_sum",
            claims.delivery_sum,
            reply.delivery_sum.to_json_number().to_string(),
        ),
        (
            "units_to_buy",
            claims.units_to_buy,
            reply.units_to_buy.to_string(),
        ),
        (
            "payment_reminder_hours",
            claims.payment_reminder_hours,
            reply.payment_reminder_hours.to_string(),
        ),
        (
            "free_delivery",
            claims.free_delivery.map(|flag| flag.to_string()),
            reply
                .free_delivery
                .map(|flag| flag.to_string())
                .unwrap_or_default(),
        ),
    ];
    for (key, claimed, own) in pairs {
        if let Some(claimed) = claimed.filter(|claimed| !same_figure(claimed, &own)) {
            let own = if own.is_empty() { "null" } else { &own };
            work.find(
                Rule::G3,
                Action::Replaced,
                format!("{key} {claimed} is {own}"),
            );
        }
    }
    lines(work, reply, items.as_deref());
}

/// Compares the ids of the lines.
fn lines(work: &mut Work<'_>, reply: &Reply, claimed: Option<&[ClaimedItem]>) {
    let own_lines: Vec<_> = reply
        .items
        .iter()
        .flatten()
        .flat_map(|basket| &basket.line_items)
        .collect();
    for item in claimed.into_iter().flatten() {
        let Some(line) = own_lines.iter().find(|line| line.sku == item.sku) else {
            continue;
        };
        let pairs = [
            ("price", &item.price, &line.price),
            ("shippingRate", &item.shipping_rate, &line.shipping_rate),
        ];
        for (key, claimed, own) in pairs {
            if claimed.as_ref().is_some_and(|claimed| claimed != own) {
                work.find(
                    Rule::G3,
                    Action::Replaced,
                    format!("{key} of SKU {}", item.sku),
                );
            }
        }
    }
}

/// `270`, `270.0` and `270,00` are one figure.
fn same_figure(claimed: &str, own: &str) -> bool {
    if claimed == own {
        return true;
    }
    let plain = |text: &str| {
        let text = text.trim().replace(',', ".");
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        }
    };
    plain(claimed) == plain(own)
}
