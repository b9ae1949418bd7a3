//! Money that comes early, late, twice or in the wrong amount.

use jiff::SignedDuration;
use x8_core::{
    ErrorKind, Money,
    order::{DisputeState, Order, OrderState},
    port::{AccountChange, PaymentFact, ProviderEvent},
    testing::fakes::FakePayments,
};

use super::{
    house::{House, paid, seconds, session},
    on_every_store,
};

on_every_store!(
    o12_money_for_a_superseded_order_goes_back_once_and_the_customer_hears,
    o13_an_event_that_comes_before_its_link_is_kept_and_applied,
    p5_money_of_another_amount_is_said_once_books_nothing_and_goes_back,
    p5_an_event_of_a_foreign_account_changes_nothing_and_is_said_once,
    p6_a_second_payment_goes_back_and_the_first_stands,
    p3_an_order_without_an_account_waits_and_is_said_once,
    p3_an_account_that_stops_is_said_to_its_owner,
    p5_money_that_takes_days_is_neither_payable_nor_paid,
    p5_money_that_was_promised_and_did_not_come_ends_the_order,
    p9_a_payment_whose_event_was_lost_is_healed_counted_and_said,
    p9_an_outage_does_not_end_the_asking,
    p7_parts_are_noted_and_the_order_stands,
    p7_a_dispute_calls_the_booking_off_until_it_is_over,
    p7_what_took_place_is_not_called_off_by_a_dispute,
    p7_a_refund_made_at_the_provider_is_told_once,
    o9_a_new_link_dies_with_nothing_of_the_old_ones,
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

fn reference(order: &Order) -> String {
    format!("pi_{}", session(order))
}

fn p5_an_event_of_a_foreign_account_changes_nothing_and_is_said_once(house: &House) {
    let order = house.order("m1", "1", 1);
    assert!(house.payments.pay(&session(&order)));
    let event = ProviderEvent {
        id: "evt_foreign".to_owned(),
        account: FakePayments::FOREIGN.to_owned(),
        kind: "test".to_owned(),
        created_at: house.clock_now(),
        fact: Some(paid(&order)),
    };
    for _ in 0..2 {
        house
            .wait(house.engine.record_payment_event(&event, b"{}"))
            .unwrap();
        house.work(seconds(5));
    }
    assert_eq!(house.newest().state, OrderState::AwaitingPayment);
    assert_eq!(
        house.faults.once(),
        ["foreign_payment_event:acct_foreign:evt_foreign"]
    );
    house.event(paid(&order));
    assert_eq!(house.newest().state, OrderState::Booked, "the true one");
    house.audit();
}

fn p6_a_second_payment_goes_back_and_the_first_stands(house: &House) {
    let order = house.order("m1", "1", 1);
    house.pay(&order);
    for _ in 0..3 {
        house.event(PaymentFact::Paid {
            session: session(&order),
            reference: "pi_second".to_owned(),
            amount: order.totals.total,
        });
    }
    house.work(SignedDuration::from_mins(1));
    let stands = house.newest();
    assert_eq!(stands.state, OrderState::Booked);
    assert_eq!(
        stands.payment.as_ref().unwrap().reference,
        reference(&order)
    );
    let refunds = house.payments.refunds();
    assert_eq!((refunds.len(), refunds.get("pi_second")), (1, Some(&1)));
    assert_eq!(house.faults.alerts(), ["extra_payment"]);
    assert_eq!((house.heard("received"), house.heard("refund")), (1, 1));
    house.audit();
}

fn p3_an_order_without_an_account_waits_and_is_said_once(house: &House) {
    house.payments.disconnect(true);
    house.ask("m1", "1", 1);
    house.work(SignedDuration::from_hours(2));
    let waiting = house.newest();
    assert_eq!(waiting.state, OrderState::AwaitingPayment);
    assert!(waiting.checkout.is_none() && waiting.problem.is_some());
    assert_eq!(house.faults.alerts(), ["connect_needed"]);
    assert_eq!(house.heard("checkout problem"), 1);
    house.payments.disconnect(false);
    house.work(SignedDuration::from_mins(6));
    let linked = house.newest();
    let link = linked.checkout.clone().unwrap();
    assert!(
        link.expires_at > house.clock_now() + SignedDuration::from_mins(45),
        "a whole life"
    );
    assert_eq!((linked.problem.as_ref(), house.heard("link")), (None, 1));
    house.pay(&linked);
    assert_eq!(house.newest().state, OrderState::Booked);

    house.payments.disconnect(true);
    house.ask("m2", "1", 2);
    house.work(SignedDuration::from_hours(26));
    assert_eq!(house.newest().state, OrderState::Cancelled, "not for ever");
    house.audit();
}

fn p3_an_account_that_stops_is_said_to_its_owner(house: &House) {
    let change = |was_ready, is_ready, connected| AccountChange {
        tenant: house.tenant,
        was_ready,
        is_ready,
        connected,
    };
    let account = || PaymentFact::AccountChanged {
        account: "acct".to_owned(),
    };
    house.event(account());
    assert_eq!(house.faults.alerts(), [""; 0], "nobody's");
    for (told, alerts) in [
        (change(false, true, true), 0),
        (change(true, true, true), 0),
        (change(true, false, true), 1),
        (change(false, false, true), 1),
        (change(true, false, false), 2),
        (change(false, false, false), 2),
    ] {
        house.payments.change_account(told);
        house.event(account());
        assert_eq!(house.faults.alerts().len(), alerts, "{told:?}");
    }
    assert_eq!(house.faults.alerts(), ["connect_not_ready", "connect_lost"]);
}

fn p5_money_that_takes_days_is_neither_payable_nor_paid(house: &House) {
    let order = house.order("m1", "1", 1);
    let session = session(&order);
    assert!(house.payments.promise(&session));
    for _ in 0..2 {
        house.event(PaymentFact::Processing {
            session: session.clone(),
        });
    }
    let waiting = house.newest();
    assert!(waiting.trail.processing);
    let refused = house.wait(house.engine.resend_link(house.tenant, order.id));
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Conflict);
    house.work(SignedDuration::from_hours(48));
    assert_eq!(
        house.newest().state,
        OrderState::AwaitingPayment,
        "however long"
    );
    assert_eq!((house.heard("reminder"), house.heard("expired")), (0, 0));
    assert!(house.payments.keep_promise(&session, true));
    // Nobody tells: it is found out all the same, within the hour.
    house.work(SignedDuration::from_mins(70));
    let booked = house.newest();
    assert_eq!(
        (booked.state, booked.trail.processing),
        (OrderState::Booked, false)
    );
    assert_eq!(house.heard("received"), 1);
    house.audit();
}

fn p5_money_that_was_promised_and_did_not_come_ends_the_order(house: &House) {
    let order = house.order("m1", "1", 1);
    let session = session(&order);
    assert!(house.payments.promise(&session));
    house.work(SignedDuration::from_hours(5));
    assert!(
        house.newest().trail.processing,
        "asked when its time was up"
    );
    assert!(house.payments.keep_promise(&session, false));
    for _ in 0..2 {
        house.event(PaymentFact::Failed {
            session: session.clone(),
        });
    }
    assert_eq!(house.newest().state, OrderState::Expired);
    assert_eq!((house.heard("expired"), house.heard("received")), (1, 0));
    house.audit();
}

fn p9_a_payment_whose_event_was_lost_is_healed_counted_and_said(house: &House) {
    let order = house.order("m1", "1", 1);
    house.work(SignedDuration::from_mins(20));
    assert_eq!(
        house.faults.alerts(),
        [""; 0],
        "an open link is no difference"
    );
    assert!(house.payments.pay(&session(&order)));
    house.work(SignedDuration::from_mins(16));
    let healed = house.newest();
    assert_eq!(healed.state, OrderState::Booked);
    assert_eq!(house.faults.alerts(), ["payment_reconciled"]);
    let notes = healed
        .trail
        .steps
        .iter()
        .filter_map(|step| step.note.as_ref());
    assert_eq!(notes.filter(|note| note.contains("was asked")).count(), 1);
    house.event(paid(&order));
    assert_eq!(
        (house.faults.alerts().len(), house.heard("received")),
        (1, 1)
    );
    house.audit();
}

fn p9_an_outage_does_not_end_the_asking(house: &House) {
    let order = house.order("m1", "1", 1);
    house.payments.fail(2);
    assert!(house.payments.pay(&session(&order)));
    house.work(SignedDuration::from_mins(50));
    assert_eq!(house.newest().state, OrderState::Booked);
    assert_eq!(house.faults.alerts(), ["payment_reconciled"]);
    house.audit();
}

fn p7_parts_are_noted_and_the_order_stands(house: &House) {
    let order = house.order("m1", "1", 1);
    house.pay(&order);
    let part = |cents| PaymentFact::PartlyRefunded {
        reference: reference(&order),
        returned: Money::eur(cents),
    };
    for cents in [10_00, 5_00, 10_00] {
        house.event(part(cents));
    }
    let stands = house.newest();
    assert_eq!(
        (stands.state, house.standing_bookings()),
        (OrderState::Booked, 1)
    );
    assert_eq!(
        stands.trail.returned,
        Some(Money::eur(10_00)),
        "in whatever order"
    );
    let notes = stands.trail.steps.iter().filter(|step| step.note.is_some());
    assert_eq!(notes.count(), 2, "the link, and one part");
    house.audit();
}

fn dispute(order: &Order, inquiry: bool) -> PaymentFact {
    PaymentFact::Disputed {
        reference: reference(order),
        dispute: "dp_1".to_owned(),
        inquiry,
    }
}

fn closed(order: &Order, won: bool) -> PaymentFact {
    PaymentFact::DisputeClosed {
        reference: reference(order),
        dispute: "dp_1".to_owned(),
        won,
    }
}

fn p7_a_dispute_calls_the_booking_off_until_it_is_over(house: &House) {
    let order = house.order("m1", "1", 1);
    house.pay(&order);
    house.event(dispute(&order, true));
    assert_eq!(house.newest().state, OrderState::Booked, "only a question");
    for _ in 0..2 {
        house.event(dispute(&order, false));
    }
    let disputed = house.newest();
    assert_eq!(disputed.state, OrderState::RefundPending);
    assert_eq!(
        (house.standing_bookings(), house.calendar.events().len()),
        (0, 0)
    );
    assert_eq!(
        house.faults.alerts(),
        ["payment_disputed", "payment_disputed"]
    );
    for _ in 0..2 {
        house.event(closed(&order, true));
        house.event(dispute(&order, false));
    }
    let won = house.newest();
    assert_eq!(won.state, OrderState::Booked);
    assert_eq!(won.trail.dispute.unwrap().state, DisputeState::Won);
    assert_eq!((house.standing_bookings(), house.heard("received")), (1, 1));
    assert_eq!(
        (house.heard("refund"), house.payments.refunds().len()),
        (0, 0)
    );

    let second = house.order("m2", "1", 2);
    house.pay(&second);
    house.event(closed(&second, false));
    house.event(dispute(&second, false));
    assert_eq!(
        house.newest().state,
        OrderState::Refunded,
        "lost, told in the wrong order"
    );
    assert_eq!(house.standing_bookings(), 1, "the first one's");
    assert_eq!(house.payments.refunds().len(), 0, "the bank has it");
    house.audit();
}

fn p7_what_took_place_is_not_called_off_by_a_dispute(house: &House) {
    let order = house.order("m1", "1", 1);
    house.pay(&order);
    let ends = house.newest().slot.unwrap().ends_at;
    house.work(house.clock_now().duration_until(ends) + SignedDuration::from_hours(24));
    house.event(dispute(&order, false));
    assert_eq!(
        (house.newest().state, house.standing_bookings()),
        (OrderState::Booked, 1)
    );
    assert_eq!(house.faults.alerts(), ["payment_disputed"]);
    house.event(closed(&order, true));
    assert_eq!(
        (house.newest().state, house.standing_bookings()),
        (OrderState::Booked, 1)
    );
    house.audit();
}

fn p7_a_refund_made_at_the_provider_is_told_once(house: &House) {
    let order = house.order("m1", "1", 1);
    house.pay(&order);
    for _ in 0..2 {
        house.event(PaymentFact::Refunded {
            reference: reference(&order),
        });
    }
    assert_eq!(
        (house.newest().state, house.standing_bookings()),
        (OrderState::Refunded, 0)
    );
    assert_eq!(
        (house.heard("refund"), house.payments.refunds().len()),
        (1, 0)
    );
    house.audit();
}

fn o9_a_new_link_dies_with_nothing_of_the_old_ones(house: &House) {
    let order = house.order("m1", "1", 1);
    let old = session(&order);
    house.work(SignedDuration::from_mins(30));
    for _ in 0..2 {
        house
            .wait(house.engine.resend_link(house.tenant, order.id))
            .unwrap();
    }
    house.work(seconds(5));
    let renewed = house.newest();
    let new = session(&renewed);
    assert_eq!(
        house.payments.log(),
        [
            format!("opened {old}"),
            format!("expired {old}"),
            format!("opened {new}")
        ]
    );
    house.event(PaymentFact::Expired {
        session: old.clone(),
    });
    house.event(PaymentFact::Failed { session: old });
    // The time of the old link goes by.
    house.work(SignedDuration::from_mins(45));
    assert_eq!(house.newest().state, OrderState::AwaitingPayment);
    assert_eq!(house.heard("link"), 2);
    house.pay(&renewed);
    assert_eq!(house.newest().state, OrderState::Booked);
    assert_eq!(house.newest().slot, order.slot, "its time was held on");
    house.audit();
}
