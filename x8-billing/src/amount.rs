//! Amounts at the provider's edge (P14): the wire counts some currencies differently than [`Money`] does.
//!
//! | currencies | [`Money`] | wire |
//! |---|---|---|
//! | most, and the zero-decimal ones | minor units | the same number |
//! | UGX | whole units | × 100 |
//! | BHD, JOD, KWD, OMR, TND | hundredths | × 10 (thousandths, last digit 0) |
//! | ISK | hundredths | the same number, always whole units |
//!
//! ```
//! use x8_billing::amount::{from_provider, to_provider};
//! use x8_core::{Currency, Money};
//! let yen = Currency::parse("jpy").unwrap();
//! assert_eq!(to_provider(Money::new(1300, yen))?, 1300, "a yen has no cents");
//! assert_eq!(from_provider(1250, Currency::EUR)?, Money::eur(12_50));
//! # Ok::<(), x8_core::Error>(())
//! ```

use x8_core::{Currency, Error, Money, Result};

/// The largest amount any currency may have on the wire: twelve digits.
pub const LARGEST: i64 = 999_999_999_999;

/// How a currency is counted on the wire.
enum Scale {
    /// As [`Money`] counts.
    Same,
    /// [`Money`] times this.
    Times(i64),
    /// As [`Money`] counts, in steps of this.
    Steps(i64),
}

fn scale(currency: Currency) -> Scale {
    match currency.code() {
        "UGX" => Scale::Times(100),
        "BHD" | "JOD" | "KWD" | "OMR" | "TND" => Scale::Times(10),
        "ISK" => Scale::Steps(100),
        _usual => Scale::Same,
    }
}

/// The number to send for an amount.
///
/// # Errors
/// `Invalid` for a negative or absurdly large amount, or one that the currency cannot be charged in.
pub fn to_provider(amount: Money) -> Result<i64> {
    let wire = match scale(amount.currency()) {
        Scale::Same => Some(amount.minor()),
        Scale::Times(factor) => amount.minor().checked_mul(factor),
        Scale::Steps(step) => (amount.minor() % step == 0).then(|| amount.minor()),
    };
    wire.filter(|wire| (0..=LARGEST).contains(wire))
        .ok_or_else(|| {
            Error::invalid("amount.send", format!("{amount} cannot be charged"))
                .with("currency", amount.currency())
        })
}

/// The largest amount that can be charged and is not more than this: fees and shares are rounded down.
///
/// ```
/// use x8_billing::amount::charged_down;
/// use x8_core::{Currency, Money};
/// let crowns = Currency::parse("isk").unwrap();
/// assert_eq!(charged_down(Money::new(5_99, crowns)), Money::new(5_00, crowns));
/// assert_eq!(charged_down(Money::eur(5_99)), Money::eur(5_99));
/// ```
#[must_use]
pub fn charged_down(amount: Money) -> Money {
    match scale(amount.currency()) {
        Scale::Same | Scale::Times(_) => amount,
        Scale::Steps(step) => Money::new(
            amount.minor().saturating_sub(amount.minor() % step),
            amount.currency(),
        ),
    }
}

/// The amount behind a number received.
///
/// # Errors
/// `Invalid` for a negative or absurdly large number, or one that is no whole amount of the currency.
pub fn from_provider(wire: i64, currency: Currency) -> Result<Money> {
    let minor = match scale(currency) {
        Scale::Same => Some(wire),
        Scale::Times(factor) => (wire % factor == 0).then(|| wire / factor),
        Scale::Steps(step) => (wire % step == 0).then_some(wire),
    };
    match minor {
        Some(minor) if (0..=LARGEST).contains(&wire) => Ok(Money::new(minor, currency)),
        _absurd => Err(Error::invalid(
            "amount.read",
            format!(
                "`{wire}` is not an amount in {currency}; expected 0 to {LARGEST} in its smallest unit"
            ),
        )),
    }
}

/// The smallest amount that can be charged, where the provider publishes one.
#[must_use]
pub fn smallest(currency: Currency) -> Money {
    let minor = match currency.code() {
        "EUR" | "USD" | "AUD" | "BRL" | "CAD" | "CHF" | "INR" | "NZD" | "SGD" | "JPY" => 50,
        "GBP" => 30,
        "DKK" => 2_50,
        "NOK" | "SEK" => 3_00,
        "PLN" | "MYR" => 2_00,
        "MXN" => 10_00,
        "HKD" => 4_00,
        _unpublished => 1,
    };
    Money::new(minor, currency)
}
