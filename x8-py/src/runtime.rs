//! The threads that turns run on, and their clock.
//!
//! A turn runs here without the interpreter's lock. Its two ways back (a call of a model, the finished turn) are callbacks
//! handed to the caller's event loop, where `x8/_calls.py` makes tasks of them. The bridge is our own because
//! `pyo3-async-runtimes` lets a coroutine run on when nobody waits for it any more, and keeps one runtime over a fork.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use pyo3::prelude::*;
use tokio::runtime::{Builder, Runtime};
use x8_assistant::pipeline::Timer;
use x8_core::Error;

use crate::error::raise;

/// The runtime of this process. A forked server worker has no threads of its parent's, so it makes its own.
pub(crate) fn runtime() -> PyResult<&'static Runtime> {
    static OWN: Mutex<Option<(u32, &'static Runtime)>> = Mutex::new(None);
    let process = std::process::id();
    let mut own = OWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((maker, runtime)) = *own
        && maker == process
    {
        return Ok(runtime);
    }
    let made = Builder::new_multi_thread()
        .thread_name("x8")
        .enable_time()
        .build()
        .map_err(|error| raise(&Error::internal("assistant.start", error)))?;
    // It lives as long as the process; ending it would wait for threads that wait for the interpreter.
    let runtime: &'static Runtime = Box::leak(Box::new(made));
    *own = Some((process, runtime));
    Ok(runtime)
}

/// The runtime's own sleep.
#[derive(Debug)]
pub(crate) struct Sleep;

#[async_trait]
impl Timer for Sleep {
    async fn wait(&self, pause: Duration) {
        tokio::time::sleep(pause).await;
    }
}
