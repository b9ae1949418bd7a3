//! The queue.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::{
    Scope, SqlStore, Tx,
    dialect::{self, skip_locked},
    fault::Faults,
    row::{self, Columns, to_json},
};
use crate::{
    error::{Error, Result},
    port::{Claim, Job, Jobs, NewJob},
    tenant::Tenant,
};

#[async_trait]
impl Jobs for SqlStore {
    async fn claim_jobs(
        &self,
        now: Timestamp,
        lease: SignedDuration,
        limit: u32,
    ) -> Result<Vec<Job>> {
        let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
        const OPERATION: &str = "job.claim";
        let mut tx = self.write(Scope::Platform, OPERATION).await?;
        let mut claimed = sqlx::query(concat!(
            "WITH due AS (
                 SELECT j.id FROM x8_jobs j
                 WHERE j.dead = FALSE AND j.run_at <= $1 AND (j.leased_until IS NULL OR j.leased_until <= $1)
                   AND NOT EXISTS (SELECT 1 FROM x8_jobs e WHERE e.lane = j.lane AND e.dead = FALSE AND e.id < j.id)
                 ORDER BY j.run_at, j.id LIMIT $3 ",
            skip_locked!(),
            ")
             UPDATE x8_jobs SET generation = generation + 1, attempts = attempts + 1, leased_until = $2,
                    again_at = CASE WHEN again_at <= $1 THEN NULL ELSE again_at END
             WHERE id IN (SELECT id FROM due) RETURNING *"
        ))
        .bind(now.as_millisecond())
        .bind(until.as_millisecond())
        .bind(i64::from(limit))
        .fetch_all(&mut *tx)
        .await
        .of(OPERATION)?
        .iter()
        .map(|found| Ok((found.time("run_at")?, row::job(found)?)))
        .collect::<Result<Vec<_>>>()?;
        tx.commit().await.of(OPERATION)?;
        // The order of RETURNING is not promised.
        claimed.sort_by_key(|(run_at, job)| (*run_at, job.claim.job));
        Ok(claimed.into_iter().map(|(_, job)| job).collect())
    }

    async fn renew_job(&self, claim: Claim, until: Timestamp) -> Result<bool> {
        const OPERATION: &str = "job.renew";
        let mut tx = self.write(Scope::Platform, OPERATION).await?;
        let done = sqlx::query(
            "UPDATE x8_jobs SET leased_until = $3 WHERE id = $1 AND generation = $2 AND leased_until IS NOT NULL",
        )
        .bind(claim.job.0)
        .bind(i64::from(claim.generation))
        .bind(until.as_millisecond())
        .execute(&mut *tx)
        .await
        .of(OPERATION)?;
        tx.commit().await.of(OPERATION)?;
        Ok(done.rows_affected() == 1)
    }

    async fn finish_job(&self, claim: Claim) -> Result<()> {
        let mut tx = self.write(Scope::Platform, "job.finish").await?;
        finish(&mut tx, claim).await?;
        tx.commit().await.of("job.finish")
    }

    async fn fail_job(&self, claim: Claim, at: Option<Timestamp>, error: &str) -> Result<()> {
        const OPERATION: &str = "job.fail";
        let mut tx = self.write(Scope::Platform, OPERATION).await?;
        // A job that was enqueued again while it failed for good has something new to do; one that is tried again sees
        // it then, and no sooner.
        let statement = match at {
            Some(_) => {
                "UPDATE x8_jobs SET leased_until = NULL, last_error = $4, generation = generation + 1, again_at = NULL,
                        run_at = CASE WHEN again_at > $3 THEN again_at ELSE $3 END
                 WHERE id = $1 AND generation = $2 AND leased_until IS NOT NULL"
            }
            None => {
                "UPDATE x8_jobs SET leased_until = NULL, generation = generation + 1, again_at = NULL,
                        last_error = CASE WHEN again_at IS NULL THEN $4 END,
                        dead = (again_at IS NULL),
                        attempts = CASE WHEN again_at IS NULL THEN attempts ELSE 0 END,
                        run_at = coalesce(again_at, $3, run_at)
                 WHERE id = $1 AND generation = $2 AND leased_until IS NOT NULL"
            }
        };
        sqlx::query(statement)
            .bind(claim.job.0)
            .bind(i64::from(claim.generation))
            .bind(at.map(Timestamp::as_millisecond))
            .bind(dialect::text(error))
            .execute(&mut *tx)
            .await
            .of(OPERATION)?;
        tx.commit().await.of(OPERATION)
    }

    async fn dead_jobs(&self, limit: u32) -> Result<Vec<Job>> {
        let mut reader = self.glance(Scope::Platform, "job.dead").await?;
        sqlx::query("SELECT * FROM x8_jobs WHERE dead = TRUE ORDER BY id LIMIT $1")
            .bind(i64::from(limit))
            .fetch_all(&mut *reader)
            .await
            .of("job.dead")?
            .iter()
            .map(row::job)
            .collect()
    }

    async fn next_job_at(&self) -> Result<Option<Timestamp>> {
        let mut reader = self.glance(Scope::Platform, "job.next").await?;
        // Two index walks: what waits, and what will be free again when its lease is over.
        sqlx::query(
            "SELECT min(at) AS next FROM (
                 SELECT at FROM (
                     SELECT j.run_at AS at FROM x8_jobs j WHERE j.dead = FALSE AND j.leased_until IS NULL
                       AND NOT EXISTS (SELECT 1 FROM x8_jobs e WHERE e.lane = j.lane AND e.dead = FALSE AND e.id < j.id)
                     ORDER BY j.run_at LIMIT 1) waiting
                 UNION ALL
                 SELECT CASE WHEN run_at > leased_until THEN run_at ELSE leased_until END
                 FROM x8_jobs WHERE leased_until IS NOT NULL) moments",
        )
        .fetch_one(&mut *reader)
        .await
        .of("job.next")?
        .time_if("next")
    }
}

/// Enqueues inside a transaction. By key, a waiting job moves, a running one runs again, a buried one starts anew at the
/// end of its lane.
pub(super) async fn enqueue(tx: &mut Tx, tenant: Option<Tenant>, job: &NewJob) -> Result<()> {
    const OPERATION: &str = "job.enqueue";
    let key = job.kind.key();
    // First of all: the row of a running job stays locked, so that nobody finishes or buries it meanwhile.
    let again = sqlx::query(
        "UPDATE x8_jobs SET again_at = $2 WHERE key = $1 AND dead = FALSE AND leased_until IS NOT NULL",
    )
    .bind(&key)
    .bind(job.run_at.as_millisecond())
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    if again.rows_affected() == 1 {
        return Ok(());
    }
    sqlx::query("DELETE FROM x8_jobs WHERE key = $1 AND dead = TRUE")
        .bind(&key)
        .execute(&mut **tx)
        .await
        .of(OPERATION)?;
    insert(tx, tenant, job).await
}

/// [`enqueue`] for a key that no job had before. One that came meanwhile, was claimed or even buried, runs again all the
/// same.
pub(super) async fn insert(tx: &mut Tx, tenant: Option<Tenant>, job: &NewJob) -> Result<()> {
    sqlx::query(
        "INSERT INTO x8_jobs (company_id, key, lane, kind, run_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (key) DO UPDATE SET dead = FALSE,
             run_at = CASE WHEN x8_jobs.leased_until IS NULL THEN excluded.run_at ELSE x8_jobs.run_at END,
             again_at = CASE WHEN x8_jobs.leased_until IS NULL THEN NULL ELSE excluded.run_at END",
    )
    .bind(tenant.map(|tenant| tenant.company().0))
    .bind(job.kind.key())
    .bind(&job.lane)
    .bind(to_json(&job.kind)?)
    .bind(job.run_at.as_millisecond())
    .execute(&mut **tx)
    .await
    .of("job.enqueue")?;
    Ok(())
}

/// Finishes a job inside a transaction; `false` when the claim is worth nothing.
pub(super) async fn finish(tx: &mut Tx, claim: Claim) -> Result<bool> {
    const OPERATION: &str = "job.finish";
    // In this order: what is enqueued again between the two statements is seen by the second.
    let done = sqlx::query(
        "DELETE FROM x8_jobs
         WHERE id = $1 AND generation = $2 AND leased_until IS NOT NULL AND again_at IS NULL",
    )
    .bind(claim.job.0)
    .bind(i64::from(claim.generation))
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    if done.rows_affected() == 1 {
        return Ok(true);
    }
    let again = sqlx::query(
        "UPDATE x8_jobs SET run_at = again_at, again_at = NULL, leased_until = NULL, attempts = 0, last_error = NULL,
                generation = generation + 1
         WHERE id = $1 AND generation = $2 AND leased_until IS NOT NULL AND again_at IS NOT NULL",
    )
    .bind(claim.job.0)
    .bind(i64::from(claim.generation))
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    Ok(again.rows_affected() == 1)
}

/// [`finish`] for a commit, which a worthless claim refuses.
pub(super) async fn finish_or_refuse(tx: &mut Tx, claim: Claim) -> Result<()> {
    if finish(tx, claim).await? {
        return Ok(());
    }
    Err(Error::conflict(
        "ledger.commit",
        "the job was taken by somebody else meanwhile",
    )
    .with("job", claim.job)
    .with("generation", claim.generation))
}
