//! [`Ledger`](crate::port::Ledger): holds and bookings.

use futures_util::future::join_all;
use jiff::Timestamp;

use super::{Fresh, World, bookings, cells, write};
use crate::{
    ErrorKind,
    booking::{Hold, Slot},
    id::OrderId,
    order::Order,
    port::Changes,
    testing::{Checked, Failure, ensure, fixture, present, refused, same},
};

/// Seats, holds and bookings.
///
/// # Errors
/// The first rule that does not hold.
pub async fn slots(make: &dyn Fresh) -> Checked {
    cases! { make;
        "B3: a seat that is live for another order refuses the commit" => seat_taken,
        "B3: 100 parallel commits for the last seat give one winner" => last_seat,
        "B3: a hold that is over, or let go, frees its seat" => freed,
        "B3: seats of other slots, resources and companies are others" => elsewhere,
        "holds: of the resource or of all, starting within the span" => holds_within,
        "B1: a booking needs a paid or free order" => bookings::needs_money,
        "B1: a booking may come with the order that becomes Booked" => bookings::with_order,
        "B1: one standing booking per order" => bookings::one_booking,
        "B3: a new booking turns the hold into a lasting one" => bookings::lasting,
        "B3: letting go of holds never frees a booked seat" => bookings::release_keeps_booking,
        "B4: a seat taken meanwhile refuses the booking" => bookings::seat_gone,
        "B2: a cancelled booking frees its seat, and the order may be booked anew" => bookings::cancelled,
        "bookings: by start, narrowed to an order or a booking, by pages" => bookings::listed,
        "B3: a slot of several cells takes each of them, or none" => cells::every_cell,
        "B3: a booking keeps, moves and frees all its cells" => cells::booked_cells,
        "T3: another tenant's orders take no seat and get no booking" => bookings::foreign,
    }
}

pub(super) fn taking(order: &Order, slot: Slot) -> Changes {
    Changes {
        take: vec![fixture::hold(order, slot)],
        ..Changes::at(fixture::NOW)
    }
}

pub(super) async fn taken(world: &World) -> Result<Vec<Hold>, Failure> {
    let far = fixture::after(10_000_000);
    Ok(world
        .store
        .holds(world.tenant, Some("delivery"), fixture::NOW, far)
        .await?)
}

/// Carts of so many customers.
pub(super) async fn carts(world: &World, count: u128) -> Result<Vec<Order>, Failure> {
    let mut orders = Vec::new();
    for number in 0..count {
        let conversation = world.customer(&format!("+3461{number:07}")).await?;
        let cart = fixture::cart(number + 1_000, world.tenant, &conversation, 29_90);
        orders.push(world.put(&cart).await?);
    }
    Ok(orders)
}

/// Paid orders of so many customers.
pub(super) async fn paid_orders(world: &World, count: u128) -> Result<Vec<Order>, Failure> {
    let mut orders = Vec::new();
    for number in 0..count {
        let conversation = world.customer(&format!("+3462{number:07}")).await?;
        orders.push(world.paid(number + 2_000, &conversation).await?);
    }
    Ok(orders)
}

pub(super) fn two(orders: Result<Vec<Order>, Failure>) -> Result<(Order, Order), Failure> {
    let mut orders = orders?.into_iter();
    let first = present(orders.next(), "the first order")?;
    Ok((first, present(orders.next(), "the second order")?))
}

async fn seat_taken(world: &World) -> Checked {
    let (first, second) = two(carts(world, 2).await)?;
    let slot = fixture::slot("delivery", 24, 0);
    world
        .store
        .commit(world.tenant, taking(&first, slot.clone()))
        .await?;
    world
        .store
        .commit(world.tenant, taking(&first, slot.clone()))
        .await?;
    same(
        &taken(world).await?,
        &vec![fixture::hold(&first, slot.clone())],
        "one hold, also when taken twice",
    )?;
    let refusal = world
        .store
        .commit(world.tenant, taking(&second, slot.clone()))
        .await;
    refused(refusal, ErrorKind::Conflict, "another order's seat")?;
    let both = Changes {
        take: [&first, &second]
            .map(|order| fixture::hold(order, fixture::slot("delivery", 48, 0)))
            .to_vec(),
        ..Changes::at(fixture::NOW)
    };
    let refusal = world.store.commit(world.tenant, both).await;
    refused(
        refusal,
        ErrorKind::Conflict,
        "two orders on one seat in one commit",
    )?;
    let beside = fixture::slot("delivery", 24, 1);
    world
        .store
        .commit(world.tenant, taking(&second, beside))
        .await?;
    same(&taken(world).await?.len(), &2, "the seat beside is free")
}

async fn last_seat(world: &World) -> Checked {
    let orders = carts(world, 100).await?;
    let slot = fixture::slot("delivery", 24, 0);
    let commits = orders.iter().map(|order| {
        world
            .store
            .commit(world.tenant, taking(order, slot.clone()))
    });
    let results = join_all(commits).await;
    let won = results.iter().filter(|result| result.is_ok()).count();
    same(&won, &1, "winners")?;
    for result in results.into_iter().filter(Result::is_err) {
        refused(result, ErrorKind::Conflict, "a loser")?;
    }
    same(&taken(world).await?.len(), &1, "holds")
}

async fn freed(world: &World) -> Checked {
    let (first, second) = two(carts(world, 2).await)?;
    let slot = fixture::slot("delivery", 24, 0);
    world
        .store
        .commit(world.tenant, taking(&first, slot.clone()))
        .await?;
    let late = |seconds| Changes {
        take: vec![Hold {
            expires_at: Some(fixture::after(9_000)),
            ..fixture::hold(&second, slot.clone())
        }],
        ..Changes::at(fixture::after(seconds))
    };
    let early = world.store.commit(world.tenant, late(3_599)).await;
    refused(
        early,
        ErrorKind::Conflict,
        "a second before the hold is over",
    )?;
    world.store.commit(world.tenant, late(3_600)).await?;
    let owners: Vec<OrderId> = taken(world).await?.iter().map(|hold| hold.order).collect();
    same(&owners, &vec![second.id], "the seat has one owner")?;
    let swap = Changes {
        take: vec![fixture::hold(&first, slot)],
        release: vec![second.id],
        ..Changes::at(fixture::after(3_601))
    };
    world.store.commit(world.tenant, swap).await?;
    let owners: Vec<OrderId> = taken(world).await?.iter().map(|hold| hold.order).collect();
    same(&owners, &vec![first.id], "let go and taken in one commit")?;
    let release = Changes {
        release: vec![first.id, second.id],
        ..Changes::at(fixture::after(3_602))
    };
    world.store.commit(world.tenant, release).await?;
    ensure(taken(world).await?.is_empty(), "all let go")
}

async fn elsewhere(world: &World) -> Checked {
    let (first, second) = two(carts(world, 2).await)?;
    world
        .store
        .commit(
            world.tenant,
            taking(&first, fixture::slot("delivery", 24, 0)),
        )
        .await?;
    for slot in [
        fixture::slot("delivery", 26, 0),
        fixture::slot("sku:101", 24, 0),
    ] {
        world
            .store
            .commit(world.tenant, taking(&second, slot))
            .await?;
    }
    let (_, other, channel) = world.stranger().await?;
    let batch = [fixture::inbound("m1", "+34600000009", "hi")];
    let accepted = world
        .store
        .accept(&channel, &batch, super::wait(), fixture::NOW)
        .await?;
    let (id, _) = *present(accepted.stored.first(), "stored")?;
    let conversation = world.store.conversation(other.tenant(), id).await?;
    let cart = fixture::cart(9, other.tenant(), &conversation, 29_90);
    let changes = Changes {
        take: vec![fixture::hold(&cart, fixture::slot("delivery", 24, 0))],
        ..write([&cart])
    };
    world
        .store
        .commit(other.tenant(), changes)
        .await
        .map(drop)?;
    same(
        &taken(world).await?.len(),
        &2,
        "this company's holds of the resource",
    )
}

async fn holds_within(world: &World) -> Checked {
    let order = present(carts(world, 1).await?.into_iter().next(), "an order")?;
    for hours in [10, 12, 14] {
        world
            .store
            .commit(
                world.tenant,
                taking(&order, fixture::slot("delivery", hours, 0)),
            )
            .await?;
    }
    let (from, to) = (fixture::after(10 * 3_600), fixture::after(14 * 3_600));
    let found = world
        .store
        .holds(world.tenant, Some("delivery"), from, to)
        .await?;
    let mut starts: Vec<Timestamp> = found.iter().map(|hold| hold.slot.starts_at).collect();
    starts.sort();
    same(
        &starts,
        &vec![from, fixture::after(12 * 3_600)],
        "the first is in, the last is out",
    )?;
    let other = taking(&order, fixture::slot("sku:1", 11, 0));
    world.store.commit(world.tenant, other).await?;
    let all = world.store.holds(world.tenant, None, from, to).await?;
    let names: Vec<&str> = all.iter().map(|hold| hold.slot.resource.as_str()).collect();
    same(
        &names,
        &vec!["delivery", "sku:1", "delivery"],
        "of every resource, by start",
    )
}
