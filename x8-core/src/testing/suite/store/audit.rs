//! [`Ledger::audit`](crate::port::Ledger::audit): the violations query.

use super::{Fresh, World, inbox::claim_one, write};
use crate::{
    order::{Order, OrderState},
    port::Changes,
    testing::{Checked, Failure, ensure, fixture, present, same},
};

/// The rules that can be broken through the port itself; the others are kept by [`commit`](crate::port::Ledger::commit).
///
/// # Errors
/// The first rule that does not hold.
pub async fn audit(make: &dyn Fresh) -> Checked {
    cases! { make;
        "principle 2: a sound book has no findings" => sound,
        "principle 2: paid and neither booked nor explained after 15 minutes" => paid_without_booking,
        "principle 2: a standing booking of an order whose money goes back" => booking_without_payment,
        "principle 2: money that found no order for 15 minutes" => event_unapplied,
    }
}

async fn rules(world: &World, seconds: i64) -> Result<Vec<String>, Failure> {
    let found = world.store.audit(fixture::after(seconds)).await?;
    let company = world.company.id.0;
    let strange = found
        .iter()
        .find(|one| one.company != company && one.company != 0);
    ensure(
        strange.is_none(),
        format!("findings of another company: {strange:?}"),
    )?;
    Ok(found.into_iter().map(|one| one.rule).collect())
}

async fn booked(world: &World, number: u128) -> Result<Order, Failure> {
    let conversation = world.customer(&format!("+3460000000{number}")).await?;
    let paid = world.paid(number, &conversation).await?;
    let order = Order {
        state: OrderState::Booked,
        ..paid
    };
    let changes = Changes {
        bookings: vec![fixture::booking(
            number,
            &order,
            fixture::slot("delivery", 24, 0),
        )],
        ..write([&order])
    };
    world.store.commit(world.tenant, changes).await?;
    Ok(world.store.order(world.tenant, order.id).await?)
}

async fn sound(world: &World) -> Checked {
    same(&rules(world, 0).await?, &vec![], "an empty book")?;
    booked(world, 1).await?;
    let conversation = world.customer("+34600000002").await?;
    world
        .put(&fixture::cart(2, world.tenant, &conversation, 29_90))
        .await?;
    same(
        &rules(world, 1_000_000).await?,
        &vec![],
        "a booked order and a cart, much later",
    )
}

async fn paid_without_booking(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let paid = world.paid(1, &conversation).await?;
    same(&rules(world, 900).await?, &vec![], "after 15 minutes")?;
    let wanted = vec!["paid_without_booking".to_owned()];
    same(&rules(world, 901).await?, &wanted, "a second later")?;
    let found = world.store.audit(fixture::after(901)).await?;
    let finding = present(found.first(), "the finding")?;
    same(&finding.subject, &paid.id.to_string(), "its subject")?;
    let explained = Order {
        problem: Some("no slot could be had".to_owned()),
        ..paid
    };
    world.put(&explained).await?;
    same(&rules(world, 901).await?, &vec![], "with a visible reason")
}

async fn booking_without_payment(world: &World) -> Checked {
    let order = booked(world, 1).await?;
    let gone = Order {
        state: OrderState::RefundPending,
        ..order
    };
    world.put(&gone).await?;
    let wanted = vec!["booking_without_payment".to_owned()];
    same(&rules(world, 0).await?, &wanted, "the booking still stands")
}

async fn event_unapplied(world: &World) -> Checked {
    let event = fixture::money_came("evt_1", "cs_1", 29_90);
    world
        .store
        .record_event(&event, b"{}", fixture::NOW)
        .await?;
    world.store.event("acct_1", "evt_1").await?;
    let job = claim_one(world, 1).await?;
    world.store.finish_job(job.claim).await?;
    same(&rules(world, 900).await?, &vec![], "after 15 minutes")?;
    let wanted = vec!["payment_event_unapplied".to_owned()];
    same(&rules(world, 901).await?, &wanted, "a second later")?;
    let conversation = world.customer("+34600000001").await?;
    let cart = fixture::cart(1, world.tenant, &conversation, 29_90);
    world.put(&fixture::awaiting(&cart, "cs_1")).await?;
    world.drain_jobs().await?;
    same(
        &rules(world, 901).await?,
        &vec![],
        "once its order is there",
    )
}
