//! O5, O6: what a cart costs.

use crate::{
    catalog::{Catalog, Offering},
    error::Result,
    id::Sku,
    money::{Currency, Money},
    order::{CartLine, OrderLine, Totals},
};

/// A priced cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    /// Lines with copies of name and price.
    pub lines: Vec<OrderLine>,
    /// O5.
    pub totals: Totals,
    /// The shortest reminder time of the rows, when any has one (O14).
    pub reminder_hours: Option<u32>,
}

/// Why a cart cannot be priced. A value, not an error: it is an answer to the customer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CartRefusal {
    /// Nothing in it.
    #[error("the cart is empty")]
    Empty,
    /// G5.
    #[error("there is no offering `{0}`")]
    UnknownSku(Sku),
    /// A quantity of zero.
    #[error("the quantity of `{0}` must be at least one")]
    NoQuantity(Sku),
    /// O6. Never carries the number.
    #[error("`{0}` is not available in that quantity")]
    NotEnough(Sku),
    /// A sum that does not fit, or two currencies.
    #[error("the total cannot be computed: {0}")]
    Money(#[from] crate::MoneyError),
}

/// Prices a cart from catalogue rows; equal keys are added up first.
///
/// Delivery is charged once per order: when items differ, the highest fee and the highest threshold apply, and it is free
/// once the products reach that threshold, unless a row charges without one (O5). An `online` order of services has no travel fee (`at_place = false`).
///
/// ```
/// use x8_core::{Money, cart::price, catalog::{Catalog, Fee, Kind, Offering}, order::CartLine};
/// let mut rose = Offering::new("201", Kind::Product, "Bouquet of 10 roses", Money::eur(29_90));
/// rose.fee = Some(Fee { amount: Money::eur(5_00), free_from: Some(Money::eur(80_00)) });
/// let catalog = Catalog::detached(vec![rose]);
/// let two = price(&catalog, &[CartLine { sku: "201".into(), quantity: 2 }], true)?;
/// assert_eq!(two.totals.total, Money::eur(64_80));
/// let three = price(&catalog, &[CartLine { sku: "201".into(), quantity: 3 }], true)?;
/// assert_eq!(three.totals.total, Money::eur(89_70), "free delivery from 80.00");
/// # Ok::<(), x8_core::cart::CartRefusal>(())
/// ```
///
/// # Errors
/// [`CartRefusal`].
pub fn price(catalog: &Catalog, cart: &[CartLine], at_place: bool) -> Result<Priced, CartRefusal> {
    let rows = merged(catalog, cart)?;
    let Some((first, _)) = rows.first() else {
        return Err(CartRefusal::Empty);
    };
    let currency = first.price.currency();
    let mut products = Money::zero(currency);
    let mut lines = Vec::with_capacity(rows.len());
    for (row, quantity) in &rows {
        products = products.plus(row.price.times(*quantity)?)?;
        lines.push(line(row, *quantity));
    }
    let (delivery, free_delivery) = if at_place {
        delivery(&rows, products)?
    } else {
        (Money::zero(currency), false)
    };
    let totals = Totals {
        products,
        delivery,
        total: products.plus(delivery)?,
        free_delivery,
    };
    // The soonest of the offerings that remind at all.
    let reminders = rows.iter().filter_map(|(row, _)| row.reminder_hours);
    let reminder_hours = reminders.filter(|hours| *hours > 0).min();
    Ok(Priced {
        lines,
        totals,
        reminder_hours,
    })
}

/// The rows of a cart in first-named order, with quantities of equal keys added up.
fn merged<'a>(
    catalog: &'a Catalog,
    cart: &[CartLine],
) -> Result<Vec<(&'a Offering, u32)>, CartRefusal> {
    let mut rows: Vec<(&Offering, u32)> = Vec::new();
    for wanted in cart {
        let row = catalog
            .get(&wanted.sku)
            .ok_or_else(|| CartRefusal::UnknownSku(wanted.sku.clone()))?;
        if wanted.quantity == 0 {
            return Err(CartRefusal::NoQuantity(wanted.sku.clone()));
        }
        match rows.iter_mut().find(|(known, _)| known.sku == row.sku) {
            Some((_, quantity)) => {
                *quantity = quantity
                    .checked_add(wanted.quantity)
                    .ok_or(crate::MoneyError::Overflow)?;
            }
            None => rows.push((row, wanted.quantity)),
        }
    }
    match rows.iter().find(|(row, quantity)| !row.covers(*quantity)) {
        Some((row, _)) => Err(CartRefusal::NotEnough(row.sku.clone())),
        None => Ok(rows),
    }
}

fn line(row: &Offering, quantity: u32) -> OrderLine {
    OrderLine {
        sku: row.sku.clone(),
        kind: row.kind,
        name: row.name.to_string(),
        unit: row.unit.clone(),
        price: row.price,
        quantity,
        price_id: row.price_id.as_ref().map(ToString::to_string),
    }
}

/// The one delivery fee, and whether a threshold waived it. A row that charges and names no threshold is never free,
/// and neither is an order that holds it.
fn delivery(rows: &[(&Offering, u32)], products: Money) -> Result<(Money, bool), CartRefusal> {
    let currency: Currency = products.currency();
    let mut fee = Money::zero(currency);
    let mut threshold: Option<Money> = None;
    let mut never_free = false;
    for row_fee in rows.iter().filter_map(|(row, _)| row.fee) {
        fee = fee.max(row_fee.amount)?;
        match row_fee.free_from {
            Some(from) => threshold = Some(threshold.map_or(Ok(from), |known| known.max(from))?),
            None => never_free |= row_fee.amount.minor() > 0,
        }
    }
    match threshold {
        Some(from) if !never_free && !fee.is_zero() && products.at_least(from)? => {
            Ok((Money::zero(currency), true))
        }
        _charged => Ok((fee, false)),
    }
}
