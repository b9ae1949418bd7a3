//! Python values in and out.
//!
//! What comes in is written as JSON text first and read from there, so that Python callers get exactly the rules and the
//! messages of HTTP and the command line, and a Decimal keeps its digits.

use pyo3::{
    prelude::*,
    types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple},
};
use pythonize::pythonize;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::error::invalid;

/// Deeper values are refused: they may hold themselves.
const DEEPEST: usize = 64;

/// Serde's data as plain Python.
pub(crate) fn to_python<'py>(
    py: Python<'py>,
    value: &impl Serialize,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(pythonize(py, value)?)
}

/// Reads a dict (or dataclass, or Pydantic model) called `name`; an error names the key that is wrong.
pub(crate) fn read<T: DeserializeOwned>(
    operation: &'static str,
    name: &str,
    value: &Bound<'_, PyAny>,
) -> PyResult<T> {
    let text = json_text(operation, name, value)?;
    if !text.starts_with('{') {
        let kind = value.get_type().name()?;
        return Err(invalid(
            operation,
            format!("{name}: a dict is needed, not {kind}"),
        ));
    }
    // The way to the wrong key costs time, so it is looked for only when something is wrong.
    serde_json::from_str(&text).or_else(|_wrong| {
        let mut again = serde_json::Deserializer::from_str(&text);
        serde_path_to_error::deserialize(&mut again).map_err(|error| {
            let path = error.path().to_string();
            let whole = error.inner().to_string();
            let what = whole.split(" at line ").next().unwrap_or(&whole);
            let place = if path == "." {
                String::new()
            } else {
                format!(".{path}")
            };
            invalid(operation, format!("{name}{place}: {what}"))
        })
    })
}

/// A Python value as JSON text. NaN and infinities are `null`; lone surrogates become U+FFFD.
pub(crate) fn json_text(
    operation: &'static str,
    name: &str,
    value: &Bound<'_, PyAny>,
) -> PyResult<String> {
    let mut out = String::new();
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
    fn new(what: impl Into<String>) -> Self {
        Self {
            path: Vec::new(),
            what: what.into(),
        }
    }

    fn within(mut self, key: impl Into<String>) -> Self {
        self.path.push(key.into());
        self
    }
}

impl From<PyErr> for Flaw {
    fn from(error: PyErr) -> Self {
        Self::new(error.to_string())
    }
}

fn write(out: &mut String, value: &Bound<'_, PyAny>, depth: usize) -> Result<(), Flaw> {
    if depth > DEEPEST {
        return Err(Flaw::new("nested too deeply"));
    }
    if let Ok(text) = value.cast::<PyString>() {
        quote(out, &text.to_string_lossy());
    } else if value.is_none() {
        out.push_str("null");
    } else if let Ok(flag) = value.cast::<PyBool>() {
        out.push_str(if flag.is_true() { "true" } else { "false" });
    } else if let Ok(number) = value.cast::<PyInt>() {
        integer(out, number)?;
    } else if let Ok(number) = value.cast::<PyFloat>() {
        // A number that JSON has no word for is written as `null`.
        out.push_str(&Value::from(number.value()).to_string());
    } else if let Ok(dict) = value.cast::<PyDict>() {
        entries(out, dict.iter().map(Ok), depth)?;
    } else if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        items(out, value, depth)?;
    } else {
        other(out, value, depth)?;
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

fn integer(out: &mut String, number: &Bound<'_, PyInt>) -> Result<(), Flaw> {
    if let Ok(small) = number.extract::<i64>() {
        out.push_str(&small.to_string());
    } else {
        // A subclass may print itself as something else.
        let digits = number
            .py()
            .get_type::<PyInt>()
            .call_method1("__repr__", (number,))?;
        out.push_str(&digits.extract::<String>()?);
    }
    Ok(())
}

fn entries<'py>(
    out: &mut String,
    entries: impl Iterator<Item = PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)>>,
    depth: usize,
) -> Result<(), Flaw> {
    out.push('{');
    for (at, entry) in entries.enumerate() {
        let (key, value) = entry?;
        if at > 0 {
            out.push(',');
        }
        let key = match key.cast::<PyString>() {
            Ok(text) => text.to_string_lossy().into_owned(),
            Err(_not_text) => key.str()?.to_string_lossy().into_owned(),
        };
        quote(out, &key);
        out.push(':');
        write(out, &value, depth + 1).map_err(|flaw| flaw.within(key))?;
    }
    out.push('}');
    Ok(())
}

fn items(out: &mut String, value: &Bound<'_, PyAny>, depth: usize) -> Result<(), Flaw> {
    out.push('[');
    for (at, item) in value.try_iter()?.enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, &item?, depth + 1).map_err(|flaw| flaw.within(at.to_string()))?;
    }
    out.push(']');
    Ok(())
}

/// Values that are not JSON's own: decimals, times, enums, dataclasses, Pydantic models, sets, other mappings.
fn other(out: &mut String, value: &Bound<'_, PyAny>, depth: usize) -> Result<(), Flaw> {
    let kind = value.get_type();
    let name = kind.name()?.to_string_lossy().into_owned();
    let cannot = || Flaw::new(format!("a value of type {name} cannot be read"));
    // A class has the attributes of its objects, and is none.
    if value.hasattr("__mro__")? {
        return Err(cannot());
    }
    if name == "Decimal" {
        let finite = value.call_method0("is_finite")?.is_truthy()?;
        let digits = value.str()?;
        out.push_str(if finite { digits.to_str()? } else { "null" });
    } else if value.hasattr("model_dump")? {
        write(out, &value.call_method0("model_dump")?, depth + 1)?;
    } else if value.hasattr("__dataclass_fields__")? {
        let fields = value
            .py()
            .import("dataclasses")?
            .call_method1("asdict", (value,))?;
        write(out, &fields, depth + 1)?;
    } else if value.hasattr("isoformat")? {
        quote(out, &value.call_method0("isoformat")?.extract::<String>()?);
    } else if value.is_instance(&value.py().import("enum")?.getattr("Enum")?)? {
        write(out, &value.getattr("value")?, depth + 1)?;
    } else if let Ok(mapping) = value.cast::<PyMapping>() {
        let pairs = mapping.items()?;
        let pairs = pairs.iter().map(|pair| pair.extract());
        entries(out, pairs, depth)?;
    } else if name == "set" || name == "frozenset" {
        items(out, value, depth)?;
    } else if value.hasattr("__index__")? {
        write(out, &value.call_method0("__index__")?, depth + 1)?;
    } else {
        return Err(cannot());
    }
    Ok(())
}
