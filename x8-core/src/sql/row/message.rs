//! Conversations and messages.

use super::{Columns, Row, corrupt, from_word};
use crate::{
    channel::Platform,
    conversation::{Conversation, Delivery, Identity, Message, MessageType},
    error::Result,
    id::{ChannelId, ConversationId, CustomerId, MessageId, TurnId},
    order::PaymentStatus,
};

/// A row of `x8_conversations` with the channel's `platform`.
pub(in super::super) fn conversation(row: &Row) -> Result<Conversation> {
    let platform: String = row.read("platform")?;
    Ok(Conversation {
        id: ConversationId(row.read("id")?),
        channel: ChannelId(row.read("channel_id")?),
        platform: Platform::parse(&platform)
            .ok_or_else(|| corrupt("platform", "an unknown platform").with("value", platform))?,
        customer: CustomerId(row.read("customer_id")?),
        customer_name: row.read("customer_name")?,
        sender: Identity::new(
            row.word("sender_kind")?,
            row.read::<String>("sender_value")?,
        ),
        address: row.read("address")?,
        taken_over: row.read("taken_over")?,
        fence: row.count("fence")?,
        version: row.count("version")?,
        session: row.json("session")?,
        answered_through: row.read::<Option<i64>>("answered_through")?.map(MessageId),
        last_message_at: row.time("last_message_at")?,
    })
}

/// A row of `messages` with its extension in `x8_messages`.
pub(in super::super) fn message(row: &Row) -> Result<Message> {
    let kind: String = row.read("message_type")?;
    let status: String = row.read("status")?;
    let delivery: String = row.read("delivery")?;
    Ok(Message {
        id: MessageId(row.read("id")?),
        conversation: ConversationId(row.read("conversation_id")?),
        flow: row.word("flow")?,
        author: row.word("author")?,
        kind: from_word::<MessageType>(&kind.to_ascii_uppercase())
            .ok_or_else(|| corrupt("message_type", "an unknown type").with("value", kind))?,
        payment_status: PaymentStatus::parse(&status.to_ascii_lowercase())
            .ok_or_else(|| corrupt("status", "an unknown payment status").with("value", status))?,
        text: row.read::<Option<String>>("content")?.unwrap_or_default(),
        image: row.read("image")?,
        provider_id: row.read("provider_id")?,
        at: row.time("at")?,
        delivery: Delivery::parse(&delivery)
            .ok_or_else(|| corrupt("delivery", "an unknown state").with("value", delivery))?,
        problem: row.read("problem")?,
        turn: match row.read::<Option<String>>("turn")? {
            Some(_) => Some(TurnId(row.uuid("turn")?)),
            None => None,
        },
    })
}
