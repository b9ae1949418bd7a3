//! [`Ledger`](crate::port::Ledger): holds and bookings.

use futures_util::future::join_all;
use jiff::Timestamp;

use super::{Fresh, World, page, write};
use crate::{
    ErrorKind,
    booking::{Booking, BookingStatus, CalendarState, Hold, Slot},
    id::{BookingId, OrderId},
    order::{Order, OrderState},
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
        "holds: of the resource, starting within the span" => holds_within,
        "B1: a booking needs a paid or free order" => needs_money,
        "B1: a booking may come with the order that becomes Booked" => with_order,
        "B1: one standing booking per order" => one_booking,
        "B3: a new booking turns the hold into a lasting one" => lasting,
        "B3: letting go of holds never frees a booked seat" => release_keeps_booking,
        "B4: a seat taken meanwhile refuses the booking" => seat_gone,
        "B2: a cancelled booking frees its seat, and the order may be booked anew" => cancelled,
        "bookings: by start, narrowed to an order or a booking, by pages" => listed,
        "T3: another tenant's orders take no seat and get no booking" => foreign,
    }
}

fn taking(order: &Order, slot: Slot) -> Changes {
    Changes {
        take: vec![fixture::hold(order, slot)],
        ..Changes::at(fixture::NOW)
    }
}

fn booking_of(booking: &Booking, at: Timestamp) -> Changes {
    Changes {
        bookings: vec![booking.clone()],
        ..Changes::at(at)
    }
}

async fn taken(world: &World) -> Result<Vec<Hold>, Failure> {
    let far = fixture::after(10_000_000);
    Ok(world
        .store
        .holds(world.tenant, "delivery", fixture::NOW, far)
        .await?)
}

/// Carts of so many customers.
async fn carts(world: &World, count: u128) -> Result<Vec<Order>, Failure> {
    let mut orders = Vec::new();
    for number in 0..count {
        let conversation = world.customer(&format!("+3461{number:07}")).await?;
        let cart = fixture::cart(number + 1_000, world.tenant, &conversation, 29_90);
        orders.push(world.put(&cart).await?);
    }
    Ok(orders)
}

/// Paid orders of so many customers.
async fn paid_orders(world: &World, count: u128) -> Result<Vec<Order>, Failure> {
    let mut orders = Vec::new();
    for number in 0..count {
        let conversation = world.customer(&format!("+3462{number:07}")).await?;
        orders.push(world.paid(number + 2_000, &conversation).await?);
    }
    Ok(orders)
}

fn two(orders: Result<Vec<Order>, Failure>) -> Result<(Order, Order), Failure> {
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
        .holds(world.tenant, "delivery", from, to)
        .await?;
    let mut starts: Vec<Timestamp> = found.iter().map(|hold| hold.slot.starts_at).collect();
    starts.sort();
    same(
        &starts,
        &vec![from, fixture::after(12 * 3_600)],
        "the first is in, the last is out",
    )
}

async fn needs_money(world: &World) -> Checked {
    let order = present(carts(world, 1).await?.into_iter().next(), "an order")?;
    let booking = fixture::booking(1, &order, fixture::slot("delivery", 24, 0));
    let refusal = world
        .store
        .commit(world.tenant, booking_of(&booking, fixture::NOW))
        .await;
    refused(refusal, ErrorKind::Conflict, "a cart")?;
    let waiting = world.put(&fixture::awaiting(&order, "cs_x")).await?;
    let refusal = world
        .store
        .commit(world.tenant, booking_of(&booking, fixture::NOW))
        .await;
    refused(refusal, ErrorKind::Conflict, "an open link")?;
    let paid = world.put(&fixture::paid(&waiting, "cs_x")).await?;
    world
        .store
        .commit(world.tenant, booking_of(&booking, fixture::NOW))
        .await?;
    let gone = Order {
        state: OrderState::RefundPending,
        ..paid
    };
    let keep = Changes {
        bookings: vec![booking.clone()],
        ..write([&gone])
    };
    let refusal = world.store.commit(world.tenant, keep).await;
    refused(
        refusal,
        ErrorKind::Conflict,
        "an order whose money goes back",
    )?;
    let absent = Order {
        id: OrderId(uuid::Uuid::from_u128(77)),
        ..gone
    };
    let nobody = fixture::booking(2, &absent, fixture::slot("delivery", 26, 0));
    let refusal = world
        .store
        .commit(world.tenant, booking_of(&nobody, fixture::NOW))
        .await;
    refused(refusal, ErrorKind::NotFound, "an order that is not there")
}

async fn with_order(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let paid = world.paid(1, &conversation).await?;
    let booked = Order {
        state: OrderState::Booked,
        ..paid
    };
    let booking = fixture::booking(1, &booked, fixture::slot("delivery", 24, 0));
    let changes = Changes {
        bookings: vec![booking.clone()],
        ..write([&booked])
    };
    world.store.commit(world.tenant, changes).await?;
    let free = Order {
        state: OrderState::Confirmed,
        ..fixture::cart(2, world.tenant, &conversation, 0)
    };
    let gift = fixture::booking(2, &free, fixture::slot("delivery", 26, 0));
    let changes = Changes {
        bookings: vec![gift.clone()],
        ..write([&free])
    };
    world.store.commit(world.tenant, changes).await?;
    let found = world
        .store
        .bookings(world.tenant, None, None, page(10, None))
        .await?;
    same(&found, &vec![booking, gift], "the bookings, whole")
}

async fn one_booking(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let order = world.paid(1, &conversation).await?;
    let first = fixture::booking(1, &order, fixture::slot("delivery", 24, 0));
    let second = fixture::booking(2, &order, fixture::slot("delivery", 26, 0));
    let both = Changes {
        bookings: vec![first.clone(), second.clone()],
        ..Changes::at(fixture::NOW)
    };
    refused(
        world.store.commit(world.tenant, both).await,
        ErrorKind::Conflict,
        "two at once",
    )?;
    world
        .store
        .commit(world.tenant, booking_of(&first, fixture::NOW))
        .await?;
    let refusal = world
        .store
        .commit(world.tenant, booking_of(&second, fixture::NOW))
        .await;
    refused(refusal, ErrorKind::Conflict, "a second one")?;
    let written = Booking {
        calendar: CalendarState::Written,
        generation: 1,
        ..first
    };
    world
        .store
        .commit(world.tenant, booking_of(&written, fixture::NOW))
        .await?;
    let found = world
        .store
        .bookings(world.tenant, Some(order.id), None, page(10, None))
        .await?;
    same(&found, &vec![written], "the same booking moves on")
}

async fn lasting(world: &World) -> Checked {
    let (first, second) = two(paid_orders(world, 2).await)?;
    let slot = fixture::slot("delivery", 24, 0);
    world
        .store
        .commit(world.tenant, taking(&first, slot.clone()))
        .await?;
    let booking = fixture::booking(1, &first, slot.clone());
    world
        .store
        .commit(world.tenant, booking_of(&booking, fixture::NOW))
        .await?;
    let wanted = Hold {
        order: first.id,
        slot: slot.clone(),
        expires_at: None,
    };
    same(&taken(world).await?, &vec![wanted], "the hold lasts")?;
    let later = Changes {
        at: fixture::after(86_400),
        ..taking(&second, slot)
    };
    let refusal = world.store.commit(world.tenant, later).await;
    refused(
        refusal,
        ErrorKind::Conflict,
        "long after the hold would have been over",
    )
}

async fn release_keeps_booking(world: &World) -> Checked {
    let (first, second) = two(paid_orders(world, 2).await)?;
    let slot = fixture::slot("delivery", 24, 0);
    let booking = fixture::booking(1, &first, slot.clone());
    world
        .store
        .commit(world.tenant, booking_of(&booking, fixture::NOW))
        .await?;
    let changes = Changes {
        take: vec![fixture::hold(&second, slot)],
        release: vec![first.id],
        ..Changes::at(fixture::NOW)
    };
    let refusal = world.store.commit(world.tenant, changes).await;
    refused(
        refusal,
        ErrorKind::Conflict,
        "a seat with a standing booking",
    )
}

async fn seat_gone(world: &World) -> Checked {
    let (first, second) = two(paid_orders(world, 2).await)?;
    let slot = fixture::slot("delivery", 24, 0);
    world
        .store
        .commit(world.tenant, taking(&first, slot.clone()))
        .await?;
    let late = fixture::after(3_600);
    let took = Changes {
        take: vec![Hold {
            expires_at: Some(fixture::after(9_000)),
            ..fixture::hold(&second, slot.clone())
        }],
        ..Changes::at(late)
    };
    world.store.commit(world.tenant, took).await?;
    let booking = fixture::booking(1, &first, slot.clone());
    let refusal = world
        .store
        .commit(world.tenant, booking_of(&booking, late))
        .await;
    refused(
        refusal,
        ErrorKind::Conflict,
        "the hold was over and another took the seat",
    )?;
    let other = fixture::booking(1, &first, fixture::slot("delivery", 26, 0));
    world
        .store
        .commit(world.tenant, booking_of(&other, late))
        .await?;
    let winner = fixture::booking(2, &second, slot);
    world
        .store
        .commit(world.tenant, booking_of(&winner, late))
        .await?;
    same(&taken(world).await?.len(), &2, "each has a seat")
}

async fn cancelled(world: &World) -> Checked {
    let (first, second) = two(paid_orders(world, 2).await)?;
    let slot = fixture::slot("delivery", 24, 0);
    let booking = fixture::booking(1, &first, slot.clone());
    world
        .store
        .commit(world.tenant, booking_of(&booking, fixture::NOW))
        .await?;
    let off = Booking {
        status: BookingStatus::Cancelled,
        calendar: CalendarState::Pending,
        ..booking
    };
    let anew = fixture::booking(2, &first, fixture::slot("delivery", 26, 0));
    let moved = Changes {
        bookings: vec![anew.clone(), off.clone()],
        ..Changes::at(fixture::NOW)
    };
    world.store.commit(world.tenant, moved).await?;
    let found = world
        .store
        .bookings(world.tenant, Some(first.id), None, page(10, None))
        .await?;
    same(
        &found,
        &vec![off, anew],
        "called off and made anew in one commit",
    )?;
    world
        .store
        .commit(world.tenant, taking(&second, slot))
        .await?;
    same(
        &taken(world).await?.len(),
        &2,
        "the first seat is free again",
    )
}

async fn listed(world: &World) -> Checked {
    let orders = paid_orders(world, 3).await?;
    let mut ids: Vec<BookingId> = Vec::new();
    for (order, (number, hours)) in orders.iter().zip([(1, 30), (2, 26), (3, 28)]) {
        let booking = fixture::booking(number, order, fixture::slot("delivery", hours, 0));
        world
            .store
            .commit(world.tenant, booking_of(&booking, fixture::NOW))
            .await?;
        ids.push(booking.id);
    }
    ids.rotate_left(1);
    let list = |order, booking, limit, skip| {
        world
            .store
            .bookings(world.tenant, order, booking, page(limit, skip))
    };
    let keys = |found: Vec<Booking>| -> Vec<BookingId> {
        found.iter().map(|booking| booking.id).collect()
    };
    same(&keys(list(None, None, 10, None).await?), &ids, "by start")?;
    same(
        &keys(list(None, None, 1, Some(1)).await?),
        &ids.iter().skip(1).take(1).copied().collect(),
        "the second page of one",
    )?;
    let order = orders.first().map(|order| order.id);
    same(
        &keys(list(order, None, 10, None).await?),
        &ids.iter().skip(2).copied().collect(),
        "one order's",
    )?;
    let first = ids.first().copied();
    same(
        &keys(list(None, first, 10, None).await?),
        &ids.iter().take(1).copied().collect(),
        "one booking",
    )
}

async fn foreign(world: &World) -> Checked {
    let (_, other, _) = world.stranger().await?;
    let order = present(paid_orders(world, 1).await?.into_iter().next(), "an order")?;
    let slot = fixture::slot("delivery", 24, 0);
    let refusal = world
        .store
        .commit(other.tenant(), taking(&order, slot.clone()))
        .await;
    refused(
        refusal,
        ErrorKind::NotFound,
        "a hold for another tenant's order",
    )?;
    let booking = fixture::booking(1, &order, slot);
    let refusal = world
        .store
        .commit(other.tenant(), booking_of(&booking, fixture::NOW))
        .await;
    refused(
        refusal,
        ErrorKind::NotFound,
        "a booking of another tenant's order",
    )?;
    world
        .store
        .commit(world.tenant, booking_of(&booking, fixture::NOW))
        .await?;
    let release = Changes {
        release: vec![order.id],
        ..Changes::at(fixture::NOW)
    };
    world.store.commit(other.tenant(), release).await?;
    same(
        &taken(world).await?.len(),
        &1,
        "a stranger lets go of nothing",
    )?;
    let seen = world
        .store
        .bookings(
            other.tenant(),
            Some(order.id),
            Some(booking.id),
            page(10, None),
        )
        .await?;
    ensure(seen.is_empty(), "a stranger sees nothing")
}
