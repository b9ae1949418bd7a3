//! Writing one message into both of its tables.

use jiff::Timestamp;

use crate::{
    conversation::{Author, Delivery, Flow, MessageType},
    error::{Error, Result},
    id::{ConversationId, MessageId, TurnId},
    order::PaymentStatus,
    sqlite::{
        connect::Tx,
        fault::Faults,
        row::{Columns, to_datetime, to_word},
    },
    tenant::Tenant,
};

const OPERATION: &str = "message.insert";

/// A message about to be stored.
pub(in crate::sqlite) struct NewMessage<'a> {
    pub(in crate::sqlite) flow: Flow,
    pub(in crate::sqlite) author: Author,
    pub(in crate::sqlite) kind: MessageType,
    pub(in crate::sqlite) payment_status: PaymentStatus,
    pub(in crate::sqlite) text: &'a str,
    pub(in crate::sqlite) image: Option<&'a str>,
    pub(in crate::sqlite) provider_id: Option<&'a str>,
    pub(in crate::sqlite) at: Timestamp,
    pub(in crate::sqlite) delivery: Delivery,
    pub(in crate::sqlite) turn: Option<TurnId>,
    pub(in crate::sqlite) fence: Option<u32>,
}

/// Stores a message of a conversation of the tenant; a foreign or unknown one is refused.
pub(in crate::sqlite) async fn insert_message(
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
    .bind(new.provider_id)
    .bind(new.at.as_millisecond())
    .bind(now.as_millisecond())
    .bind(new.delivery.as_str())
    .bind(new.turn.map(|turn| turn.to_string()))
    .bind(new.fence)
    .execute(&mut **tx)
    .await
    .of(OPERATION)?;
    sqlx::query(
        "UPDATE x8_conversations SET last_message_at = max(last_message_at, $3) WHERE company_id = $1 AND id = $2",
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
         SELECT v.company_id, lower(c.platform), $3, $4, $5, $6, $7, $8, $9, $9
         FROM x8_conversations v JOIN channels c ON c.id = v.channel_id WHERE v.company_id = $1 AND v.id = $2
         RETURNING id",
    )
    .bind(tenant.company().0)
    .bind(conversation.0)
    .bind(to_word(&new.kind)?)
    .bind(new.payment_status.as_str().to_ascii_uppercase())
    .bind(new.text)
    .bind(new.provider_id)
    .bind(sent.then(|| to_datetime(new.at)))
    .bind(inbound.then(|| to_datetime(new.at)))
    .bind(to_datetime(now))
    .fetch_optional(&mut **tx)
    .await
    .of(OPERATION)?
    .ok_or_else(|| {
        Error::not_found(OPERATION, "no such conversation").with("conversation", conversation)
    })?
    .read("id")
    .map(MessageId)
}
