//! Python values in and out.
//!
//! What comes in is read as the JSON it would be, so that Python callers get the rules of HTTP and of the command line, and
//! a Decimal keeps its digits.

use pyo3::prelude::*;
use pythonize::pythonize;
use serde::{Serialize, de::DeserializeOwned};

use crate::error::invalid;

mod plain;
mod shape;
mod text;

use plain::Plain;
use shape::{Shape, shape};
pub(crate) use text::json_text;

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
    let seen = shape(value).map_err(|what| invalid(operation, format!("{name}: {what}")))?;
    let Shape::Entries(dict) = seen else {
        let kind = value.get_type().name()?;
        let what = format!("{name}: a dict is needed, not {kind}");
        return Err(invalid(operation, what));
    };
    // The way to the wrong key costs time, so it is looked for only when something is wrong.
    T::deserialize(Plain::new(dict.as_any())).or_else(|_wrong| {
        serde_path_to_error::deserialize(Plain::new(dict.as_any())).map_err(|error| {
            let path = error.path().to_string();
            let place = if path == "." {
                String::new()
            } else {
                format!(".{path}")
            };
            invalid(operation, format!("{name}{place}: {}", error.inner()))
        })
    })
}
