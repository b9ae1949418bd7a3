//! Principle 3: the process may be killed on either side of every write, and nothing comes of it.

use jiff::SignedDuration;
use x8_core::{
    booking::{BookingStatus, CalendarState, Slot},
    id::MessageId,
    order::{OrderState, PaymentStatus},
    port::{CalendarEvent, CheckoutState},
};

use super::{
    faults::Side,
    house::{House, Slow, paid, session},
};

/// What is left of a journey, without the keys and moments that differ from run to run.
#[derive(Debug, PartialEq, Eq)]
struct End {
    orders: Vec<(OrderState, PaymentStatus, Option<Slot>, i64)>,
    bookings: Vec<(Slot, BookingStatus, CalendarState)>,
    calendar: Vec<CalendarEvent>,
    links: Vec<CheckoutState>,
    refunds: Vec<usize>,
    heard: Vec<String>,
    answered: Option<MessageId>,
}

/// Long enough for a lease to run out and the step to be done again.
const PATIENCE: SignedDuration = SignedDuration::from_mins(3);

/// A chat, an order, a link, another order instead, late money for the first, money for the second, a booking.
fn story(house: &House) {
    house.receive("m1", "hello");
    house.work(PATIENCE);
    house.ask("m2", "1", 1);
    house.work(PATIENCE);
    let old = house.newest();
    assert!(house.payments.pay(&session(&old)));
    house.ask("m3", "1", 2);
    house.work(PATIENCE);
    house.event_named("evt_old", paid(&old));
    house.work(PATIENCE);
    let new = house.newest();
    assert!(house.payments.pay(&session(&new)));
    house.event_named("evt_new", paid(&new));
    house.event_named("evt_new", paid(&new));
    house.work(PATIENCE);
}

fn end(house: &House) -> End {
    let orders = house.orders();
    // Turns that are computed again use up keys: orders are called by their number instead.
    let plain = |text: &str| {
        let numbered = orders.iter().enumerate();
        numbered.fold(text.to_owned(), |text, (number, order)| {
            let simple = order.id.0.simple().to_string();
            text.replace(&order.id.to_string(), &format!("#{number}"))
                .replace(&simple, &format!("#{number}"))
        })
    };
    let events = house.calendar.events().into_iter();
    let mut links: Vec<_> = house.payments.sessions().into_iter().collect();
    links.sort_by_key(|(session, _)| plain(session));
    End {
        orders: orders
            .iter()
            .map(|order| {
                let total = order.totals.total.minor();
                (
                    order.state,
                    order.payment_status(),
                    order.slot.clone(),
                    total,
                )
            })
            .collect(),
        bookings: house
            .bookings()
            .into_iter()
            .map(|one| (one.slot, one.status, one.calendar))
            .collect(),
        calendar: events
            .map(|event| CalendarEvent {
                id: plain(&event.id),
                description: plain(&event.description),
                // Keys differ from run to run.
                order: None,
                booking: None,
                ..event
            })
            .collect(),
        links: links
            .into_iter()
            .map(|(_, state)| match state {
                CheckoutState::Paid { reference, amount } => CheckoutState::Paid {
                    reference: plain(&reference),
                    amount,
                },
                other @ (CheckoutState::Open | CheckoutState::Expired) => other,
            })
            .collect(),
        refunds: house.payments.refunds().into_values().collect(),
        heard: house
            .sender
            .texts()
            .iter()
            .map(|text| plain(text))
            .collect(),
        answered: house.conversation().answered_through,
    }
}

/// Runs the story once undisturbed, and once for every side of every write.
fn disturb(open: fn() -> House) {
    let calm = open();
    story(&calm);
    calm.audit();
    let expected = end(&calm);
    let states: Vec<_> = expected.orders.iter().map(|order| order.0).collect();
    assert_eq!(states, [OrderState::Booked, OrderState::Refunded]);
    let writes = calm.faults.writes();
    assert!(writes > 40, "the story is not that short: {writes}");
    for nth in 0..writes {
        for side in [Side::Before, Side::After] {
            let house = open();
            house.faults.crash_at(nth, side);
            story(&house);
            assert_eq!(house.faults.deaths(), 1);
            house.audit();
            assert_eq!(end(&house), expected, "killed {side:?} write {nth}");
        }
    }
}

/// Runs the story with every job done by two workers, one of which has lost its claim.
fn double(open: fn() -> House) {
    let calm = open();
    story(&calm);
    for slow in [Slow::First, Slow::Last] {
        let house = open();
        house.slow.set(slow);
        story(&house);
        house.slow.set(Slow::Nobody);
        house.work(PATIENCE);
        house.audit();
        assert_eq!(end(&house), end(&calm), "{slow:?}");
    }
}

#[test]
fn p3_two_workers_at_one_job_do_it_once() {
    double(House::in_memory);
}

#[test]
fn p3_two_workers_at_one_job_do_it_once_on_sqlite() {
    double(House::on_sqlite);
}

#[test]
fn p3_a_crash_at_any_commit_boundary_changes_nothing() {
    disturb(House::in_memory);
}

#[test]
fn p3_a_crash_at_any_commit_boundary_changes_nothing_on_sqlite() {
    disturb(House::on_sqlite);
}
