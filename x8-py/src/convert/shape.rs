//! What a Python value is, seen as JSON: the one place that knows decimals, times, enums, dataclasses and models.

use pyo3::{
    prelude::*,
    types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple},
};

/// Deeper values are refused: they may hold themselves.
pub(super) const DEEPEST: usize = 64;

/// A value, as JSON knows it.
pub(super) enum Shape<'py> {
    Null,
    Bool(bool),
    Whole(i64),
    /// A number in JSON's own spelling, which no machine number may hold.
    Digits(String),
    Number(f64),
    Text(Bound<'py, PyString>),
    /// Written as text: a time.
    Words(String),
    Items(Bound<'py, PyAny>),
    Entries(Bound<'py, PyDict>),
}

/// What a value is; an error says what it is instead.
pub(super) fn shape<'py>(value: &Bound<'py, PyAny>) -> Result<Shape<'py>, String> {
    // Two steps are enough for a model in an enum; what answers with another object for ever is refused.
    let mut value = value.clone();
    for _ in 0..DEEPEST {
        match plain(&value) {
            Some(shape) => return Ok(shape),
            None => match other(&value)? {
                Other::Shape(shape) => return Ok(shape),
                Other::Instead(next) => value = next,
            },
        }
    }
    Err("nested too deeply".to_owned())
}

/// JSON's own types, and what is derived from them.
fn plain<'py>(value: &Bound<'py, PyAny>) -> Option<Shape<'py>> {
    if let Ok(text) = value.cast::<PyString>() {
        return Some(Shape::Text(text.clone()));
    }
    if value.is_none() {
        return Some(Shape::Null);
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Some(Shape::Bool(flag.is_true()));
    }
    if let Ok(dict) = value.cast::<PyDict>() {
        return Some(Shape::Entries(dict.clone()));
    }
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        return Some(Shape::Items(value.clone()));
    }
    if let Ok(number) = value.cast::<PyInt>() {
        return number.extract().ok().map(Shape::Whole);
    }
    let number = value.cast::<PyFloat>().ok()?;
    Some(float(number.value()))
}

/// Numbers that JSON has no word for are nothing.
fn float(number: f64) -> Shape<'static> {
    if number.is_finite() {
        Shape::Number(number)
    } else {
        Shape::Null
    }
}

enum Other<'py> {
    Shape(Shape<'py>),
    /// Read this in its place.
    Instead(Bound<'py, PyAny>),
}

/// Values that are not JSON's own: large integers, decimals, times, enums, dataclasses, Pydantic models, sets, other
/// mappings.
fn other<'py>(value: &Bound<'py, PyAny>) -> Result<Other<'py>, String> {
    let told = |error: PyErr| error.to_string();
    read(value).map_err(told)?.ok_or_else(|| {
        let name = value.get_type().name();
        let name = name.map_or_else(told, |name| name.to_string_lossy().into_owned());
        format!("a value of type {name} cannot be read")
    })
}

fn read<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Other<'py>>> {
    let py = value.py();
    let name = value.get_type().name()?.to_string_lossy().into_owned();
    // A class has the attributes of its objects, and is none.
    if value.hasattr("__mro__")? {
        return Ok(None);
    }
    if value.is_instance_of::<PyInt>() {
        // A subclass may print itself as something else.
        let digits = py.get_type::<PyInt>().call_method1("__repr__", (value,))?;
        return Ok(Some(Other::Shape(Shape::Digits(digits.extract()?))));
    }
    if name == "Decimal" {
        let finite = value.call_method0("is_finite")?.is_truthy()?;
        let digits = value.str()?.to_string_lossy().into_owned();
        let shape = if finite {
            Shape::Digits(digits)
        } else {
            Shape::Null
        };
        return Ok(Some(Other::Shape(shape)));
    }
    let instead = if value.hasattr("model_dump")? {
        value.call_method0("model_dump")?
    } else if value.hasattr("__dataclass_fields__")? {
        let dataclasses = py.import("dataclasses")?;
        dataclasses.call_method1("asdict", (value,))?
    } else if value.hasattr("isoformat")? {
        let words = value.call_method0("isoformat")?.extract()?;
        return Ok(Some(Other::Shape(Shape::Words(words))));
    } else if value.is_instance(&py.import("enum")?.getattr("Enum")?)? {
        value.getattr("value")?
    } else if let Ok(mapping) = value.cast::<PyMapping>() {
        let dict = PyDict::from_sequence(mapping.items()?.as_any())?;
        dict.into_any()
    } else if name == "set" || name == "frozenset" {
        return Ok(Some(Other::Shape(Shape::Items(value.clone()))));
    } else if value.hasattr("__index__")? {
        value.call_method0("__index__")?
    } else {
        return Ok(None);
    };
    Ok(Some(Other::Instead(instead)))
}

/// A dict's key as text.
pub(super) fn key(key: &Bound<'_, PyAny>) -> Result<String, String> {
    match key.cast::<PyString>() {
        Ok(text) => Ok(text.to_string_lossy().into_owned()),
        Err(_not_text) => match key.str() {
            Ok(text) => Ok(text.to_string_lossy().into_owned()),
            Err(error) => Err(error.to_string()),
        },
    }
}
