//! [`Jobs`](crate::port::Jobs): claims, leases, retries and dead letters.

use std::collections::BTreeSet;

use futures_util::future::try_join_all;
use jiff::SignedDuration;
use uuid::Uuid;

use super::{Fresh, World, inbox::claim_one};
use crate::{
    ErrorKind, Result,
    id::{JobId, OrderId},
    port::{Changes, Claim, Job, JobKind, NewJob},
    testing::{Checked, Failure, ensure, fixture, present, refused, same},
};

/// The queue.
///
/// # Errors
/// The first rule that does not hold.
pub async fn jobs(make: &dyn Fresh) -> Checked {
    cases! { make;
        "claim_jobs: only what is due, the earliest first, at most the limit" => due_only,
        "D3: a job is claimed by one claimer at a time" => one_claimer,
        "D3: parallel claimers never share a job" => many_claimers,
        "D3: a claim whose lease is over can be taken again, and the old one is worth nothing" => lease_over,
        "D3: a lease that is over and not taken again still finishes" => late_finish,
        "renew_job: prolongs the lease" => renew,
        "finish_job: removes the job; a worthless claim changes nothing" => finish,
        "fail_job: puts the job back with its error and counts tries" => fail_later,
        "fail_job: without a time it is a dead letter" => bury,
        "enqueue: one job per key, moved to the new time while it waits" => moved,
        "enqueue: a running job stays claimed, and its finish makes it run again" => rerun,
        "enqueue: a wake-up survives the failure of the running job" => rerun_after_failure,
        "enqueue: a dead letter's key comes back with its tries reset" => revived,
        "commit: finishing with a worthless claim refuses the whole commit" => finish_in_commit,
        "next_job_at: the earliest waiting job, or the end of the earliest lease" => next_at,
    }
}

pub(super) fn remind(number: u128) -> JobKind {
    JobKind::Remind {
        order: OrderId(Uuid::from_u128(number)),
    }
}

pub(super) async fn enqueue(world: &World, jobs: Vec<NewJob>) -> Checked {
    let changes = Changes {
        jobs,
        ..Changes::at(fixture::NOW)
    };
    world.store.commit(world.tenant, changes).await?;
    Ok(())
}

async fn remind_at(world: &World, number: u128, seconds: i64) -> Checked {
    enqueue(
        world,
        vec![NewJob::new(remind(number), fixture::after(seconds))],
    )
    .await
}

pub(super) async fn claim(world: &World, seconds: i64, limit: u32) -> Result<Vec<Job>> {
    let lease = SignedDuration::from_secs(60);
    world
        .store
        .claim_jobs(fixture::after(seconds), lease, limit)
        .await
}

async fn due_only(world: &World) -> Checked {
    for (number, at) in [(1, 30), (2, 10), (3, 20), (4, 500)] {
        remind_at(world, number, at).await?;
    }
    ensure(claim(world, 9, 10).await?.is_empty(), "nothing is due yet")?;
    let first = claim(world, 100, 2).await?;
    let kinds: Vec<&JobKind> = first.iter().map(|job| &job.kind).collect();
    same(&kinds, &vec![&remind(2), &remind(3)], "the two earliest")?;
    let rest = claim(world, 100, 10).await?;
    let kinds: Vec<&JobKind> = rest.iter().map(|job| &job.kind).collect();
    same(&kinds, &vec![&remind(1)], "the rest of what is due")?;
    let job = present(rest.first(), "the job")?;
    same(
        &(job.attempts, job.tenant),
        &(1, Some(world.tenant)),
        "tries and tenant",
    )
}

async fn one_claimer(world: &World) -> Checked {
    remind_at(world, 1, 0).await?;
    let both = try_join_all([claim(world, 1, 10), claim(world, 1, 10)]).await?;
    let claimed: usize = both.iter().map(Vec::len).sum();
    same(&claimed, &1, "claims of one job by two claimers")
}

async fn many_claimers(world: &World) -> Checked {
    let all = (0..20)
        .map(|number| NewJob::new(remind(number), fixture::NOW))
        .collect();
    enqueue(world, all).await?;
    let mut taken = try_join_all((0..10).map(|_| claim(world, 1, 3))).await?;
    taken.push(claim(world, 1, 20).await?);
    let keys: Vec<JobId> = taken.iter().flatten().map(|job| job.claim.job).collect();
    let distinct: BTreeSet<i64> = keys.iter().map(|key| key.0).collect();
    same(
        &distinct.len(),
        &keys.len(),
        "jobs claimed, and distinct ones",
    )?;
    same(&keys.len(), &20, "all are claimed in the end")
}

async fn lease_over(world: &World) -> Checked {
    remind_at(world, 1, 0).await?;
    let old = claim_one(world, 1).await?;
    ensure(claim(world, 60, 10).await?.is_empty(), "the lease runs")?;
    let new = claim_one(world, 61).await?;
    same(&new.attempts, &2, "tries")?;
    ensure(new.claim != old.claim, "another claim")?;
    ensure(
        !world
            .store
            .renew_job(old.claim, fixture::after(900))
            .await?,
        "the old claim renews nothing",
    )?;
    world.store.finish_job(old.claim).await?;
    world.store.fail_job(old.claim, None, "late").await?;
    ensure(
        world.store.dead_jobs(10).await?.is_empty(),
        "the old claim buries nothing",
    )?;
    ensure(
        world
            .store
            .renew_job(new.claim, fixture::after(200))
            .await?,
        "the new claim is good",
    )
}

async fn late_finish(world: &World) -> Checked {
    remind_at(world, 1, 0).await?;
    let job = claim_one(world, 1).await?;
    let changes = Changes {
        finish: Some(job.claim),
        ..Changes::at(fixture::after(500))
    };
    world.store.commit(world.tenant, changes).await?;
    ensure(claim(world, 1_000, 10).await?.is_empty(), "it is done")
}

async fn renew(world: &World) -> Checked {
    remind_at(world, 1, 0).await?;
    let job = claim_one(world, 1).await?;
    ensure(
        world
            .store
            .renew_job(job.claim, fixture::after(300))
            .await?,
        "a good claim",
    )?;
    ensure(
        claim(world, 299, 10).await?.is_empty(),
        "the lease is longer now",
    )?;
    same(
        &claim(world, 300, 10).await?.len(),
        &1,
        "and ends when it ends",
    )
}

async fn finish(world: &World) -> Checked {
    remind_at(world, 1, 0).await?;
    let job = claim_one(world, 1).await?;
    let guessed = Claim {
        generation: job.claim.generation + 1,
        ..job.claim
    };
    world.store.finish_job(guessed).await?;
    ensure(
        world.store.renew_job(job.claim, fixture::after(61)).await?,
        "a guess finishes nothing",
    )?;
    world.store.finish_job(job.claim).await?;
    world.store.finish_job(job.claim).await?;
    ensure(
        !world.store.renew_job(job.claim, fixture::after(90)).await?,
        "a finished job has no claim",
    )?;
    ensure(claim(world, 1_000, 10).await?.is_empty(), "it is gone")?;
    same(&world.store.next_job_at().await?, &None, "nothing waits")
}

async fn fail_later(world: &World) -> Checked {
    remind_at(world, 1, 0).await?;
    let job = claim_one(world, 1).await?;
    world
        .store
        .fail_job(job.claim, Some(fixture::after(50)), "provider is down")
        .await?;
    ensure(
        !world.store.renew_job(job.claim, fixture::after(90)).await?,
        "a failed try has no claim",
    )?;
    ensure(claim(world, 49, 10).await?.is_empty(), "it waits")?;
    let again = claim_one(world, 50).await?;
    same(&again.attempts, &2, "tries")?;
    same(
        &again.last_error.as_deref(),
        &Some("provider is down"),
        "the last failure",
    )
}

async fn bury_one(world: &World, number: u128, at: i64) -> Result<Job, Failure> {
    remind_at(world, number, at).await?;
    let job = claim_one(world, at + 1).await?;
    world.store.fail_job(job.claim, None, "gave up").await?;
    Ok(job)
}

async fn bury(world: &World) -> Checked {
    bury_one(world, 1, 0).await?;
    bury_one(world, 2, 0).await?;
    ensure(
        claim(world, 1_000_000, 10).await?.is_empty(),
        "the dead are not claimed",
    )?;
    same(
        &world.store.next_job_at().await?,
        &None,
        "the dead do not wait",
    )?;
    let dead = world.store.dead_jobs(10).await?;
    let kinds: Vec<&JobKind> = dead.iter().map(|job| &job.kind).collect();
    same(&kinds, &vec![&remind(1), &remind(2)], "oldest first")?;
    let first = present(dead.first(), "a dead letter")?;
    same(&first.last_error.as_deref(), &Some("gave up"), "the reason")?;
    same(&first.tenant, &Some(world.tenant), "whose")?;
    same(
        &world.store.dead_jobs(1).await?.len(),
        &1,
        "at most the limit",
    )
}

async fn moved(world: &World) -> Checked {
    remind_at(world, 1, 10).await?;
    remind_at(world, 1, 100).await?;
    same(
        &world.store.next_job_at().await?,
        &Some(fixture::after(100)),
        "moved later",
    )?;
    remind_at(world, 1, 20).await?;
    same(
        &world.store.next_job_at().await?,
        &Some(fixture::after(20)),
        "moved earlier",
    )?;
    claim_one(world, 20).await.map(drop)
}

async fn rerun(world: &World) -> Checked {
    remind_at(world, 1, 0).await?;
    let running = claim_one(world, 1).await?;
    remind_at(world, 1, 40).await?;
    ensure(
        claim(world, 50, 10).await?.is_empty(),
        "nobody else gets it while it runs",
    )?;
    ensure(
        world
            .store
            .renew_job(running.claim, fixture::after(200))
            .await?,
        "the claim stays good",
    )?;
    let changes = Changes {
        finish: Some(running.claim),
        ..Changes::at(fixture::after(50))
    };
    world.store.commit(world.tenant, changes).await?;
    same(
        &world.store.next_job_at().await?,
        &Some(fixture::after(40)),
        "it waits for its new time",
    )?;
    let again = claim_one(world, 50).await?;
    same(&again.kind, &running.kind, "it runs again")?;
    same(&again.attempts, &1, "as a new job")?;
    world.store.finish_job(again.claim).await?;
    same(&world.store.next_job_at().await?, &None, "once")
}

async fn rerun_after_failure(world: &World) -> Checked {
    remind_at(world, 1, 0).await?;
    let running = claim_one(world, 1).await?;
    remind_at(world, 1, 40).await?;
    world.store.fail_job(running.claim, None, "gave up").await?;
    ensure(
        world.store.dead_jobs(10).await?.is_empty(),
        "somebody asked for it again",
    )?;
    let again = claim_one(world, 50).await?;
    same(&again.attempts, &1, "tries of the new request")?;
    remind_at(world, 1, 60).await?;
    world
        .store
        .fail_job(again.claim, Some(fixture::after(90)), "busy")
        .await?;
    same(
        &world.store.next_job_at().await?,
        &Some(fixture::after(90)),
        "a wake-up does not cut the pause short",
    )?;
    let third = claim_one(world, 90).await?;
    remind_at(world, 1, 300).await?;
    world
        .store
        .fail_job(third.claim, Some(fixture::after(200)), "busy")
        .await?;
    same(
        &world.store.next_job_at().await?,
        &Some(fixture::after(300)),
        "nor does the pause start it before its new time",
    )?;
    let last = claim_one(world, 300).await?;
    world.store.finish_job(last.claim).await?;
    same(
        &world.store.next_job_at().await?,
        &None,
        "the retry has seen what the wake-up was about",
    )
}

async fn revived(world: &World) -> Checked {
    let dead = bury_one(world, 1, 0).await?;
    remind_at(world, 1, 10).await?;
    ensure(
        world.store.dead_jobs(10).await?.is_empty(),
        "no dead letter any more",
    )?;
    let again = claim_one(world, 10).await?;
    same(
        &(again.attempts, again.last_error.as_deref()),
        &(1, None),
        "tries and error",
    )?;
    ensure(
        again.claim != dead.claim,
        "the buried claim stays worthless",
    )
}

async fn finish_in_commit(world: &World) -> Checked {
    remind_at(world, 1, 0).await?;
    let old = claim_one(world, 1).await?;
    let new = claim_one(world, 100).await?;
    let order = |claim| Changes {
        jobs: vec![NewJob::new(remind(2), fixture::NOW)],
        finish: Some(claim),
        ..Changes::at(fixture::after(101))
    };
    let refusal = world.store.commit(world.tenant, order(old.claim)).await;
    refused(refusal, ErrorKind::Conflict, "the lost claim")?;
    ensure(
        claim(world, 150, 10).await?.is_empty(),
        "nothing of the refused commit is there",
    )?;
    world.store.commit(world.tenant, order(new.claim)).await?;
    let refusal = world.store.commit(world.tenant, order(new.claim)).await;
    refused(
        refusal,
        ErrorKind::Conflict,
        "a claim that finished already",
    )?;
    same(
        &claim_one(world, 200).await?.kind,
        &remind(2),
        "the job of the commit",
    )
}

async fn next_at(world: &World) -> Checked {
    same(&world.store.next_job_at().await?, &None, "an empty queue")?;
    remind_at(world, 1, 500).await?;
    remind_at(world, 2, 10).await?;
    same(
        &world.store.next_job_at().await?,
        &Some(fixture::after(10)),
        "the earliest",
    )?;
    claim_one(world, 20).await?;
    same(
        &world.store.next_job_at().await?,
        &Some(fixture::after(80)),
        "the end of the lease",
    )
}
