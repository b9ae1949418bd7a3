//! The little that SQLite and PostgreSQL are asked for.

use std::fmt::Debug;

use async_trait::async_trait;
use sqlx::migrate::Migrator;

/// A value of a statement.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Number(i64),
    Text(String),
}

/// Runs statements; both databases understand `$1`.
#[async_trait]
pub(super) trait Driver: Debug + Send + Sync {
    /// Runs a statement on its own; says how many rows it touched.
    async fn execute(&self, sql: &'static str, values: Vec<Value>) -> Result<u64, sqlx::Error>;

    /// The first column of every row.
    async fn texts(
        &self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<String>, sqlx::Error>;

    /// Waits for running work and closes every connection.
    async fn close(&self);
}

/// The tables' own history, beside the store's.
pub(super) fn migrator() -> Migrator {
    let mut migrator: Migrator = sqlx::migrate!("migrations/memory");
    migrator.dangerous_set_table_name("x8_memory_migrations");
    migrator
}

/// Implements [`Driver`] for a newtype of a pool; the two differ in nothing but their types.
macro_rules! driver {
    ($name:ident) => {
        #[async_trait::async_trait]
        impl super::driver::Driver for $name {
            async fn execute(
                &self,
                sql: &'static str,
                values: Vec<super::driver::Value>,
            ) -> Result<u64, sqlx::Error> {
                let mut query = sqlx::query(sql);
                for value in values {
                    query = match value {
                        super::driver::Value::Number(number) => query.bind(number),
                        super::driver::Value::Text(text) => query.bind(text),
                    };
                }
                let done = query.execute(&self.0).await?;
                Ok(done.rows_affected())
            }

            async fn texts(
                &self,
                sql: &'static str,
                values: Vec<super::driver::Value>,
            ) -> Result<Vec<String>, sqlx::Error> {
                let mut query = sqlx::query_scalar(sql);
                for value in values {
                    query = match value {
                        super::driver::Value::Number(number) => query.bind(number),
                        super::driver::Value::Text(text) => query.bind(text),
                    };
                }
                query.fetch_all(&self.0).await
            }

            async fn close(&self) {
                self.0.close().await;
            }
        }
    };
}
pub(super) use driver;
