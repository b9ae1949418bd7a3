//! [`Ledger`](crate::port::Ledger): provider events.

use futures_util::future::try_join_all;

use super::{
    Fresh, World,
    inbox::{claim_all, claim_one},
};
use crate::{
    ErrorKind,
    order::{Order, OrderState},
    port::{JobKind, PaymentFact, ProviderEvent, Recorded},
    testing::{Checked, ensure, fixture, present, refused, same},
};

/// Stored provider events and the orders they are about.
///
/// # Errors
/// The first rule that does not hold.
pub async fn payments(make: &dyn Fresh) -> Checked {
    cases! { make;
        "P5: an event is stored whole, with the job that applies it" => recorded,
        "P5: the same event 50 times in parallel is stored once" => fifty_times,
        "P5: event ids are unique per account" => per_account,
        "P5: an event that says nothing about an order makes no job" => nothing_to_apply,
        "event: an unknown event is not found" => unknown,
        "event: the order is found by its link, also by a past one" => by_link,
        "event: the order of a refund is found by the payment's reference" => by_reference,
        "O13: an event before its order is applied again when the link is committed" => before_the_order,
        "O13: the same for a refund before its payment" => before_the_payment,
        "O13: a wake-up during the event's own job is not lost" => during_the_job,
    }
}

async fn record(world: &World, event: &ProviderEvent) -> crate::Result<Recorded> {
    world
        .store
        .record_event(event, b"{\"id\":1}", fixture::NOW)
        .await
}

fn apply(event: &ProviderEvent) -> JobKind {
    JobKind::ApplyPayment {
        account: event.account.clone(),
        event: event.id.clone(),
    }
}

/// The order an event is about.
async fn about(
    world: &World,
    event: &ProviderEvent,
) -> Result<Option<crate::id::OrderId>, crate::Error> {
    let (_, found) = world.store.event(&event.account, &event.id).await?;
    Ok(found.map(|(_, order)| order))
}

async fn recorded(world: &World) -> Checked {
    let event = fixture::money_came("evt_1", "cs_1", 29_90);
    same(
        &record(world, &event).await?,
        &Recorded::New,
        "the first time",
    )?;
    same(
        &record(world, &event).await?,
        &Recorded::Known,
        "the second time",
    )?;
    let (stored, order) = world.store.event("acct_1", "evt_1").await?;
    same(&stored, &event, "the event")?;
    same(&order, &None, "its order")?;
    let job = claim_one(world, 0).await?;
    same(&job.kind, &apply(&event), "its job")?;
    same(&job.tenant, &None, "the tenant is not known yet")
}

async fn fifty_times(world: &World) -> Checked {
    let event = fixture::money_came("evt_1", "cs_1", 29_90);
    let all = try_join_all((0..50).map(|_| record(world, &event))).await?;
    let new = all.iter().filter(|one| **one == Recorded::New).count();
    same(&new, &1, "new ones")?;
    same(&claim_all(world).await?.len(), &1, "jobs")
}

async fn per_account(world: &World) -> Checked {
    let here = fixture::money_came("evt_1", "cs_1", 29_90);
    let there = ProviderEvent {
        account: "acct_2".to_owned(),
        ..here.clone()
    };
    record(world, &here).await?;
    same(
        &record(world, &there).await?,
        &Recorded::New,
        "another account's event",
    )?;
    same(&claim_all(world).await?.len(), &2, "jobs")
}

async fn nothing_to_apply(world: &World) -> Checked {
    let event = fixture::event("evt_1", None);
    same(
        &record(world, &event).await?,
        &Recorded::New,
        "it is stored",
    )?;
    same(
        &world.store.event("acct_1", "evt_1").await?,
        &(event, None),
        "as it was",
    )?;
    same(&world.store.next_job_at().await?, &None, "jobs")
}

async fn unknown(world: &World) -> Checked {
    let found = world.store.event("acct_1", "evt_9").await;
    refused(found, ErrorKind::NotFound, "an unknown event")
}

async fn by_link(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let cart = fixture::cart(1, world.tenant, &conversation, 29_90);
    let first = world.put(&fixture::awaiting(&cart, "cs_old")).await?;
    world.put(&fixture::awaiting(&first, "cs_new")).await?;
    for session in ["cs_old", "cs_new"] {
        let event = fixture::money_came(session, session, 29_90);
        record(world, &event).await?;
        let (_, found) = world.store.event("acct_1", session).await?;
        same(&found, &Some((world.tenant, cart.id)), session)?;
    }
    Ok(())
}

async fn by_reference(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let order = world.paid(1, &conversation).await?;
    let reference = present(order.payment, "the payment")?.reference;
    let event = fixture::event("evt_1", Some(PaymentFact::Refunded { reference }));
    record(world, &event).await?;
    same(
        &about(world, &event).await?,
        &Some(order.id),
        "the refunded order",
    )
}

async fn before_the_order(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let event = fixture::money_came("evt_1", "cs_1", 29_90);
    record(world, &event).await?;
    same(&about(world, &event).await?, &None, "before the order")?;
    world.drain_jobs().await?;
    let cart = fixture::cart(1, world.tenant, &conversation, 29_90);
    let cart = world.put(&cart).await?;
    same(
        &world.store.next_job_at().await?,
        &None,
        "an order without the link changes nothing",
    )?;
    let waiting = world.put(&fixture::awaiting(&cart, "cs_1")).await?;
    let job = claim_one(world, 10).await?;
    same(&job.kind, &apply(&event), "the event's job, again")?;
    same(
        &about(world, &event).await?,
        &Some(cart.id),
        "now it has an order",
    )?;
    world.store.finish_job(job.claim).await?;
    world.put(&fixture::paid(&waiting, "cs_1")).await?;
    ensure(
        claim_all(world).await?.is_empty(),
        "later commits do not apply it once more",
    )
}

async fn before_the_payment(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let reference = "pay_cs_1".to_owned();
    let event = fixture::event("evt_1", Some(PaymentFact::Refunded { reference }));
    record(world, &event).await?;
    same(&about(world, &event).await?, &None, "before the payment")?;
    world.drain_jobs().await?;
    let cart = fixture::cart(1, world.tenant, &conversation, 29_90);
    let waiting = world.put(&fixture::awaiting(&cart, "cs_1")).await?;
    let paid = fixture::paid(&waiting, "cs_1");
    let order = Order {
        state: OrderState::RefundPending,
        ..paid
    };
    world.put(&order).await?;
    same(
        &claim_one(world, 10).await?.kind,
        &apply(&event),
        "the refund's job, again",
    )
}

async fn during_the_job(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let event = fixture::money_came("evt_1", "cs_1", 29_90);
    record(world, &event).await?;
    let running = claim_one(world, 1).await?;
    same(
        &about(world, &event).await?,
        &None,
        "the job finds no order",
    )?;
    let cart = fixture::cart(1, world.tenant, &conversation, 29_90);
    world.put(&fixture::awaiting(&cart, "cs_1")).await?;
    world.store.finish_job(running.claim).await?;
    same(
        &claim_one(world, 2).await?.kind,
        &apply(&event),
        "it runs once more",
    )
}
