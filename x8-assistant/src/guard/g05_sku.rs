//! G5: an order may only name offerings of this turn's rows. An unknown key ends the order and the customer is asked which
//! offering is meant; an order without keys takes the cart the customer stated.

use x8_core::order::CartLine;

use super::{Action, Rule, tongue::Phrase, work::Work};

/// Names offered in the question.
const MOST_NAMES: usize = 8;

pub(super) fn apply(work: &mut Work<'_>) {
    if !work.closing {
        return;
    }
    let mut cart: Vec<CartLine> = Vec::new();
    let claimed = work.claims.items.iter().flatten().map(|item| CartLine {
        sku: item.sku.clone(),
        quantity: item.quantity,
    });
    for line in claimed {
        match cart.iter_mut().find(|known| known.sku == line.sku) {
            Some(known) => known.quantity = known.quantity.saturating_add(line.quantity),
            None => cart.push(line),
        }
    }
    if cart.is_empty() {
        cart.clone_from(&work.context.cart);
        if !cart.is_empty() {
            work.find(Rule::G5, Action::Replaced, "items: taken from the cart");
        }
    }
    let unknown = cart.iter().find(|line| work.row(&line.sku).is_none());
    if let Some(line) = unknown {
        let evidence = format!("SKU {}", line.sku);
        let names = work.catalog.offerings().iter().take(MOST_NAMES);
        let names = names.map(|row| row.name.clone()).collect();
        work.hold(Rule::G5, evidence, &Phrase::WhichOffering { names });
        return;
    }
    work.cart = cart;
}
