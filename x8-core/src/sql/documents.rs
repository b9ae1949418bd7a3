//! Small JSON documents with optimistic versions.

use async_trait::async_trait;

use super::{
    Scope, SqlStore,
    fault::Faults,
    row::{Columns, to_json},
};
use crate::{
    error::{Error, Result},
    port::Documents,
};

#[async_trait]
impl Documents for SqlStore {
    async fn document(&self, space: &str, key: &str) -> Result<Option<(serde_json::Value, u32)>> {
        let mut reader = self.glance(Scope::Platform, "document.get").await?;
        sqlx::query("SELECT value, version FROM x8_documents WHERE space = $1 AND key = $2")
            .bind(space)
            .bind(key)
            .fetch_optional(&mut *reader)
            .await
            .of("document.get")?
            .map(|row| Ok((row.json("value")?, row.count("version")?)))
            .transpose()
    }

    async fn put_document(
        &self,
        space: &str,
        key: &str,
        value: &serde_json::Value,
        expected: u32,
    ) -> Result<()> {
        const OPERATION: &str = "document.put";
        let statement = if expected == 0 {
            "INSERT INTO x8_documents (space, key, value, version) VALUES ($1, $2, $3, $4 + 1)
             ON CONFLICT (space, key) DO NOTHING"
        } else {
            "UPDATE x8_documents SET value = $3, version = $4 + 1
             WHERE space = $1 AND key = $2 AND version = $4"
        };
        let mut tx = self.write(Scope::Platform, OPERATION).await?;
        let done = sqlx::query(statement)
            .bind(space)
            .bind(key)
            .bind(to_json(value)?)
            .bind(i64::from(expected))
            .execute(&mut *tx)
            .await
            .of(OPERATION)?;
        if done.rows_affected() == 0 {
            return Err(Error::conflict(OPERATION, "somebody else wrote it first")
                .with("space", space)
                .with("key", key)
                .with("expected", expected));
        }
        tx.commit().await.of(OPERATION)
    }

    async fn delete_document(&self, space: &str, key: &str) -> Result<()> {
        const OPERATION: &str = "document.delete";
        let mut tx = self.write(Scope::Platform, OPERATION).await?;
        sqlx::query("DELETE FROM x8_documents WHERE space = $1 AND key = $2")
            .bind(space)
            .bind(key)
            .execute(&mut *tx)
            .await
            .of(OPERATION)?;
        tx.commit().await.of(OPERATION)
    }

    async fn documents(&self, space: &str) -> Result<Vec<(String, serde_json::Value)>> {
        let mut reader = self.glance(Scope::Platform, "document.list").await?;
        sqlx::query("SELECT key, value FROM x8_documents WHERE space = $1 ORDER BY key")
            .bind(space)
            .fetch_all(&mut *reader)
            .await
            .of("document.list")?
            .iter()
            .map(|row| Ok((row.read("key")?, row.json("value")?)))
            .collect()
    }
}
