//! The port over SQL that both databases understand.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use x8_core::{Result, id::ConversationId, tenant::Tenant};

use super::{
    super::{ChatMemory, Entry, Limits, Said, Scope, tokens::PER_MESSAGE, window::Window},
    driver::{Driver, Value},
    error::Faults as _,
    row,
};

/// The first telling of a turn stands. Of turns that are told in the same moment, the order is that of their keys.
const KEEP: &str = "INSERT INTO x8_memory (tenant, conversation, turn, position, person, entries, expires_at) \
    VALUES ($1, $2, $3, COALESCE((SELECT MAX(position) FROM x8_memory WHERE tenant = $1 AND conversation = $2), 0) + $4, \
    $5, $6, $7) ON CONFLICT (tenant, conversation, turn) DO NOTHING";

/// Turns that the newest entries do not reach into.
const MAKE_ROOM: &str = "DELETE FROM x8_memory WHERE tenant = $1 AND conversation = $2 AND position <= \
    (SELECT MAX(position) FROM x8_memory WHERE tenant = $1 AND conversation = $2) - $3";

/// A few turns that have expired, whoever's: what is used keeps itself clean, and nobody waits for a big removal.
const SWEEP: &str = "DELETE FROM x8_memory WHERE expires_at <= $1 AND turn IN \
    (SELECT turn FROM x8_memory WHERE expires_at <= $1 ORDER BY expires_at LIMIT 100)";

const NEWEST: &str = "SELECT entries FROM x8_memory WHERE tenant = $1 AND conversation = $2 AND expires_at > $3 \
    ORDER BY position DESC, turn DESC LIMIT $4";

/// Chat memory in SQL tables. Cheap to clone; clones share the connections.
#[derive(Clone, Debug)]
pub struct SqlMemory {
    driver: Arc<dyn Driver>,
    limits: Limits,
}

impl SqlMemory {
    pub(super) fn over(driver: Arc<dyn Driver>, limits: Limits) -> Self {
        Self { driver, limits }
    }

    /// Waits for running work and closes the connections.
    pub async fn close(&self) {
        self.driver.close().await;
    }

    async fn run(
        &self,
        operation: &'static str,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<u64> {
        self.driver.execute(sql, values).await.of(operation)
    }

    fn most_entries(&self) -> i64 {
        i64::try_from(self.limits.most_entries).unwrap_or(i64::MAX)
    }
}

fn thread(tenant: Tenant, conversation: ConversationId) -> Vec<Value> {
    vec![
        Value::Number(tenant.company().0),
        Value::Number(conversation.0),
    ]
}

#[async_trait]
impl ChatMemory for SqlMemory {
    fn limits(&self) -> &Limits {
        &self.limits
    }

    async fn append(&self, tenant: Tenant, said: &Said, now: Timestamp) -> Result<()> {
        const APPEND: &str = "memory.append";
        let entries = self.limits.admit(&said.entries, now);
        let Ok(count @ 1..) = i64::try_from(entries.len()) else {
            return Ok(());
        };
        let mut values = thread(tenant, said.conversation);
        values.extend([
            Value::Text(said.turn.to_string()),
            Value::Number(count),
            Value::Text(row::person(&said.person)?),
            Value::Text(row::from_entries(&entries)?),
            Value::Number(self.limits.last_expiry(&entries)),
        ]);
        if self.run(APPEND, KEEP, values).await? == 0 {
            return Ok(());
        }
        let mut values = thread(tenant, said.conversation);
        values.push(Value::Number(self.most_entries()));
        self.run(APPEND, MAKE_ROOM, values).await?;
        let now = vec![Value::Number(now.as_millisecond())];
        // The turn is kept; what cannot be swept now is swept with the next.
        let _swept = self.run(APPEND, SWEEP, now).await;
        Ok(())
    }

    async fn window(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        budget: u32,
        now: Timestamp,
    ) -> Result<Vec<Entry>> {
        // A turn has an entry at least and an entry a token, so more turns cannot fit.
        let most = i64::from(budget / (PER_MESSAGE + 1)).min(self.most_entries());
        let mut values = thread(tenant, conversation);
        values.extend([Value::Number(now.as_millisecond()), Value::Number(most)]);
        let newest = self
            .driver
            .texts(NEWEST, values)
            .await
            .of("memory.window")?;
        let mut window = Window::new(&self.limits, budget, now);
        for entries in newest {
            if !window.take(row::to_entries(&entries)?) {
                break;
            }
        }
        Ok(window.oldest_first())
    }

    async fn delete(&self, tenant: Tenant, scope: &Scope) -> Result<()> {
        let mut values = vec![Value::Number(tenant.company().0)];
        let sql = match scope {
            Scope::Conversation(conversation) => {
                values.push(Value::Number(conversation.0));
                "DELETE FROM x8_memory WHERE tenant = $1 AND conversation = $2"
            }
            Scope::Person(person) => {
                values.push(Value::Text(row::person(person)?));
                "DELETE FROM x8_memory WHERE tenant = $1 AND person = $2"
            }
            Scope::Tenant => "DELETE FROM x8_memory WHERE tenant = $1",
        };
        self.run("memory.delete", sql, values).await.map(drop)
    }

    async fn purge(&self, now: Timestamp) -> Result<()> {
        let values = vec![Value::Number(now.as_millisecond())];
        let sql = "DELETE FROM x8_memory WHERE expires_at <= $1";
        self.run("memory.purge", sql, values).await.map(drop)
    }
}
