//! Reading fields out of JSON, with errors that name where and what.

use jiff::Timestamp;
use serde_json::Value;
use x8_core::{Error, Result};

/// An item error about one field.
pub(super) fn wrong(item: &Value, path: &'static str, want: &'static str) -> Error {
    let found = item
        .pointer(path)
        .map_or_else(|| "nothing".to_owned(), |value| clip(&value.to_string()));
    Error::invalid("waha.parse", format!("{path} must be {want}"))
        .with("field", path)
        .with("found", found)
}

/// Keeps hostile input short in errors and kinds.
pub(super) fn clip(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_control())
        .take(80)
        .collect()
}

/// A field that must be text with something in it.
pub(super) fn text<'a>(item: &'a Value, path: &'static str) -> Result<&'a str> {
    maybe(item, path).ok_or_else(|| wrong(item, path, "text"))
}

/// A field that may be text. Databases refuse NUL, so a name or id with one is none.
pub(super) fn maybe<'a>(item: &'a Value, path: &str) -> Option<&'a str> {
    let text = item.pointer(path)?.as_str()?;
    (!text.trim().is_empty() && !text.contains('\0')).then_some(text)
}

/// Whether the field is absent or `null`.
pub(super) fn is_none(item: &Value, path: &str) -> bool {
    item.pointer(path).is_none_or(Value::is_null)
}

/// 2009, when WhatsApp began, and 2100: a time outside is a defect, not a date.
const PLAUSIBLE: std::ops::Range<i64> = 1_230_768_000..4_102_444_800;

/// A moment in seconds (whole or fractional) or milliseconds.
pub(super) fn moment(item: &Value, path: &'static str) -> Result<Timestamp> {
    let want = "a time between 2009 and 2100, in seconds or milliseconds";
    let number = item.pointer(path).and_then(decimal);
    number
        .and_then(|(whole, nanos)| timestamp(whole, nanos))
        .ok_or_else(|| wrong(item, path, want))
}

/// A number, or a number as text, as its whole part and billionths.
fn decimal(value: &Value) -> Option<(i64, i32)> {
    let written = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanos: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    Some((whole.parse().ok()?, nanos.parse().ok()?))
}

fn timestamp(whole: i64, nanos: i32) -> Option<Timestamp> {
    if PLAUSIBLE.contains(&whole) {
        return Timestamp::new(whole, nanos).ok();
    }
    let seconds = whole.checked_div(1000)?;
    PLAUSIBLE
        .contains(&seconds)
        .then(|| Timestamp::from_millisecond(whole).ok())
        .flatten()
}
