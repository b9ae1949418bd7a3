//! Writing one message into both of its tables.

use jiff::Timestamp;

use super::super::{
    Tx, dialect,
    fault::Faults,
    row::{Columns, to_word},
};
use crate::{
    conversation::{Author, Delivery, Flow, MessageType},
    error::{Error, Result},
    id::{ConversationId, MessageId, TurnId},
    order::PaymentStatus,
    tenant::Tenant,
};

const OPERATION: &str = "message.insert";

/// A message about to be stored.
pub(in super::super) struct NewMessage<'a> {
    pub(in super::super) flow: Flow,
    pub(in super::super) author: Author,
    pub(in super::super) kind: MessageType,
    pub(in super::super) payment_status: PaymentStatus,
    pub(in super::super) text: &'a str,
    pub(in super::super) image: Option<&'a str>,
    pub(in super::super) provider_id: Option<&'a str>,
    pub(in super::super) at: Timestamp,
    pub(in super::super) delivery: Delivery,
    pub(in super::super) turn: Option<TurnId>,
    pub(in super::super) fence: Option<u32>,
}

/// Stores a message of a conversation of the tenant; a foreign or unknown one is refused.
pub(in super::super) async fn insert_message(
    tx: &mut Tx,
    tenant: Tenant,
    conversation: ConversationId,
    new: &NewMessage<'_>,
    now: Timestamp,
) -> Result<MessageId> {
    let id = insert_shared(tx, tenant, conversation, new, now).await?;
    sqlx::query(
        "INSERT INTO x8_messages (id, company_id, conversation_id, channel_id, flow, author, image, provider_id, at,
                                  arrived_at, delivery, turn, fence)
         SELECT $3, v.company_id, v.id, v.channel_id, $4, $5, $6, $7, $8, $9, $10, $11, $12
         FROM x8_conversations v WHERE v.company_id = $1 AND v.id = $2",
    )
    .bind(tenant.company().0)
    .bind(conversation.0)
    .bind(id.0)
    .bind(to_word(&new.flow)?)
    .bind(to_word(&new.author)?)
    .bind(new.image)
    .bind(new.provider_id.map(dialect::text))
    .bind(new.at.as_millisecond())
    .bind(now.as_millisecond())
    .bind(new.delivery.as_str())
    .bind(new.turn.map(|turn| turn.to_string()))
    .bind(new.fence.map(i64::from))
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    sqlx::query(
        "UPDATE x8_conversations SET last_message_at = CASE WHEN last_message_at < $3 THEN $3 ELSE last_message_at END WHERE company_id = $1 AND id = $2",
    )
    .bind(tenant.company().0)
    .bind(conversation.0)
    .bind(new.at.as_millisecond())
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    Ok(id)
}

/// The row that the existing application reads.
async fn insert_shared(
    tx: &mut Tx,
    tenant: Tenant,
    conversation: ConversationId,
    new: &NewMessage<'_>,
    now: Timestamp,
) -> Result<MessageId> {
    let inbound = new.flow == Flow::Inbound;
    let sent = new.delivery == Delivery::Sent;
    sqlx::query(
        "INSERT INTO messages (company_id, channel, message_type, status, content, external_id, sent_at, received_at,
                               created_at, updated_at)
         SELECT v.company_id, lower(CAST(c.platform AS TEXT)), $3, $4, $5, $6, $7, $8, $9, $9
         FROM x8_conversations v JOIN channels c ON c.id = v.channel_id WHERE v.company_id = $1 AND v.id = $2
         RETURNING id",
    )
    .bind(tenant.company().0)
    .bind(conversation.0)
    .bind(dialect::word(to_word(&new.kind)?))
    .bind(dialect::word(new.payment_status.as_str().to_ascii_uppercase()))
    .bind(dialect::text(new.text))
    .bind(new.provider_id.map(dialect::text))
    .bind(sent.then(|| dialect::datetime(new.at)))
    .bind(inbound.then(|| dialect::datetime(new.at)))
    .bind(dialect::datetime(now))
    .fetch_optional(&mut **tx)
    .await
    .of(OPERATION)?
    .ok_or_else(|| {
        Error::not_found(OPERATION, "no such conversation").with("conversation", conversation)
    })?
    .read("id")
    .map(MessageId)
}
