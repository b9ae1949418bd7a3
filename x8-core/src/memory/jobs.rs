//! The queue.

use std::collections::{BTreeMap, HashMap, HashSet};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::{MemoryStore, state::Counter};
use crate::{
    Result,
    id::JobId,
    port::{Claim, Job, JobKind, Jobs, NewJob},
    tenant::Tenant,
};

/// All jobs that are not done, the dead included.
#[derive(Debug, Default)]
pub(super) struct Queue {
    rows: BTreeMap<JobId, Row>,
    by_key: HashMap<String, JobId>,
    ids: Counter,
}

#[derive(Debug)]
struct Row {
    tenant: Option<Tenant>,
    kind: JobKind,
    lane: Option<String>,
    run_at: Timestamp,
    attempts: u32,
    last_error: Option<String>,
    /// Counts claims; a claim is good while this is its number and `lease` is there.
    generation: u32,
    /// Until when it is claimed. A lease that is over stays good until somebody else claims the job.
    lease: Option<Timestamp>,
    /// An enqueue while it was claimed: when to run again.
    again: Option<Timestamp>,
    dead: bool,
}

impl Row {
    fn job(&self, id: JobId) -> Job {
        Job {
            claim: Claim {
                job: id,
                generation: self.generation,
            },
            tenant: self.tenant,
            kind: self.kind.clone(),
            attempts: self.attempts,
            last_error: self.last_error.clone(),
        }
    }

    /// When it can be claimed, as far as its lane lets it.
    fn free_at(&self) -> Timestamp {
        self.lease.unwrap_or(self.run_at)
    }

    fn runs(&self, now: Timestamp) -> bool {
        self.lease.is_some_and(|until| now < until)
    }

    /// Waits as a new request.
    fn restart(&mut self, at: Timestamp) {
        self.run_at = at;
        self.attempts = 0;
        self.last_error = None;
        self.lease = None;
        self.again = None;
    }
}

impl Queue {
    /// Adds a job, or moves the one of the same key: a waiting one to the new time, a running one to run again, a dead
    /// one back to life at the end of its lane.
    pub(super) fn enqueue(&mut self, tenant: Option<Tenant>, job: NewJob) {
        let key = job.kind.key();
        if let Some(id) = self.by_key.get(&key).copied()
            && let Some(row) = self.rows.get_mut(&id)
        {
            if !row.dead {
                match row.lease {
                    Some(_) => row.again = Some(job.run_at),
                    None => row.run_at = job.run_at,
                }
                return;
            }
            self.rows.remove(&id);
        }
        let id = JobId(self.ids.next());
        self.by_key.insert(key, id);
        let row = Row {
            tenant,
            kind: job.kind,
            lane: job.lane,
            run_at: job.run_at,
            attempts: 0,
            last_error: None,
            generation: 0,
            lease: None,
            again: None,
            dead: false,
        };
        self.rows.insert(id, row);
    }

    /// The row behind a claim that is still worth something.
    fn claimed(&mut self, claim: Claim) -> Option<&mut Row> {
        self.rows
            .get_mut(&claim.job)
            .filter(|row| row.lease.is_some() && row.generation == claim.generation)
    }

    /// Whether a claim is still worth something.
    pub(super) fn is_good(&self, claim: Claim) -> bool {
        let row = self.rows.get(&claim.job);
        row.is_some_and(|row| row.lease.is_some() && row.generation == claim.generation)
    }

    /// Whether this job is among the dead letters.
    pub(super) fn is_dead(&self, kind: &JobKind) -> bool {
        let row = self
            .by_key
            .get(&kind.key())
            .and_then(|id| self.rows.get(id));
        row.is_some_and(|row| row.dead)
    }

    /// Removes a finished job, or lets it wait again; a worthless claim changes nothing.
    pub(super) fn finish(&mut self, claim: Claim) {
        let Some(row) = self.claimed(claim) else {
            return;
        };
        if let Some(again) = row.again {
            row.restart(again);
        } else {
            let key = row.kind.key();
            self.rows.remove(&claim.job);
            self.by_key.remove(&key);
        }
    }

    fn fail(&mut self, claim: Claim, at: Option<Timestamp>, error: &str) {
        let Some(row) = self.claimed(claim) else {
            return;
        };
        match (at, row.again) {
            // Somebody asked for it again meanwhile: that request deserves its own tries.
            (None, Some(again)) => row.restart(again),
            (None, None) => {
                row.dead = true;
                row.lease = None;
                row.last_error = Some(error.to_owned());
            }
            (Some(at), again) => {
                row.run_at = again.map_or(at, |again| again.max(at));
                row.lease = None;
                row.again = None;
                row.last_error = Some(error.to_owned());
            }
        }
    }

    /// The oldest living job of each lane, and every living job without one.
    fn heads(&self) -> impl Iterator<Item = (JobId, &Row)> {
        let mut lanes = HashSet::new();
        self.rows
            .iter()
            .filter(|(_, row)| !row.dead)
            .filter(move |(_, row)| row.lane.as_deref().is_none_or(|lane| lanes.insert(lane)))
            .map(|(id, row)| (*id, row))
    }

    fn claim(&mut self, now: Timestamp, until: Timestamp, limit: u32) -> Vec<Job> {
        let mut due: Vec<(Timestamp, JobId)> = self
            .heads()
            .filter(|(_, row)| !row.runs(now) && row.free_at() <= now)
            .map(|(id, row)| (row.run_at, id))
            .collect();
        due.sort_unstable();
        due.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let mut jobs = Vec::with_capacity(due.len());
        for (_, id) in due {
            if let Some(row) = self.rows.get_mut(&id) {
                row.lease = Some(until);
                row.generation += 1;
                row.attempts += 1;
                // A wake-up that is due by now is answered by this very claim.
                row.again = row.again.filter(|again| now < *again);
                jobs.push(row.job(id));
            }
        }
        jobs
    }
}

#[async_trait]
impl Jobs for MemoryStore {
    async fn claim_jobs(
        &self,
        now: Timestamp,
        lease: SignedDuration,
        limit: u32,
    ) -> Result<Vec<Job>> {
        Ok(self.lock().queue.claim(now, now + lease, limit))
    }

    async fn renew_job(&self, claim: Claim, until: Timestamp) -> Result<bool> {
        let mut state = self.lock();
        let row = state.queue.claimed(claim);
        Ok(row.map(|row| row.lease = Some(until)).is_some())
    }

    async fn finish_job(&self, claim: Claim) -> Result<()> {
        self.lock().queue.finish(claim);
        Ok(())
    }

    async fn fail_job(&self, claim: Claim, at: Option<Timestamp>, error: &str) -> Result<()> {
        self.lock().queue.fail(claim, at, error);
        Ok(())
    }

    async fn dead_jobs(&self, limit: u32) -> Result<Vec<Job>> {
        let state = self.lock();
        let dead = state.queue.rows.iter().filter(|(_, row)| row.dead);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(dead.map(|(id, row)| row.job(*id)).take(limit).collect())
    }

    async fn next_job_at(&self) -> Result<Option<Timestamp>> {
        Ok(self
            .lock()
            .queue
            .heads()
            .map(|(_, row)| row.free_at())
            .min())
    }
}
