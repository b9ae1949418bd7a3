//! Work in the background: jobs, subscriptions, and what the sandbox could not deliver.

use std::sync::Arc;

use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Duration, MissedTickBehavior, interval},
};

use super::System;
use crate::{App, route::sandbox, worker::Worker};

/// Jobs that run side by side in one process; SQLite writes one at a time, so more would only wait.
const CAPACITY: u16 = 8;
/// How often sandbox events that were not acknowledged are delivered again.
const REDELIVER: Duration = Duration::from_secs(2);

impl System {
    /// Starts the job worker and the redelivery of sandbox events.
    #[must_use]
    pub fn spawn_workers(&self) -> Workers {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let worker = Worker::new(
            self.app.engine.clone(),
            Arc::clone(&self.app.wake),
            CAPACITY,
        );
        tasks.spawn(worker.run(until_stopped(stopped.clone())));
        let (subscribing, until) = (
            Arc::clone(&self.app.subscribing),
            until_stopped(stopped.clone()),
        );
        tasks.spawn(async move { subscribing.run(until).await });
        if self.app.sandbox.is_some() {
            tasks.spawn(redeliver(Arc::clone(&self.app), until_stopped(stopped)));
        }
        Workers { stop, tasks }
    }
}

/// Work in the background.
#[derive(Debug)]
pub struct Workers {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Workers {
    /// Ends it, letting what is in flight finish (R7).
    pub async fn stop(self) {
        let _all_gone = self.stop.send(true);
        self.tasks.join_all().await;
    }
}

async fn until_stopped(mut stopped: watch::Receiver<bool>) {
    let _sender_gone = stopped.wait_for(|stop| *stop).await;
}

/// What a crash or a refusal left undelivered comes again, as a real provider's events do.
async fn redeliver(app: Arc<App>, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    let mut tick = interval(REDELIVER);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = &mut stop => return,
            _now = tick.tick() => {}
        }
        if let Some(provider) = &app.sandbox
            && let Err(error) = sandbox::deliver(&app, provider).await
        {
            tracing::warn!(%error, "a sandbox event could not be delivered; it comes again");
        }
    }
}
