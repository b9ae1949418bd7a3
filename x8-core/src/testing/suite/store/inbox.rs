//! [`Inbox`](crate::port::Inbox): what comes in.

use futures_util::future::try_join_all;
use jiff::SignedDuration;

use super::{Fresh, World, page, turns, wait};
use crate::{
    conversation::{
        Author, Conversation, Delivery, Flow, Identity, IdentityKind, Inbound, MessageType, Session,
    },
    id::MessageId,
    order::PaymentStatus,
    port::{ConversationUpdate, Job},
    testing::{Checked, Failure, ensure, fixture, present, same},
};

/// Messages in, customers, conversations and what a turn reads.
///
/// # Errors
/// The first rule that does not hold.
pub async fn inbox(make: &dyn Fresh) -> Checked {
    cases! { make;
        "accept: a message is stored as the customer wrote it" => stored,
        "C3: an inbound message carries the payment status of the newest order" => status_at_that_time,
        "H2: the same message 50 times in parallel is stored once and makes one job" => fifty_times,
        "H2: a double within one batch is stored once, its neighbours are stored" => double_in_batch,
        "H1: a message is stored however old it is" => old_message,
        "H2: message ids are unique per channel, not beyond" => id_per_channel,
        "C1: a known identity keeps one conversation per channel" => one_conversation,
        "C1: aliases are remembered" => aliases,
        "C1: identities are known per company" => identity_per_company,
        "A1: a burst is answered when it is quiet, or after the longest wait" => turns::burst,
        "A1: a message during the turn makes the turn's job run again" => turns::wake_up,
        "C4: a conversation taken over makes no job" => turns::taken_over,
        "C2: messages are listed by provider time, then arrival" => turns::order_of_messages,
        "turn_state: pending and earlier messages, and the newest order" => turns::turn_state,
        "conversations: newest key first, by pages" => turns::listed,
        "T3: another tenant's conversation is not found" => turns::foreign,
    }
}

async fn stored(world: &World) -> Checked {
    let message = fixture::inbound("m1", "+34600000001", "Hola, ¿rosas? 🌹");
    let (conversation, id) = world.hear(&message, 5).await?;
    same(&conversation.channel, &world.channel.id, "channel")?;
    same(&conversation.sender, &message.sender, "sender")?;
    same(&conversation.address, &message.address, "address")?;
    same(&conversation.customer_name, &message.sender_name, "name")?;
    same(
        &(
            conversation.taken_over,
            conversation.fence,
            conversation.version,
        ),
        &(false, 0, 0),
        "a fresh thread",
    )?;
    let found = world
        .store
        .messages(world.tenant, conversation.id, page(10, None))
        .await?;
    let found = present(found.into_iter().next(), "the message")?;
    same(&found.id, &id, "key")?;
    same(&found.text, &message.text, "text")?;
    same(
        &(found.flow, found.author),
        &(Flow::Inbound, Author::Customer),
        "flow and author",
    )?;
    same(&found.kind, &MessageType::Type1, "type")?;
    same(
        &found.payment_status,
        &PaymentStatus::NoPaymentLink,
        "payment status",
    )?;
    same(&found.provider_id.as_deref(), &Some("m1"), "provider id")?;
    same(&found.at, &message.sent_at, "provider time")?;
    same(&found.delivery, &Delivery::Received, "delivery")
}

async fn status_at_that_time(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    world.paid(1, &conversation).await?;
    world
        .hear(&fixture::inbound("m2", "+34600000001", "thanks"), 1)
        .await?;
    let found = world
        .store
        .messages(world.tenant, conversation.id, page(10, None))
        .await?;
    let statuses: Vec<PaymentStatus> = found.iter().map(|message| message.payment_status).collect();
    let wanted = vec![PaymentStatus::NoPaymentLink, PaymentStatus::Paid];
    same(&statuses, &wanted, "before and after the payment")
}

async fn fifty_times(world: &World) -> Checked {
    let batch = [fixture::inbound("m1", "+34600000001", "hello")];
    let call = |_: u32| {
        world
            .store
            .accept(&world.channel, &batch, wait(), fixture::NOW)
    };
    let accepted = try_join_all((0..50).map(call)).await?;
    let stored: usize = accepted.iter().map(|one| one.stored.len()).sum();
    let doubles: usize = accepted.iter().map(|one| one.duplicates.len()).sum();
    same(&(stored, doubles), &(1, 49), "stored and duplicates")?;
    let conversations = world
        .store
        .conversations(world.tenant, page(10, None))
        .await?;
    same(&conversations.len(), &1, "conversations")?;
    let conversation = present(conversations.first(), "the conversation")?.id;
    let messages = world
        .store
        .messages(world.tenant, conversation, page(10, None))
        .await?;
    same(&messages.len(), &1, "messages")?;
    let jobs = claim_all(world).await?;
    same(&jobs.len(), &1, "jobs")
}

async fn double_in_batch(world: &World) -> Checked {
    let one = fixture::inbound("m1", "+34600000001", "one");
    let batch = [
        one.clone(),
        fixture::inbound("m2", "+34600000002", "two"),
        one,
        fixture::inbound("m3", "+34600000001", "three"),
    ];
    let accepted = world
        .store
        .accept(&world.channel, &batch, wait(), fixture::NOW)
        .await?;
    same(&accepted.stored.len(), &3, "stored")?;
    same(&accepted.duplicates, &vec!["m1".to_owned()], "duplicates")?;
    same(
        &claim_all(world).await?.len(),
        &2,
        "one job per conversation touched",
    )
}

async fn old_message(world: &World) -> Checked {
    let old = Inbound {
        sent_at: fixture::after(-400 * 86_400),
        ..fixture::inbound("m1", "+34600000001", "a year ago")
    };
    let (conversation, _) = world.hear(&old, 0).await?;
    let found = world
        .store
        .messages(world.tenant, conversation.id, page(10, None))
        .await?;
    same(
        &found.first().map(|message| message.at),
        &Some(old.sent_at),
        "its time",
    )
}

async fn id_per_channel(world: &World) -> Checked {
    let second = world
        .store
        .reserve_channel(
            world.tenant,
            fixture::new_channel("second"),
            fixture::subscribed(9),
            fixture::NOW,
        )
        .await?;
    let batch = [fixture::inbound("m1", "+34600000001", "hello")];
    let here = world
        .store
        .accept(&world.channel, &batch, wait(), fixture::NOW)
        .await?;
    let there = world
        .store
        .accept(&second, &batch, wait(), fixture::NOW)
        .await?;
    same(
        &(here.stored.len(), there.stored.len()),
        &(1, 1),
        "stored in each channel",
    )?;
    let conversations = [here, there].map(|one| one.stored.first().map(|(id, _)| *id));
    ensure(
        conversations.first() != conversations.last(),
        "each channel has its own thread",
    )?;
    let all = world
        .store
        .conversations(world.tenant, page(10, None))
        .await?;
    let customers: Vec<_> = all.iter().map(|one| one.customer).collect();
    ensure(customers.first() == customers.last(), "the customer is one")
}

async fn one_conversation(world: &World) -> Checked {
    let (first, _) = world
        .hear(&fixture::inbound("m1", "+34600000001", "a"), 0)
        .await?;
    let later = Inbound {
        sender_name: Some("Ana María".to_owned()),
        ..fixture::inbound("m2", "+34600000001", "b")
    };
    let (second, _) = world.hear(&later, 1).await?;
    same(&second.id, &first.id, "conversation")?;
    same(&second.customer_name, &later.sender_name, "the newest name")?;
    let (other, _) = world
        .hear(&fixture::inbound("m3", "+34600000002", "c"), 2)
        .await?;
    ensure(
        other.id != first.id,
        "another person has another conversation",
    )?;
    ensure(
        other.customer != first.customer,
        "another person is another customer",
    )
}

async fn aliases(world: &World) -> Checked {
    let lid = Identity::new(IdentityKind::Lid, "99887766");
    let known = Inbound {
        aliases: vec![lid.clone()],
        ..fixture::inbound("m1", "+34600000001", "by phone")
    };
    let (first, _) = world.hear(&known, 0).await?;
    let hidden = Inbound {
        sender: lid,
        ..fixture::inbound("m2", "+34600000001", "by hidden id")
    };
    let (second, _) = world.hear(&hidden, 1).await?;
    same(&second.id, &first.id, "the thread of an alias told before")?;
    let proven = Inbound {
        sender: Identity::new(IdentityKind::Platform, "new-name"),
        aliases: vec![fixture::phone("+34600000001")],
        ..fixture::inbound("m3", "+34600000001", "by a new name")
    };
    let (third, _) = world.hear(&proven, 2).await?;
    same(&third.id, &first.id, "a new name with a known alias")?;
    let alone = Inbound {
        aliases: Vec::new(),
        ..proven
    };
    let alone = Inbound {
        provider_id: "m4".to_owned(),
        ..alone
    };
    let (fourth, _) = world.hear(&alone, 3).await?;
    same(&fourth.id, &first.id, "the new name alone, afterwards")
}

async fn identity_per_company(world: &World) -> Checked {
    let (_, _, foreign) = world.stranger().await?;
    let (mine, _) = world
        .hear(&fixture::inbound("m1", "+34600000001", "a"), 0)
        .await?;
    let batch = [fixture::inbound("m1", "+34600000001", "a")];
    let theirs = world
        .store
        .accept(&foreign, &batch, wait(), fixture::NOW)
        .await?;
    let (id, _) = *present(theirs.stored.first(), "stored for the other company")?;
    let tenant = crate::tenant::Tenant::assume(foreign.company);
    let theirs = world.store.conversation(tenant, id).await?;
    ensure(
        theirs.customer != mine.customer,
        "customers never cross companies",
    )
}

/// A thread moved on, with nothing but what it has.
pub(super) fn update(
    conversation: &Conversation,
    through: Option<MessageId>,
) -> ConversationUpdate {
    ConversationUpdate {
        id: conversation.id,
        expected_version: conversation.version,
        session: Session::default(),
        answered_through: through,
        taken_over: None,
    }
}

/// Everything that can be claimed in the far future.
pub(super) async fn claim_all(world: &World) -> Result<Vec<Job>, Failure> {
    let lease = SignedDuration::from_secs(60);
    Ok(world
        .store
        .claim_jobs(fixture::after(1_000_000), lease, 100)
        .await?)
}

/// The only job that can be claimed so many seconds from the start.
pub(super) async fn claim_one(world: &World, seconds: i64) -> Result<Job, Failure> {
    let lease = SignedDuration::from_secs(60);
    let jobs = world
        .store
        .claim_jobs(fixture::after(seconds), lease, 100)
        .await?;
    same(&jobs.len(), &1, "jobs to be claimed")?;
    present(jobs.into_iter().next(), "the job")
}
