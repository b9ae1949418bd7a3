//! B3: a hundred customers want the last time at once, through the whole checkout.

use futures_util::future::join_all;
use x8_core::{
    booking::{DayHours, OpeningHours},
    order::OrderState,
    port::{CheckoutState, Clock},
};

use super::{
    house::{House, seconds},
    on_every_store,
};

on_every_store!(b3_a_hundred_checkouts_of_the_last_time_have_one_winner);

fn b3_a_hundred_checkouts_of_the_last_time_have_one_winner(house: &House) {
    let noon = "2026-11-20T11:00:00Z".parse().unwrap();
    house.settings(|settings| {
        let time = |hour| jiff::civil::time(hour, 0, 0, 0);
        settings.opening = OpeningHours {
            week: OpeningHours::daily(&DayHours::between(time(12), time(14))),
            delivery_capacity: 1,
            horizon_days: 0,
            ..OpeningHours::default()
        };
    });
    for number in 0..100 {
        house.other_asks(&format!("m{number}"), number, noon);
    }
    house.clock.advance(seconds(5));
    let store = house.store();
    let claimed = house.wait(store.claim_jobs(house.clock.now(), seconds(30), 200));
    let jobs = claimed.unwrap();
    assert_eq!(jobs.len(), 100);
    // All of them find the time free before any of them takes it, or as near to that as the store lets them.
    let results = house.wait(join_all(jobs.iter().map(|job| house.engine.run(job))));
    for (job, result) in jobs.iter().zip(results) {
        if let Err(error) = result {
            house.wait(house.engine.fail(job, &error)).unwrap();
        }
    }
    house.work(seconds(120));
    let orders = house.orders();
    assert_eq!(orders.len(), 1, "one has it");
    assert_eq!(house.heard("link"), 1);
    assert_eq!(house.heard("booking problem"), 99);
    assert_eq!(house.payments.sessions().len(), 1, "nobody else got a link");
    house.pay(&orders[0]);
    assert_eq!(house.newest().state, OrderState::Booked);
    assert_eq!(house.standing_bookings(), 1);
    let paid = |state: &CheckoutState| matches!(state, CheckoutState::Paid { .. });
    assert_eq!(
        house
            .payments
            .sessions()
            .values()
            .filter(|state| paid(state))
            .count(),
        1
    );
    house.audit();
}
