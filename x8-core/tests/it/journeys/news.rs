//! P5: any news in any order.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use proptest::prelude::*;
use x8_core::{
    order::OrderState,
    port::{CheckoutState, PaymentFact, PaymentProvider as _},
};

use super::house::{House, paid, seconds};

/// What may happen to two orders, in any order and any number of times.
#[derive(Clone, Copy, Debug)]
enum News {
    Paid(usize),
    Expired(usize),
    NewOrder,
    Cancel(usize),
    Hours(i64),
}

fn news() -> impl Strategy<Value = News> {
    prop_oneof![
        3 => (0..3_usize).prop_map(News::Paid),
        1 => (0..3_usize).prop_map(News::Expired),
        2 => Just(News::NewOrder),
        1 => (0..3_usize).prop_map(News::Cancel),
        1 => (0..3_i64).prop_map(News::Hours),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// P5, O12, B1: whatever happens in whatever order, every payment ends in one booking or one refund, and the audit is clean.
    #[test]
    fn p5_any_news_in_any_order_loses_no_money_and_books_nothing_twice(story in prop::collection::vec(news(), 1..12)) {
        let house = House::in_memory();
        house.order("m0", "1", 1);
        for (index, step) in story.into_iter().enumerate() {
            let order = |index: usize| house.orders().into_iter().nth(index);
            match step {
                News::NewOrder => drop(house.order(&format!("n{index}"), "1", 2)),
                News::Paid(which) => if let Some(order) = order(which).filter(|order| order.checkout.is_some()) {
                    let session = order.checkout.clone().unwrap().session;
                    let has_paid = house.payments.pay(&session)
                        || matches!(house.payments.sessions()[&session], CheckoutState::Paid { .. });
                    if has_paid {
                        house.event(paid(&order));
                    }
                },
                News::Expired(which) => if let Some(link) = order(which).and_then(|order| order.checkout) {
                    if house.payments.sessions()[&link.session] != CheckoutState::Open { continue; }
                    house.wait(house.payments.expire(house.tenant, &link.session)).unwrap();
                    house.event(PaymentFact::Expired { session: link.session });
                },
                News::Cancel(which) => if let Some(order) = order(which) {
                    // A refusal is fine; a half-done one is not.
                    let _refused = house.cancel(&order);
                    house.work(seconds(5));
                },
                News::Hours(hours) => house.work(SignedDuration::from_hours(hours)),
            }
        }
        house.work(SignedDuration::from_hours(30));
        let sessions = house.payments.sessions();
        let refunds: BTreeMap<String, usize> = house.payments.refunds();
        for order in house.orders() {
            let paid = order.checkout.as_ref().is_some_and(|link| matches!(sessions[&link.session], CheckoutState::Paid { .. }));
            let refunded = order.payment.as_ref().and_then(|money| refunds.get(&money.reference)).copied().unwrap_or(0);
            prop_assert!(refunded <= 1);
            match order.state {
                OrderState::Booked => prop_assert!(paid && refunded == 0),
                OrderState::Refunded => prop_assert!(paid && refunded == 1),
                OrderState::Cart
                | OrderState::AwaitingPayment
                | OrderState::Confirmed
                | OrderState::Paid
                | OrderState::Fulfilled
                | OrderState::Superseded
                | OrderState::Expired
                | OrderState::Cancelled
                | OrderState::RefundPending
                | OrderState::BookingFailed => prop_assert!(!paid && order.payment.is_none(), "{:?} holds money", order.state),
            }
        }
        let booked = house.orders().iter().filter(|order| order.state == OrderState::Booked).count();
        prop_assert_eq!(house.standing_bookings(), booked);
        prop_assert_eq!(house.calendar.events().len(), booked);
        house.audit();
    }
}
