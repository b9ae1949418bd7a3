//! P5, O12: whatever comes of one order, in whatever order and however often, it ends well. On a virtual clock, with a scripted
//! provider whose events tell the truth, late, doubled or never.

use std::fmt::Debug;

use jiff::SignedDuration;
use proptest::{collection::vec, prelude::*, sample::select};
use x8_core::{
    booking::BookingStatus,
    order::{Order, OrderState},
    port::{CheckoutState, PaymentFact},
};

use super::house::{House, seconds, session};

/// Something that happens around an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The customer pays, if the link can be paid, and the provider says so if it was.
    Paid,
    /// The customer pays, if the link can be paid, and the provider's event is lost.
    PaidUnheard,
    /// The link runs out at the provider, if it is open, and the provider says so if it did.
    Expired,
    /// The customer comes back from the page.
    ReturnPage,
    /// A quarter of an hour goes by: open links are asked about.
    Poll,
    /// Hours go by: every link's time is up.
    Due,
    /// The customer orders something else.
    NewOrder,
    /// The company calls the order off.
    Cancel,
    /// The company sends the money back.
    Refund,
    /// The company sends a new link.
    Resend,
    /// The bank takes the payment back, if there is one.
    Dispute,
    /// The bank gives it back.
    DisputeWon,
}

use Step::{
    Cancel, Dispute, DisputeWon, Due, Expired, NewOrder, Paid, PaidUnheard, Poll, Refund, Resend,
    ReturnPage,
};

const ALL: [Step; 12] = [
    Paid,
    PaidUnheard,
    Expired,
    ReturnPage,
    Poll,
    Due,
    NewOrder,
    Cancel,
    Refund,
    Resend,
    Dispute,
    DisputeWon,
];

/// How long after a step its jobs run: at once, or with those of later steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    Prompt,
    Lagging,
}

struct Story {
    house: House,
    order: Order,
    events: u32,
    orders: u32,
}

impl Story {
    fn begin() -> Self {
        let house = House::in_memory();
        let order = house.order("m1", "1", 1);
        Self {
            house,
            order,
            events: 0,
            orders: 1,
        }
    }

    fn now(&self) -> Order {
        let orders = self.house.orders();
        let own = |order: &Order| order.id == self.order.id;
        orders.into_iter().find(own).unwrap()
    }

    /// The provider's event, twice under one id.
    fn tell(&mut self, fact: &PaymentFact) {
        self.events += 1;
        let id = format!("evt_{}", self.events);
        for _ in 0..2 {
            self.house.event_named(&id, fact.clone());
        }
    }

    fn step(&mut self, step: Step) {
        let tenant = self.house.tenant;
        let order = self.now();
        let link = order.checkout.as_ref().map(|link| link.session.clone());
        match step {
            Paid => {
                let _too_late = link.is_some_and(|link| self.house.payments.pay(&link));
                self.tell_of(|session, state| match state {
                    CheckoutState::Paid { reference, amount } => Some(PaymentFact::Paid {
                        session,
                        reference,
                        amount,
                    }),
                    CheckoutState::Open | CheckoutState::Processing | CheckoutState::Expired => {
                        None
                    }
                });
            }
            PaidUnheard => {
                let _too_late = link.is_some_and(|link| self.house.payments.pay(&link));
            }
            Expired => {
                let _too_late = link.is_some_and(|link| self.house.payments.run_out(&link));
                self.tell_of(|session, state| {
                    (state == CheckoutState::Expired).then_some(PaymentFact::Expired { session })
                });
            }
            ReturnPage => {
                let asked = self.house.engine.check_payment(tenant, order.id);
                self.house.wait(asked).unwrap();
            }
            Poll => self.house.work(SignedDuration::from_mins(16)),
            Due => self.house.work(SignedDuration::from_hours(3)),
            NewOrder => {
                self.orders += 1;
                let id = format!("m{}", self.orders);
                self.house.ask(&id, "1", 2);
                self.house.work(seconds(20));
            }
            // What cannot be done any more is refused, and changes nothing.
            Cancel => drop(self.house.cancel(&order)),
            Refund => {
                let refund = self.house.engine.refund_order(tenant, order.id);
                drop(self.house.wait(refund));
            }
            Resend => {
                let resend = self.house.engine.resend_link(tenant, order.id);
                drop(self.house.wait(resend));
            }
            Dispute => self.tell_of_payment(&order, |reference| PaymentFact::Disputed {
                reference,
                dispute: "dp_1".to_owned(),
                inquiry: false,
            }),
            DisputeWon => self.tell_of_payment(&order, |reference| PaymentFact::DisputeClosed {
                reference,
                dispute: "dp_1".to_owned(),
                won: true,
            }),
        }
    }

    /// The provider tells of the order's payment, if there is one.
    fn tell_of_payment(&mut self, order: &Order, fact: impl Fn(String) -> PaymentFact) {
        if let Some(money) = &order.payment {
            self.tell(&fact(money.reference.clone()));
        }
    }

    /// Every link the order ever had, as the provider has it.
    fn links(&self) -> Vec<(String, CheckoutState)> {
        let own = format!("cs_checkout:{}", self.order.id);
        let sessions = self.house.payments.sessions().into_iter();
        sessions
            .filter(|(link, _)| link.starts_with(&own))
            .collect()
    }

    /// The provider tells of every link of the order of which there is something to tell, old ones too.
    fn tell_of(&mut self, fact: impl Fn(String, CheckoutState) -> Option<PaymentFact>) {
        for (session, state) in self.links() {
            if let Some(fact) = fact(session, state) {
                self.tell(&fact);
            }
        }
    }

    /// The order's links that were paid.
    fn paid_links(&self) -> usize {
        let is_paid = |state: &CheckoutState| matches!(state, CheckoutState::Paid { .. });
        let links = self.links();
        links.iter().filter(|(_, state)| is_paid(state)).count()
    }

    /// Half a day later, nothing more comes.
    fn end(&mut self, disputed: bool) -> Result<(), String> {
        self.house.work(SignedDuration::from_hours(12));
        if disputed {
            // The bank says how it ends; without an end the order waits for it.
            self.step(DisputeWon);
            self.house.work(SignedDuration::from_hours(1));
        }
        let order = self.now();
        let refunds: usize = self.house.payments.refunds().values().sum();
        let own = |one: &&x8_core::booking::Booking| {
            one.order == order.id && one.status == BookingStatus::Booked
        };
        let bookings = self.house.bookings().iter().filter(own).count();
        let receipts = self.house.heard("received");
        let told_of_refund = self.house.heard("refund");
        let links = self.paid_links();
        let good = match (links, order.state) {
            (0, OrderState::Expired | OrderState::Cancelled | OrderState::Superseded) => {
                (bookings, receipts, refunds, told_of_refund) == (0, 0, 0, 0)
            }
            (1, OrderState::Booked) => {
                (bookings, receipts, refunds, told_of_refund) == (1, 1, 0, 0)
            }
            (1, OrderState::Refunded) => {
                (bookings, refunds, told_of_refund) == (0, 1, 1) && receipts <= 1
            }
            _other => false,
        };
        let audit = self.house.store().audit(self.house.clock_now());
        let audit = self.house.wait(audit).unwrap();
        let calendar = self.house.calendar.events().len();
        if good && audit.is_empty() && calendar == self.house.standing_bookings() {
            return Ok(());
        }
        Err(format!(
            "{:?}: {links} paid links, {bookings} bookings, {receipts} receipts, {refunds} refunds, {told_of_refund} words \
             of them, {calendar} in the calendar, audit {audit:?}, heard {:?}, steps {:#?}",
            order.state,
            self.house.sender.texts(),
            order.trail.steps,
        ))
    }
}

fn play(steps: &[(Step, Pace)]) -> Result<(), String> {
    let mut story = Story::begin();
    for (step, pace) in steps {
        story.step(*step);
        if *pace == Pace::Prompt {
            story.house.work(seconds(5));
        }
    }
    let disputed = steps.iter().any(|(step, _)| *step == Dispute);
    story.end(disputed)
}

#[track_caller]
fn ends_well(steps: &[(Step, Pace)]) {
    if let Err(told) = play(steps) {
        panic!("{steps:?} ends in {told}");
    }
}

/// Every arrangement of every choice of these.
fn arrangements<T: Copy + Debug + PartialEq>(of: &[T]) -> Vec<Vec<T>> {
    let mut all: Vec<Vec<T>> = vec![Vec::new()];
    let mut next = 0;
    while let Some(one) = all.get(next).cloned() {
        next += 1;
        let rest = of.iter().filter(|step| !one.contains(step));
        all.extend(rest.map(|step| [one.clone(), vec![*step]].concat()));
    }
    all
}

fn every_arrangement_ends_well(of: &[Step]) {
    let all = arrangements(of);
    assert_eq!(
        all.len(),
        1957,
        "of six: 1 + 6 + 30 + 120 + 360 + 720 + 720"
    );
    for pace in [Pace::Prompt, Pace::Lagging] {
        for steps in &all {
            let steps: Vec<_> = steps.iter().map(|step| (*step, pace)).collect();
            ends_well(&steps);
        }
    }
}

#[test]
fn p5_every_permutation_of_events_pages_polls_and_deadlines_ends_well() {
    every_arrangement_ends_well(&[Paid, Expired, ReturnPage, Poll, Due, NewOrder]);
}

#[test]
fn p7_every_permutation_of_events_and_what_the_company_does_ends_well() {
    every_arrangement_ends_well(&[Paid, Expired, Due, Cancel, Refund, NewOrder]);
}

#[test]
fn o9_every_permutation_around_a_new_link_ends_well() {
    every_arrangement_ends_well(&[Paid, Expired, ReturnPage, Resend, Cancel, Poll]);
}

#[test]
fn p9_every_permutation_around_a_payment_nobody_heard_of_ends_well() {
    every_arrangement_ends_well(&[PaidUnheard, Expired, ReturnPage, Poll, Cancel, NewOrder]);
}

fn steps() -> impl Strategy<Value = Vec<(Step, Pace)>> {
    let one = (
        select(ALL.to_vec()),
        select(vec![Pace::Prompt, Pace::Lagging]),
        1_usize..3,
    );
    vec(one, 0..9).prop_map(|steps| {
        let doubled = |(step, pace, times)| vec![(step, pace); times];
        steps.into_iter().flat_map(doubled).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Longer histories, with doubles and disputes.
    #[test]
    fn p5_longer_and_doubled_histories_end_well(steps in steps()) {
        prop_assert_eq!(play(&steps), Ok(()));
    }
}

/// A session's name is the same on the way in and out.
#[test]
fn the_provider_of_the_story_names_links_by_their_order() {
    let story = Story::begin();
    assert!(session(&story.order).starts_with(&format!("cs_checkout:{}", story.order.id)));
    assert_eq!(story.paid_links(), 0);
}
