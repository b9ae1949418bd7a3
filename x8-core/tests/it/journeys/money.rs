//! Money that comes early, late, twice or in the wrong amount.

use x8_core::{Money, order::OrderState, port::PaymentFact};

use super::{
    house::{House, paid, seconds, session},
    on_every_store,
};

on_every_store!(
    o12_money_for_a_superseded_order_goes_back_once_and_the_customer_hears,
    o13_an_event_that_comes_before_its_link_is_kept_and_applied,
    p5_money_of_another_amount_is_said_once_books_nothing_and_goes_back,
);

fn o12_money_for_a_superseded_order_goes_back_once_and_the_customer_hears(house: &House) {
    let old = house.order("m1", "1", 1);
    assert!(
        house.payments.pay(&session(&old)),
        "paid just before it was superseded"
    );
    let new = house.order("m2", "1", 2);
    house.event(paid(&old));
    house.event(paid(&old));
    assert_eq!(house.orders()[1].state, OrderState::Refunded);
    let refunds = house.payments.refunds();
    assert_eq!(refunds.into_values().collect::<Vec<_>>(), [1]);
    assert_eq!(house.heard("refund"), 1);
    house.pay(&new);
    assert_eq!(
        (house.newest().state, house.standing_bookings()),
        (OrderState::Booked, 1)
    );
    house.audit();
}

fn o13_an_event_that_comes_before_its_link_is_kept_and_applied(house: &House) {
    let probe = House::in_memory().order("m1", "1", 1);
    house.event(paid(&probe));
    assert!(house.orders().is_empty());
    let order = house.order("m1", "1", 1);
    assert_eq!(session(&order), session(&probe), "the same keys");
    house.work(seconds(5));
    assert_eq!(house.newest().state, OrderState::Booked);
    house.audit();
}

fn p5_money_of_another_amount_is_said_once_books_nothing_and_goes_back(house: &House) {
    let order = house.order("m1", "1", 1);
    for _ in 0..3 {
        house.event(PaymentFact::Paid {
            session: session(&order),
            reference: "pi_odd".to_owned(),
            amount: Money::eur(1),
        });
    }
    assert_eq!(house.faults.alerts(), ["paid_amount_differs"]);
    assert_eq!(house.newest().state, OrderState::Refunded);
    assert_eq!(house.payments.refunds().get("pi_odd"), Some(&1));
    assert_eq!((house.heard("refund"), house.heard("received")), (1, 0));
    assert_eq!(house.standing_bookings(), 0);
    house.audit();
}
