//! Who writes, and in which thread (C1).

use jiff::Timestamp;

use super::super::{
    Tx, dialect,
    fault::Faults,
    row::{Columns, to_json, to_word},
};
use crate::{
    channel::Channel,
    conversation::{Identity, Inbound, Session},
    error::{Error, Result},
    id::{ConversationId, CustomerId},
};

const OPERATION: &str = "inbox.accept";

/// The person behind a message, made when unknown; every name that came with it is remembered.
pub(super) async fn customer(
    tx: &mut Tx,
    channel: &Channel,
    message: &Inbound,
    now: Timestamp,
) -> Result<CustomerId> {
    let names = || std::iter::once(&message.sender).chain(&message.aliases);
    let customer = match known(tx, channel, message).await? {
        Some(customer) => customer,
        None => create(tx, channel, now).await?,
    };
    for identity in names() {
        sqlx::query(
            "INSERT INTO x8_identities (company_id, kind, value, customer_id) VALUES ($1, $2, $3, $4)
             ON CONFLICT (company_id, kind, value) DO NOTHING",
        )
        .bind(channel.company.0)
        .bind(to_word(&identity.kind)?)
        .bind(dialect::text(&identity.value))
        .bind(customer.0)
        .execute(&mut **tx)
        .await
        .of(OPERATION)?;
    }
    Ok(customer)
}

/// The customer behind any of the names of a message, the sender's own first.
pub(super) async fn known(
    tx: &mut Tx,
    channel: &Channel,
    message: &Inbound,
) -> Result<Option<CustomerId>> {
    for identity in std::iter::once(&message.sender).chain(&message.aliases) {
        if let Some(customer) = find(tx, channel, identity).await? {
            return Ok(Some(customer));
        }
    }
    Ok(None)
}

/// The channel is its company's, as it says.
pub(super) async fn require_channel(tx: &mut Tx, channel: &Channel) -> Result<()> {
    sqlx::query("SELECT 1 FROM channels WHERE company_id = $1 AND id = $2")
        .bind(channel.company.0)
        .bind(channel.id.0)
        .fetch_optional(&mut **tx)
        .await
        .of(OPERATION)?
        .map(drop)
        .ok_or_else(|| Error::not_found(OPERATION, "no such channel").with("channel", channel.id))
}

async fn find(tx: &mut Tx, channel: &Channel, identity: &Identity) -> Result<Option<CustomerId>> {
    sqlx::query(
        "SELECT customer_id FROM x8_identities WHERE company_id = $1 AND kind = $2 AND value = $3",
    )
    .bind(channel.company.0)
    .bind(to_word(&identity.kind)?)
    .bind(dialect::text(&identity.value))
    .fetch_optional(&mut **tx)
    .await
    .of(OPERATION)?
    .map(|row| row.read("customer_id").map(CustomerId))
    .transpose()
}

async fn create(tx: &mut Tx, channel: &Channel, now: Timestamp) -> Result<CustomerId> {
    sqlx::query("INSERT INTO x8_customers (company_id, created_at) VALUES ($1, $2) RETURNING id")
        .bind(channel.company.0)
        .bind(now.as_millisecond())
        .fetch_one(&mut **tx)
        .await
        .of(OPERATION)?
        .read("id")
        .map(CustomerId)
}

/// The thread of this person on this channel, made when there is none; replies go to where they last wrote from.
pub(super) async fn conversation(
    tx: &mut Tx,
    channel: &Channel,
    customer: CustomerId,
    message: &Inbound,
    now: Timestamp,
) -> Result<ConversationId> {
    // Not an upsert: it would use up a key each time.
    for statement in [MEET_AGAIN, MEET] {
        let found = sqlx::query(statement)
            .bind(channel.company.0)
            .bind(channel.id.0)
            .bind(customer.0)
            .bind(message.sender_name.as_deref().map(dialect::text))
            .bind(to_word(&message.sender.kind)?)
            .bind(dialect::text(&message.sender.value))
            .bind(dialect::text(&message.address))
            .bind(message.sent_at.as_millisecond())
            .bind(to_json(&Session::default())?)
            .bind(now.as_millisecond())
            .fetch_optional(&mut **tx)
            .await
            .of(OPERATION)?;
        if let Some(row) = found {
            return row.read("id").map(ConversationId);
        }
    }
    Err(Error::internal(
        OPERATION,
        "the inserted thread is not there",
    ))
}

const MEET_AGAIN: &str = "UPDATE x8_conversations SET customer_name = coalesce($4, customer_name), sender_kind = $5, sender_value = $6,
            address = $7, last_message_at = CASE WHEN last_message_at < $8 THEN $8 ELSE last_message_at END
     WHERE company_id = $1 AND channel_id = $2 AND customer_id = $3 RETURNING id";
const MEET: &str = "INSERT INTO x8_conversations (company_id, channel_id, customer_id, customer_name, sender_kind, sender_value,
                                   address, last_message_at, session, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id";
