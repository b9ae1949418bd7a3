//! What the guard found, as Python objects that are made when they are first asked for.

use pyo3::{
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyList, PyType},
};
use serde::Serialize;
use x8_assistant::guard::{self, Finding};
use x8_core::Error;

use crate::{convert::to_python, error::raise};

/// What the guard made of a reply.
#[pyclass(frozen, eq, module = "x8")]
pub(crate) struct Verdict {
    verdict: guard::Verdict,
    reply: PyOnceLock<Py<PyAny>>,
    findings: Findings,
}

impl Verdict {
    pub(super) fn new(verdict: guard::Verdict) -> Self {
        Self {
            verdict,
            reply: PyOnceLock::new(),
            findings: Findings::new(),
        }
    }
}

impl PartialEq for Verdict {
    fn eq(&self, other: &Self) -> bool {
        self.verdict == other.verdict
    }
}

#[pymethods]
impl Verdict {
    /// The safe reply with the contract's keys, or None.
    #[getter]
    fn reply(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let made = self
            .reply
            .get_or_try_init(py, || to_python(py, &self.verdict.reply).map(Bound::unbind));
        made.map(|reply| reply.clone_ref(py))
    }

    /// Whether nothing may be sent.
    #[getter]
    fn refused(&self) -> bool {
        self.verdict.refused()
    }

    /// What was wrong and what was done: rule, action and evidence of each.
    #[getter]
    fn findings(&self, py: Python<'_>) -> PyResult<Py<PyList>> {
        self.findings.get(py, &self.verdict.findings)
    }

    /// The verdict as JSON text: the same bytes as those of the command line and of HTTP.
    fn json(&self) -> PyResult<String> {
        json(&self.verdict)
    }

    fn __repr__(&self) -> String {
        let refused = if self.refused() { "True" } else { "False" };
        let count = self.verdict.findings.len();
        format!("Verdict(refused={refused}, findings={count})")
    }
}

/// What the narrow check found.
#[pyclass(frozen, eq, module = "x8")]
pub(crate) struct Figures {
    figures: guard::Figures,
    findings: Findings,
}

impl Figures {
    pub(super) fn new(figures: guard::Figures) -> Self {
        Self {
            figures,
            findings: Findings::new(),
        }
    }
}

impl PartialEq for Figures {
    fn eq(&self, other: &Self) -> bool {
        self.figures == other.figures
    }
}

#[pymethods]
impl Figures {
    /// Whether nothing is wrong.
    #[getter]
    fn ok(&self) -> bool {
        self.figures.ok()
    }

    /// What is wrong: rule, action and evidence of each.
    #[getter]
    fn findings(&self, py: Python<'_>) -> PyResult<Py<PyList>> {
        self.findings.get(py, &self.figures.findings)
    }

    /// The same as JSON text.
    fn json(&self) -> PyResult<String> {
        json(&self.figures)
    }

    fn __repr__(&self) -> String {
        let ok = if self.ok() { "True" } else { "False" };
        let count = self.figures.findings.len();
        format!("Figures(ok={ok}, findings={count})")
    }
}

fn json(value: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| raise(&Error::internal("guard.print", error)))
}

/// Findings of the package's own class: dicts whose keys are attributes too.
struct Findings(PyOnceLock<Py<PyList>>);

impl Findings {
    fn new() -> Self {
        Self(PyOnceLock::new())
    }

    fn get(&self, py: Python<'_>, found: &[Finding]) -> PyResult<Py<PyList>> {
        let made = self.0.get_or_try_init(py, || {
            let list = PyList::empty(py);
            for one in found {
                list.append(finding(py, one)?)?;
            }
            PyResult::Ok(list.unbind())
        });
        made.map(|list| list.clone_ref(py))
    }
}

fn finding<'py>(py: Python<'py>, finding: &Finding) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let made = CLASS.import(py, "x8._finding", "Finding")?.call0()?;
    let keys = made.cast::<PyDict>()?;
    keys.set_item(intern!(py, "rule"), finding.rule.as_str())?;
    keys.set_item(intern!(py, "action"), finding.action.as_str())?;
    keys.set_item(intern!(py, "evidence"), &finding.evidence)?;
    Ok(made)
}
