//! [`Inbox`](crate::port::Inbox): what goes out, and what comes back about it.

use super::{Fresh, World, inbox::claim_all, inbox::update, page};
use crate::{
    ErrorKind,
    conversation::{Author, Conversation, Delivery, Flow, Inbound, Message, Outgoing},
    id::MessageId,
    port::{Changes, JobKind},
    testing::{Checked, Failure, ensure, fixture, present, refused, same},
};

/// Outgoing messages, echoes and delivery states.
///
/// # Errors
/// The first rule that does not hold.
pub async fn outbox(make: &dyn Fresh) -> Checked {
    cases! { make;
        "commit: a message is queued with its Send job, at the commit's time" => queued,
        "begin_send: sets Sending and tells the state before" => begin,
        "C4: a message with an older fence is withheld" => withheld,
        "begin_send: a message already sent is returned unchanged" => already_sent,
        "T3: another tenant's message is not found, and an inbound one is none to send" => foreign,
        "H3: delivery states only move forward, and back to the queue what surely did not go" => forward,
        "H5: nothing shows as delivered after it failed" => failed_stays,
        "mark: found by the platform's id within the tenant; an unknown id changes nothing" => by_provider_id,
        "H8: our own echo stores nothing and marks the message sent" => own_echo,
        "C4, H8: a human's echo is stored, raises the fence and takes over, once" => human_echo,
        "H8: an echo nobody typed is stored and takes nothing over" => machine_echo,
    }
}

async fn send(world: &World, message: Outgoing) -> Result<MessageId, Failure> {
    let changes = Changes {
        messages: vec![message],
        ..Changes::at(fixture::after(7))
    };
    let ids = world.store.commit(world.tenant, changes).await?;
    present(ids.into_iter().next(), "the key of the message")
}

async fn outbound(world: &World, conversation: &Conversation) -> Result<Vec<Message>, Failure> {
    let all = world
        .store
        .messages(world.tenant, conversation.id, page(100, None))
        .await?;
    Ok(all
        .into_iter()
        .filter(|message| message.flow == Flow::Outbound)
        .collect())
}

async fn state_of(
    world: &World,
    conversation: &Conversation,
    id: MessageId,
) -> Result<Delivery, Failure> {
    let all = outbound(world, conversation).await?;
    let found = all.into_iter().find(|message| message.id == id);
    Ok(present(found, "the message")?.delivery)
}

async fn mark(world: &World, id: MessageId, provider: Option<&str>, to: Delivery) -> Checked {
    let (tenant, now) = (world.tenant, fixture::after(8));
    Ok(world
        .store
        .mark(tenant, Some(id), provider, to, None, now)
        .await?)
}

async fn queued(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let changes = Changes {
        messages: vec![
            fixture::outgoing(&conversation, "first"),
            Outgoing {
                image: Some("https://media.example.com/201.jpg".to_owned()),
                turn: Some(fixture::turn(1)),
                ..fixture::outgoing(&conversation, "second")
            },
        ],
        ..Changes::at(fixture::after(7))
    };
    let ids = world.store.commit(world.tenant, changes).await?;
    let found = outbound(world, &conversation).await?;
    let keys: Vec<MessageId> = found.iter().map(|message| message.id).collect();
    same(&keys, &ids, "keys, in order")?;
    let second = present(found.last(), "the second message")?;
    same(&second.delivery, &Delivery::Queued, "delivery")?;
    same(&second.at, &fixture::after(7), "time")?;
    same(&second.turn, &Some(fixture::turn(1)), "turn")?;
    same(
        &second.image.as_deref(),
        &Some("https://media.example.com/201.jpg"),
        "image",
    )?;
    same(&second.author, &Author::Assistant, "author")?;
    same(
        &world.store.next_job_at().await?,
        &Some(fixture::after(7)),
        "when it can be sent",
    )?;
    let jobs = claim_all(world).await?;
    let sends: Vec<&JobKind> = jobs.iter().map(|job| &job.kind).collect();
    let first = present(ids.first(), "the first key")?;
    same(
        &sends,
        &vec![&JobKind::Send { message: *first }],
        "the oldest of the lane alone",
    )
}

async fn begin(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let id = send(world, fixture::outgoing(&conversation, "reply")).await?;
    let (message, before) = world.store.begin_send(world.tenant, id).await?;
    same(
        &(message.delivery, before),
        &(Delivery::Sending, Delivery::Queued),
        "the first try",
    )?;
    let (message, before) = world.store.begin_send(world.tenant, id).await?;
    same(
        &(message.delivery, before),
        &(Delivery::Sending, Delivery::Sending),
        "the second try",
    )?;
    same(
        &state_of(world, &conversation, id).await?,
        &Delivery::Sending,
        "stored",
    )
}

async fn withheld(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let fenced = |text: &str, fence: Option<u32>| Outgoing {
        fence,
        ..fixture::outgoing(&conversation, text)
    };
    let old = send(world, fenced("computed before", Some(0))).await?;
    let always = send(world, fenced("receipt", None)).await?;
    human_writes(world, "h1").await?;
    let new = send(world, fenced("computed after", Some(1))).await?;
    let (message, before) = world.store.begin_send(world.tenant, old).await?;
    same(
        &(message.delivery, before),
        &(Delivery::Withheld, Delivery::Queued),
        "computed before the human wrote",
    )?;
    same(
        &state_of(world, &conversation, old).await?,
        &Delivery::Withheld,
        "stored",
    )?;
    let (message, _) = world.store.begin_send(world.tenant, old).await?;
    same(&message.delivery, &Delivery::Withheld, "tried again")?;
    for id in [always, new] {
        let (message, _) = world.store.begin_send(world.tenant, id).await?;
        same(
            &message.delivery,
            &Delivery::Sending,
            "no fence, or the present one",
        )?;
    }
    Ok(())
}

async fn already_sent(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    for state in [Delivery::Sent, Delivery::Delivered, Delivery::Read] {
        let text = Outgoing {
            fence: Some(0),
            ..fixture::outgoing(&conversation, "reply")
        };
        let id = send(world, text).await?;
        world.store.begin_send(world.tenant, id).await?;
        mark(world, id, None, state).await?;
        let (message, before) = world.store.begin_send(world.tenant, id).await?;
        same(
            &(message.delivery, before),
            &(state, state),
            "a try after it went",
        )?;
    }
    Ok(())
}

async fn foreign(world: &World) -> Checked {
    let (_, other, _) = world.stranger().await?;
    let conversation = world.customer("+34600000001").await?;
    let id = send(world, fixture::outgoing(&conversation, "reply")).await?;
    let sent = world.store.begin_send(other.tenant(), id).await;
    refused(sent, ErrorKind::NotFound, "another tenant's message")?;
    let (tenant, now) = (other.tenant(), fixture::NOW);
    world
        .store
        .mark(tenant, Some(id), None, Delivery::Read, None, now)
        .await?;
    same(
        &state_of(world, &conversation, id).await?,
        &Delivery::Queued,
        "after a stranger marked it",
    )?;
    let (_, inbound) = world
        .hear(&fixture::inbound("m2", "+34600000001", "hi"), 1)
        .await?;
    let sent = world.store.begin_send(world.tenant, inbound).await;
    refused(sent, ErrorKind::NotFound, "an inbound message")
}

async fn forward(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let id = send(world, fixture::outgoing(&conversation, "reply")).await?;
    world.store.begin_send(world.tenant, id).await?;
    let moves = [
        (Delivery::Queued, Delivery::Queued),
        (Delivery::Sending, Delivery::Sending),
        (Delivery::Sent, Delivery::Sent),
        (Delivery::Queued, Delivery::Sent),
        (Delivery::Sending, Delivery::Sent),
        (Delivery::Read, Delivery::Read),
        (Delivery::Delivered, Delivery::Read),
        (Delivery::Sent, Delivery::Read),
        (Delivery::Failed, Delivery::Read),
    ];
    for (to, wanted) in moves {
        mark(world, id, None, to).await?;
        let found = state_of(world, &conversation, id).await?;
        same(
            &found,
            &wanted,
            &format!("after being marked {}", to.as_str()),
        )?;
    }
    Ok(())
}

async fn failed_stays(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let id = send(world, fixture::outgoing(&conversation, "reply")).await?;
    world.store.begin_send(world.tenant, id).await?;
    mark(world, id, Some("p1"), Delivery::Sent).await?;
    let now = fixture::after(9);
    let why = Some("not on WhatsApp");
    world
        .store
        .mark(world.tenant, Some(id), None, Delivery::Failed, why, now)
        .await?;
    mark(world, id, None, Delivery::Delivered).await?;
    let found = outbound(world, &conversation).await?;
    let found = present(found.first(), "the message")?;
    same(
        &found.delivery,
        &Delivery::Failed,
        "sent, then failed, then called delivered",
    )?;
    same(&found.problem.as_deref(), &why, "the reason")?;
    let (message, _) = world.store.begin_send(world.tenant, id).await?;
    same(
        &message.delivery,
        &Delivery::Failed,
        "a try after it failed for good",
    )
}

async fn by_provider_id(world: &World) -> Checked {
    let (_, other, _) = world.stranger().await?;
    let conversation = world.customer("+34600000001").await?;
    let id = send(world, fixture::outgoing(&conversation, "reply")).await?;
    world.store.begin_send(world.tenant, id).await?;
    mark(world, id, Some("p1"), Delivery::Sent).await?;
    let now = fixture::after(9);
    let status = |tenant, provider, to| {
        world
            .store
            .mark(tenant, None, Some(provider), to, None, now)
    };
    status(other.tenant(), "p1", Delivery::Read).await?;
    status(world.tenant, "p2", Delivery::Read).await?;
    same(
        &state_of(world, &conversation, id).await?,
        &Delivery::Sent,
        "another tenant, an unknown id",
    )?;
    status(world.tenant, "p1", Delivery::Delivered).await?;
    same(
        &state_of(world, &conversation, id).await?,
        &Delivery::Delivered,
        "by the platform's id",
    )?;
    let found = outbound(world, &conversation).await?;
    let found = present(found.first(), "the message")?;
    same(&found.provider_id.as_deref(), &Some("p1"), "the id is kept")?;
    status(world.tenant, "hello +34600000001", Delivery::Read).await?;
    let all = world
        .store
        .messages(world.tenant, conversation.id, page(10, None))
        .await?;
    let inbound = all.iter().find(|message| message.flow == Flow::Inbound);
    same(
        &inbound.map(|message| message.delivery),
        &Some(Delivery::Received),
        "an inbound message has no delivery",
    )
}

fn echo(provider_id: &str, text: &str) -> Inbound {
    Inbound {
        sent_at: fixture::after(9),
        ..fixture::inbound(provider_id, "+34600000001", text)
    }
}

async fn human_writes(world: &World, provider_id: &str) -> Checked {
    let message = echo(provider_id, "This is Marta, how can I help?");
    let now = fixture::after(9);
    Ok(world
        .store
        .accept_echo(&world.channel, &message, true, now)
        .await?)
}

async fn own_echo(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let unknown = send(world, fixture::outgoing(&conversation, "still on its way")).await?;
    world.store.begin_send(world.tenant, unknown).await?;
    let known = send(world, fixture::outgoing(&conversation, "known by its id")).await?;
    world.store.begin_send(world.tenant, known).await?;
    mark(world, known, Some("p2"), Delivery::Delivered).await?;
    let now = fixture::after(9);
    for (id, text) in [
        ("p1", "still on its way"),
        ("p1", "still on its way"),
        ("p2", "known by its id"),
    ] {
        world
            .store
            .accept_echo(&world.channel, &echo(id, text), true, now)
            .await?;
    }
    let found = outbound(world, &conversation).await?;
    let seen: Vec<(MessageId, Delivery, Option<&str>)> = found
        .iter()
        .map(|message| (message.id, message.delivery, message.provider_id.as_deref()))
        .collect();
    let wanted = vec![
        (unknown, Delivery::Sent, Some("p1")),
        (known, Delivery::Delivered, Some("p2")),
    ];
    same(&seen, &wanted, "our two messages and no third")?;
    let after = world
        .store
        .conversation(world.tenant, conversation.id)
        .await?;
    same(
        &(after.taken_over, after.fence),
        &(false, 0),
        "our own echo takes nothing over",
    )
}

async fn human_echo(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    human_writes(world, "h1").await?;
    human_writes(world, "h1").await?;
    let found = outbound(world, &conversation).await?;
    same(&found.len(), &1, "stored once")?;
    let found = present(found.first(), "the human's message")?;
    same(
        &(found.author, found.delivery),
        &(Author::Human, Delivery::Sent),
        "author and delivery",
    )?;
    same(&found.at, &fixture::after(9), "its time")?;
    let after = world
        .store
        .conversation(world.tenant, conversation.id)
        .await?;
    same(
        &(after.taken_over, after.fence),
        &(true, 1),
        "taken over, fence raised once",
    )?;
    let state = world
        .store
        .turn_state(world.tenant, conversation.id, 10)
        .await?;
    ensure(state.pending.is_empty(), "the human has answered")?;
    same(
        &world.store.next_job_at().await?,
        &None,
        "an echo makes no job",
    )?;
    human_writes(world, "h2").await?;
    let after = world
        .store
        .conversation(world.tenant, conversation.id)
        .await?;
    same(&after.fence, &2, "the next human message raises it again")?;
    let stale = Changes {
        conversation: Some(update(&conversation, None)),
        ..Changes::at(fixture::after(9))
    };
    refused(
        world.store.commit(world.tenant, stale).await,
        ErrorKind::Conflict,
        "a turn computed before a human wrote",
    )
}

async fn machine_echo(world: &World) -> Checked {
    let now = fixture::after(9);
    let message = echo("auto-1", "We are open from 9 to 19.");
    world
        .store
        .accept_echo(&world.channel, &message, false, now)
        .await?;
    let all = world
        .store
        .conversations(world.tenant, page(10, None))
        .await?;
    let conversation = present(all.first(), "an echo to a new customer opens the thread")?;
    ensure(!conversation.taken_over, "nobody took over")?;
    let found = outbound(world, conversation).await?;
    let found = present(found.first(), "the message")?;
    same(
        &(found.author, found.delivery),
        &(Author::System, Delivery::Sent),
        "author and delivery",
    )
}
