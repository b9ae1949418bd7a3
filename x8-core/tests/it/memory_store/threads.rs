//! The races of the suite with real threads.

use std::thread;

use pollster::block_on;
use x8_core::{
    port::{Changes, ChannelStore as _, Inbox as _, Jobs as _, Ledger as _, OrderWrite},
    testing::{Checked, fixture, same},
};

use super::{Shop, WAIT};

/// How many of so many threads succeed.
fn winners(threads: u128, work: impl Fn(u128) -> bool + Sync) -> usize {
    thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = (0..threads)
            .map(|number| scope.spawn(move || work(number)))
            .collect();
        let ended = running.into_iter().map(thread::ScopedJoinHandle::join);
        ended.filter(|ended| matches!(ended, Ok(true))).count()
    })
}

#[test]
fn e2_twenty_threads_get_one_last_channel() -> Checked {
    let shop = Shop::open()?;
    let won = winners(20, |number| {
        let new = fixture::new_channel(&format!("s{number}"));
        let standing = fixture::subscribed(2);
        let reserved = shop
            .store
            .reserve_channel(shop.tenant, new, standing, fixture::NOW);
        block_on(reserved).is_ok()
    });
    same(&won, &1, "winners")
}

#[test]
fn h2_fifty_threads_store_one_message_with_one_job() -> Checked {
    let shop = Shop::open()?;
    let batch = [fixture::inbound("m1", "+34600000001", "hello")];
    let stored = winners(50, |_| {
        let accepted = shop.store.accept(&shop.channel, &batch, WAIT, fixture::NOW);
        block_on(accepted).is_ok_and(|accepted| !accepted.stored.is_empty())
    });
    same(&stored, &1, "messages stored")?;
    let lease = jiff::SignedDuration::from_secs(60);
    let jobs = block_on(shop.store.claim_jobs(fixture::after(100), lease, 100))?;
    same(&jobs.len(), &1, "jobs")
}

#[test]
fn b3_a_hundred_threads_get_one_last_seat() -> Checked {
    let shop = Shop::open()?;
    let carts = (0..100)
        .map(|number| {
            let conversation = shop.customer(&format!("+3461{number:07}"))?;
            Ok(fixture::cart(number, shop.tenant, &conversation, 29_90))
        })
        .collect::<std::result::Result<Vec<_>, x8_core::testing::Failure>>()?;
    let won = winners(100, |number| {
        let order = carts[usize::try_from(number).unwrap()].clone();
        let changes = Changes {
            take: vec![fixture::hold(&order, fixture::slot("delivery", 24, 0))],
            orders: vec![OrderWrite { order }],
            ..Changes::at(fixture::NOW)
        };
        block_on(shop.store.commit(shop.tenant, changes)).is_ok()
    });
    same(&won, &1, "winners")
}
