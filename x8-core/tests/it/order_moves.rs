//! O8, O9, O11–O13, P5: the order machine against an independent table, and what no sequence of events can do.

use std::collections::BTreeSet;

use proptest::{prelude::*, sample::select};
use x8_core::order::{
    Effect, LatePayment, OrderEvent, OrderState, PaymentStatus, Transition, transition,
};

/// One row per state; columns follow `COLUMNS`. `-` is refused, `=` is known already, otherwise the next state and the
/// effects: `o`pen link, e`x`pire link, release `h`old, `b`ook, `c`ancel booking, `r`efund, `a`lert.
const TABLE: &str = "
    state            check free paid   paid+  expire sup   cancel wdrawn booked failed ask   settled done  differs disputed won
    cart             Aw:o  Co:b RP:ra  RP:ra  -      Su:   Cn:    -      -      -      -     -       -         RP:r     =        =
    awaiting_payment -     -    Pa:b   Pa:b   Ex:xh  Su:xh Cn:xh  -      -      -      -     Re:xh   -         RP:hr    =        =
    confirmed        -     -    RP:hra RP:hra =      -     Cn:h   Cn:h   Bo:    BF:a   -     -       -         RP:hr    =        =
    paid             -     -    =      =      =      -     -      -      Bo:    BF:a   RP:hr Re:h    -         =        RP:h     =
    booked           -     -    =      =      =      -     -      Cn:c   =      -      RP:cr Re:c    Fu:       =        RP:c     =
    fulfilled        -     -    =      =      =      -     -      -      -      -      RP:cr Re:c    =         =        =        =
    superseded       -     -    RP:ra  RP:ra  =      =     -      -      -      -      -     Re:     -         RP:r     =        =
    expired          -     -    RP:ra  RP:ra  =      -     -      -      -      -      -     Re:     -         RP:r     =        =
    cancelled        -     -    RP:ra  RP:ra  =      -     =      =      -      -      -     Re:     -         RP:r     =        =
    refund_pending   -     -    =      =      =      -     -      -      -      -      =     Re:     -         =        =        Pa:b
    refunded         -     -    =      =      =      -     -      -      -      -      =     =       -         =        =        =
    booking_failed   -     -    =      =      =      -     -      Cn:h   Bo:    =      RP:hr Re:h    -         =        RP:h     =
";

/// The rows of the table: a state and its cells.
fn rows() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let lines = TABLE.lines().filter(|line| !line.trim().is_empty()).skip(1);
    lines.map(|line| {
        let mut words = line.split_whitespace();
        (words.next().unwrap_or_default(), words.collect())
    })
}

const COLUMNS: [OrderEvent; 16] = [
    OrderEvent::CheckoutRequested,
    OrderEvent::ConfirmedFree,
    OrderEvent::PaymentArrived {
        newer_exists: false,
    },
    OrderEvent::PaymentArrived { newer_exists: true },
    OrderEvent::LinkExpired,
    OrderEvent::Superseded,
    OrderEvent::Cancelled,
    OrderEvent::Withdrawn,
    OrderEvent::Booked,
    OrderEvent::BookingRefused,
    OrderEvent::RefundRequested,
    OrderEvent::RefundSettled,
    OrderEvent::Fulfilled,
    OrderEvent::MoneyDiffers,
    OrderEvent::Disputed,
    OrderEvent::DisputeWon,
];

fn state(word: &str) -> OrderState {
    match word {
        "Aw" => OrderState::AwaitingPayment,
        "Co" => OrderState::Confirmed,
        "Pa" => OrderState::Paid,
        "Bo" => OrderState::Booked,
        "Fu" => OrderState::Fulfilled,
        "Su" => OrderState::Superseded,
        "Ex" => OrderState::Expired,
        "Cn" => OrderState::Cancelled,
        "RP" => OrderState::RefundPending,
        "Re" => OrderState::Refunded,
        "BF" => OrderState::BookingFailed,
        _other => OrderState::Cart,
    }
}

fn effect(letter: char) -> Option<Effect> {
    Some(match letter {
        'o' => Effect::OpenCheckout,
        'x' => Effect::ExpireCheckout,
        'h' => Effect::ReleaseHold,
        'b' => Effect::Book,
        'c' => Effect::CancelBooking,
        'r' => Effect::Refund,
        'a' => Effect::Alert,
        _other => return None,
    })
}

/// What a cell of the table promises; `None`: refused.
fn promised(from: OrderState, cell: &str) -> Option<Transition> {
    match cell {
        "-" => None,
        "=" => Some(Transition {
            next: from,
            effects: Vec::new(),
        }),
        moved => moved.split_once(':').map(|(next, effects)| Transition {
            next: state(next),
            effects: effects.chars().filter_map(effect).collect(),
        }),
    }
}

#[test]
fn o11_every_pair_follows_the_table() {
    for (from, cells) in rows() {
        let from = OrderState::parse(from).unwrap();
        assert_eq!(cells.len(), COLUMNS.len(), "{from:?}");
        for (event, cell) in COLUMNS.into_iter().zip(cells) {
            let got = transition(from, event, LatePayment::Refund);
            assert_eq!(
                got.clone().ok(),
                promised(from, cell),
                "{from:?} × {event:?}"
            );
            if let Err(refusal) = got {
                assert_eq!((refusal.state, refusal.event), (from, event));
                assert!(refusal.to_string().contains(from.as_str()), "{refusal}");
            }
        }
    }
}

#[test]
fn o11_the_table_covers_every_state_and_event() {
    let states: BTreeSet<&str> = rows().map(|(word, _)| word).collect();
    let all: BTreeSet<&str> = OrderState::ALL.iter().map(|state| state.as_str()).collect();
    assert_eq!(states, all);
    for event in OrderEvent::ALL {
        assert!(COLUMNS.contains(&event), "{event:?}");
    }
}

#[test]
fn o12_reviving_changes_exactly_the_late_payments_without_a_newer_order() {
    let late = OrderEvent::PaymentArrived {
        newer_exists: false,
    };
    let dead = [
        OrderState::Superseded,
        OrderState::Expired,
        OrderState::Cancelled,
    ];
    for from in OrderState::ALL {
        for event in OrderEvent::ALL {
            let revived = transition(from, event, LatePayment::Revive);
            if event == late && dead.contains(&from) {
                let revived = revived.unwrap();
                assert_eq!(
                    (revived.next, revived.effects),
                    (OrderState::Paid, vec![Effect::Book])
                );
            } else {
                assert_eq!(
                    revived,
                    transition(from, event, LatePayment::Refund),
                    "{from:?} × {event:?}"
                );
            }
        }
    }
}

#[test]
fn p5_an_accepted_event_has_no_effect_the_second_time() {
    for late in [LatePayment::Refund, LatePayment::Revive] {
        for from in OrderState::ALL {
            for event in OrderEvent::ALL {
                let Ok(first) = transition(from, event, late) else {
                    continue;
                };
                if let Ok(second) = transition(first.next, event, late) {
                    assert_eq!(second.next, first.next, "{from:?} × {event:?} twice");
                    assert!(second.effects.is_empty(), "{from:?} × {event:?} twice");
                }
            }
        }
    }
}

/// A state an order can be in, with what happened on the way.
type Past = (OrderState, bool, bool);

/// Everything reachable from a cart, by every sequence of events under every policy: `(state, money came, was free)`.
fn reachable() -> Vec<Past> {
    let mut known: Vec<Past> = vec![(OrderState::Cart, false, false)];
    let mut next = 0;
    while let Some((from, money, free)) = known.get(next).copied() {
        next += 1;
        // The use cases withdraw only what costs nothing.
        // Only payments are disputed.
        let disputes = [OrderEvent::Disputed, OrderEvent::DisputeWon];
        let possible = |event: &OrderEvent| {
            (*event != OrderEvent::Withdrawn || (free && !money))
                && (!disputes.contains(event) || money)
        };
        for event in OrderEvent::ALL.into_iter().filter(possible) {
            for late in [LatePayment::Refund, LatePayment::Revive] {
                let Ok(moved) = transition(from, event, late) else {
                    continue;
                };
                let money = money
                    || matches!(
                        event,
                        OrderEvent::PaymentArrived { .. } | OrderEvent::MoneyDiffers
                    );
                let free = free || event == OrderEvent::ConfirmedFree;
                if !known.contains(&(moved.next, money, free)) {
                    known.push((moved.next, money, free));
                }
            }
        }
    }
    known
}

#[test]
fn o11_every_state_can_be_reached() {
    let states: Vec<OrderState> = reachable().into_iter().map(|(state, _, _)| state).collect();
    for state in OrderState::ALL {
        assert!(states.contains(&state), "{state:?}");
    }
}

#[test]
fn b1_no_sequence_of_events_books_without_money_or_a_free_order() {
    for (state, money, free) in reachable() {
        if matches!(
            state,
            OrderState::Booked
                | OrderState::Fulfilled
                | OrderState::BookingFailed
                | OrderState::Paid
        ) {
            assert!(money || free, "{state:?} without money");
        }
        if state == OrderState::Paid {
            assert!(money, "paid without money");
        }
    }
}

#[test]
fn o12_money_that_came_is_never_lost() {
    let kept = [
        OrderState::Paid,
        OrderState::Booked,
        OrderState::Fulfilled,
        OrderState::BookingFailed,
        OrderState::RefundPending,
        OrderState::Refunded,
    ];
    for (state, money, _) in reachable() {
        assert!(
            !money || kept.contains(&state),
            "money came and the order is {state:?}"
        );
    }
}

#[test]
fn o12_money_is_never_refused_and_always_leads_somewhere() {
    for late in [LatePayment::Refund, LatePayment::Revive] {
        for newer_exists in [false, true] {
            for from in OrderState::ALL {
                let moved =
                    transition(from, OrderEvent::PaymentArrived { newer_exists }, late).unwrap();
                if moved.next == from {
                    continue;
                }
                let served = moved.next == OrderState::Paid;
                let effect = if served { Effect::Book } else { Effect::Refund };
                assert!(moved.effects.contains(&effect), "{from:?}: {moved:?}");
            }
        }
    }
}

#[test]
fn o9_a_dead_order_lets_go_of_its_link_and_its_slot() {
    for event in [
        OrderEvent::Superseded,
        OrderEvent::Cancelled,
        OrderEvent::LinkExpired,
    ] {
        let moved = transition(OrderState::AwaitingPayment, event, LatePayment::Refund).unwrap();
        assert_eq!(
            moved.effects,
            [Effect::ExpireCheckout, Effect::ReleaseHold],
            "{event:?}"
        );
        assert!(!moved.next.is_open());
    }
}

#[test]
fn p7_money_that_goes_back_takes_the_booking_with_it() {
    for event in [OrderEvent::RefundRequested, OrderEvent::RefundSettled] {
        for from in [OrderState::Booked, OrderState::Fulfilled] {
            let moved = transition(from, event, LatePayment::Refund).unwrap();
            assert!(
                moved.effects.contains(&Effect::CancelBooking),
                "{from:?} × {event:?}"
            );
        }
    }
}

/// Applies events; one that is refused changes nothing, as in the engine.
fn run(start: OrderState, events: &[OrderEvent], late: LatePayment) -> OrderState {
    events.iter().fold(start, |state, event| {
        transition(state, *event, late).map_or(state, |moved| moved.next)
    })
}

/// What can happen to an order that has been paid: it is not free, so it is not withdrawn.
fn after_money() -> Vec<OrderEvent> {
    let mut events = OrderEvent::ALL.to_vec();
    events.retain(|event| *event != OrderEvent::Withdrawn);
    events
}

const DEAD_OR_WAITING: [OrderState; 4] = [
    OrderState::AwaitingPayment,
    OrderState::Superseded,
    OrderState::Expired,
    OrderState::Cancelled,
];

proptest! {
    /// A session is paid or it expires, never both; a paid one may be refunded at the provider.
    #[test]
    fn p5_doubled_and_shuffled_provider_events_end_alike(
        start in select(DEAD_OR_WAITING.to_vec()),
        late in select(vec![LatePayment::Refund, LatePayment::Revive]),
        newer_exists: bool,
        refunded: bool,
        copies in 1_usize..4,
        seed in proptest::collection::vec(any::<u32>(), 8),
    ) {
        let paid = OrderEvent::PaymentArrived { newer_exists };
        let mut world = vec![paid];
        if refunded {
            world.push(OrderEvent::RefundSettled);
        }
        let expected = run(start, &world, late);
        let mut events: Vec<(u32, OrderEvent)> = Vec::new();
        for event in &world {
            for _ in 0..copies {
                events.push((seed[events.len() % seed.len()], *event));
            }
        }
        events.sort_by_key(|(order, _)| *order);
        let shuffled: Vec<OrderEvent> = events.into_iter().map(|(_, event)| event).collect();
        prop_assert_eq!(run(start, &shuffled, late), expected);
        if refunded {
            prop_assert_eq!(expected, OrderState::Refunded);
        }
    }

    /// Whatever happens around it, a payment leaves an order that is being served or sent back.
    #[test]
    fn o12_a_payment_anywhere_in_any_history_is_kept(
        before in proptest::collection::vec(select(OrderEvent::ALL.to_vec()), 0..8),
        after in proptest::collection::vec(select(after_money()), 0..8),
        late in select(vec![LatePayment::Refund, LatePayment::Revive]),
        newer_exists: bool,
    ) {
        let mut events = before;
        events.push(OrderEvent::PaymentArrived { newer_exists });
        events.extend(after);
        let end = run(OrderState::Cart, &events, late);
        let kept = end.payment_status(true) == PaymentStatus::Paid
            || matches!(end, OrderState::RefundPending | OrderState::Refunded);
        prop_assert!(kept, "{:?}", end);
    }
}

#[test]
fn o8_the_payment_status_follows_from_state_and_link() {
    for state in OrderState::ALL {
        let expected = match state.as_str() {
            "awaiting_payment" => "payment_link_sent",
            "paid" | "booked" | "fulfilled" | "booking_failed" => "paid",
            _other => "no_payment_link",
        };
        assert_eq!(state.payment_status(true).as_str(), expected, "{state:?}");
    }
    let waiting = OrderState::AwaitingPayment.payment_status(false);
    assert_eq!(
        waiting,
        PaymentStatus::NoPaymentLink,
        "the link was not sent yet"
    );
}

#[test]
fn o1_only_a_cart_and_an_unpaid_order_are_open() {
    let open: Vec<&str> = OrderState::ALL
        .iter()
        .filter(|state| state.is_open())
        .map(|state| state.as_str())
        .collect();
    assert_eq!(open, ["cart", "awaiting_payment"]);
}

#[test]
fn o11_words_are_read_back() {
    for state in OrderState::ALL {
        assert_eq!(OrderState::parse(state.as_str()), Some(state));
    }
    for word in ["", "Paid", "PAID", "paid ", "unknown"] {
        assert_eq!(OrderState::parse(word), None, "{word:?}");
        assert_eq!(PaymentStatus::parse(&word.to_uppercase()), None);
    }
}
