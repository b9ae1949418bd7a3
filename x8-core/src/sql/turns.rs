//! Turns that were taken.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{
    Row, Scope, SqlStore, Tx, dialect,
    fault::Faults,
    inbox::{self, limit},
    row::{Columns, corrupt, to_json},
};
use crate::{
    error::{Error, Result},
    id::{CatalogId, CompanyId, ConversationId, TurnId},
    port::{Page, TurnRecord, Turns},
    tenant::Tenant,
    turn::{ModelUsage, Tokens, Try},
};

/// Writes a turn and its tries inside a transaction; the caller has seen that the conversation is the tenant's.
pub(super) async fn record(tx: &mut Tx, tenant: Tenant, turn: &TurnRecord) -> Result<()> {
    const OPERATION: &str = "ledger.commit";
    sqlx::query(
        "INSERT INTO x8_turns (id, company_id, conversation_id, catalog_version, model_output, reply, findings, at,
                               catalog_id, input, answer)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(turn.id.to_string())
    .bind(tenant.company().0)
    .bind(turn.conversation.0)
    .bind(i64::from(turn.catalog_version))
    .bind(dialect::text(&turn.model_output))
    .bind(to_json(&turn.reply)?)
    .bind(to_json(&turn.findings)?)
    .bind(turn.at.as_millisecond())
    .bind(turn.catalog.map(|id| id.0))
    .bind(turn.input.as_ref().map(to_json).transpose()?)
    .bind(turn.answer.as_ref().map(to_json).transpose()?)
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    for (place, one) in turn.tries.iter().enumerate() {
        sqlx::query(
            "INSERT INTO x8_tries (turn_id, place, company_id, model, output, error, prompt_tokens, completion_tokens,
                                   cost, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(turn.id.to_string())
        .bind(i64::try_from(place).unwrap_or(i64::MAX))
        .bind(tenant.company().0)
        .bind(&one.model)
        .bind(one.said.as_deref().ok().map(dialect::text))
        .bind(one.said.as_ref().err().map(|error| dialect::text(error)))
        .bind(one.tokens.map(|tokens| signed(tokens.prompt)))
        .bind(one.tokens.map(|tokens| signed(tokens.completion)))
        .bind(signed(one.cost))
        .bind(turn.at.as_millisecond())
        .execute(&mut **tx)
        .await
        .of(OPERATION)?;
    }
    Ok(())
}

#[async_trait]
impl Turns for SqlStore {
    async fn turn(&self, id: TurnId) -> Result<(Tenant, TurnRecord)> {
        const OPERATION: &str = "turn.get";
        let mut tx = self.read(Scope::Platform, OPERATION).await?;
        let row = sqlx::query("SELECT * FROM x8_turns WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&mut *tx)
            .await
            .of(OPERATION)?
            .ok_or_else(|| Error::not_found(OPERATION, "no such turn").with("turn", id))?;
        let tenant = Tenant::assume(CompanyId(row.read("company_id")?));
        Ok((tenant, read(&mut tx, &row).await?))
    }

    async fn turns_of(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        page: Page<TurnId>,
    ) -> Result<Vec<TurnRecord>> {
        let mut tx = self.read(tenant, "turn.list").await?;
        inbox::get(&mut tx, tenant, conversation).await?;
        let rows = sqlx::query(
            "SELECT * FROM x8_turns WHERE company_id = $1 AND conversation_id = $2
               AND ($3 IS NULL OR (at, id) > (SELECT a.at, a.id FROM x8_turns a
                                              WHERE a.company_id = $1 AND a.conversation_id = $2 AND a.id = $3))
             ORDER BY at, id LIMIT $4",
        )
        .bind(tenant.company().0)
        .bind(conversation.0)
        .bind(page.after.map(|id| id.to_string()))
        .bind(limit(page.limit))
        .fetch_all(&mut *tx)
        .await
        .of("turn.list")?;
        let mut turns = Vec::with_capacity(rows.len());
        for row in &rows {
            turns.push(read(&mut tx, row).await?);
        }
        Ok(turns)
    }

    async fn model_usage(
        &self,
        tenant: Tenant,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<ModelUsage>> {
        let mut reader = self.glance(tenant, "turn.model_usage").await?;
        // Division rounds towards zero: days before 1970 do not occur.
        sqlx::query(
            "SELECT at / 86400000 AS day, model, count(*) AS calls, count(error) AS failures,
                    CAST(coalesce(sum(prompt_tokens), 0) AS BIGINT) AS prompt,
                    CAST(coalesce(sum(completion_tokens), 0) AS BIGINT) AS completion,
                    CAST(sum(cost) AS BIGINT) AS cost
             FROM x8_tries WHERE company_id = $1 AND at >= $2 AND at < $3 GROUP BY day, model ORDER BY day, model",
        )
        .bind(tenant.company().0)
        .bind(ceil(from))
        .bind(ceil(to))
        .fetch_all(&mut *reader)
        .await
        .of("turn.model_usage")?
        .iter()
        .map(usage)
        .collect()
    }

    async fn model_cost(&self, tenant: Tenant, from: Timestamp, to: Timestamp) -> Result<u64> {
        let mut reader = self.glance(tenant, "turn.model_cost").await?;
        let row = sqlx::query(
            "SELECT CAST(coalesce(sum(cost), 0) AS BIGINT) AS cost FROM x8_tries
             WHERE company_id = $1 AND at >= $2 AND at < $3 AND cost > 0",
        )
        .bind(tenant.company().0)
        .bind(ceil(from))
        .bind(ceil(to))
        .fetch_one(&mut *reader)
        .await
        .of("turn.model_cost")?;
        unsigned(&row, "cost")
    }
}

async fn read(tx: &mut Tx, row: &Row) -> Result<TurnRecord> {
    let id: String = row.read("id")?;
    let tries = sqlx::query("SELECT * FROM x8_tries WHERE turn_id = $1 ORDER BY place")
        .bind(&id)
        .fetch_all(&mut **tx)
        .await
        .of("turn.get")?
        .iter()
        .map(one_try)
        .collect::<Result<_>>()?;
    let known = |column| Ok::<_, Error>(row.read::<Option<String>>(column)?.is_some());
    Ok(TurnRecord {
        id: TurnId(row.uuid("id")?),
        conversation: ConversationId(row.read("conversation_id")?),
        catalog: row.read::<Option<i64>>("catalog_id")?.map(CatalogId),
        catalog_version: row.count("catalog_version")?,
        input: known("input")?.then(|| row.json("input")).transpose()?,
        tries,
        answer: known("answer")?.then(|| row.json("answer")).transpose()?,
        model_output: row.read("model_output")?,
        reply: row.json("reply")?,
        findings: row.json("findings")?,
        at: row.time("at")?,
    })
}

fn one_try(row: &Row) -> Result<Try> {
    let output: Option<String> = row.read("output")?;
    let said = match output {
        Some(output) => Ok(output),
        None => Err(row.read("error")?),
    };
    let told = row.read::<Option<i64>>("prompt_tokens")?.is_some();
    let tokens = || {
        Ok::<_, Error>(Tokens {
            prompt: unsigned(row, "prompt_tokens")?,
            completion: unsigned(row, "completion_tokens")?,
        })
    };
    Ok(Try {
        model: row.read("model")?,
        said,
        tokens: told.then(tokens).transpose()?,
        cost: unsigned(row, "cost")?,
    })
}

fn usage(row: &Row) -> Result<ModelUsage> {
    let day: i64 = row.read("day")?;
    let start = Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_hours(24 * day));
    let start = start.map_err(|error| corrupt("day", error))?;
    Ok(ModelUsage {
        day: start.to_zoned(TimeZone::UTC).date(),
        model: row.read("model")?,
        calls: unsigned(row, "calls")?,
        failures: unsigned(row, "failures")?,
        tokens: Tokens {
            prompt: unsigned(row, "prompt")?,
            completion: unsigned(row, "completion")?,
        },
        cost: unsigned(row, "cost")?,
    })
}

/// The first stored millisecond that is not before this moment.
fn ceil(moment: Timestamp) -> i64 {
    let whole = moment.as_millisecond();
    let cut = moment.as_nanosecond() > i128::from(whole) * 1_000_000;
    whole + i64::from(cut)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(row: &Row, column: &'static str) -> Result<u64> {
    let number: i64 = row.read(column)?;
    u64::try_from(number).map_err(|error| corrupt(column, error).with("value", number))
}
