//! From an order to its booking, and back again when it is called off.

use jiff::SignedDuration;
use x8_core::{
    Money,
    booking::CalendarState,
    order::OrderState,
    port::{CheckoutState, Clock as _},
    tenant::{Caller, CompanySettings, CompanyStatus},
};

use super::{
    house::{House, paid, roses, session},
    on_every_store,
};

on_every_store!(
    p5_a_chat_becomes_a_paid_booked_order,
    o7_a_free_order_is_booked_without_a_link,
    o7_a_free_booking_is_withdrawn_and_leaves_the_calendar,
    o9_a_new_order_expires_the_old_link_before_the_new_one_is_sent,
    o14_one_reminder_then_the_link_runs_out,
    t5_an_inactive_company_reminds_nobody,
    b3_without_a_free_time_nothing_is_ordered_and_the_cart_is_kept,
    b5_a_revoked_calendar_is_alerted_once_and_drains_by_itself,
    p7_cancelling_a_booked_order_refunds_it_and_clears_the_calendar,
);

fn p5_a_chat_becomes_a_paid_booked_order(house: &House) {
    let order = house.order("m1", "1", 2);
    assert_eq!(order.state, OrderState::AwaitingPayment);
    assert_eq!(order.totals.total, Money::eur(64_80));
    house.pay(&order);
    assert_eq!(house.newest().state, OrderState::Booked);
    assert_eq!(house.calendar.events().len(), 1);
    let texts = house.sender.texts();
    assert_eq!(texts.len(), 4, "{texts:?}");
    assert!(
        texts[0].starts_with("answer to") && texts[1].starts_with("link"),
        "{texts:?}"
    );
    assert!(
        texts[2].starts_with("received 64.80") && texts[3].starts_with("booked"),
        "{texts:?}"
    );
    house.audit();
}

fn o7_a_free_order_is_booked_without_a_link(house: &House) {
    let order = house.order("m1", "2", 1);
    assert_eq!(
        (order.state, order.checkout.is_none()),
        (OrderState::Booked, true)
    );
    assert!(house.payments.sessions().is_empty());
    house.audit();
}

fn o7_a_free_booking_is_withdrawn_and_leaves_the_calendar(house: &House) {
    let order = house.order("m1", "2", 1);
    assert_eq!(house.calendar.events().len(), 1);
    let withdrawn = house.cancel(&order).unwrap();
    assert_eq!(withdrawn.state, OrderState::Cancelled);
    assert_eq!(house.cancel(&order).unwrap(), withdrawn, "once");
    house.work(SignedDuration::from_mins(1));
    assert_eq!(
        (house.standing_bookings(), house.calendar.events().len()),
        (0, 0)
    );
    let again = house.order("m2", "2", 1);
    assert_eq!(again.slot, order.slot, "its time is free again");
    house.audit();
}

fn o9_a_new_order_expires_the_old_link_before_the_new_one_is_sent(house: &House) {
    let old = house.order("m1", "1", 1);
    // The first call that fails is the one that expires the old link: opening the new one has to wait for its retry.
    house.payments.fail(1);
    let new = house.order("m2", "1", 2);
    assert!(new.checkout.is_some(), "the provider came back");
    let story = [
        format!("opened {}", session(&old)),
        format!("expired {}", session(&old)),
        format!("opened {}", session(&new)),
    ];
    assert_eq!(house.payments.log(), story);
    let sessions = house.payments.sessions();
    assert_eq!(sessions[&session(&old)], CheckoutState::Expired);
    assert_eq!(sessions[&session(&new)], CheckoutState::Open);
    assert_eq!(house.orders()[1].state, OrderState::Superseded);
}

/// A bouquet whose customers are reminded after so many hours.
fn reminded_after(house: &House, hours: u32) {
    let mut row = roses("1", 29_90);
    row.reminder_hours = Some(hours);
    house.sell(&[row]);
}

fn o14_one_reminder_then_the_link_runs_out(house: &House) {
    reminded_after(house, 3);
    house.order("m1", "1", 1);
    house.work(SignedDuration::from_hours(30));
    assert_eq!(house.heard("reminder"), 1);
    let texts = house.sender.texts();
    assert_eq!(texts.last().map(String::as_str), Some("expired"));
    assert_eq!(house.newest().state, OrderState::Expired);
}

fn t5_an_inactive_company_reminds_nobody(house: &House) {
    reminded_after(house, 3);
    house.order("m1", "1", 1);
    change(house, CompanyStatus::Inactive, &CompanySettings::default());
    house.work(SignedDuration::from_hours(30));
    assert_eq!(house.heard("reminder"), 0);
}

fn change(house: &House, status: CompanyStatus, settings: &CompanySettings) {
    let (caller, company) = (Caller::from(&house.owner), house.tenant.company());
    let changed = house
        .store()
        .update_company(caller, company, "Flowers", status, settings);
    house.wait(changed).unwrap();
}

fn b3_without_a_free_time_nothing_is_ordered_and_the_cart_is_kept(house: &House) {
    let mut closed = CompanySettings::default();
    closed.opening.week = Default::default();
    change(house, CompanyStatus::Active, &closed);
    house.ask("m1", "1", 2);
    house.work(SignedDuration::from_mins(1));
    assert_eq!(house.sender.texts(), ["booking problem"]);
    assert_eq!(house.faults.alerts(), ["no_slots"]);
    assert!(house.orders().is_empty());
    let session = house.conversation().session;
    assert_eq!((session.cart.len(), session.order_done), (1, false));
}

fn b5_a_revoked_calendar_is_alerted_once_and_drains_by_itself(house: &House) {
    house.calendar.revoke(true);
    let order = house.order("m1", "1", 1);
    house.pay(&order);
    house.work(SignedDuration::from_hours(48));
    assert_eq!(house.faults.alerts(), ["calendar_parked"]);
    assert_eq!(house.bookings()[0].calendar, CalendarState::Parked);
    assert_eq!(
        house.newest().state,
        OrderState::Booked,
        "the booking stands"
    );
    house.calendar.revoke(false);
    house.work(SignedDuration::from_mins(6));
    assert_eq!(house.bookings()[0].calendar, CalendarState::Written);
    assert_eq!(house.calendar.events().len(), 1);
    house.audit();
}

fn p7_cancelling_a_booked_order_refunds_it_and_clears_the_calendar(house: &House) {
    let order = house.order("m1", "1", 1);
    house.pay(&order);
    house.cancel(&order).unwrap();
    house.work(SignedDuration::from_mins(1));
    house.event(paid(&order));
    assert_eq!(
        house.newest().state,
        OrderState::Refunded,
        "late news change nothing"
    );
    assert_eq!(
        (house.standing_bookings(), house.calendar.events().len()),
        (0, 0)
    );
    assert_eq!(house.payments.refunds().len(), 1);
    assert!(house.newest().updated_at <= house.clock.now());
    house.audit();
}
