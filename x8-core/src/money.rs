//! Exact money: integer minor units with their currency, checked arithmetic only.
//!
//! ```
//! use x8_core::{Currency, Money};
//!
//! let price = Money::eur(29_90);
//! let total = price.times(3)?.plus(Money::eur(5_00))?;
//! assert_eq!(total.to_string(), "94.70 EUR");
//! assert!(price.plus(Money::new(1, Currency::USD)).is_err(), "currencies never mix");
//! # Ok::<(), x8_core::MoneyError>(())
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};

/// An ISO 4217 code in upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency of every catalogue today (P14).
    pub const EUR: Self = Self(*b"EUR");
    /// The currency of the platform's own plans.
    pub const USD: Self = Self(*b"USD");

    /// Reads a three-letter code in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 3] = text.trim().as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(bytes.map(|byte| byte.to_ascii_uppercase())))
    }

    /// The upper-case code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Decimal places of the minor unit: 0 for yen and the like, otherwise 2.
    ///
    /// Source: the zero-decimal list of Stripe's currency page.
    #[must_use]
    pub fn exponent(&self) -> u32 {
        const ZERO: [&[u8; 3]; 16] = [
            b"BIF", b"CLP", b"DJF", b"GNF", b"JPY", b"KMF", b"KRW", b"MGA", b"PYG", b"RWF", b"VND",
            b"VUV", b"XAF", b"XOF", b"XPF", b"UGX",
        ];
        if ZERO.contains(&&self.0) { 0 } else { 2 }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a currency code")))
    }
}

/// Why an amount could not be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two currencies met in one sum.
    #[error("cannot mix {0} and {1}")]
    Mixed(Currency, Currency),
    /// The result does not fit 64 bits.
    #[error("amount out of range")]
    Overflow,
}

impl From<MoneyError> for crate::Error {
    fn from(error: MoneyError) -> Self {
        Self::internal("money.add", error)
    }
}

/// An exact amount. `Display` prints `12.50 EUR`; there is no conversion from or to floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// An amount in minor units (cents).
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Euro cents.
    #[must_use]
    pub const fn eur(cents: i64) -> Self {
        Self::new(cents, Currency::EUR)
    }

    /// Nothing, in `currency`.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Minor units (cents).
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether this is free (K9).
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError`] when the currencies differ or the sum does not fit.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        let minor = self
            .minor
            .checked_add(other.minor)
            .ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// `self` times a quantity.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] when the product does not fit.
    pub fn times(self, quantity: u32) -> Result<Self, MoneyError> {
        let minor = self
            .minor
            .checked_mul(i64::from(quantity))
            .ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// Whether `self ≥ other`.
    ///
    /// # Errors
    /// [`MoneyError::Mixed`] when the currencies differ.
    pub fn at_least(self, other: Self) -> Result<bool, MoneyError> {
        self.same(other)?;
        Ok(self.minor >= other.minor)
    }

    /// The larger of two amounts.
    ///
    /// # Errors
    /// [`MoneyError::Mixed`] when the currencies differ.
    pub fn max(self, other: Self) -> Result<Self, MoneyError> {
        Ok(if self.at_least(other)? { self } else { other })
    }

    /// The digits without the currency: `12.50`, or `1300` for a zero-decimal currency.
    #[must_use]
    pub fn digits(self) -> String {
        let exponent = usize::try_from(self.currency.exponent()).unwrap_or(2);
        if exponent == 0 {
            return self.minor.to_string();
        }
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!(
            "{:0>width$}",
            self.minor.unsigned_abs(),
            width = exponent + 1
        );
        let (whole, cents) = digits.split_at(digits.len() - exponent);
        format!("{sign}{whole}.{cents}")
    }

    /// A JSON number with at most two decimals (`270`, `54.5`), as the reply contract wants it.
    #[must_use]
    pub fn to_json_number(self) -> serde_json::Number {
        if self.is_zero() {
            return 0.into();
        }
        let digits = self.digits();
        let short = if digits.contains('.') {
            digits.trim_end_matches('0').trim_end_matches('.')
        } else {
            &digits
        };
        serde_json::from_str(short).unwrap_or_else(|_| self.minor.into())
    }

    fn same(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Mixed(self.currency, other.currency))
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.digits(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p14_digits_follow_the_currency() {
        assert_eq!(Money::eur(5).digits(), "0.05");
        assert_eq!(Money::eur(-1_250).digits(), "-12.50");
        assert_eq!(
            Money::new(1300, Currency::parse("jpy").unwrap()).to_string(),
            "1300 JPY"
        );
    }

    #[test]
    fn sums_are_json_numbers_with_at_most_two_decimals() {
        assert_eq!(Money::eur(27_000).to_json_number().to_string(), "270");
        assert_eq!(Money::eur(5_450).to_json_number().to_string(), "54.5");
        assert_eq!(Money::eur(5_455).to_json_number().to_string(), "54.55");
        assert_eq!(Money::eur(0).to_json_number().to_string(), "0");
    }

    #[test]
    fn overflow_is_an_error_not_a_wrap() {
        assert_eq!(
            Money::eur(i64::MAX).plus(Money::eur(1)),
            Err(MoneyError::Overflow)
        );
        assert_eq!(Money::eur(i64::MAX).times(2), Err(MoneyError::Overflow));
    }
}
