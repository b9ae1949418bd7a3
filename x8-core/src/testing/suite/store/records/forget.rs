//! What is deleted of turns, and what stays.

use super::{
    super::{World, inbox::update, page},
    paid, put, record,
};
use crate::{
    ErrorKind,
    conversation::Session,
    port::{Changes, ConversationUpdate},
    testing::{Checked, Failure, ensure, fixture, refused, same},
};

pub(super) async fn customer(world: &World) -> Checked {
    let (store, tenant) = (&world.store, world.tenant);
    let gone = world.customer("+34600000001").await?;
    let stays = world.customer("+34600000002").await?;
    let both = [(1, &gone, 10), (2, &stays, 5)];
    for (number, conversation, cost) in both {
        put(
            world,
            record(number, conversation, fixture::NOW, vec![paid("a", cost)]),
        )
        .await?;
    }
    let session = Session {
        name: Some("Ana".to_owned()),
        ..Session::default()
    };
    let told = Changes {
        conversation: Some(ConversationUpdate {
            session,
            ..update(&gone, None)
        }),
        ..Changes::at(fixture::NOW)
    };
    store.commit(tenant, told).await?;
    for _ in 0..2 {
        let said = store.forget_turns(tenant, Some(gone.customer)).await?;
        same(&said.conversations, &vec![gone.id], "whose threads")?;
        same(&said.people, &vec![gone.sender.clone()], "whose names")?;
    }
    let after = store.conversation(tenant, gone.id).await?;
    same(
        &after.session,
        &Session::default(),
        "what the thread remembers",
    )?;
    let turns = store.turns_of(tenant, gone.id, page(9, None)).await?;
    ensure(turns.is_empty(), "their turns")?;
    let turn = store.turn(fixture::turn(1)).await;
    refused(turn, ErrorKind::NotFound, "the turn itself")?;
    let others = store.turns_of(tenant, stays.id, page(9, None)).await?;
    same(&others.len(), &1, "another's turns")?;
    let end = fixture::after(1_000);
    let cost = store.model_cost(tenant, fixture::NOW, end).await?;
    same(&cost, &15, "the account")?;
    let stale = Changes {
        conversation: Some(update(&gone, None)),
        ..Changes::at(fixture::NOW)
    };
    refused(
        store.commit(tenant, stale).await,
        ErrorKind::Conflict,
        "a turn under way",
    )?;
    let (_, other, _) = world.stranger().await?;
    let foreign = store
        .forget_turns(other.tenant(), Some(gone.customer))
        .await;
    refused(foreign, ErrorKind::NotFound, "another tenant's customer")
}

pub(super) async fn company(world: &World) -> Checked {
    let (store, tenant) = (&world.store, world.tenant);
    let mut threads = Vec::new();
    for (number, phone) in [(1, "+34600000001"), (2, "+34600000002")] {
        let conversation = world.customer(phone).await?;
        put(
            world,
            record(number, &conversation, fixture::NOW, vec![paid("a", 1)]),
        )
        .await?;
        threads.push(conversation.id);
    }
    let (_, other, _) = world.stranger().await?;
    let none = store.forget_turns(other.tenant(), None).await?;
    ensure(
        !none.conversations.iter().any(|id| threads.contains(id)),
        "another's threads",
    )?;
    for thread in &threads {
        let left = store.turns_of(tenant, *thread, page(9, None)).await?;
        same(&left.len(), &1, "another's deletion")?;
    }
    let said = store.forget_turns(tenant, None).await?;
    same(&said.conversations, &threads, "every thread")?;
    same(&said.people.len(), &2, "every name")?;
    for thread in threads {
        ensure(
            store
                .turns_of(tenant, thread, page(9, None))
                .await?
                .is_empty(),
            "their turns",
        )?;
    }
    let gone = store.delete_document("notes", "none").await;
    gone.map_err(|error| Failure::new(format!("deleting what is not there: {error}")))
}
