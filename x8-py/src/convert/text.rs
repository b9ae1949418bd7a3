//! Python values as JSON text.

use pyo3::prelude::*;
use serde_json::Value;

use super::shape::{DEEPEST, Shape, key, shape};
use crate::error::invalid;

/// A Python value as JSON text. NaN and infinities are `null`; lone surrogates become U+FFFD.
pub(crate) fn json_text(
    operation: &'static str,
    name: &str,
    value: &Bound<'_, PyAny>,
) -> PyResult<String> {
    let mut out = String::with_capacity(1024);
    write(&mut out, value, 0).map_err(|mut flaw| {
        flaw.path.push(name.to_owned());
        flaw.path.reverse();
        invalid(operation, format!("{}: {}", flaw.path.join("."), flaw.what))
    })?;
    Ok(out)
}

/// What cannot be written, and where; the path is collected from the inside out.
struct Flaw {
    path: Vec<String>,
    what: String,
}

impl Flaw {
    fn within(mut self, key: impl Into<String>) -> Self {
        self.path.push(key.into());
        self
    }
}

impl From<String> for Flaw {
    fn from(what: String) -> Self {
        Self {
            path: Vec::new(),
            what,
        }
    }
}

fn write(out: &mut String, value: &Bound<'_, PyAny>, depth: usize) -> Result<(), Flaw> {
    if depth > DEEPEST {
        return Err("nested too deeply".to_owned().into());
    }
    match shape(value)? {
        Shape::Null => out.push_str("null"),
        Shape::Bool(flag) => out.push_str(if flag { "true" } else { "false" }),
        Shape::Whole(number) => out.push_str(&number.to_string()),
        Shape::Digits(digits) => out.push_str(&digits),
        Shape::Number(number) => out.push_str(&Value::from(number).to_string()),
        Shape::Text(text) => quote(out, &text.to_string_lossy()),
        Shape::Words(words) => quote(out, &words),
        Shape::Items(list) => items(out, &list, depth)?,
        Shape::Entries(dict) => {
            out.push('{');
            for (at, (name, value)) in dict.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                let name = key(&name)?;
                quote(out, &name);
                out.push(':');
                write(out, &value, depth + 1).map_err(|flaw| flaw.within(name))?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// Most texts need no escapes; those are copied.
fn quote(out: &mut String, text: &str) {
    if text
        .bytes()
        .any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\'))
    {
        out.push_str(&Value::from(text).to_string());
        return;
    }
    out.push('"');
    out.push_str(text);
    out.push('"');
}

fn items(out: &mut String, list: &Bound<'_, PyAny>, depth: usize) -> Result<(), Flaw> {
    let told = |error: PyErr| error.to_string();
    out.push('[');
    for (at, item) in list.try_iter().map_err(told)?.enumerate() {
        if at > 0 {
            out.push(',');
        }
        let item = item.map_err(told)?;
        write(out, &item, depth + 1).map_err(|flaw| flaw.within(at.to_string()))?;
    }
    out.push(']');
    Ok(())
}
