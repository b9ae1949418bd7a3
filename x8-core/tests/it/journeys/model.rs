//! Orders, bookings and holds against a reference model: any sequence of what customers, staff, the provider and the clock
//! do leaves every order where the model has it, every seat with its owner, and no money unaccounted for.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use x8_core::{
    booking::{BookingStatus, DayHours, OpeningHours},
    id::OrderId,
    order::{Order, OrderState},
    port::{CheckoutState, Clock},
};

use super::house::{House, paid, seconds, session};

/// Who orders.
const CUSTOMERS: u32 = 3;

/// One seat a day at noon, on these days.
const DAYS: usize = 4;

#[derive(Clone, Copy, Debug)]
enum Step {
    /// A customer orders for a day, or the next that is free.
    Orders(u32, usize),
    /// A customer pays, and the provider says so.
    Pays(u32),
    /// A customer pays, and the provider's call is lost.
    PaysUnheard(u32),
    /// The provider says again what it knows of a customer's newest link.
    SaysAgain(u32),
    /// Staff calls a customer's newest order off.
    CalledOff(u32),
    /// Staff moves the booking of a customer's newest order.
    Moved(u32, usize),
    /// Minutes pass.
    Passes(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..CUSTOMERS;
    prop_oneof![
        4 => (who.clone(), 0..DAYS).prop_map(|(who, day)| Step::Orders(who, day)),
        3 => who.clone().prop_map(Step::Pays),
        1 => who.clone().prop_map(Step::PaysUnheard),
        1 => who.clone().prop_map(Step::SaysAgain),
        1 => who.clone().prop_map(Step::CalledOff),
        2 => (who, 0..DAYS).prop_map(|(who, day)| Step::Moved(who, day)),
        1 => (1_i64..90).prop_map(Step::Passes),
    ]
}

fn noon(day: usize) -> Timestamp {
    let first: Timestamp = "2026-11-23T11:00:00Z".parse().unwrap();
    first + SignedDuration::from_hours(24 * i64::try_from(day).unwrap())
}

/// An order as the model has it.
#[derive(Clone, Debug)]
struct Model {
    id: OrderId,
    who: u32,
    day: usize,
    state: OrderState,
    expires_at: Timestamp,
    /// The provider has the money.
    paid: bool,
}

impl Model {
    fn holds(&self, day: usize) -> bool {
        self.day == day && matches!(self.state, OrderState::AwaitingPayment | OrderState::Booked)
    }
}

struct World {
    house: House,
    orders: Vec<Model>,
    messages: u32,
}

impl World {
    fn new(mut house: House) -> Self {
        // The model knows only what it was told: nobody asks about its links before their time is up.
        house.engine.policy.reconcile_after = SignedDuration::from_hours(24 * 30);
        house.settings(|settings| {
            let time = |hour| jiff::civil::time(hour, 0, 0, 0);
            settings.opening = OpeningHours {
                week: OpeningHours::daily(&DayHours::between(time(12), time(14))),
                delivery_capacity: 1,
                horizon_days: 6,
                ..OpeningHours::default()
            };
        });
        Self {
            house,
            orders: Vec::new(),
            messages: 0,
        }
    }

    /// A customer's newest order.
    fn newest(&self, who: u32) -> Option<usize> {
        self.orders.iter().rposition(|order| order.who == who)
    }

    fn stored(&self, id: OrderId) -> Order {
        let orders = self.house.orders();
        orders.into_iter().find(|order| order.id == id).unwrap()
    }

    /// The first day from this one on that nobody has, but for an order that is replaced or moved.
    fn free(&self, from: usize, but: Option<usize>) -> Option<usize> {
        let taken = |day| {
            let mut others = self.orders.iter().enumerate();
            others.any(|(number, order)| Some(number) != but && order.holds(day))
        };
        (from..DAYS).find(|day| !taken(*day))
    }

    /// Links that end within a minute end first, so that no step and no end come at once.
    fn settle_ends(&mut self) {
        let soon = self.house.clock.now() + seconds(60);
        let waits = |order: &Model| order.state == OrderState::AwaitingPayment;
        if self
            .orders
            .iter()
            .any(|order| waits(order) && order.expires_at <= soon)
        {
            self.pass(seconds(120));
        }
    }

    fn pass(&mut self, span: SignedDuration) {
        self.house.work(span);
        let now = self.house.clock.now();
        for order in &mut self.orders {
            if order.state == OrderState::AwaitingPayment && order.expires_at <= now {
                order.state = if order.paid {
                    OrderState::Booked
                } else {
                    OrderState::Expired
                };
            }
        }
    }

    /// What an unpaid order becomes that is replaced or called off: money that came unheard goes back.
    fn drop_unpaid(&mut self, number: usize, state: OrderState) {
        let order = &mut self.orders[number];
        order.state = if order.paid {
            OrderState::Refunded
        } else {
            state
        };
    }

    fn orders(&mut self, who: u32, day: usize) {
        let open = self
            .newest(who)
            .filter(|number| self.orders[*number].state == OrderState::AwaitingPayment);
        let expected = self.free(day, open);
        self.messages += 1;
        let known = self.house.orders().len();
        let id = format!("m{}", self.messages);
        self.house.other_asks(&id, who, noon(day));
        self.house.work(seconds(20));
        let made = self.house.orders();
        assert_eq!(
            made.len() > known,
            expected.is_some(),
            "{who} wished for {day}"
        );
        let Some(day) = expected else {
            // Nothing is free: what the customer had stays.
            return;
        };
        let order = made.into_iter().next().unwrap();
        let start = order.slot.as_ref().map(|slot| slot.starts_at);
        assert_eq!(start, Some(noon(day)), "{who}");
        if let Some(number) = open {
            self.drop_unpaid(number, OrderState::Superseded);
        }
        self.orders.push(Model {
            id: order.id,
            who,
            day,
            state: OrderState::AwaitingPayment,
            expires_at: order.checkout.unwrap().expires_at,
            paid: false,
        });
    }

    fn pays(&mut self, who: u32, heard: bool) {
        let Some(number) = self.newest(who) else {
            return;
        };
        let order = self.stored(self.orders[number].id);
        let payable =
            self.orders[number].state == OrderState::AwaitingPayment && !self.orders[number].paid;
        assert_eq!(self.house.payments.pay(&session(&order)), payable);
        self.orders[number].paid |= payable;
        if heard && self.orders[number].paid {
            self.house.event(paid(&order));
            if self.orders[number].state == OrderState::AwaitingPayment {
                self.orders[number].state = OrderState::Booked;
            }
        }
    }

    fn called_off(&mut self, who: u32) {
        let Some(number) = self.newest(who) else {
            return;
        };
        let order = self.stored(self.orders[number].id);
        let done = self.house.cancel(&order);
        self.house.work(seconds(20));
        let before = self.orders[number].state;
        if before == OrderState::AwaitingPayment {
            self.drop_unpaid(number, OrderState::Cancelled);
        } else if before == OrderState::Booked {
            self.orders[number].state = OrderState::Refunded;
        } else {
            assert_eq!(self.stored(order.id).state, before, "{done:?}");
        }
    }

    fn moved(&mut self, who: u32, day: usize) {
        let Some(number) = self.newest(who) else {
            return;
        };
        let id = self.orders[number].id;
        let bookings = self.house.bookings();
        let Some(booking) = bookings.iter().find(|booking| booking.order == id) else {
            return;
        };
        let engine = &self.house.engine;
        let call = engine.move_booking(self.house.tenant, booking.id, noon(day), None);
        let moved = self.house.wait(call).is_ok();
        let stands = self.orders[number].state == OrderState::Booked;
        let free = self.free(day, Some(number)) == Some(day);
        assert_eq!(moved, stands && free, "{who} to {day}");
        if moved {
            self.orders[number].day = day;
        }
        self.house.work(seconds(20));
    }

    fn take(&mut self, step: Step) {
        self.settle_ends();
        match step {
            Step::Orders(who, day) => self.orders(who, day),
            Step::Pays(who) => self.pays(who, true),
            Step::PaysUnheard(who) => self.pays(who, false),
            Step::SaysAgain(who) => {
                if let Some(number) = self.newest(who).filter(|number| self.orders[*number].paid) {
                    let order = self.stored(self.orders[number].id);
                    self.house.event(paid(&order));
                    if self.orders[number].state == OrderState::AwaitingPayment {
                        self.orders[number].state = OrderState::Booked;
                    }
                }
            }
            Step::CalledOff(who) => self.called_off(who),
            Step::Moved(who, day) => self.moved(who, day),
            Step::Passes(minutes) => self.pass(SignedDuration::from_mins(minutes)),
        }
        self.pass(seconds(10));
        self.compare(step);
    }

    /// The store and the provider are where the model is.
    fn compare(&self, step: Step) {
        let house = &self.house;
        let stored: BTreeMap<OrderId, Order> = house
            .orders()
            .into_iter()
            .map(|order| (order.id, order))
            .collect();
        assert_eq!(stored.len(), self.orders.len());
        let sessions = house.payments.sessions();
        let refunds = house.payments.refunds();
        let bookings = house.bookings();
        for model in &self.orders {
            let order = &stored[&model.id];
            assert_eq!(order.state, model.state, "after {step:?}: {model:?}");
            let key = session(order);
            let has_money = matches!(sessions[&key], CheckoutState::Paid { .. });
            assert_eq!(has_money, model.paid, "{model:?}");
            let back = refunds.get(&format!("pi_{key}")).copied().unwrap_or(0);
            let refunded = model.state == OrderState::Refunded;
            assert_eq!(back, usize::from(refunded), "{model:?}");
            let standing = bookings.iter().filter(|booking| {
                booking.order == model.id && booking.status == BookingStatus::Booked
            });
            let starts: Vec<Timestamp> = standing.map(|one| one.slot.starts_at).collect();
            let expected = (model.state == OrderState::Booked).then(|| order.slot.clone().unwrap());
            let expected: Vec<Timestamp> = expected.iter().map(|slot| slot.starts_at).collect();
            assert_eq!(starts, expected, "after {step:?}: {model:?}");
        }
        self.compare_seats(step);
        house.audit();
    }

    /// Every live hold belongs to the order that the model gives the day, until its link or for good.
    fn compare_seats(&self, step: Step) {
        let now = self.house.clock.now();
        let far = noon(30);
        let holds = self.house.store().holds(self.house.tenant, None, now, far);
        let live = self.house.wait(holds).unwrap().into_iter();
        let live = live.filter(|hold| hold.expires_at.is_none_or(|end| now < end));
        let mut found: Vec<_> = live
            .map(|hold| (hold.slot.starts_at, hold.order, hold.expires_at))
            .collect();
        found.sort();
        let holding = self.orders.iter().filter(|order| order.holds(order.day));
        let mut expected: Vec<_> = holding
            .map(|order| {
                let lasting = order.state == OrderState::Booked;
                let until = (!lasting).then_some(order.expires_at);
                (
                    self.stored(order.id).slot.unwrap().starts_at,
                    order.id,
                    until,
                )
            })
            .collect();
        expected.sort();
        assert_eq!(found, expected, "seats after {step:?}");
    }
}

fn run(house: House, steps: &[Step]) {
    let mut world = World::new(house);
    for step in steps {
        world.take(*step);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn b1_b3_o11_orders_bookings_and_holds_are_where_the_model_has_them(
        steps in prop::collection::vec(step(), 1..24),
    ) {
        run(House::in_memory(), &steps);
    }

    #[test]
    fn b1_b3_o11_orders_bookings_and_holds_are_where_the_model_has_them_on_sqlite(
        steps in prop::collection::vec(step(), 1..24),
    ) {
        run(House::on_sqlite(), &steps);
    }
}
