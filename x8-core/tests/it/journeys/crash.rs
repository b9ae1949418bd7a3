//! Principle 3: the process may be killed on either side of every write, and nothing comes of it.

use jiff::SignedDuration;
use x8_core::{
    booking::{BookingStatus, CalendarState, Slot},
    id::MessageId,
    order::{OrderState, PaymentStatus},
    port::{CalendarEvent, CheckoutState, Clock, Decision, PaymentFact},
    testing::faults::Side,
};

use super::house::{House, Slow, paid, session};

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

/// A link that waits for the company's account, a payment nobody told of, a second one beside it, a dispute that is won, and a
/// refund made at the provider.
fn troubled_story(house: &House) {
    house.payments.disconnect(true);
    house.ask("m1", "1", 1);
    house.work(PATIENCE);
    house.payments.disconnect(false);
    house.work(SignedDuration::from_mins(8));
    let order = house.newest();
    let link = session(&order);
    assert!(house.payments.pay(&link));
    house.work(SignedDuration::from_mins(20));
    let reference = format!("pi_{link}");
    let beside = PaymentFact::Paid {
        session: link,
        reference: "pi_second".to_owned(),
        amount: order.totals.total,
    };
    let dispute = "dp_1".to_owned();
    let disputed = PaymentFact::Disputed {
        reference: reference.clone(),
        dispute: dispute.clone(),
        inquiry: false,
    };
    let won = PaymentFact::DisputeClosed {
        reference: reference.clone(),
        dispute,
        won: true,
    };
    let refunded = PaymentFact::Refunded { reference };
    for (id, fact) in [
        ("evt_second", beside),
        ("evt_disputed", disputed),
        ("evt_won", won),
        ("evt_refunded", refunded),
    ] {
        house.event_named(id, fact);
        house.work(PATIENCE);
    }
}

/// Where a link stands, by a name that is the same in every run.
fn link(state: CheckoutState, plain: &impl Fn(&str) -> String) -> CheckoutState {
    match state {
        CheckoutState::Paid { reference, amount } => CheckoutState::Paid {
            reference: plain(&reference),
            amount,
        },
        other @ (CheckoutState::Open | CheckoutState::Processing | CheckoutState::Expired) => other,
    }
}

fn end(house: &House) -> End {
    let orders = house.orders();
    // Turns that are computed again use up keys: orders are called by their number instead.
    let plain = |text: &str| {
        let numbered = orders.iter().enumerate();
        // A killed step is done again half a minute later, and so its deadlines are later.
        let text = text.split(" until ").next().unwrap_or(text);
        numbered.fold(text.to_owned(), |text, (number, order)| {
            let simple = order.id.0.simple().to_string();
            text.replace(&order.id.to_string(), &format!("#{number}"))
                .replace(&simple, &format!("#{number}"))
                // A try that may have opened a link keeps its key; one that surely did not takes the next.
                .replace(
                    &format!("checkout:#{number}:1"),
                    &format!("checkout:#{number}"),
                )
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
                ..event
            })
            .collect(),
        links: links
            .into_iter()
            .map(|(_, state)| link(state, &plain))
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

/// A link that is paid too late: its time is over, others are offered, the second is chosen, and the company moves it.
fn lost_time(house: &House) {
    house.ask("m1", "1", 1);
    house.work(PATIENCE);
    let order = house.newest();
    assert!(house.payments.pay(&session(&order)));
    let start = order.slot.clone().unwrap().starts_at;
    let gone = house.clock.now().duration_until(start) + SignedDuration::from_mins(10);
    house.clock.advance(gone);
    house.event_named("evt", paid(&order));
    house.work(PATIENCE);
    let offer = house.newest().offer.unwrap();
    let second = offer.slots[1].starts_at;
    house.assistant.when("second", Decision::ChooseTime(second));
    house.receive("m2", "second");
    house.work(PATIENCE);
    let booking = house.bookings().remove(0);
    let to = second + SignedDuration::from_hours(48);
    while house
        .wait(
            house
                .engine
                .move_booking(house.tenant, booking.id, to, None),
        )
        .is_err()
    {
        assert!(house.faults.died());
    }
    house.work(PATIENCE);
}

/// A link that is paid too late, and nobody chooses another time until the deadline.
fn silence(house: &House) {
    house.ask("m1", "1", 1);
    house.work(PATIENCE);
    let order = house.newest();
    assert!(house.payments.pay(&session(&order)));
    let start = order.slot.clone().unwrap().starts_at;
    let gone = house.clock.now().duration_until(start) + SignedDuration::from_mins(10);
    house.clock.advance(gone);
    house.event_named("evt", paid(&order));
    house.work(SignedDuration::from_hours(25));
}

/// Runs a story once undisturbed, and once for every side of every write.
fn disturb(open: fn() -> House, story: fn(&House), expected_states: &[OrderState]) {
    let calm = open();
    story(&calm);
    calm.audit();
    let expected = end(&calm);
    let states: Vec<_> = expected.orders.iter().map(|order| order.0).collect();
    assert_eq!(states, expected_states);
    let writes = calm.faults.writes();
    assert!(writes > 15, "the story is not that short: {writes}");
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

const SUPERSEDED: &[OrderState] = &[OrderState::Booked, OrderState::Refunded];

#[test]
fn p3_a_crash_at_any_commit_boundary_changes_nothing() {
    disturb(House::in_memory, story, SUPERSEDED);
}

#[test]
fn p3_a_crash_at_any_commit_boundary_changes_nothing_on_sqlite() {
    disturb(House::on_sqlite, story, SUPERSEDED);
}

#[test]
fn p7_a_crash_at_any_commit_boundary_of_a_troubled_payment_changes_nothing() {
    disturb(House::in_memory, troubled_story, &[OrderState::Refunded]);
}

#[test]
fn p7_a_crash_at_any_commit_boundary_of_a_troubled_payment_changes_nothing_on_sqlite() {
    disturb(House::on_sqlite, troubled_story, &[OrderState::Refunded]);
}

#[test]
fn b4_a_crash_while_another_time_is_chosen_and_moved_changes_nothing() {
    disturb(House::in_memory, lost_time, &[OrderState::Booked]);
}

#[test]
fn b4_a_crash_while_another_time_is_chosen_and_moved_changes_nothing_on_sqlite() {
    disturb(House::on_sqlite, lost_time, &[OrderState::Booked]);
}

#[test]
fn b4_a_crash_while_nobody_chooses_changes_nothing() {
    disturb(House::in_memory, silence, &[OrderState::Refunded]);
}

#[test]
fn b4_a_crash_while_nobody_chooses_changes_nothing_on_sqlite() {
    disturb(House::on_sqlite, silence, &[OrderState::Refunded]);
}
