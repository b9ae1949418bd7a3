//! B4: the time that was paid for is lost; the customer chooses another or gets the money back, without staff.

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use x8_core::{
    Money,
    booking::BookingStatus,
    order::{Order, OrderState},
    port::{Clock, Decision, JobKind},
};

use super::{
    house::{House, paid, roses, seconds, session},
    on_every_store,
};

on_every_store!(
    b4_the_held_time_is_booked_although_the_hold_ran_out_while_nobody_took_it,
    b4_other_times_are_offered_and_the_chosen_one_is_booked,
    b4_who_wants_none_of_them_gets_the_money_back,
    b4_silence_sends_the_money_back_when_the_deadline_passes,
    b4_a_chosen_time_that_is_gone_too_brings_other_times,
    b4_with_nothing_to_offer_staff_hears_and_the_deadline_still_sends_the_money_back,
    b4_a_free_order_whose_time_is_lost_is_offered_others_and_withdrawn,
    b4_an_offer_survives_a_takeover_of_the_clock_and_doubled_events,
    b3_what_the_calendar_holds_is_not_offered_and_own_bookings_keep_their_seats,
    b3_a_calendar_that_cannot_be_read_stops_nobody_and_is_told_once_a_day,
    b2_goods_that_come_later_than_promised_for_want_of_room_are_told,
    o9_a_changed_order_keeps_the_last_seat,
    b2_a_move_by_the_company_is_told_and_written,
    b2_two_moves_at_once_have_one_winner,
);

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A paid order whose time passed before its money came: it is the earliest way to lose one.
fn lost(house: &House) -> Order {
    house.sell(&[roses("1", 29_90)]);
    let order = house.order("m1", "1", 1);
    let start = order.slot.clone().unwrap().starts_at;
    let left = house.clock.now().duration_until(start) + seconds(60);
    assert!(house.payments.pay(&session(&order)));
    // The webhook and every look at the provider are late.
    house.clock.advance(left);
    house.event(paid(&order));
    let order = house.newest();
    assert_eq!(order.state, OrderState::Paid, "{:?}", order.problem);
    order
}

fn offered(house: &House) -> Vec<Timestamp> {
    let order = house.newest();
    let offer = order.offer.as_ref().expect("times are offered");
    offer.slots.iter().map(|slot| slot.starts_at).collect()
}

fn answers(house: &House, id: &str, words: &str, decision: Decision) {
    house.assistant.when(words, decision);
    house.receive(id, words);
    house.work(seconds(20));
}

fn b4_the_held_time_is_booked_although_the_hold_ran_out_while_nobody_took_it(house: &House) {
    // The wish is for another day, so the time outlives its hold.
    let order = house.order_for("m1", "1", "2026-11-23T11:00");
    assert!(house.payments.pay(&session(&order)));
    house.clock.advance(SignedDuration::from_hours(30));
    house.event(paid(&order));
    let booked = house.newest();
    assert_eq!(booked.state, OrderState::Booked);
    assert_eq!(booked.slot, order.slot);
    house.audit();
}

fn b4_other_times_are_offered_and_the_chosen_one_is_booked(house: &House) {
    let order = lost(house);
    let times = offered(house);
    assert_eq!(times.len(), 3);
    assert!(times.iter().all(|at| *at > house.clock.now()));
    assert_eq!(house.heard("offered"), 1);
    assert_eq!(house.standing_bookings(), 0);
    assert_eq!(house.faults.alerts(), ["slot_lost"]);
    house.audit();
    answers(house, "m2", "the second", Decision::ChooseTime(times[1]));
    let booked = house.newest();
    assert_eq!(booked.state, OrderState::Booked);
    assert_eq!(
        booked.slot.as_ref().map(|slot| slot.starts_at),
        Some(times[1])
    );
    assert_eq!((booked.offer.is_none(), booked.problem), (true, None));
    let texts = house.sender.texts();
    let last = &texts[texts.len() - 2..];
    assert_eq!(last[0], "answer to: the second");
    assert!(last[1].starts_with("booked"), "{last:?}");
    house.work(DAY * 3);
    assert_eq!(
        house.newest().state,
        OrderState::Booked,
        "the deadline finds it done"
    );
    assert_eq!(house.payments.refunds().len(), 0);
    assert_eq!(house.calendar.events().len(), 1);
    assert_eq!(house.newest().id, order.id);
    house.audit();
}

fn b4_who_wants_none_of_them_gets_the_money_back(house: &House) {
    lost(house);
    answers(house, "m2", "no", Decision::DeclineTimes);
    house.work(seconds(30));
    assert_eq!(house.newest().state, OrderState::Refunded);
    assert_eq!(house.heard("refund"), 1);
    assert_eq!(
        house.payments.refunds().into_values().collect::<Vec<_>>(),
        [1]
    );
    answers(
        house,
        "m3",
        "the first after all",
        Decision::ChooseTime(house.clock.now() + DAY),
    );
    house.work(DAY * 2);
    assert_eq!(
        (house.standing_bookings(), house.payments.refunds().len()),
        (0, 1)
    );
    house.audit();
}

fn b4_silence_sends_the_money_back_when_the_deadline_passes(house: &House) {
    lost(house);
    house.work(SignedDuration::from_hours(23));
    assert_eq!(
        house.newest().state,
        OrderState::Paid,
        "there is still time"
    );
    house.work(SignedDuration::from_hours(2));
    assert_eq!(house.newest().state, OrderState::Refunded);
    assert_eq!(house.heard("no time chosen, refund 34.90 EUR"), 1);
    assert_eq!(
        house.payments.refunds().into_values().collect::<Vec<_>>(),
        [1]
    );
    house.audit();
}

fn b4_a_chosen_time_that_is_gone_too_brings_other_times(house: &House) {
    lost(house);
    let first = offered(house);
    // All four seats of the first time go to others meanwhile.
    for number in 0..4 {
        house.other_orders(number, first[0]);
    }
    answers(house, "m2", "one", Decision::ChooseTime(first[0]));
    let order = house.oldest();
    assert_eq!(order.state, OrderState::Paid);
    let again: Vec<Timestamp> = order
        .offer
        .iter()
        .flat_map(|offer| offer.slots.iter().map(|slot| slot.starts_at))
        .collect();
    assert_eq!(again.len(), 3);
    assert!(!again.contains(&first[0]), "{again:?}");
    assert_eq!(
        house.heard("answer to: one"),
        0,
        "what is gone is not confirmed"
    );
    answers(house, "m3", "next", Decision::ChooseTime(again[0]));
    assert_eq!(house.oldest().state, OrderState::Booked);
    house.audit();
}

fn b4_with_nothing_to_offer_staff_hears_and_the_deadline_still_sends_the_money_back(house: &House) {
    let order = house.order("m1", "1", 1);
    house.settings(|settings| settings.opening.week = Default::default());
    let start = order.slot.clone().unwrap().starts_at;
    assert!(house.payments.pay(&session(&order)));
    house
        .clock
        .advance(house.clock.now().duration_until(start) + seconds(1));
    house.event(paid(&order));
    assert_eq!(house.newest().state, OrderState::BookingFailed);
    assert_eq!(house.faults.alerts(), ["booking_failed"]);
    house.audit();
    house.work(DAY + seconds(60));
    assert_eq!(house.newest().state, OrderState::Refunded);
    house.audit();
}

fn b4_a_free_order_whose_time_is_lost_is_offered_others_and_withdrawn(house: &House) {
    house.ask("m1", "2", 1);
    // Its booking waits in the queue until its time is over.
    house.until(|| !house.orders().is_empty());
    let order = house.newest();
    assert_eq!(order.state, OrderState::Confirmed);
    let start = order.slot.unwrap().starts_at;
    house
        .clock
        .advance(house.clock.now().duration_until(start) + seconds(1));
    house.work(seconds(40));
    assert_eq!(
        (house.newest().state, offered(house).len()),
        (OrderState::Confirmed, 3)
    );
    house.audit();
    house.work(DAY + seconds(60));
    assert_eq!(house.newest().state, OrderState::Cancelled);
    assert_eq!(
        (
            house.heard("no time chosen"),
            house.payments.refunds().len()
        ),
        (1, 0)
    );
    house.audit();
}

fn b4_an_offer_survives_a_takeover_of_the_clock_and_doubled_events(house: &House) {
    let order = lost(house);
    let first = offered(house);
    for _ in 0..3 {
        house.event(paid(&order));
        let book = JobKind::Book { order: order.id };
        house.enqueue(book);
        house.work(seconds(60));
    }
    assert_eq!((house.heard("offered"), offered(house)), (1, first));
    let refused = house.cancel(&order).unwrap();
    assert_eq!(
        refused.state,
        OrderState::RefundPending,
        "staff may send it back at once"
    );
    house.work(DAY * 2);
    assert_eq!(
        house.payments.refunds().into_values().collect::<Vec<_>>(),
        [1]
    );
    assert_eq!(house.newest().totals.total, Money::eur(34_90));
    house.audit();
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn start_of(order: &Order) -> Timestamp {
    order.slot.as_ref().unwrap().starts_at
}

fn b3_what_the_calendar_holds_is_not_offered_and_own_bookings_keep_their_seats(house: &House) {
    house
        .calendar
        .block(at("2026-11-23T08:30:00Z"), at("2026-11-23T12:00:00Z"));
    let first = house.order_for("m1", "1", "2026-11-23T09:00");
    assert_eq!(start_of(&first), at("2026-11-23T12:00:00Z"));
    house.pay(&first);
    assert_eq!(house.calendar.events().len(), 1);
    // Its own event makes the calendar busy, and three more seats are free.
    house.other_orders(1, at("2026-11-23T12:00:00Z"));
    house.audit();
}

fn b3_a_calendar_that_cannot_be_read_stops_nobody_and_is_told_once_a_day(house: &House) {
    house.calendar.revoke(true);
    let first = house.order_for("m1", "1", "2026-11-23T09:00");
    assert_eq!(start_of(&first), at("2026-11-23T08:00:00Z"));
    house.order_for("m2", "1", "2026-11-23T10:00");
    assert_eq!(
        house.faults.once(),
        ["calendar_unread:2026-11-20", "calendar_unread:2026-11-20"],
        "asked for twice, raised once by the key"
    );
}

fn b2_goods_that_come_later_than_promised_for_want_of_room_are_told(house: &House) {
    let soon = x8_core::catalog::Offering {
        delivery_hours: Some(6),
        ..roses("1", 29_90)
    };
    house.sell(&[soon]);
    house.settings(|settings| settings.opening.delivery_capacity = 1);
    // The second and last slot that ends within six hours; the first is told nothing.
    for (number, start) in [(1, "2026-11-20T10:00:00Z"), (2, "2026-11-20T12:00:00Z")] {
        house.other_orders(number, at(start));
    }
    assert_eq!(house.faults.once(), [""; 0]);
    let late = house.order("m1", "1", 1);
    assert_eq!(start_of(&late), at("2026-11-20T14:00:00Z"));
    assert_eq!(house.faults.once(), ["delivery_late:2026-11-20"]);
    house.order_for("m2", "1", "2026-11-25T10:00");
    assert_eq!(
        house.faults.once().len(),
        1,
        "who asks for later is promised nothing"
    );
}

fn o9_a_changed_order_keeps_the_last_seat(house: &House) {
    house.settings(|settings| settings.opening.delivery_capacity = 1);
    let first = house.order_for("m1", "1", "2026-11-23T09:00");
    house.ask("m2", "1", 3);
    let again = house.order_for("m3", "1", "2026-11-23T09:00");
    assert_eq!(start_of(&again), start_of(&first));
    assert_ne!(again.id, first.id);
    house.audit();
}

fn b2_a_move_by_the_company_is_told_and_written(house: &House) {
    let order = house.order("m1", "1", 1);
    house.pay(&order);
    let booking = house.bookings().remove(0);
    let to = booking.slot.starts_at + DAY;
    let engine = &house.engine;
    let moved = house.wait(engine.move_booking(house.tenant, booking.id, to, None));
    assert_eq!(moved.unwrap().slot.starts_at, to);
    house.work(seconds(30));
    let events = house.calendar.events();
    assert_eq!((events.len(), events[0].starts_at), (1, to));
    assert_eq!(house.heard("moved"), 1);
    assert_eq!(house.newest().slot.map(|slot| slot.starts_at), Some(to));
    let stale = Some(booking.slot.starts_at);
    let again = house.wait(engine.move_booking(house.tenant, booking.id, to + DAY, stale));
    assert_eq!(again.unwrap_err().kind(), x8_core::ErrorKind::Conflict);
    house.audit();
}

fn b2_two_moves_at_once_have_one_winner(house: &House) {
    let order = house.order("m1", "1", 1);
    house.pay(&order);
    let booking = house.bookings().remove(0);
    let engine = &house.engine;
    let to = |days: i32| {
        let start = booking.slot.starts_at + DAY * days;
        engine.move_booking(
            house.tenant,
            booking.id,
            start,
            Some(booking.slot.starts_at),
        )
    };
    let moves = join_all([to(1), to(2), to(3)]);
    let results = house.wait(moves);
    assert_eq!(
        results.iter().filter(|one| one.is_ok()).count(),
        1,
        "{results:?}"
    );
    house.work(seconds(30));
    let standing = house.bookings().remove(0);
    assert_eq!(standing.status, BookingStatus::Booked);
    assert_eq!(
        house.calendar.events()[0].starts_at,
        standing.slot.starts_at
    );
    house.audit();
}
