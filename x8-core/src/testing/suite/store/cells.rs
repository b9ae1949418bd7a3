//! [`Ledger`](crate::port::Ledger): slots of several cells, run with the [`slots`](super::slots()).

use super::{
    World,
    slots::{carts, paid_orders, taken, taking, two},
};
use crate::{
    ErrorKind,
    booking::{Booking, BookingStatus, Slot},
    port::Changes,
    testing::{Checked, fixture, refused, same},
};

/// Two hours from so many hours after now, in cells of half an hour.
fn in_cells(hours: i64) -> Slot {
    Slot {
        cell_minutes: 30,
        ..fixture::slot("delivery", hours, 0)
    }
}

pub(super) async fn every_cell(world: &World) -> Checked {
    let (first, second) = two(carts(world, 2).await)?;
    let (store, tenant) = (&world.store, world.tenant);
    store.commit(tenant, taking(&first, in_cells(24))).await?;
    let starts: Vec<_> = taken(world)
        .await?
        .iter()
        .map(|one| one.slot.clone())
        .collect();
    same(&starts, &in_cells(24).cells(), "one hold per cell")?;
    let across = store.commit(tenant, taking(&second, in_cells(25))).await;
    refused(across, ErrorKind::Conflict, "a slot across the taken one")?;
    same(
        &taken(world).await?.len(),
        &4,
        "a refused slot takes no cell",
    )?;
    store.commit(tenant, taking(&second, in_cells(26))).await?;
    let release = Changes {
        release: vec![first.id],
        ..Changes::at(fixture::NOW)
    };
    store.commit(tenant, release).await?;
    same(&taken(world).await?.len(), &4, "every cell is let go")
}

pub(super) async fn booked_cells(world: &World) -> Checked {
    let (first, second) = two(paid_orders(world, 2).await)?;
    let (store, tenant) = (&world.store, world.tenant);
    let booking = fixture::booking(1, &first, in_cells(24));
    let books = |booking: &Booking| Changes {
        bookings: vec![booking.clone()],
        release: vec![first.id],
        ..Changes::at(fixture::NOW)
    };
    store.commit(tenant, taking(&first, in_cells(24))).await?;
    store.commit(tenant, books(&booking)).await?;
    let across = fixture::booking(2, &second, in_cells(25));
    let far = Changes {
        bookings: vec![across.clone()],
        ..Changes::at(fixture::after(9_000))
    };
    let refusal = store.commit(tenant, far.clone()).await;
    refused(refusal, ErrorKind::Conflict, "a booking across another's")?;
    let later = Booking {
        slot: in_cells(27),
        ..booking.clone()
    };
    store.commit(tenant, books(&later)).await?;
    same(
        &taken(world).await?.len(),
        &4,
        "a moved booking leaves its cells",
    )?;
    store.commit(tenant, far).await?;
    same(&taken(world).await?.len(), &8, "where it was is free")?;
    let off = Booking {
        status: BookingStatus::Cancelled,
        ..later
    };
    store.commit(tenant, books(&off)).await?;
    same(
        &taken(world).await?.len(),
        &4,
        "what was called off frees its cells",
    )
}
