//! Whole turns: the native half of `x8.Assistant`.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use jiff::Timestamp;
use pyo3::prelude::*;
use tokio::task::AbortHandle;
use uuid::Uuid;
use x8_assistant::{
    agenda::{hear, plan},
    model::ChatModel,
    phrases::Phrases,
    pipeline::TurnPipeline,
    prompt::{PromptWriter, Prompts, window},
    understand::Lexicon,
};
use x8_core::{
    Error, Result,
    behaviour::Behaviour,
    catalog::Catalog,
    id::{CatalogId, ConversationId, TurnId},
    port::{Assistant, TurnInput},
    tenant::Company,
    turn::TurnLimits,
};

use crate::{
    catalogue::Catalogue,
    company::company,
    convert::{read, to_python},
    error::raise,
    interpreter,
    model::{CALLS, PythonModel},
    prompt,
    runtime::{Sleep, runtime},
    session::Kept,
    turn::{Asked, outcome},
};

const OPERATION: &str = "assistant.reply";

/// One company's pipeline over one catalogue; see `x8.Assistant`, which awaits its turns.
#[pyclass(frozen, module = "x8")]
pub(crate) struct NativeAssistant {
    pipeline: Arc<TurnPipeline>,
    catalog: Arc<Catalog>,
    company: Company,
    behaviour: Behaviour,
    prompts: Arc<Prompts>,
    /// For prompts alone; a turn has its own. Made when it is first asked for.
    lexicon: OnceLock<Lexicon>,
}

#[pymethods]
impl NativeAssistant {
    /// `model`: the name of the Python model, None for the guided one; `timeout`: milliseconds for one call of it.
    #[new]
    fn new(
        py: Python<'_>,
        catalogue: &Bound<'_, Catalogue>,
        company: Option<&Bound<'_, PyAny>>,
        model: Option<&str>,
        timeout: u64,
    ) -> PyResult<Self> {
        let shared = catalogue.get().shared();
        let (company, behaviour) = self::company(company, &shared)?;
        // A detached catalogue is read anew in every turn; this one is a version of its own.
        let (id, name) = (CatalogId(1), company.name.clone());
        let catalog =
            py.detach(|| Catalog::new(id, company.id, 1, name, shared.offerings().to_vec()));
        let prompts = Arc::new(Prompts::new().map_err(|error| raise(&error))?);
        let phrases = Arc::new(Phrases::new().map_err(|error| raise(&error))?);
        let pipeline = match model {
            None => TurnPipeline::guided(phrases),
            Some(name) => {
                let model = PythonModel::new(name, Duration::from_millis(timeout));
                let model: Arc<dyn ChatModel> = Arc::new(model);
                let writer: Arc<dyn PromptWriter> = Arc::<Prompts>::clone(&prompts);
                TurnPipeline::new(model, phrases)
                    .with_prompts(writer)
                    .with_timer(Arc::new(Sleep))
            }
        };
        Ok(Self {
            pipeline: Arc::new(pipeline),
            catalog: Arc::new(catalog),
            company,
            behaviour,
            prompts,
            lexicon: OnceLock::new(),
        })
    }

    /// Begins a turn and returns at once; `calls.done` hears of its end, in the caller's event loop.
    fn start(&self, turn: &Bound<'_, PyAny>, calls: Py<PyAny>) -> PyResult<Running> {
        let (input, before) = self.input(turn)?;
        if interpreter::is_closed() {
            // Nobody would hear of its end.
            let gone = Error::unavailable(OPERATION, "Python is shutting down");
            return Err(raise(&gone));
        }
        let runtime = runtime()?;
        let calls = Arc::new(calls);
        let pipeline = Arc::clone(&self.pipeline);
        let work = async move {
            let answer = pipeline.answer(&input).await?;
            outcome(&answer, &input.catalog, before)
        };
        let work = runtime.spawn(CALLS.scope(Arc::clone(&calls), work));
        let abort = work.abort_handle();
        let _detached = runtime.spawn(async move {
            let came = match work.await {
                Ok(came) => came,
                // Aborted: nobody waits.
                Err(end) if end.is_cancelled() => return,
                Err(end) => Err(Error::internal(OPERATION, end)),
            };
            tell(&calls, came);
        });
        Ok(Running { abort })
    }

    /// The prompt that a language model would get for this turn: `version`, `system`, `messages`.
    fn prompt<'py>(
        &self,
        py: Python<'py>,
        turn: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (input, _kept) = self.input(turn)?;
        let written = py.detach(|| {
            let lexicon = self.lexicon.get_or_init(|| Lexicon::new(&input.catalog));
            let decided = plan(&input, lexicon, &hear(&input, lexicon));
            let told = TurnInput {
                session: decided.session.clone(),
                ..input.clone()
            };
            self.prompts.write(&told, &decided, &window(&input.history))
        });
        to_python(
            py,
            &prompt::prompt(&written.map_err(|error| raise(&error))?),
        )
    }
}

impl NativeAssistant {
    fn input(&self, turn: &Bound<'_, PyAny>) -> PyResult<(TurnInput, Kept)> {
        let asked: Asked = read(OPERATION, "turn", turn)?;
        self.turn(asked).map_err(|error| raise(&error))
    }

    fn turn(&self, asked: Asked) -> Result<(TurnInput, Kept)> {
        let now = asked.now.unwrap_or_else(Timestamp::now);
        let (history, burst) = asked.conversation(now)?;
        let (platform, sender) = (asked.platform()?, asked.identity());
        let kept = asked.session.unwrap_or_default();
        let agreed = kept.order.as_ref();
        let input = TurnInput {
            // Nothing is stored under it, and the same turn must give the same answer.
            turn: TurnId(Uuid::nil()),
            company: self.company.clone(),
            conversation: ConversationId(1),
            platform,
            sender,
            token: asked.token,
            instance_id: asked.instance_id,
            burst,
            history,
            session: kept.told.clone(),
            catalog: Arc::clone(&self.catalog),
            order: agreed.and_then(|order| order.order(asked.payment_status, now)),
            payment_status: asked.payment_status,
            behaviour: self.behaviour.clone(),
            now,
            limits: TurnLimits::default(),
        };
        Ok((input, kept))
    }
}

/// Hands the end of a turn to the event loop that waits for it, if there still is one.
fn tell(calls: &Py<PyAny>, came: Result<serde_json::Value>) {
    let _told = interpreter::attach(|py| {
        let came = came.map_err(|error| raise(&error));
        match came.and_then(|came| to_python(py, &came)) {
            Ok(came) => calls.call_method1(py, "done", (came, py.None())),
            Err(error) => calls.call_method1(py, "done", (py.None(), error.into_value(py))),
        }
        .is_ok()
    });
}

/// A turn under way.
#[pyclass(frozen, module = "x8")]
pub(crate) struct Running {
    abort: AbortHandle,
}

#[pymethods]
impl Running {
    /// Gives the turn up, with the call of a model it waits for; nothing happens when it is over.
    fn abort(&self) {
        self.abort.abort();
    }
}
