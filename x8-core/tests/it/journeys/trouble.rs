//! What becomes of an order when one of its steps is given up: never silence, never a state that nothing moves.

use jiff::SignedDuration;
use x8_core::{order::OrderState, port::Clock as _};

use super::{
    house::{House, paid, session},
    on_every_store,
};

on_every_store!(
    o11_a_link_that_cannot_be_made_ends_the_order_and_is_said,
    o11_a_link_that_cannot_be_asked_about_runs_out_all_the_same,
    b1_a_paid_order_that_cannot_be_booked_says_so,
    p5_an_event_that_cannot_be_applied_is_alerted_and_audited,
    p7_a_refund_that_is_given_up_is_alerted_and_can_be_tried_again,
);

fn o11_a_link_that_cannot_be_made_ends_the_order_and_is_said(house: &House) {
    house.payments.fail(1_000);
    house.ask("m1", "1", 1);
    house.work(SignedDuration::from_hours(2));
    let order = house.newest();
    assert_eq!(order.state, OrderState::Cancelled);
    assert!(order.problem.is_some());
    assert_eq!(house.faults.alerts(), ["checkout_failed"]);
    assert_eq!(house.heard("checkout problem"), 1);
    house.payments.fail(0);
    let next = house.order("m2", "1", 1);
    house.pay(&next);
    assert_eq!(house.newest().state, OrderState::Booked);
    house.audit();
}

fn o11_a_link_that_cannot_be_asked_about_runs_out_all_the_same(house: &House) {
    house.order("m1", "1", 1);
    house.payments.fail(1_000);
    house.work(SignedDuration::from_hours(4));
    assert_eq!(house.newest().state, OrderState::Expired);
    let alerts = house.faults.alerts();
    assert_eq!(alerts, ["expire_failed", "expire_failed"], "order, link");
    assert_eq!(house.heard("expired"), 1);
    house.audit();
}

fn b1_a_paid_order_that_cannot_be_booked_says_so(house: &House) {
    let order = house.order("m1", "1", 1);
    house.faults.break_method(Some("holds"));
    house.pay(&order);
    house.work(SignedDuration::from_hours(2));
    let stuck = house.newest();
    assert_eq!(stuck.state, OrderState::BookingFailed);
    assert!(stuck.problem.is_some());
    assert!(house.faults.alerts().contains(&"booking_failed"));
    assert_eq!(house.heard("booking problem"), 1);
    house.faults.break_method(None);
    house.cancel(&stuck).unwrap();
    house.work(SignedDuration::from_mins(1));
    assert_eq!(house.newest().state, OrderState::Refunded);
    house.audit();
}

fn p5_an_event_that_cannot_be_applied_is_alerted_and_audited(house: &House) {
    let order = house.order("m1", "1", 1);
    assert!(house.payments.pay(&session(&order)));
    house.faults.break_method(Some("company_for_work"));
    house.event(paid(&order));
    house.work(SignedDuration::from_mins(40));
    house.faults.break_method(None);
    let alerts = house.faults.alerts();
    assert_eq!(alerts, ["payment_unapplied", "reconcile_failed"]);
    let found = house.wait(house.store().audit(house.clock.now())).unwrap();
    assert_eq!(found[0].rule, "payment_event_unapplied");
    assert_eq!(found[0].company, house.tenant.company().0);
    // When its time is up, the provider is asked, and the money arrives after all.
    house.work(SignedDuration::from_mins(40));
    assert_eq!(house.newest().state, OrderState::Booked);
}

fn p7_a_refund_that_is_given_up_is_alerted_and_can_be_tried_again(house: &House) {
    let order = house.order("m1", "1", 1);
    house.pay(&order);
    house.payments.fail(1_000);
    house.cancel(&order).unwrap();
    house.work(SignedDuration::from_hours(1));
    let stuck = house.newest();
    assert_eq!(stuck.state, OrderState::RefundPending);
    assert!(stuck.problem.is_some());
    assert_eq!(house.faults.alerts(), ["refund_failed"]);
    house.payments.fail(0);
    house.cancel(&order).unwrap();
    house.work(SignedDuration::from_mins(1));
    assert_eq!(house.newest().state, OrderState::Refunded);
    assert_eq!(house.heard("refund"), 1);
    house.audit();
}
