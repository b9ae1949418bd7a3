//! Channel limits and splitting (G2, H4).

use pyo3::prelude::*;
use x8_core::channel::Platform;

use crate::error::{invalid, raise};

/// The longest reply for a source, in user-perceived characters (G2).
#[pyfunction]
pub(crate) fn reply_limit(source: &str) -> usize {
    x8_channels::reply_limit(source)
}

/// Splits text to the platform's own limit, in its own unit, in order (H4).
#[pyfunction]
pub(crate) fn split_text(text: &str, source: &str) -> PyResult<Vec<String>> {
    let platform = Platform::parse(source).ok_or_else(|| {
        let known: Vec<&str> = Platform::ALL.into_iter().map(Platform::source).collect();
        invalid(
            "text.split",
            format!(
                "source `{source}` is not one of {}, gmail",
                known.join(", ")
            ),
        )
    })?;
    x8_channels::split(text, x8_channels::platform_limit(platform)).map_err(|error| raise(&error))
}
