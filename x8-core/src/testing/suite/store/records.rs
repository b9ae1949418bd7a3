//! [`Turns`](crate::port::Turns): turns as they were committed, and what they cost.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, civil::date};
use serde_json::json;

use super::{Fresh, World, inbox::update, page};
use crate::{
    ErrorKind,
    behaviour::{Behaviour, Line, Part, Scenario, Scope},
    catalog::Catalog,
    conversation::{Conversation, Held, Session},
    order::PaymentStatus,
    port::{Alert, Changes, ConversationUpdate, TurnInput, TurnRecord},
    testing::{Checked, Failure, ensure, fixture, present, refused, same},
    turn::{Call, ModelUsage, Purpose, Tokens, Try, TurnLimits},
};

mod forget;

/// Records of turns, their cost, and alerts that are raised once.
///
/// # Errors
/// The first rule that does not hold.
pub async fn records(make: &dyn Fresh) -> Checked {
    cases! { make;
        "replay: a turn comes back as it was committed" => whole,
        "replay: a record without its input is kept and says so" => without_input,
        "turns_of: oldest first, by pages" => listed,
        "T3: another tenant's conversation has no turns" => foreign,
        "usage: tries are summed by day and model" => usage,
        "usage: calls outside of turns count too" => calls,
        "forget: nothing of a customer's turns stays but their cost" => forget::customer,
        "forget: a whole company" => forget::company,
        "D3: a refused commit costs nothing" => refused_costs_nothing,
        "I1: an alert that is raised once is there once" => once,
        "A11: held messages do not hurry a later burst" => held,
    }
}

/// A try that cost something.
fn paid(model: &str, cost: u64) -> Try {
    Try {
        tokens: Some(Tokens {
            prompt: 1_000,
            completion: 20,
        }),
        cost,
        prompt: Some("product/1".to_owned()),
        ..Try::free(model, Ok("{}".to_owned()))
    }
}

fn record(number: u128, conversation: &Conversation, at: Timestamp, tries: Vec<Try>) -> TurnRecord {
    TurnRecord {
        id: fixture::turn(number),
        conversation: conversation.id,
        catalog: None,
        catalog_version: 1,
        input: None,
        tries,
        answer: None,
        model_output: "{}".to_owned(),
        reply: json!({}),
        findings: json!([]),
        at,
    }
}

async fn put(world: &World, turn: TurnRecord) -> Checked {
    let changes = Changes {
        turn: Some(turn),
        ..Changes::at(fixture::NOW)
    };
    Ok(world.store.commit(world.tenant, changes).await.map(drop)?)
}

async fn input(world: &World, conversation: &Conversation) -> Result<TurnInput, Failure> {
    let state = world
        .store
        .turn_state(world.tenant, conversation.id, 5)
        .await?;
    let order = world
        .put(&fixture::cart(1, world.tenant, conversation, 29_90))
        .await?;
    Ok(TurnInput {
        turn: fixture::turn(1),
        company: world.company.clone(),
        conversation: conversation.id,
        platform: conversation.platform,
        sender: conversation.sender.clone(),
        token: "«chat»".to_owned(),
        instance_id: String::new(),
        burst: state.pending,
        history: state.history,
        session: Session {
            name: Some("Ñandú \"Q\"".to_owned()),
            held: Some(Held {
                turns: 2,
                through: crate::id::MessageId(7),
            }),
            ..Session::default()
        },
        catalog: Arc::new(Catalog::detached(Vec::new())),
        order: Some(order),
        payment_status: PaymentStatus::PaymentLinkSent,
        behaviour: wishes(),
        now: fixture::NOW + SignedDuration::from_nanos(123_456_789),
        limits: TurnLimits {
            answer_by: Some(fixture::after(20)),
            budget_spent: true,
        },
    })
}

fn wishes() -> Behaviour {
    let line = Line {
        part: Part::Style,
        text: "Be «kind»".to_owned(),
        from: Scope {
            channel: Some(crate::id::ChannelId(3)),
            scenario: Some(Scenario::Sale),
        },
    };
    Behaviour { lines: vec![line] }
}

async fn whole(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let input = input(world, &conversation).await?;
    let tries = vec![
        Try::free("small", Err("429: wait\n".to_owned())),
        paid("small", 570),
        Try::free("guided", Ok("{\"response\": \"¡Hola! 👋\"}".to_owned())),
    ];
    let committed = TurnRecord {
        catalog: Some(crate::id::CatalogId(4)),
        input: Some(Box::new(input)),
        answer: Some(json!({"text": "hello", "session": {"name": null}})),
        ..record(1, &conversation, fixture::NOW, tries)
    };
    put(world, committed.clone()).await?;
    let (tenant, found) = world.store.turn(fixture::turn(1)).await?;
    same(&tenant, &world.tenant, "whose it is")?;
    same(&found.tries, &committed.tries, "its tries, in order")?;
    same(&found.answer, &committed.answer, "its answer")?;
    same(&found.catalog, &committed.catalog, "its catalogue")?;
    same(&found.at, &committed.at, "its time")?;
    let facts = |record: &TurnRecord| serde_json::to_string(&record.input).unwrap_or_default();
    same(&facts(&found), &facts(&committed), "its input")?;
    let absent = world.store.turn(fixture::turn(9)).await;
    refused(absent, ErrorKind::NotFound, "an unknown turn")
}

async fn without_input(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    put(world, record(1, &conversation, fixture::NOW, vec![])).await?;
    let (_, found) = world.store.turn(fixture::turn(1)).await?;
    ensure(found.input.is_none(), "no input")?;
    ensure(
        found.answer.is_none() && found.tries.is_empty(),
        "no answer, no tries",
    )?;
    same(&found.model_output, &"{}".to_owned(), "what there was")
}

async fn listed(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    for (number, second) in [(3, 0), (1, 10), (2, 10)] {
        let turn = record(number, &conversation, fixture::after(second), vec![]);
        put(world, turn).await?;
    }
    let list = async |limit, after: Option<u128>| {
        let page = page(limit, after.map(fixture::turn));
        let turns = world.store.turns_of(world.tenant, conversation.id, page);
        Ok::<_, Failure>(turns.await?.iter().map(|turn| turn.id).collect::<Vec<_>>())
    };
    let ids = |numbers: &[u128]| {
        numbers
            .iter()
            .map(|id| fixture::turn(*id))
            .collect::<Vec<_>>()
    };
    same(&list(10, None).await?, &ids(&[3, 1, 2]), "all")?;
    same(
        &list(1, Some(3)).await?,
        &ids(&[1]),
        "the second page of one",
    )?;
    same(&list(10, Some(9)).await?, &ids(&[]), "after an unknown one")
}

async fn foreign(world: &World) -> Checked {
    let (_, other, _) = world.stranger().await?;
    let conversation = world.customer("+34600000001").await?;
    put(
        world,
        record(1, &conversation, fixture::NOW, vec![paid("m", 5)]),
    )
    .await?;
    let list = world
        .store
        .turns_of(other.tenant(), conversation.id, page(10, None))
        .await;
    refused(list, ErrorKind::NotFound, "listing them")?;
    let end = fixture::after(1_000);
    let cost = world
        .store
        .model_cost(other.tenant(), fixture::NOW, end)
        .await?;
    same(&cost, &0, "their cost")?;
    let usage = world
        .store
        .model_usage(other.tenant(), fixture::NOW, end)
        .await?;
    ensure(usage.is_empty(), "their usage")
}

async fn usage(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let midnight: Timestamp = "2026-11-21T00:00:00Z"
        .parse()
        .map_err(|error| Failure::new(format!("{error}")))?;
    let before = midnight - SignedDuration::from_millis(1);
    let failed = Try::free("b", Err("down".to_owned()));
    let turns = [
        (1, before, vec![failed, paid("a", 10)]),
        (2, midnight, vec![paid("a", 5), paid("a", 7)]),
    ];
    for (number, at, tries) in turns {
        put(world, record(number, &conversation, at, tries)).await?;
    }
    let day = |day, model: &str, calls, failures, cost| ModelUsage {
        day: date(2026, 11, day),
        model: model.to_owned(),
        calls,
        failures,
        tokens: Tokens {
            prompt: 1_000 * (calls - failures),
            completion: 20 * (calls - failures),
        },
        cost,
    };
    let far = midnight + SignedDuration::from_hours(24);
    let (store, tenant) = (&world.store, world.tenant);
    same(
        &store.model_usage(tenant, fixture::NOW, far).await?,
        &vec![
            day(20, "a", 1, 0, 10),
            day(20, "b", 1, 1, 0),
            day(21, "a", 2, 0, 12),
        ],
        "both days",
    )?;
    same(
        &store.model_usage(tenant, before, midnight).await?.len(),
        &2,
        "the end is outside",
    )?;
    same(
        &store.model_cost(tenant, before, far).await?,
        &22,
        "all of it",
    )?;
    same(
        &store.model_cost(tenant, midnight, far).await?,
        &12,
        "a day of it",
    )?;
    let later = midnight + SignedDuration::from_nanos(1);
    same(
        &store.model_cost(tenant, later, far).await?,
        &0,
        "the start is inside",
    )
}

async fn calls(world: &World) -> Checked {
    let (store, tenant) = (&world.store, world.tenant);
    let call = Call {
        purpose: Purpose::Faq,
        model: "a".to_owned(),
        error: None,
        tokens: Some(Tokens {
            prompt: 100,
            completion: 5,
        }),
        cost: 7,
        at: fixture::NOW,
    };
    store.record_call(tenant, &call).await?;
    let failed = Call {
        purpose: Purpose::Voice,
        error: Some("down".to_owned()),
        tokens: None,
        cost: 0,
        ..call.clone()
    };
    store.record_call(tenant, &failed).await?;
    let (_, other, _) = world.stranger().await?;
    store.record_call(other.tenant(), &call).await?;
    let end = fixture::after(1_000);
    let usage = store.model_usage(tenant, fixture::NOW, end).await?;
    let [one] = usage.as_slice() else {
        return Err(Failure::new(format!("one line, not {usage:?}")));
    };
    let counted = (one.calls, one.failures, one.tokens.prompt, one.cost);
    same(&counted, &(2, 1, 100, 7), "what was counted")?;
    let cost = store.model_cost(tenant, fixture::NOW, end).await?;
    same(&cost, &7, "what it cost")
}

async fn refused_costs_nothing(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let changes = Changes {
        conversation: Some(ConversationUpdate {
            expected_version: 77,
            ..update(&conversation, None)
        }),
        turn: Some(record(1, &conversation, fixture::NOW, vec![paid("a", 10)])),
        ..Changes::at(fixture::NOW)
    };
    let refusal = world.store.commit(world.tenant, changes).await;
    refused(refusal, ErrorKind::Conflict, "a stale version")?;
    let cost = world
        .store
        .model_cost(world.tenant, fixture::NOW, fixture::after(1))
        .await?;
    same(&cost, &0, "what it cost")
}

/// Alerts cannot be read through a port: that a repeated key is accepted, and by whom, is what can be seen here.
async fn once(world: &World) -> Checked {
    let (_, other, _) = world.stranger().await?;
    let alert = Alert {
        code: "model_budget",
        order: None,
        message: "spent".to_owned(),
    };
    let changes = || Changes {
        once: vec![("model_budget:2026-11".to_owned(), alert.clone())],
        ..Changes::at(fixture::NOW)
    };
    for tenant in [world.tenant, world.tenant, other.tenant()] {
        world.store.commit(tenant, changes()).await?;
    }
    Ok(())
}

async fn held(world: &World) -> Checked {
    let first = fixture::inbound("m1", "+34600000001", "hello");
    let (conversation, message) = world.hear(&first, 0).await?;
    world.drain_jobs().await?;
    let session = Session {
        held: Some(Held {
            turns: 1,
            through: message,
        }),
        ..Session::default()
    };
    let changes = Changes {
        conversation: Some(ConversationUpdate {
            session,
            ..update(&conversation, None)
        }),
        ..Changes::at(fixture::NOW)
    };
    world.store.commit(world.tenant, changes).await?;
    let second = fixture::inbound("m2", "+34600000001", "are you there?");
    world.hear(&second, 100).await?;
    let due = world.store.next_job_at().await?;
    same(
        &due,
        &Some(fixture::after(100 + super::QUIET)),
        "its own quiet end",
    )?;
    let state = world
        .store
        .turn_state(world.tenant, conversation.id, 5)
        .await?;
    same(&state.pending.len(), &2, "both are answered")?;
    let waiting = present(state.waiting, "somebody waits")?;
    let late = fixture::after(100);
    same(
        &(waiting.first, waiting.last),
        &(late, late),
        "since the second",
    )
}
