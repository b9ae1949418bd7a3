//! The guard, called alone: today's model output in, safe reply out.

use pyo3::prelude::*;
use pythonize::{depythonize, pythonize};
use x8_assistant::guard::{self, Context};

use crate::{catalogue::Catalogue, error::invalid};

/// Checks replies against one catalogue.
#[pyclass(frozen, module = "x8")]
pub(crate) struct Guard {
    guard: guard::Guard,
}

#[pymethods]
impl Guard {
    #[new]
    fn new(py: Python<'_>, catalogue: &Bound<'_, Catalogue>) -> Self {
        let catalog = catalogue.get().shared();
        Self {
            guard: py.detach(|| guard::Guard::new(catalog)),
        }
    }

    /// Checks a model's output (text or dict) in the context of its turn.
    fn check(
        &self,
        py: Python<'_>,
        reply: &Bound<'_, PyAny>,
        context: &Bound<'_, PyAny>,
    ) -> PyResult<Verdict> {
        let context: Context =
            depythonize(context).map_err(|error| invalid("guard.context", error.to_string()))?;
        let raw = match reply.extract::<String>() {
            Ok(text) => text,
            Err(_not_text) => {
                let value: serde_json::Value = depythonize(reply)
                    .map_err(|error| invalid("guard.reply", error.to_string()))?;
                value.to_string()
            }
        };
        let verdict = py.detach(|| self.guard.check(&raw, &context));
        let json = serde_json::to_value(&verdict)
            .map_err(|error| invalid("guard.verdict", error.to_string()))?;
        Ok(Verdict {
            refused: verdict.refused(),
            json,
        })
    }
}

/// What the guard made of a reply.
#[pyclass(frozen, module = "x8")]
pub(crate) struct Verdict {
    refused: bool,
    json: serde_json::Value,
}

impl Verdict {
    fn part<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        Ok(pythonize(
            py,
            self.json.get(key).unwrap_or(&serde_json::Value::Null),
        )?)
    }
}

#[pymethods]
impl Verdict {
    /// The safe reply with the contract's keys, or None.
    #[getter]
    fn reply<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.part(py, "reply")
    }

    /// Whether nothing may be sent.
    #[getter]
    fn refused(&self) -> bool {
        self.refused
    }

    /// What was wrong and what was done: dicts of rule, action, evidence.
    #[getter]
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.part(py, "findings")
    }

    fn __repr__(&self) -> String {
        let count = self
            .json
            .get("findings")
            .and_then(serde_json::Value::as_array)
            .map_or(0, Vec::len);
        format!(
            "Verdict(refused={}, findings={count})",
            if self.refused { "True" } else { "False" }
        )
    }
}
