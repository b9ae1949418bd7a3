//! [`Ledger`](crate::port::Ledger): bookings, run with the [`slots`](super::slots()).

use jiff::Timestamp;

use super::{
    World, page,
    slots::{carts, paid_orders, taken, taking, two},
    write,
};
use crate::{
    ErrorKind,
    booking::{Booking, BookingStatus, CalendarState, Hold},
    id::{BookingId, OrderId},
    order::{Order, OrderState},
    port::Changes,
    testing::{Checked, ensure, fixture, present, refused, same},
};

fn booking_of(booking: &Booking, at: Timestamp) -> Changes {
    Changes {
        bookings: vec![booking.clone()],
        ..Changes::at(at)
    }
}

pub(super) async fn needs_money(world: &World) -> Checked {
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

pub(super) async fn with_order(world: &World) -> Checked {
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

pub(super) async fn one_booking(world: &World) -> Checked {
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

pub(super) async fn lasting(world: &World) -> Checked {
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
    world
        .store
        .commit(world.tenant, taking(&first, slot.clone()))
        .await?;
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

pub(super) async fn release_keeps_booking(world: &World) -> Checked {
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

pub(super) async fn seat_gone(world: &World) -> Checked {
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

pub(super) async fn cancelled(world: &World) -> Checked {
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

pub(super) async fn listed(world: &World) -> Checked {
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
    let list = |order, booking, limit, after| {
        world
            .store
            .bookings(world.tenant, order, booking, page(limit, after))
    };
    let keys = |found: Vec<Booking>| -> Vec<BookingId> {
        found.iter().map(|booking| booking.id).collect()
    };
    same(&keys(list(None, None, 10, None).await?), &ids, "by start")?;
    same(
        &keys(list(None, None, 1, ids.first().copied()).await?),
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

pub(super) async fn foreign(world: &World) -> Checked {
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
