//! A language model written in Python, as the pipeline sees it.

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use pyo3::prelude::*;
use tokio::sync::oneshot;
use x8_assistant::model::{ChatModel, ModelOutput, ModelRequest};
use x8_core::{Error, Result};

use crate::{convert::to_python, guard::output, interpreter, prompt};

const OPERATION: &str = "model.complete";

tokio::task_local! {
    /// The Python side of the turn that runs in this task (`x8._calls.Calls`).
    pub(crate) static CALLS: Arc<Py<PyAny>>;
}

/// Calls a coroutine function in the event loop that waits for the turn.
pub(crate) struct PythonModel {
    name: String,
    timeout: Duration,
}

impl PythonModel {
    pub(crate) fn new(name: &str, timeout: Duration) -> Self {
        Self {
            name: format!("python:{name}"),
            timeout,
        }
    }
}

#[async_trait]
impl ChatModel for PythonModel {
    fn name(&self) -> &str {
        &self.name
    }

    async fn complete(&self, request: &ModelRequest<'_>) -> Result<ModelOutput> {
        let gone = |why: &'static str| Error::unavailable(OPERATION, why);
        let calls = CALLS
            .try_with(Arc::clone)
            .map_err(|_outside| gone("nobody waits for this turn"))?;
        let (said, answer) = oneshot::channel();
        let asked = prompt::request(request);
        let call = interpreter::attach(|py| Call::begin(py, calls, said, &asked))
            .ok_or_else(|| gone("Python is shutting down"))?
            .map_err(|error| Error::unavailable(OPERATION, format!("not called: {error}")))?;
        let heard = tokio::time::timeout(self.timeout, answer).await;
        drop(call);
        match heard {
            Ok(Ok(Ok(text))) => Ok(ModelOutput::free(&*self.name, text)),
            Ok(Ok(Err(why))) => Err(Error::unavailable(OPERATION, why)),
            Ok(Err(_dropped)) => Err(gone("the model was given up")),
            Err(_late) => Err(gone("no answer in time")),
        }
    }
}

/// One call; dropping it cancels the coroutine, if that still runs.
struct Call {
    calls: Arc<Py<PyAny>>,
    answer: Py<Answer>,
}

impl Call {
    fn begin(
        py: Python<'_>,
        calls: Arc<Py<PyAny>>,
        said: oneshot::Sender<Said>,
        asked: &serde_json::Value,
    ) -> PyResult<Self> {
        let said = Mutex::new(Some(said));
        let answer = Py::new(py, Answer { said })?;
        calls.call_method1(py, "begin", (to_python(py, asked)?, answer.clone_ref(py)))?;
        Ok(Self { calls, answer })
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        // The loop may be closed and the interpreter gone; then nothing runs that could be cancelled.
        let _ended = interpreter::attach(|py| {
            let answer = self.answer.clone_ref(py);
            self.calls.call_method1(py, "end", (answer,)).is_ok()
        });
    }
}

/// The output, or why there is none.
type Said = std::result::Result<String, String>;

/// Where a coroutine leaves what its model said. The first word counts.
#[pyclass(frozen, module = "x8")]
pub(crate) struct Answer {
    said: Mutex<Option<oneshot::Sender<Said>>>,
}

impl Answer {
    fn give(&self, said: Said) {
        let waiting = self
            .said
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(waiting) = waiting {
            // Nobody waits any more when the turn went on without it.
            let _late = waiting.send(said);
        }
    }
}

#[pymethods]
impl Answer {
    /// The model's output: text or a dict.
    fn say(&self, said: &Bound<'_, PyAny>) {
        let said = output(said).map(Cow::into_owned);
        self.give(said.map_err(|error| error.to_string()));
    }

    /// There is none, because of this.
    fn fail(&self, why: String) {
        self.give(Err(why));
    }
}
