//! A catalogue file becomes a priced cart and an order: no database, no runtime, no network.

use std::io::Write as _;

use x8_core::{
    cart::{price, settle_area},
    catalog::{Catalog, Kind},
    import::{ImportOptions, import},
    order::{CartLine, LatePayment, OrderEvent, OrderState, transition},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    let file = include_bytes!("../../data/flowers_products_cp1251.csv");
    let read = import(file, &ImportOptions::new(Kind::Product))?;
    let encoding = read.report.encoding;
    let catalog = Catalog::detached(read.into_offerings());
    writeln!(
        out,
        "{} rows, read as {encoding}",
        catalog.offerings().len()
    )?;

    // O2: the city, in the catalogue's spelling. O5: delivery once per order, free from a threshold.
    let cart = [CartLine {
        sku: "201".into(),
        quantity: 3,
    }];
    let rows: Vec<_> = cart
        .iter()
        .filter_map(|line| catalog.get(&line.sku))
        .collect();
    let area = settle_area(&rows, Some("madrid")).map_err(|ways_out| format!("{ways_out:?}"))?;
    let priced = price(&catalog, &cart, true)?;
    writeln!(
        out,
        "3 × 201 to {}: {} + {} delivery",
        area.as_str(),
        priced.totals.products,
        priced.totals.delivery
    )?;

    // O11: the legal moves are one total function; a booking before the money is refused.
    let late = LatePayment::Refund;
    let waiting = transition(OrderState::Cart, OrderEvent::CheckoutRequested, late)?.next;
    if let Err(refusal) = transition(waiting, OrderEvent::Booked, late) {
        writeln!(out, "refused: {refusal}")?;
    }
    let paid = transition(
        waiting,
        OrderEvent::PaymentArrived {
            newer_exists: false,
        },
        late,
    )?;
    writeln!(
        out,
        "after the money: {}, then {:?}",
        paid.next.as_str(),
        paid.effects
    )?;
    Ok(())
}
