//! The guard, called alone: today's model output in, safe reply out.

use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyList, PyString, PyType},
};
use x8_assistant::guard::{self, Context, Finding};

use crate::{
    catalogue::Catalogue,
    convert::{json_text, read, to_python},
};

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
        let context: Context = read("guard.check", "context", context)?;
        let raw = output(reply)?;
        let verdict = py.detach(|| self.guard.check(&raw, &context));
        Ok(Verdict {
            verdict,
            reply: PyOnceLock::new(),
        })
    }
}

/// What a model said, as text. Halves of characters, which broken JSON may hold, are no reason to fail.
pub(crate) fn output(said: &Bound<'_, PyAny>) -> PyResult<String> {
    match said.cast::<PyString>() {
        Ok(text) => Ok(text.to_string_lossy().into_owned()),
        Err(_not_text) => json_text("guard.check", "reply", said),
    }
}

/// What the guard made of a reply.
#[pyclass(frozen, module = "x8")]
pub(crate) struct Verdict {
    verdict: guard::Verdict,
    /// Made when it is first asked for.
    reply: PyOnceLock<Py<PyAny>>,
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
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let findings = self.verdict.findings.iter();
        let findings: PyResult<Vec<_>> = findings.map(|one| finding(py, one)).collect();
        PyList::new(py, findings?)
    }

    fn __repr__(&self) -> String {
        let refused = if self.refused() { "True" } else { "False" };
        let count = self.verdict.findings.len();
        format!("Verdict(refused={refused}, findings={count})")
    }
}

/// The package's own class: a dict whose keys are attributes too.
fn finding<'py>(py: Python<'py>, finding: &Finding) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(py, "x8._finding", "Finding")?;
    class.call1((to_python(py, finding)?.cast_into::<PyDict>()?,))
}
