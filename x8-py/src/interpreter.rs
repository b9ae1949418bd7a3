//! The way from our threads into the interpreter, which ends before the interpreter does.
//!
//! A thread that holds or releases the interpreter's lock while the interpreter is being taken down ends the whole process.
//! Nothing waits for threads of ours there, so the last thing before (`atexit`) closes the way and waits for who is on it.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use pyo3::prelude::*;

/// What is done inside takes microseconds; more than this is somebody's debugger.
const LONGEST: Duration = Duration::from_secs(5);

static GATE: Gate = Gate {
    state: Mutex::new(State {
        process: 0,
        inside: 0,
        closed: false,
    }),
    left: Condvar::new(),
};

struct Gate {
    state: Mutex<State>,
    left: Condvar,
}

struct State {
    /// Whose threads these are: a forked child has none of its parent's.
    process: u32,
    inside: usize,
    closed: bool,
}

/// Somebody is inside.
struct Pass;

impl Drop for Pass {
    fn drop(&mut self) {
        let mut state = GATE.own();
        state.inside = state.inside.saturating_sub(1);
        GATE.left.notify_all();
    }
}

impl Gate {
    fn own(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let process = std::process::id();
        if state.process != process {
            *state = State {
                process,
                inside: 0,
                closed: state.closed,
            };
        }
        state
    }

    fn enter(&self) -> Option<Pass> {
        let mut state = self.own();
        if state.closed {
            return None;
        }
        state.inside += 1;
        Some(Pass)
    }

    fn close(&self) {
        let mut state = self.own();
        state.closed = true;
        let busy = |state: &mut State| state.inside > 0;
        let _slow = self.left.wait_timeout_while(state, LONGEST, busy);
    }
}

/// Runs something with the interpreter's lock, from a thread of ours; `None` when the interpreter is going away.
pub(crate) fn attach<R>(inside: impl FnOnce(Python<'_>) -> R) -> Option<R> {
    // It is dropped after the lock was given back.
    let _pass = GATE.enter()?;
    Python::try_attach(inside)
}

/// Whether the interpreter is going away.
pub(crate) fn is_closed() -> bool {
    GATE.own().closed
}

/// Lets nobody in any more, and waits for who is inside.
#[pyfunction]
fn close(py: Python<'_>) {
    py.detach(|| GATE.close());
}

/// Has the way closed when the process ends.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let close = wrap_pyfunction!(close, module)?;
    py.import("atexit")?.call_method1("register", (close,))?;
    Ok(())
}
