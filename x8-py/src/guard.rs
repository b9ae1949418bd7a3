//! The guard, called alone: today's model output in, safe reply out.

use std::{borrow::Cow, num::NonZero, panic::resume_unwind, thread};

use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyString, PyTuple},
};
use x8_assistant::guard::{self, Context};

use crate::{
    catalogue::Catalogue,
    convert::{json_text, read},
};

mod verdict;

pub(crate) use verdict::{Figures, Verdict};

const OPERATION: &str = "guard.check";

/// Fewer replies than these are not worth a thread of their own.
const FEWEST: usize = 8;

/// Checks replies against one catalogue. Making one reads every row, so make it once per catalogue version and keep it:
/// any number of threads may check with it at once.
#[pyclass(frozen, module = "x8")]
pub(crate) struct Guard {
    guard: guard::Guard,
    rows: usize,
}

#[pymethods]
impl Guard {
    #[new]
    fn new(py: Python<'_>, catalogue: &Bound<'_, PyAny>) -> PyResult<Self> {
        let Ok(catalogue) = catalogue.cast::<Catalogue>() else {
            let kind = catalogue.get_type().name()?;
            let what = format!(
                "catalogue: a Catalogue is needed, such as import_catalogue(…).catalogue, not {kind}"
            );
            return Err(PyTypeError::new_err(what));
        };
        let catalog = catalogue.get().shared();
        Ok(Self {
            rows: catalog.offerings().len(),
            guard: py.detach(|| guard::Guard::new(catalog)),
        })
    }

    /// Checks a model's output (text or dict) in the context of its turn.
    ///
    /// The context's keys, all optional, others ignored: `channel`, `sender`, `token`, `instance_id`, `language`,
    /// `customer_text`, `payment_status`, `cart` (list of {sku, quantity}), `known` ({name, phone, city}), `refused_place`,
    /// `privacy_policy_sent`, `shown_images`, `link_sent`, `conversation_first`, `open_order`, `told`. A wrong type raises
    /// `InvalidError`, which names the key.
    fn check(
        &self,
        py: Python<'_>,
        reply: &Bound<'_, PyAny>,
        context: &Bound<'_, PyAny>,
    ) -> PyResult<Verdict> {
        let context: Context = read(OPERATION, "context", context)?;
        let said = output(reply)?;
        let verdict = py.detach(|| self.guard.check(&said, &context));
        Ok(Verdict::new(verdict))
    }

    /// Checks many (reply, context) pairs at once, on every processor; the verdicts come in the order of the pairs.
    fn check_many(&self, py: Python<'_>, checks: &Bound<'_, PyAny>) -> PyResult<Vec<Verdict>> {
        let pairs: Vec<Bound<'_, PyAny>> = checks.try_iter()?.collect::<PyResult<_>>()?;
        let mut asked = Vec::with_capacity(pairs.len());
        for (at, pair) in pairs.iter().enumerate() {
            asked.push(self::pair(at, pair)?);
        }
        let verdicts = py.detach(|| all(&self.guard, &asked));
        Ok(verdicts.into_iter().map(Verdict::new).collect())
    }

    /// The narrow check: the sums and the length alone, for hosts that write their own words. A reply that passes may still
    /// name a wrong price in a sentence; only `check` finds that.
    fn check_figures(
        &self,
        py: Python<'_>,
        reply: &Bound<'_, PyAny>,
        channel: &str,
    ) -> PyResult<Figures> {
        let said = output(reply)?;
        let found = py.detach(|| self.guard.check_figures(&said, channel));
        Ok(Figures::new(found))
    }

    fn __repr__(&self) -> String {
        format!("Guard({} rows)", self.rows)
    }
}

/// One thing to check: a model's output and its turn.
type Asked = (String, Context);

fn pair(at: usize, pair: &Bound<'_, PyAny>) -> PyResult<Asked> {
    let Ok((reply, context)) = pair.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>() else {
        let kind = pair.get_type().name()?;
        let long = pair
            .cast::<PyTuple>()
            .map_or(String::new(), |tuple| format!(" of {}", tuple.len()));
        let what = format!("checks[{at}]: a pair of reply and context is needed, not {kind}{long}");
        return Err(PyTypeError::new_err(what));
    };
    let context = read(OPERATION, &format!("checks[{at}].context"), &context)?;
    Ok((output(&reply)?.into_owned(), context))
}

fn all(guard: &guard::Guard, asked: &[Asked]) -> Vec<guard::Verdict> {
    let check = |(said, context): &Asked| guard.check(said, context);
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let lanes = (asked.len() / FEWEST).clamp(1, processors);
    if lanes == 1 {
        return asked.iter().map(check).collect();
    }
    thread::scope(|scope| {
        let mut work = Vec::with_capacity(lanes);
        for part in asked.chunks(asked.len().div_ceil(lanes)) {
            work.push(scope.spawn(move || Vec::from_iter(part.iter().map(check))));
        }
        let verdicts = work.into_iter().flat_map(|lane| match lane.join() {
            Ok(verdicts) => verdicts,
            Err(panic) => resume_unwind(panic),
        });
        verdicts.collect()
    })
}

/// What a model said, as text. Halves of characters, which broken JSON may hold, are no reason to fail.
pub(crate) fn output<'a>(said: &'a Bound<'_, PyAny>) -> PyResult<Cow<'a, str>> {
    match said.cast::<PyString>() {
        Ok(text) => Ok(text.to_string_lossy()),
        Err(_not_text) => json_text(OPERATION, "reply", said).map(Cow::Owned),
    }
}
