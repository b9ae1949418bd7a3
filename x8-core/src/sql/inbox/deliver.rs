//! Outgoing messages on their way (H3, C4).

use jiff::Timestamp;

use super::super::{
    Tx, dialect,
    fault::Faults,
    row::{self, Columns},
};
use super::messages_sql;
use crate::{
    conversation::{Delivery, Flow, Message},
    error::{Error, Result},
    id::MessageId,
    tenant::Tenant,
};

/// What became known about a message.
#[derive(Clone, Copy)]
pub(super) struct News<'a> {
    pub(super) provider_id: Option<&'a str>,
    pub(super) delivery: Delivery,
    pub(super) problem: Option<&'a str>,
    pub(super) now: Timestamp,
}

/// Takes a message for a try, or withholds it when a human has written since it was computed.
pub(super) async fn begin(
    tx: &mut Tx,
    tenant: Tenant,
    id: MessageId,
) -> Result<(Message, Delivery)> {
    const OPERATION: &str = "message.begin_send";
    let found = sqlx::query(messages_sql!(
        "WHERE x.company_id = $1 AND x.id = $2 AND x.flow = 'outbound'"
    ))
    .bind(tenant.company().0)
    .bind(id.0)
    .fetch_optional(&mut **tx)
    .await
    .of(OPERATION)?
    .ok_or_else(|| Error::not_found(OPERATION, "no such message").with("message", id))?;
    let mut message = row::message(&found)?;
    let before = message.delivery;
    if !matches!(before, Delivery::Queued | Delivery::Sending) {
        return Ok((message, before));
    }
    let fenced = sqlx::query(
        "SELECT coalesce(x.fence < v.fence, FALSE) AS fenced FROM x8_messages x
         JOIN x8_conversations v ON v.company_id = x.company_id AND v.id = x.conversation_id
         WHERE x.company_id = $1 AND x.id = $2",
    )
    .bind(tenant.company().0)
    .bind(id.0)
    .fetch_one(&mut **tx)
    .await
    .of(OPERATION)?
    .read::<bool>("fenced")?;
    message.delivery = if fenced {
        Delivery::Withheld
    } else {
        Delivery::Sending
    };
    sqlx::query("UPDATE x8_messages SET delivery = $3 WHERE company_id = $1 AND id = $2")
        .bind(tenant.company().0)
        .bind(id.0)
        .bind(message.delivery.as_str())
        .execute(&mut **tx)
        .await
        .of(OPERATION)?;
    Ok((message, before))
}

/// The outgoing messages a report is about: by key, or by the platform's id.
pub(super) async fn meant(
    tx: &mut Tx,
    tenant: Tenant,
    id: Option<MessageId>,
    provider_id: Option<&str>,
) -> Result<Vec<Message>> {
    sqlx::query(messages_sql!(
        "WHERE x.company_id = $1 AND (x.id = $2 OR ($2 IS NULL AND x.provider_id = $3))"
    ))
    .bind(tenant.company().0)
    .bind(id.map(|id| id.0))
    .bind(provider_id.map(dialect::text))
    .fetch_all(&mut **tx)
    .await
    .of("message.mark")?
    .iter()
    .map(row::message)
    .collect()
}

/// Moves a message forward; what is known already or lies behind changes nothing but a platform id that was missing.
pub(super) async fn mark(
    tx: &mut Tx,
    tenant: Tenant,
    message: &Message,
    news: News<'_>,
) -> Result<()> {
    const OPERATION: &str = "message.mark";
    if message.flow == Flow::Inbound {
        return Ok(());
    }
    let forward = message.delivery.moves_on(news.delivery);
    let delivery = if forward {
        news.delivery
    } else {
        message.delivery
    };
    sqlx::query(
        "UPDATE x8_messages SET delivery = $3, problem = CASE WHEN $6 THEN coalesce($4, problem) ELSE problem END,
                provider_id = coalesce(provider_id, (
                    SELECT $5 WHERE NOT EXISTS (SELECT 1 FROM x8_messages o
                        WHERE o.channel_id = x8_messages.channel_id AND o.provider_id = $5)))
         WHERE company_id = $1 AND id = $2",
    )
    .bind(tenant.company().0)
    .bind(message.id.0)
    .bind(delivery.as_str())
    .bind(news.problem.map(dialect::text))
    .bind(news.provider_id.map(dialect::text))
    .bind(forward)
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    let left = matches!(
        delivery,
        Delivery::Sent | Delivery::Delivered | Delivery::Read
    );
    sqlx::query(
        "UPDATE messages SET external_id = coalesce(external_id, $3), updated_at = $4,
                sent_at = CASE WHEN $5 THEN coalesce(sent_at, $4) ELSE sent_at END
         WHERE company_id = $1 AND id = $2",
    )
    .bind(tenant.company().0)
    .bind(message.id.0)
    .bind(news.provider_id.map(dialect::text))
    .bind(dialect::datetime(news.now))
    .bind(left)
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    Ok(())
}
