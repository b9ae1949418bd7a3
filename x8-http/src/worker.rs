//! The job worker: claims due jobs, runs them side by side, and sleeps until the next one is due.
//!
//! Nothing here is the truth: jobs, deadlines, leases and retries live in the store (D3, D4), so any number of workers
//! may run, and a killed one only lets its leases run out.

use std::{future::Future, sync::Arc, time::Duration};

use jiff::SignedDuration;
use tokio::{
    sync::{Notify, Semaphore},
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use x8_core::{Error, Result, port::Job, usecase::Engine};

/// How long a claim lasts without being renewed; a killed worker's jobs wait at most this long.
const LEASE: SignedDuration = SignedDuration::from_secs(10);
/// Well inside the lease.
const RENEW_EVERY: Duration = Duration::from_secs(3);
/// Other processes may enqueue without waking us.
const LONGEST_SLEEP: Duration = Duration::from_millis(250);
/// R7: how long jobs in flight may take to end on shutdown.
const DRAIN: Duration = Duration::from_secs(10);

/// Runs the jobs of one store.
#[derive(Clone, Debug)]
pub struct Worker {
    engine: Engine,
    wake: Arc<Notify>,
    slots: Arc<Semaphore>,
    capacity: u32,
}

impl Worker {
    /// A worker that runs up to `capacity` jobs at once. Notify `wake` after enqueueing to be quick.
    #[must_use]
    pub fn new(engine: Engine, wake: Arc<Notify>, capacity: u16) -> Self {
        let slots = Arc::new(Semaphore::new(usize::from(capacity)));
        Self {
            engine,
            wake,
            slots,
            capacity: u32::from(capacity),
        }
    }

    /// Works until `shutdown` resolves, then lets jobs in flight end.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        tokio::pin!(shutdown);
        loop {
            let pause = match self.start_due().await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::error!(%error, "the job queue cannot be read");
                    LONGEST_SLEEP
                }
            };
            tokio::select! {
                () = &mut shutdown => break,
                () = self.wake.notified() => {}
                () = sleep(pause) => {}
            }
        }
        if timeout(DRAIN, self.slots.acquire_many(self.capacity))
            .await
            .is_err()
        {
            tracing::warn!(
                "jobs in flight did not end in time; their leases run out and they run again"
            );
        }
    }

    /// Starts what is due and answers how long to sleep.
    async fn start_due(&self) -> Result<Duration> {
        let now = self.engine.clock.now();
        match self.engine.store.next_job_at().await? {
            None => return Ok(LONGEST_SLEEP),
            Some(at) if at > now => {
                return Ok(Duration::try_from(now.duration_until(at))
                    .unwrap_or_default()
                    .min(LONGEST_SLEEP));
            }
            Some(_due) => {}
        }
        let free = u32::try_from(self.slots.available_permits()).unwrap_or(self.capacity);
        if free == 0 {
            return Ok(LONGEST_SLEEP);
        }
        let jobs = self.engine.store.claim_jobs(now, LEASE, free).await?;
        // A due job that cannot be claimed waits for its lane: not a reason to spin.
        let pause = if jobs.is_empty() {
            Duration::from_millis(25)
        } else {
            Duration::ZERO
        };
        for job in jobs {
            let permit = Arc::clone(&self.slots).acquire_owned().await;
            let worker = self.clone();
            tokio::spawn(async move {
                worker.run_one(job).await;
                drop(permit);
                worker.wake.notify_one();
            });
        }
        Ok(pause)
    }

    /// Runs one job to its end, renewing its lease meanwhile; a panic counts as a failure.
    async fn run_one(&self, job: Job) {
        let engine = self.engine.clone();
        let running = job.clone();
        let mut work = tokio::spawn(async move { engine.run(&running).await });
        let mut renew = interval(RENEW_EVERY);
        renew.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let outcome = loop {
            tokio::select! {
                done = &mut work => break done.unwrap_or_else(|panic| Err(Error::internal("job.run", panic))),
                _tick = renew.tick() => self.renew(&job).await,
            }
        };
        if let Err(error) = outcome {
            tracing::warn!(job = job.kind.key(), attempt = job.attempts, %error, "a job failed");
            if let Err(error) = self.engine.fail(&job, &error).await {
                tracing::error!(job = job.kind.key(), %error, "a failed job could not be put back; its lease runs out");
            }
        }
    }

    async fn renew(&self, job: &Job) {
        let until = self.engine.clock.now() + LEASE;
        if let Err(error) = self.engine.store.renew_job(job.claim, until).await {
            tracing::warn!(job = job.kind.key(), %error, "a lease could not be renewed");
        }
    }
}
