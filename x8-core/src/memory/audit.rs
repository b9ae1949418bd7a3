//! The violations query (principle 2): rules that the commit keeps, checked once more over what is stored.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{commit::may_be_booked, state::State};
use crate::{
    booking::{Booking, BookingStatus},
    id::CompanyId,
    order::{Order, OrderState},
    port::{AuditFinding, JobKind, PaymentFact},
};

/// How long a paid order may go without a booking, and money without an order.
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

fn finding(rule: &str, company: CompanyId, subject: &str, detail: &str) -> AuditFinding {
    AuditFinding {
        rule: rule.to_owned(),
        company: company.0,
        subject: subject.to_owned(),
        detail: detail.to_owned(),
    }
}

fn finding_of(rule: &str, order: &Order, detail: &str) -> AuditFinding {
    finding(rule, order.company, &order.id.to_string(), detail)
}

impl State {
    pub(super) fn audit(&self, now: Timestamp) -> Vec<AuditFinding> {
        let mut found = Vec::new();
        self.audit_bookings(&mut found);
        for order in self.orders.values() {
            self.audit_order(order, now, &mut found);
        }
        self.audit_open_orders(&mut found);
        self.audit_events(now, &mut found);
        found
    }

    fn standing_bookings(&self) -> impl Iterator<Item = (CompanyId, &Booking)> {
        self.bookings
            .values()
            .filter(|(_, booking)| booking.status == BookingStatus::Booked)
            .map(|(company, booking)| (*company, booking))
    }

    fn audit_bookings(&self, found: &mut Vec<AuditFinding>) {
        let mut seats = BTreeMap::new();
        for (company, booking) in self.standing_bookings() {
            let subject = booking.id.to_string();
            let order = self.orders.get(&booking.order);
            if !order.is_some_and(may_be_booked) {
                let detail = "a booking stands whose order is neither paid nor free";
                found.push(finding(
                    "booking_without_payment",
                    company,
                    &subject,
                    detail,
                ));
            }
            let slot = &booking.slot;
            let seat = (company, &slot.resource, slot.starts_at, slot.seat);
            if seats.insert(seat, booking.id).is_some() {
                let detail = "two bookings stand on one seat";
                found.push(finding("double_booking", company, &subject, detail));
            }
        }
    }

    fn audit_order(&self, order: &Order, now: Timestamp, found: &mut Vec<AuditFinding>) {
        let must_be_booked = matches!(
            order.state,
            OrderState::Paid | OrderState::Confirmed | OrderState::Booked
        );
        let booked = || {
            self.standing_bookings()
                .any(|(_, booking)| booking.order == order.id)
        };
        if must_be_booked
            && order.problem.is_none()
            && order.updated_at + PATIENCE < now
            && !booked()
        {
            let detail = "paid or confirmed for 15 minutes, neither booked nor explained";
            found.push(finding_of("paid_without_booking", order, detail));
        }
        let settled = matches!(
            order.state,
            OrderState::Paid
                | OrderState::Booked
                | OrderState::Fulfilled
                | OrderState::BookingFailed
        );
        let differs = order
            .payment
            .as_ref()
            .is_some_and(|one| one.amount != order.totals.total);
        if settled && differs {
            let detail = "the payment is not the total of the order";
            found.push(finding_of("paid_amount_differs", order, detail));
        }
    }

    fn audit_open_orders(&self, found: &mut Vec<AuditFinding>) {
        let mut open = BTreeMap::new();
        for order in self.orders.values().filter(|order| order.state.is_open()) {
            if open
                .insert((order.company, order.customer), order.id)
                .is_some()
            {
                let detail = "the customer has another open order";
                found.push(finding_of("two_open_orders", order, detail));
            }
        }
    }

    fn audit_events(&self, now: Timestamp, found: &mut Vec<AuditFinding>) {
        for stored in self.events.values() {
            let Some(PaymentFact::Paid { session, .. }) = &stored.event.fact else {
                continue;
            };
            let order = self.payment_keys.get(session);
            let buried = || {
                let (account, event) = (stored.event.account.clone(), stored.event.id.clone());
                self.queue
                    .is_dead(&JobKind::ApplyPayment { account, event })
            };
            if stored.stored_at + PATIENCE < now && (order.is_none() || buried()) {
                let detail = "money came 15 minutes ago and has not reached an order";
                let owner = order.and_then(|id| self.orders.get(id));
                let nobody = owner.map_or(CompanyId(0), |order| order.company);
                found.push(finding(
                    "payment_event_unapplied",
                    nobody,
                    &stored.event.id,
                    detail,
                ));
            }
        }
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use super::*;
    use crate::{
        Money,
        channel::Platform,
        conversation::{Conversation, Session},
        id::{ChannelId, ConversationId, CustomerId},
        tenant::Tenant,
        testing::fixture,
    };

    fn order(number: u128, state: OrderState) -> Order {
        let conversation = Conversation {
            id: ConversationId(1),
            channel: ChannelId(1),
            platform: Platform::Whatsapp,
            customer: CustomerId(1),
            customer_name: None,
            sender: fixture::phone("+34600000001"),
            address: String::new(),
            taken_over: false,
            fence: 0,
            version: 0,
            session: Session::default(),
            answered_through: None,
            last_message_at: fixture::NOW,
        };
        let tenant = Tenant::assume(CompanyId(1));
        let cart = fixture::cart(number, tenant, &conversation, 29_90);
        Order {
            state,
            ..fixture::paid(&cart, &format!("cs_{number}"))
        }
    }

    /// What the query says of a book that no commit would have written.
    fn rules(orders: &[Order], bookings: &[Booking]) -> Vec<String> {
        let mut state = State::default();
        for order in orders {
            state.orders.insert(order.id, order.clone());
        }
        for booking in bookings {
            state
                .bookings
                .insert(booking.id, (CompanyId(1), booking.clone()));
        }
        let found = state.audit(fixture::NOW);
        found.into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn b1_a_booking_without_its_money_is_found() {
        let slot = fixture::slot("delivery", 24, 0);
        let booked = order(1, OrderState::Booked);
        let booking = fixture::booking(1, &booked, slot);
        assert_eq!(
            rules(
                std::slice::from_ref(&booked),
                std::slice::from_ref(&booking)
            ),
            [""; 0]
        );
        assert_eq!(
            rules(&[], std::slice::from_ref(&booking)),
            ["booking_without_payment"]
        );
        let unpaid = Order {
            payment: None,
            ..booked
        };
        assert_eq!(rules(&[unpaid], &[booking]), ["booking_without_payment"]);
    }

    #[test]
    fn b3_two_bookings_on_one_seat_are_found() {
        let orders = [1, 2].map(|number| order(number, OrderState::Booked));
        let [first, second] = [1, 2].map(|number| {
            let of = &orders[usize::try_from(number - 1).unwrap()];
            fixture::booking(number, of, fixture::slot("delivery", 24, 0))
        });
        assert_eq!(
            rules(&orders, &[first.clone(), second.clone()]),
            ["double_booking"]
        );
        let off = Booking {
            status: BookingStatus::Cancelled,
            ..second
        };
        assert_eq!(rules(&orders, &[first, off]), [""; 0], "one was called off");
    }

    #[test]
    fn o1_two_open_orders_are_found() {
        let orders = [
            order(1, OrderState::Cart),
            order(2, OrderState::AwaitingPayment),
        ];
        assert_eq!(rules(&orders, &[]), ["two_open_orders"]);
        assert_eq!(rules(&orders[..1], &[]), [""; 0]);
    }

    #[test]
    fn principle_2_a_payment_that_is_not_the_total_is_found() {
        let mut odd = order(1, OrderState::BookingFailed);
        odd.totals.total = Money::eur(1);
        assert_eq!(rules(&[odd.clone()], &[]), ["paid_amount_differs"]);
        odd.state = OrderState::RefundPending;
        assert_eq!(rules(&[odd], &[]), [""; 0], "it is on its way back");
    }
}
