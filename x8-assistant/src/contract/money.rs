//! Sums as JSON numbers in euros with at most two decimals; never through a float.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use x8_core::Money;

pub(super) fn serialize<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
    money.to_json_number().serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    cents(&number.to_string()).map(Money::eur).ok_or_else(|| {
        D::Error::custom(format!("`{number}` is not a sum with at most two decimals"))
    })
}

/// Cents of a plain decimal: `270`, `270.0`, `54.5`.
pub(super) fn cents(digits: &str) -> Option<i64> {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = part.trim_end_matches('0');
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = whole.strip_prefix('-').unwrap_or(whole);
    if part.len() > 2 || unsigned.is_empty() || !all_digits(unsigned) || !all_digits(part) {
        return None;
    }
    format!("{whole}{part:0<2}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::cents;

    #[test]
    fn g3_sums_are_read_without_floats() {
        assert_eq!(cents("270"), Some(27_000));
        assert_eq!(cents("270.0"), Some(27_000));
        assert_eq!(cents("54.5"), Some(5_450));
        assert_eq!(cents("-0.05"), Some(-5));
        assert_eq!(cents("1e3"), None);
        assert_eq!(cents("1.005"), None);
        assert_eq!(cents(""), None);
    }
}
