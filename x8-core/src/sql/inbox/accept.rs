//! Taking messages in: duplicates, echoes, and the job that answers.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::super::{Tx, dialect, fault::Faults, jobs, ledger, row};
use super::{deliver, get, messages_sql, people, waiting, write};
use crate::{
    channel::Channel,
    conversation::{Author, Conversation, Delivery, Flow, Inbound, Message, MessageType},
    error::Result,
    id::{ConversationId, MessageId},
    order::PaymentStatus,
    port::{Accepted, JobKind, NewJob, Pending, Waiting},
    tenant::Tenant,
};

/// Stores a batch, and one answer job per conversation that got something new.
pub(super) async fn batch(
    tx: &mut Tx,
    channel: &Channel,
    messages: &[Inbound],
    wait: Pending,
    now: Timestamp,
) -> Result<Accepted> {
    people::require_channel(tx, channel).await?;
    let mut accepted = Accepted::default();
    for message in messages {
        if known(tx, channel, &message.provider_id).await?.is_some() {
            accepted.duplicates.push(message.provider_id.clone());
        } else {
            accepted
                .stored
                .push(store(tx, channel, message, now).await?);
        }
    }
    let touched: BTreeSet<ConversationId> = accepted.stored.iter().map(|(id, _)| *id).collect();
    for conversation in touched {
        answer_later(tx, channel, conversation, wait, now).await?;
    }
    Ok(accepted)
}

/// A message that left the account without us, or our own coming back.
pub(super) async fn echo(
    tx: &mut Tx,
    channel: &Channel,
    message: &Inbound,
    by_human: bool,
    now: Timestamp,
) -> Result<()> {
    let tenant = Tenant::assume(channel.company);
    people::require_channel(tx, channel).await?;
    let own = match known(tx, channel, &message.provider_id).await? {
        Some(own) => Some(own),
        None => being_sent(tx, channel, message).await?,
    };
    if let Some(own) = own {
        let news = deliver::News {
            provider_id: Some(&message.provider_id),
            delivery: Delivery::Sent,
            problem: None,
            now,
        };
        return deliver::mark(tx, tenant, &own, news).await;
    }
    let customer = people::customer(tx, channel, message, now).await?;
    let conversation = people::conversation(tx, channel, customer, message, now).await?;
    let conversation = get(tx, tenant, conversation).await?;
    let author = if by_human {
        Author::Human
    } else {
        Author::System
    };
    let origin = (Flow::Outbound, author, Delivery::Sent);
    insert(tx, tenant, &conversation, message, origin, now).await?;
    if by_human {
        sqlx::query(
            "UPDATE x8_conversations SET taken_over = TRUE, fence = fence + 1, version = version + 1,
                    answered_through = CASE WHEN seen.through > coalesce(answered_through, 0) THEN seen.through
                                       ELSE answered_through END
             FROM (SELECT max(m.id) AS through FROM x8_messages m
                   WHERE m.company_id = $1 AND m.conversation_id = $2 AND m.flow = 'inbound'
                     AND m.id < coalesce((
                         SELECT min(l.id) FROM x8_messages l
                         WHERE l.company_id = $1 AND l.conversation_id = $2 AND l.flow = 'inbound' AND l.at > $3
                     ), m.id + 1)) seen
             WHERE company_id = $1 AND id = $2",
        )
        .bind(channel.company.0)
        .bind(conversation.id.0)
        .bind(message.sent_at.as_millisecond())
        .execute(&mut **tx)
        .await
        .of("inbox.accept_echo")?;
    }
    Ok(())
}

async fn store(
    tx: &mut Tx,
    channel: &Channel,
    message: &Inbound,
    now: Timestamp,
) -> Result<(ConversationId, MessageId)> {
    let customer = people::customer(tx, channel, message, now).await?;
    let id = people::conversation(tx, channel, customer, message, now).await?;
    let tenant = Tenant::assume(channel.company);
    let conversation = get(tx, tenant, id).await?;
    let origin = (Flow::Inbound, Author::Customer, Delivery::Received);
    let stored = insert(tx, tenant, &conversation, message, origin, now).await?;
    Ok((id, stored))
}

async fn insert(
    tx: &mut Tx,
    tenant: Tenant,
    conversation: &Conversation,
    message: &Inbound,
    (flow, author, delivery): (Flow, Author, Delivery),
    now: Timestamp,
) -> Result<MessageId> {
    let newest = ledger::newest(tx, tenant, conversation.customer).await?;
    let new = write::NewMessage {
        flow,
        author,
        kind: MessageType::Type1,
        payment_status: newest.map_or(PaymentStatus::NoPaymentLink, |order| order.payment_status()),
        text: &message.text,
        image: None,
        provider_id: Some(&message.provider_id),
        at: message.sent_at,
        delivery,
        turn: None,
        fence: None,
    };
    write::insert_message(tx, tenant, conversation.id, &new, now).await
}

/// H2: the message that already has this platform id on this channel.
async fn known(tx: &mut Tx, channel: &Channel, provider_id: &str) -> Result<Option<Message>> {
    sqlx::query(messages_sql!(
        "WHERE x.company_id = $1 AND x.channel_id = $2 AND x.provider_id = $3"
    ))
    .bind(channel.company.0)
    .bind(channel.id.0)
    .bind(dialect::text(provider_id))
    .fetch_optional(&mut **tx)
    .await
    .of("inbox.accept")?
    .as_ref()
    .map(row::message)
    .transpose()
}

/// A message of ours whose send has begun, with the same words to the same person: its echo came before the answer.
async fn being_sent(tx: &mut Tx, channel: &Channel, echo: &Inbound) -> Result<Option<Message>> {
    let Some(customer) = people::known(tx, channel, echo).await? else {
        return Ok(None);
    };
    let sending = sqlx::query(messages_sql!(
        "JOIN x8_conversations v ON v.company_id = x.company_id AND v.id = x.conversation_id
         WHERE v.company_id = $1 AND v.channel_id = $2 AND v.customer_id = $3 AND x.delivery = 'sending'
           AND x.provider_id IS NULL ORDER BY x.id"
    ))
    .bind(channel.company.0)
    .bind(channel.id.0)
    .bind(customer.0)
    .fetch_all(&mut **tx)
    .await
    .of("inbox.accept_echo")?
    .iter()
    .map(row::message)
    .collect::<Result<Vec<_>>>()?;
    // Platforms trim what they are given.
    Ok(sending
        .into_iter()
        .find(|message| message.text.trim() == echo.text.trim()))
}

/// A1: after a quiet moment, but never later than `longest` after the first message that waits. C4: not at all while a
/// human has taken over.
async fn answer_later(
    tx: &mut Tx,
    channel: &Channel,
    conversation: ConversationId,
    wait: Pending,
    now: Timestamp,
) -> Result<()> {
    let tenant = Tenant::assume(channel.company);
    let thread = get(tx, tenant, conversation).await?;
    if thread.taken_over {
        return Ok(());
    }
    let Some(Waiting { first, .. }) = waiting(tx, tenant, &thread).await? else {
        return Ok(());
    };
    let run_at = wait.due(Waiting { first, last: now });
    let job = NewJob::new(JobKind::Answer { conversation }, run_at)
        .in_lane(format!("answer:{conversation}"));
    jobs::enqueue(tx, Some(tenant), &job).await
}
