//! Messages in and out.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    SqlStore, Tx,
    fault::Faults,
    row::{self, Columns},
};
use crate::{
    channel::Channel,
    conversation::{Conversation, Delivery, Inbound, Message},
    error::{Error, Result},
    id::{ConversationId, MessageId},
    port::{Accepted, Inbox, Page, Pending, TurnState, Waiting},
    tenant::Tenant,
};

mod accept;
mod deliver;
mod people;
mod write;

pub(super) use write::{NewMessage, insert_message};

/// Selects conversations with what [`row::conversation`] reads.
macro_rules! conversations_sql {
    ($tail:literal) => {
        concat!(
            "SELECT v.*, c.platform FROM x8_conversations v JOIN channels c ON c.id = v.channel_id ",
            $tail
        )
    };
}

/// Selects messages with what [`row::message`] reads.
macro_rules! messages_sql {
    ($tail:literal) => {
        concat!(
            "SELECT x.*, m.message_type, m.status, m.content FROM x8_messages x JOIN messages m ON m.id = x.id ",
            $tail
        )
    };
}
use messages_sql;

#[async_trait]
impl Inbox for SqlStore {
    async fn accept(
        &self,
        channel: &Channel,
        messages: &[Inbound],
        wait: Pending,
        now: Timestamp,
    ) -> Result<Accepted> {
        let mut tx = self.write(channel.company, "inbox.accept").await?;
        let accepted = accept::batch(&mut tx, channel, messages, wait, now).await?;
        tx.commit().await.of("inbox.accept")?;
        Ok(accepted)
    }

    async fn accept_echo(
        &self,
        channel: &Channel,
        message: &Inbound,
        by_human: bool,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.write(channel.company, "inbox.accept_echo").await?;
        accept::echo(&mut tx, channel, message, by_human, now).await?;
        tx.commit().await.of("inbox.accept_echo")
    }

    async fn turn_state(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        history: u32,
    ) -> Result<TurnState> {
        let mut tx = self.read(tenant, "inbox.turn_state").await?;
        let conversation = get(&mut tx, tenant, conversation).await?;
        let (pending, waiting) = pending(&mut tx, tenant, &conversation).await?;
        let history = earlier(&mut tx, tenant, &conversation, history).await?;
        let order = super::ledger::newest(&mut tx, tenant, conversation.customer).await?;
        Ok(TurnState {
            conversation,
            pending,
            waiting,
            history,
            order,
        })
    }

    async fn conversation(&self, tenant: Tenant, id: ConversationId) -> Result<Conversation> {
        let mut tx = self.read(tenant, "conversation.get").await?;
        get(&mut tx, tenant, id).await
    }

    async fn conversations(&self, tenant: Tenant, page: Page) -> Result<Vec<Conversation>> {
        let mut reader = self.glance(tenant, "conversation.list").await?;
        sqlx::query(conversations_sql!(
            "WHERE v.company_id = $1 AND v.id < $2 ORDER BY v.id DESC LIMIT $3"
        ))
        .bind(tenant.company().0)
        .bind(page.after.unwrap_or(i64::MAX))
        .bind(limit(page.limit))
        .fetch_all(&mut *reader)
        .await
        .of("conversation.list")?
        .iter()
        .map(row::conversation)
        .collect()
    }

    async fn messages(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        page: Page,
    ) -> Result<Vec<Message>> {
        let mut tx = self.read(tenant, "message.list").await?;
        get(&mut tx, tenant, conversation).await?;
        sqlx::query(messages_sql!(
            "WHERE x.company_id = $1 AND x.conversation_id = $2
               AND ($3 IS NULL OR (x.at, x.id) > (SELECT a.at, a.id FROM x8_messages a
                                                  WHERE a.company_id = $1 AND a.conversation_id = $2 AND a.id = $3))
             ORDER BY x.at, x.id LIMIT $4"
        ))
        .bind(tenant.company().0)
        .bind(conversation.0)
        .bind(page.after)
        .bind(limit(page.limit))
        .fetch_all(&mut *tx)
        .await
        .of("message.list")?
        .iter()
        .map(row::message)
        .collect()
    }

    async fn begin_send(&self, tenant: Tenant, id: MessageId) -> Result<(Message, Delivery)> {
        let mut tx = self.write(tenant, "message.begin_send").await?;
        let begun = deliver::begin(&mut tx, tenant, id).await?;
        tx.commit().await.of("message.begin_send")?;
        Ok(begun)
    }

    async fn mark(
        &self,
        tenant: Tenant,
        id: Option<MessageId>,
        provider_id: Option<&str>,
        delivery: Delivery,
        problem: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.write(tenant, "message.mark").await?;
        let news = deliver::News {
            provider_id,
            delivery,
            problem,
            now,
        };
        for found in deliver::meant(&mut tx, tenant, id, provider_id).await? {
            deliver::mark(&mut tx, tenant, &found, news).await?;
        }
        tx.commit().await.of("message.mark")
    }
}

/// R1: 1–200 rows.
pub(super) fn limit(limit: u32) -> i64 {
    i64::from(limit.clamp(1, 200))
}

/// One conversation of the company.
pub(super) async fn get(tx: &mut Tx, tenant: Tenant, id: ConversationId) -> Result<Conversation> {
    let found = sqlx::query(conversations_sql!("WHERE v.company_id = $1 AND v.id = $2"))
        .bind(tenant.company().0)
        .bind(id.0)
        .fetch_optional(&mut **tx)
        .await
        .of("conversation.get")?
        .ok_or_else(|| {
            Error::not_found("conversation.get", "no such conversation").with("conversation", id)
        })?;
    row::conversation(&found)
}

/// What is to be answered, and when the part of it arrived that no holding line has spoken of.
async fn pending(
    tx: &mut Tx,
    tenant: Tenant,
    conversation: &Conversation,
) -> Result<(Vec<Message>, Option<Waiting>)> {
    let rows = sqlx::query(messages_sql!(
        "WHERE x.company_id = $1 AND x.conversation_id = $2 AND x.flow = 'inbound' AND x.id > $3
         ORDER BY x.at, x.id"
    ))
    .bind(tenant.company().0)
    .bind(conversation.id.0)
    .bind(conversation.answered_through.map_or(0, |id| id.0))
    .fetch_all(&mut **tx)
    .await
    .of("inbox.turn_state")?;
    let held = conversation.session.held.map_or(0, |held| held.through.0);
    let mut waiting: Option<Waiting> = None;
    for row in &rows {
        if row.read::<i64>("id")? > held {
            let at = row.time("arrived_at")?;
            let (first, last) = waiting.map_or((at, at), |known| (known.first, known.last));
            waiting = Some(Waiting {
                first: first.min(at),
                last: last.max(at),
            });
        }
    }
    let messages: Result<Vec<Message>> = rows.iter().map(row::message).collect();
    Ok((messages?, waiting))
}

/// When the pending messages arrived that no holding line has spoken of.
async fn waiting(
    tx: &mut Tx,
    tenant: Tenant,
    conversation: &Conversation,
) -> Result<Option<Waiting>> {
    let held = conversation.session.held.map(|held| held.through);
    let row = sqlx::query(
        "SELECT min(arrived_at) AS first, max(arrived_at) AS last FROM x8_messages
         WHERE company_id = $1 AND conversation_id = $2 AND flow = 'inbound' AND id > $3",
    )
    .bind(tenant.company().0)
    .bind(conversation.id.0)
    .bind(conversation.answered_through.max(held).map_or(0, |id| id.0))
    .fetch_one(&mut **tx)
    .await
    .of("inbox.turn_state")?;
    let (first, last) = (row.time_if("first")?, row.time_if("last")?);
    Ok(first.zip(last).map(|(first, last)| Waiting { first, last }))
}

/// The last messages that are not pending, oldest first.
async fn earlier(
    tx: &mut Tx,
    tenant: Tenant,
    conversation: &Conversation,
    count: u32,
) -> Result<Vec<Message>> {
    let mut messages = sqlx::query(messages_sql!(
        "WHERE x.company_id = $1 AND x.conversation_id = $2 AND (x.flow <> 'inbound' OR x.id <= $3)
         ORDER BY x.at DESC, x.id DESC LIMIT $4"
    ))
    .bind(tenant.company().0)
    .bind(conversation.id.0)
    .bind(conversation.answered_through.map_or(0, |id| id.0))
    .bind(i64::from(count))
    .fetch_all(&mut **tx)
    .await
    .of("inbox.turn_state")?
    .iter()
    .map(row::message)
    .collect::<Result<Vec<_>>>()?;
    messages.reverse();
    Ok(messages)
}
