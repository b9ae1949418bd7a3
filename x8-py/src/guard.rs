//! The guard, called alone: today's model output in, safe reply out.

use std::borrow::Cow;

use pyo3::{prelude::*, types::PyString};
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

    /// Checks a model's output (text or dict) in the context of its turn (a dict, or its JSON text).
    fn check(
        &self,
        py: Python<'_>,
        reply: &Bound<'_, PyAny>,
        context: &Bound<'_, PyAny>,
    ) -> PyResult<Verdict> {
        let context = read_context(context)?;
        let raw = read_reply(reply)?;
        let verdict = py.detach(|| self.guard.check(&raw, &context));
        Ok(Verdict { verdict })
    }

    /// Compares a reply's sums with the rows and measures its words, and nothing else: the findings, empty when all is right.
    #[pyo3(signature = (reply, channel=""))]
    fn check_figures<'py>(
        &self,
        py: Python<'py>,
        reply: &Bound<'py, PyAny>,
        channel: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let raw = read_reply(reply)?;
        let found = py.detach(|| self.guard.check_figures(&raw, channel));
        Ok(pythonize(py, &found.findings)?)
    }
}

fn read_context(context: &Bound<'_, PyAny>) -> PyResult<Context> {
    let wrong = |error: String| invalid("guard.context", error);
    match context.cast::<PyString>() {
        Ok(text) => {
            serde_json::from_str(text.to_cow()?.as_ref()).map_err(|error| wrong(error.to_string()))
        }
        Err(_not_text) => depythonize(context).map_err(|error| wrong(error.to_string())),
    }
}

fn read_reply<'a>(reply: &'a Bound<'_, PyAny>) -> PyResult<Cow<'a, str>> {
    if let Ok(text) = reply.cast::<PyString>() {
        return text.to_cow();
    }
    let value: serde_json::Value =
        depythonize(reply).map_err(|error| invalid("guard.reply", error.to_string()))?;
    Ok(value.to_string().into())
}

/// What the guard made of a reply. Its parts become Python objects when they are asked for.
#[pyclass(frozen, module = "x8")]
pub(crate) struct Verdict {
    verdict: guard::Verdict,
}

#[pymethods]
impl Verdict {
    /// The safe reply with the contract's keys, or None.
    #[getter]
    fn reply<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        // Through JSON's own numbers: sums are not floats before they are written.
        let reply = serde_json::to_value(&self.verdict.reply)
            .map_err(|error| invalid("guard.verdict", error.to_string()))?;
        Ok(pythonize(py, &reply)?)
    }

    /// Whether nothing may be sent.
    #[getter]
    fn refused(&self) -> bool {
        self.verdict.refused()
    }

    /// What was wrong and what was done: dicts of rule, action, evidence.
    #[getter]
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(pythonize(py, &self.verdict.findings)?)
    }

    /// The whole verdict as JSON text: `reply`, `refused`, `findings`.
    fn json(&self) -> PyResult<String> {
        serde_json::to_string(&self.verdict)
            .map_err(|error| invalid("guard.verdict", error.to_string()))
    }

    fn __repr__(&self) -> String {
        format!(
            "Verdict(refused={}, findings={})",
            if self.refused() { "True" } else { "False" },
            self.verdict.findings.len()
        )
    }
}
