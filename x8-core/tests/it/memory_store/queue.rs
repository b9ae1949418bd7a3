//! The queue under any sequence of calls.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use pollster::block_on;
use proptest::prelude::*;
use uuid::Uuid;
use x8_core::{
    Result,
    id::OrderId,
    memory::MemoryStore,
    port::{Changes, Job, JobKind, Jobs as _, Ledger as _, NewJob},
    tenant::Tenant,
    testing::fixture,
};

const LEASE: i64 = 10;

#[derive(Clone, Debug)]
enum Step {
    Enqueue { key: u8, delay: i64 },
    Claim { limit: u32 },
    Finish { which: usize },
    Fail { which: usize, pause: Option<i64> },
    Wait { seconds: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0_u8..6, 0_i64..8).prop_map(|(key, delay)| Step::Enqueue { key, delay }),
        (1_u32..4).prop_map(|limit| Step::Claim { limit }),
        (0_usize..20).prop_map(|which| Step::Finish { which }),
        (0_usize..20, prop::option::of(0_i64..8))
            .prop_map(|(which, pause)| Step::Fail { which, pause }),
        (0_i64..15).prop_map(|seconds| Step::Wait { seconds }),
    ]
}

/// Keys 0 to 3 share two lanes; 4 and 5 have none.
fn job(key: u8, at: i64) -> NewJob {
    let order = OrderId(Uuid::from_u128(u128::from(key)));
    let job = NewJob::new(JobKind::Remind { order }, fixture::after(at));
    match key {
        0 | 1 => job.in_lane("a"),
        2 | 3 => job.in_lane("b"),
        _alone => job,
    }
}

/// The key behind a job; 255 for one that nobody enqueued.
fn key_of(found: &Job) -> u8 {
    let known = (0..6).find(|key| job(*key, 0).kind == found.kind);
    known.unwrap_or(u8::MAX)
}

/// The queue and what a bystander knows of it.
#[derive(Default)]
struct Watched {
    store: MemoryStore,
    now: i64,
    /// Every claim ever handed out, with the end of its lease, unless it was given back.
    claims: Vec<(Job, i64)>,
    /// Requests no claim has begun after, and the time from which one must.
    owed: BTreeMap<u8, i64>,
    /// Keys whose last try was given up, with nobody asking since.
    buried: BTreeSet<u8>,
}

impl Watched {
    fn run(&mut self, step: &Step) -> Result<()> {
        match *step {
            Step::Enqueue { key, delay } => {
                let changes = Changes {
                    jobs: vec![job(key, self.now + delay)],
                    ..Changes::at(fixture::after(self.now))
                };
                let tenant = Tenant::assume(x8_core::id::CompanyId(1));
                block_on(self.store.commit(tenant, changes))?;
                self.owed.insert(key, self.now + delay);
                self.buried.remove(&key);
            }
            Step::Claim { limit } => self.claim(limit)?,
            Step::Finish { which } => {
                if let Some((job, _)) = self.give_back(which) {
                    block_on(self.store.finish_job(job.claim))?;
                }
            }
            Step::Fail { which, pause } => {
                if let Some((job, _)) = self.give_back(which) {
                    let good = block_on(self.store.renew_job(job.claim, fixture::after(self.now)))?;
                    let at = pause.map(|pause| fixture::after(self.now + pause));
                    block_on(self.store.fail_job(job.claim, at, "no"))?;
                    let key = key_of(&job);
                    if good && pause.is_none() && !self.owed.contains_key(&key) {
                        self.buried.insert(key);
                    }
                }
            }
            Step::Wait { seconds } => self.now += seconds,
        }
        Ok(())
    }

    fn give_back(&mut self, which: usize) -> Option<(Job, i64)> {
        (which < self.claims.len()).then(|| self.claims.remove(which))
    }

    fn claim(&mut self, limit: u32) -> Result<()> {
        let (now, lease) = (fixture::after(self.now), SignedDuration::from_secs(LEASE));
        let jobs = block_on(self.store.claim_jobs(now, lease, limit))?;
        assert!(u32::try_from(jobs.len()).is_ok_and(|count| count <= limit));
        for job in jobs {
            let key = key_of(&job);
            assert_ne!(key, u8::MAX, "nobody enqueued {job:?}");
            assert!(!self.buried.contains(&key), "D3: the dead do not run");
            let rivals = self.claims.iter().filter(|(_, end)| self.now < *end);
            for (rival, _) in rivals {
                assert_ne!(key_of(rival), key, "D3: one claimer at a time");
                let shared = |a: u8, b: u8| a < 4 && b < 4 && a / 2 == b / 2;
                assert!(!shared(key_of(rival), key), "of one lane, one at a time");
            }
            if self.owed.get(&key).is_some_and(|at| *at <= self.now) {
                self.owed.remove(&key);
            }
            self.claims.push((job, self.now + LEASE));
        }
        Ok(())
    }

    /// Lets every lease run out and does all the work there is.
    fn drain(&mut self) -> Result<()> {
        for _ in 0..100 {
            self.now += 1_000;
            let before = self.claims.len();
            self.claim(100)?;
            for (job, _) in self.claims.split_off(before) {
                block_on(self.store.finish_job(job.claim))?;
            }
        }
        Ok(())
    }
}

proptest! {
    #[test]
    fn d3_no_request_is_lost_and_nothing_runs_twice_at_once(steps in prop::collection::vec(step(), 0..60)) {
        let mut watched = Watched::default();
        for step in &steps {
            watched.run(step).unwrap();
        }
        watched.drain().unwrap();
        prop_assert_eq!(&watched.owed, &BTreeMap::new(), "requests nobody ran");
        prop_assert_eq!(block_on(watched.store.next_job_at()).unwrap(), None);
        let dead = block_on(watched.store.dead_jobs(100)).unwrap();
        let dead: BTreeSet<u8> = dead.iter().map(key_of).collect();
        prop_assert_eq!(dead, watched.buried);
    }
}
