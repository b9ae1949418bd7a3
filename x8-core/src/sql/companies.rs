//! Companies, seen through the eyes of a caller (T3).

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    Row, Scope, SqlStore, Tx,
    dialect::{self, highest_public_number},
    fault::Faults,
    row::{self, Columns, to_json, to_word},
};
use crate::{
    error::{Error, Result},
    id::{CompanyId, UserId},
    port::Companies,
    tenant::{Caller, Company, CompanySettings, CompanyStatus, NewCompany, Role},
};

/// Selects companies with what [`row::company`] reads; the owner is at hand as `u`.
macro_rules! companies_sql {
    ($tail:literal) => {
        concat!(
            "SELECT c.*, x.settings FROM companies c
             JOIN users u ON u.id = c.user_id
             LEFT JOIN x8_companies x ON x.company_id = c.id ",
            $tail
        )
    };
}

#[async_trait]
impl Companies for SqlStore {
    async fn create_company(
        &self,
        owner: UserId,
        company: NewCompany,
        now: Timestamp,
    ) -> Result<Company> {
        const OPERATION: &str = "company.create";
        // The company does not exist yet, so there is none to work for.
        let mut tx = self.write(Scope::Platform, OPERATION).await?;
        sqlx::query("SELECT 1 FROM users WHERE id = $1")
            .bind(owner.0)
            .fetch_optional(&mut *tx)
            .await
            .of(OPERATION)?
            .ok_or_else(|| Error::not_found(OPERATION, "no such user").with("user", owner))?;
        let number = next_number(&mut tx).await?;
        let id: i64 = sqlx::query(
            "INSERT INTO companies (company_id, name, user_id, company_type, shop_type, status, total_messages,
                                    type1_count, type2_count, type2_unpaid, type3_count, type3_paid,
                                    avg_response_time, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, 'ACTIVE', 0, 0, 0, 0, 0, 0, 0, $6, $6) RETURNING id",
        )
        .bind(format!("COMP{number:03}"))
        .bind(company.name)
        .bind(owner.0)
        .bind(to_word(&company.kind)?)
        .bind(company.shop_type)
        .bind(dialect::datetime(now))
        .fetch_one(&mut *tx)
        .await
        .of(OPERATION)?
        .read("id")?;
        store_settings(&mut tx, CompanyId(id), &company.settings).await?;
        let created = by_id(&mut tx, CompanyId(id)).await?;
        tx.commit().await.of(OPERATION)?;
        created
            .as_ref()
            .map(row::company)
            .transpose()?
            .ok_or_else(|| absent(OPERATION, CompanyId(id)))
    }

    async fn companies(&self, caller: Caller) -> Result<Vec<Company>> {
        let mut reader = self.glance(Scope::Platform, "company.list").await?;
        sqlx::query(companies_sql!(
            "WHERE $1 OR c.user_id = $2 OR ($3 AND u.manager_id = $2) ORDER BY c.id"
        ))
        .bind(sees_all(caller))
        .bind(caller.user.0)
        .bind(caller.role == Role::Manager)
        .fetch_all(&mut *reader)
        .await
        .of("company.list")?
        .iter()
        .map(row::company)
        .collect()
    }

    async fn company(&self, caller: Caller, id: CompanyId) -> Result<Company> {
        let mut tx = self.read(id, "company.get").await?;
        visible(&mut tx, "company.get", caller, id).await
    }

    async fn company_for_work(&self, id: CompanyId) -> Result<Company> {
        let mut reader = self.glance(id, "company.get").await?;
        let found = sqlx::query(companies_sql!("WHERE c.id = $1"))
            .bind(id.0)
            .fetch_optional(&mut *reader)
            .await
            .of("company.get")?;
        row::company(&found.ok_or_else(|| absent("company.get", id))?)
    }

    async fn update_company(
        &self,
        caller: Caller,
        id: CompanyId,
        name: &str,
        status: CompanyStatus,
        settings: &CompanySettings,
    ) -> Result<Company> {
        const OPERATION: &str = "company.update";
        let mut tx = self.write(id, OPERATION).await?;
        visible(&mut tx, OPERATION, caller, id).await?;
        sqlx::query("UPDATE companies SET name = $2, status = $3 WHERE id = $1")
            .bind(id.0)
            .bind(name)
            .bind(dialect::word(to_word(&status)?))
            .execute(&mut *tx)
            .await
            .of(OPERATION)?;
        store_settings(&mut tx, id, settings).await?;
        let updated = visible(&mut tx, OPERATION, caller, id).await?;
        tx.commit().await.of(OPERATION)?;
        Ok(updated)
    }
}

/// Mirrors [`Caller::sees`] for whole lists.
fn sees_all(caller: Caller) -> bool {
    caller.is_superuser || caller.role == Role::Admin
}

async fn visible(
    tx: &mut Tx,
    operation: &'static str,
    caller: Caller,
    id: CompanyId,
) -> Result<Company> {
    let found = sqlx::query(companies_sql!(
        "WHERE c.id = $4 AND ($1 OR c.user_id = $2 OR ($3 AND u.manager_id = $2))"
    ))
    .bind(sees_all(caller))
    .bind(caller.user.0)
    .bind(caller.role == Role::Manager)
    .bind(id.0)
    .fetch_optional(&mut **tx)
    .await
    .of(operation)?;
    row::company(&found.ok_or_else(|| absent(operation, id))?)
}

async fn by_id(tx: &mut Tx, id: CompanyId) -> Result<Option<Row>> {
    sqlx::query(companies_sql!("WHERE c.id = $1"))
        .bind(id.0)
        .fetch_optional(&mut **tx)
        .await
        .of("company.get")
}

/// T4: above every number handed out, by x8 or by the existing application beside it.
async fn next_number(tx: &mut Tx) -> Result<i64> {
    const OPERATION: &str = "company.create";
    // Two statements, so that the second sees what was written while the first waited for the row.
    sqlx::query("UPDATE x8_sequences SET value = value WHERE name = 'company'")
        .execute(&mut **tx)
        .await
        .of(OPERATION)?;
    sqlx::query(concat!(
        "UPDATE x8_sequences SET value = 1 + CASE WHEN value >= n.highest THEN value ELSE n.highest END
         FROM (SELECT coalesce((",
        highest_public_number!(),
        "), 0) AS highest) n WHERE name = 'company' RETURNING value"
    ))
    .fetch_one(&mut **tx)
    .await
    .of(OPERATION)?
    .read("value")
}

async fn store_settings(tx: &mut Tx, id: CompanyId, settings: &CompanySettings) -> Result<()> {
    sqlx::query(
        "INSERT INTO x8_companies (company_id, settings) VALUES ($1, $2)
         ON CONFLICT (company_id) DO UPDATE SET settings = excluded.settings",
    )
    .bind(id.0)
    .bind(to_json(settings)?)
    .execute(&mut **tx)
    .await
    .of("company.update")?;
    Ok(())
}

fn absent(operation: &'static str, id: CompanyId) -> Error {
    Error::not_found(operation, "no such company").with("company", id)
}
