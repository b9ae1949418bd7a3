//! [`Jobs`](crate::port::Jobs): lanes.

use super::{
    Fresh, World,
    inbox::claim_one,
    jobs::{claim, enqueue, remind},
};
use crate::{
    port::{JobKind, NewJob},
    testing::{Checked, ensure, fixture, same},
};

/// Jobs that run one at a time.
///
/// # Errors
/// The first rule that does not hold.
pub async fn lanes(make: &dyn Fresh) -> Checked {
    cases! { make;
        "lanes: of one lane, only the oldest unfinished job can be claimed" => oldest,
        "lanes: an earlier job that waits for its retry holds the later ones" => retry_holds,
        "lanes: the dead are out of their lane" => dead_out,
        "lanes: a revived job does not run beside one of its lane" => revived_waits,
        "lanes: two lanes do not wait for each other" => independent,
    }
}

fn lane(number: u128, lane: &str) -> NewJob {
    NewJob::new(remind(number), fixture::NOW).in_lane(lane)
}

async fn oldest(world: &World) -> Checked {
    let early = NewJob::new(remind(2), fixture::after(-100)).in_lane("a");
    enqueue(world, vec![lane(1, "a"), early, lane(3, "a")]).await?;
    for number in [1, 2, 3] {
        let job = claim_one(world, 1).await?;
        same(
            &job.kind,
            &remind(number),
            "the oldest by arrival, whatever its time",
        )?;
        world.store.finish_job(job.claim).await?;
    }
    ensure(claim(world, 1, 10).await?.is_empty(), "the lane is empty")
}

async fn retry_holds(world: &World) -> Checked {
    enqueue(world, vec![lane(1, "a"), lane(2, "a")]).await?;
    let first = claim_one(world, 1).await?;
    world
        .store
        .fail_job(first.claim, Some(fixture::after(300)), "busy")
        .await?;
    ensure(
        claim(world, 299, 10).await?.is_empty(),
        "the second waits for the first",
    )?;
    same(
        &world.store.next_job_at().await?,
        &Some(fixture::after(300)),
        "the next moment of the lane",
    )?;
    same(
        &claim_one(world, 300).await?.kind,
        &remind(1),
        "the first, again",
    )
}

async fn dead_out(world: &World) -> Checked {
    enqueue(world, vec![lane(1, "a"), lane(2, "a")]).await?;
    let first = claim_one(world, 1).await?;
    world.store.fail_job(first.claim, None, "gave up").await?;
    same(
        &claim_one(world, 1).await?.kind,
        &remind(2),
        "the next of the lane",
    )
}

async fn revived_waits(world: &World) -> Checked {
    enqueue(world, vec![lane(1, "a"), lane(2, "a")]).await?;
    let first = claim_one(world, 1).await?;
    world.store.fail_job(first.claim, None, "gave up").await?;
    let second = claim_one(world, 1).await?;
    enqueue(world, vec![lane(1, "a")]).await?;
    ensure(
        claim(world, 2, 10).await?.is_empty(),
        "one of the lane runs",
    )?;
    world.store.finish_job(second.claim).await?;
    same(
        &claim_one(world, 3).await?.kind,
        &remind(1),
        "then the revived one",
    )
}

async fn independent(world: &World) -> Checked {
    enqueue(world, vec![lane(1, "a"), lane(2, "b"), lane(3, "a")]).await?;
    let jobs = claim(world, 1, 10).await?;
    let kinds: Vec<&JobKind> = jobs.iter().map(|job| &job.kind).collect();
    same(
        &kinds,
        &vec![&remind(1), &remind(2)],
        "the heads of both lanes",
    )
}
