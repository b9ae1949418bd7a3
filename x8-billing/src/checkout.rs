//! What every provider checks before it asks for money.

use x8_core::{Error, Money, Result, port::CheckoutRequest};

use crate::amount;

/// P4: amounts come from O5 only, so they must add up in one currency and be chargeable.
pub(crate) fn adds_up(operation: &'static str, request: &CheckoutRequest) -> Result<()> {
    let totals = request.totals;
    let mut products = Money::zero(totals.total.currency());
    for line in &request.lines {
        products = products.plus(line.price.times(line.quantity)?)?;
    }
    let adds_up = products == totals.products && products.plus(totals.delivery)? == totals.total;
    if !adds_up || totals.delivery.minor() < 0 {
        return Err(Error::invalid(
            operation,
            format!(
                "the total {} is not the sum of its lines and delivery",
                totals.total
            ),
        ));
    }
    amount::to_provider(totals.total).map(drop)
}
