//! [`Inbox`](crate::port::Inbox): when a burst is answered and what a turn reads, run with the [`inbox`](super::inbox()).

use jiff::Timestamp;

use super::{
    LONGEST, QUIET, World,
    inbox::{claim_all, claim_one, update},
    page, wait, write,
};
use crate::{
    ErrorKind,
    conversation::{Inbound, Message},
    id::ConversationId,
    port::{Changes, ConversationUpdate, JobKind},
    testing::{Checked, Failure, ensure, fixture, present, refused, same},
};

/// The one waiting `Answer` job's time, found by asking when the next job can be claimed.
async fn due(world: &World) -> Result<Option<Timestamp>, Failure> {
    Ok(world.store.next_job_at().await?)
}

pub(super) async fn burst(world: &World) -> Checked {
    for (index, second) in [0, 2, 4].into_iter().enumerate() {
        let message = fixture::inbound(&format!("m{index}"), "+34600000001", "and");
        world.hear(&message, second).await?;
        same(
            &due(world).await?,
            &Some(fixture::after(second + QUIET)),
            "quiet time after each",
        )?;
    }
    world
        .hear(&fixture::inbound("m9", "+34600000001", "more"), 9)
        .await?;
    same(
        &due(world).await?,
        &Some(fixture::after(LONGEST)),
        "the longest wait, from the first arrival",
    )?;
    let double = [fixture::inbound("m9", "+34600000001", "more")];
    let late = fixture::after(9);
    world
        .store
        .accept(&world.channel, &double, wait(), late)
        .await?;
    same(
        &due(world).await?,
        &Some(fixture::after(LONGEST)),
        "a double changes nothing",
    )?;
    let jobs = claim_all(world).await?;
    let kinds: Vec<&JobKind> = jobs.iter().map(|job| &job.kind).collect();
    same(&kinds.len(), &1, "one job for the burst")?;
    let job = present(jobs.first(), "the job")?;
    same(&job.tenant, &Some(world.tenant), "its tenant")?;
    ensure(matches!(job.kind, JobKind::Answer { .. }), "it answers")
}

pub(super) async fn wake_up(world: &World) -> Checked {
    let (conversation, first) = world
        .hear(&fixture::inbound("m1", "+34600000001", "a"), 0)
        .await?;
    let job = claim_one(world, 100).await?;
    world
        .hear(&fixture::inbound("m2", "+34600000001", "b"), 101)
        .await?;
    let answered = Changes {
        conversation: Some(update(&conversation, Some(first))),
        finish: Some(job.claim),
        ..Changes::at(fixture::after(102))
    };
    world.store.commit(world.tenant, answered).await?;
    let again = claim_one(world, 200).await?;
    same(&again.kind, &job.kind, "the same work again")?;
    world.store.finish_job(again.claim).await?;
    same(&due(world).await?, &None, "then it is done")
}

pub(super) async fn taken_over(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let take = ConversationUpdate {
        taken_over: Some(true),
        ..update(&conversation, None)
    };
    let changes = Changes {
        conversation: Some(take),
        ..Changes::at(fixture::NOW)
    };
    world.store.commit(world.tenant, changes).await?;
    let (after, _) = world
        .hear(&fixture::inbound("m2", "+34600000001", "a"), 1)
        .await?;
    ensure(after.taken_over, "taken over")?;
    same(&after.fence, &1, "taking over raises the fence")?;
    same(&due(world).await?, &None, "no job while a human answers")?;
    let give_back = ConversationUpdate {
        taken_over: Some(false),
        ..update(&after, None)
    };
    let changes = Changes {
        conversation: Some(give_back),
        ..Changes::at(fixture::NOW)
    };
    world.store.commit(world.tenant, changes).await?;
    let (ended, _) = world
        .hear(&fixture::inbound("m3", "+34600000001", "b"), 2)
        .await?;
    same(
        &(ended.taken_over, ended.fence),
        &(false, 1),
        "takeover ended, the fence stays",
    )?;
    ensure(due(world).await?.is_some(), "jobs are made again")
}

pub(super) async fn order_of_messages(world: &World) -> Checked {
    let at = |id: &str, seconds: i64| Inbound {
        sent_at: fixture::after(seconds),
        ..fixture::inbound(id, "+34600000001", id)
    };
    let batch = [
        at("late", 9),
        at("early", 1),
        at("same-1", 5),
        at("same-2", 5),
    ];
    let accepted = world
        .store
        .accept(&world.channel, &batch, wait(), fixture::after(20))
        .await?;
    let (conversation, _) = *present(accepted.stored.first(), "stored")?;
    let list = |after| {
        world
            .store
            .messages(world.tenant, conversation, page(2, after))
    };
    let first = list(None).await?;
    let second = list(first.last().map(|message| message.id.0)).await?;
    let third = list(second.last().map(|message| message.id.0)).await?;
    let texts: Vec<&str> = first
        .iter()
        .chain(&second)
        .map(|message| message.text.as_str())
        .collect();
    same(
        &texts,
        &vec!["early", "same-1", "same-2", "late"],
        "pages in order",
    )?;
    ensure(third.is_empty(), "nothing after the last")
}

pub(super) async fn turn_state(world: &World) -> Checked {
    let number = "+34600000001";
    let (conversation, first) = world
        .hear(&fixture::inbound("m1", number, "one"), 0)
        .await?;
    let answered = Changes {
        conversation: Some(update(&conversation, Some(first))),
        messages: vec![fixture::outgoing(&conversation, "reply")],
        ..Changes::at(fixture::after(1))
    };
    world.store.commit(world.tenant, answered).await?;
    let order = world
        .put(&fixture::cart(1, world.tenant, &conversation, 29_90))
        .await?;
    let late = Inbound {
        sent_at: fixture::after(-5),
        ..fixture::inbound("m2", number, "delayed on its way")
    };
    let next = Inbound {
        sent_at: fixture::after(2),
        ..fixture::inbound("m3", number, "three")
    };
    world.hear(&next, 3).await?;
    world.hear(&late, 4).await?;
    let state = world
        .store
        .turn_state(world.tenant, conversation.id, 10)
        .await?;
    let texts = |messages: &[Message]| -> Vec<String> {
        messages
            .iter()
            .map(|message| message.text.clone())
            .collect()
    };
    same(
        &texts(&state.pending),
        &vec!["delayed on its way".to_owned(), "three".to_owned()],
        "pending, by provider time",
    )?;
    same(
        &texts(&state.history),
        &vec!["one".to_owned(), "reply".to_owned()],
        "earlier, oldest first",
    )?;
    same(&state.order, &Some(order), "the newest order")?;
    same(&state.conversation.version, &1, "version")?;
    let short = world
        .store
        .turn_state(world.tenant, conversation.id, 1)
        .await?;
    same(
        &texts(&short.history),
        &vec!["reply".to_owned()],
        "the newest of the earlier ones",
    )
}

pub(super) async fn listed(world: &World) -> Checked {
    world.stranger().await?;
    let mut ids: Vec<ConversationId> = Vec::new();
    for number in ["+34600000001", "+34600000002", "+34600000003"] {
        ids.insert(0, world.customer(number).await?.id);
    }
    let list = |after| world.store.conversations(world.tenant, page(2, after));
    let first = list(None).await?;
    let second = list(first.last().map(|one| one.id.0)).await?;
    let found: Vec<ConversationId> = first.iter().chain(&second).map(|one| one.id).collect();
    same(&found, &ids, "conversations")
}

pub(super) async fn foreign(world: &World) -> Checked {
    let store = &world.store;
    let (_, other, _) = world.stranger().await?;
    let conversation = world.customer("+34600000001").await?;
    let tenant = other.tenant();
    let seen = store.conversation(tenant, conversation.id).await;
    refused(seen, ErrorKind::NotFound, "the conversation")?;
    let messages = store
        .messages(tenant, conversation.id, page(10, None))
        .await;
    refused(messages, ErrorKind::NotFound, "its messages")?;
    let turn = store.turn_state(tenant, conversation.id, 10).await;
    refused(turn, ErrorKind::NotFound, "its turn")?;
    let changes = Changes {
        conversation: Some(update(&conversation, None)),
        ..Changes::at(fixture::NOW)
    };
    refused(
        store.commit(tenant, changes).await,
        ErrorKind::NotFound,
        "moving it on",
    )?;
    let sending = Changes {
        messages: vec![fixture::outgoing(&conversation, "spam")],
        ..Changes::at(fixture::NOW)
    };
    refused(
        store.commit(tenant, sending).await,
        ErrorKind::NotFound,
        "writing into it",
    )?;
    let order = fixture::cart(1, tenant, &conversation, 1_00);
    refused(
        store.commit(tenant, write([&order])).await,
        ErrorKind::NotFound,
        "ordering in it",
    )?;
    ensure(
        store
            .conversations(tenant, page(10, None))
            .await?
            .is_empty(),
        "it is not listed",
    )
}
